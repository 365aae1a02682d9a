package io.quantadb.verify;

import io.quantadb.access.btree.BTree;
import io.quantadb.access.btree.BTreeCursor;
import io.quantadb.access.btree.KeyRange;
import io.quantadb.access.heap.HeapCursor;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.base.RelationId;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.txn.snapshot.Snapshot;
import io.quantadb.types.key.KeyBuffer;
import io.quantadb.types.key.KeyEncoder;

/** Looks rows up in one index by the key computed from their columns. Confined to one thread. */
final class IndexProbe {
    private final IndexDescriptor index;
    private final String name;
    private final BTree tree;
    private final HeapRelation heap;
    private final KeyEncoder[] encoders;
    private final KeyBuffer key = new KeyBuffer();

    IndexProbe(IndexDescriptor index, String name, BTree tree, HeapRelation heap) {
        this.index = index;
        this.name = name;
        this.tree = tree;
        this.heap = heap;
        encoders = index.keyColumns().stream().map(c -> KeyEncoder.of(c.type(), c.typmod())).toArray(KeyEncoder[]::new);
    }

    /** Whether keys follow from columns alone: expressions and predicates need the executor. */
    static boolean isComputable(IndexDescriptor index) {
        return !index.isPartial() && !index.hasExpressions();
    }

    String name() {
        return name;
    }

    RelationId storage() {
        return index.storage();
    }

    /**
     * Looks for the row's entry, and in a unique index for other visible rows with its key.
     *
     * @param tid of its chain's root
     * @return what is wrong, null if nothing is
     */
    String look(Object[] row, long tid, Snapshot snapshot) {
        boolean hasNull = false;
        key.reset();
        for (int i = 0; i < encoders.length; i++) {
            IndexColumn column = index.keyColumns().get(i);
            Object value = row[column.attnum() - 1];
            hasNull |= value == null;
            encoders[i].encode(value, column.descending(), column.nullsFirst(), key);
        }
        boolean unique = index.unique() && !index.deferrable() && (!hasNull || index.nullsNotDistinct());
        boolean found = false;
        long twin = -1;
        BTreeCursor cursor = tree.cursor();
        try (cursor) {
            cursor.seek(KeyRange.prefix(key.array(), key.length()), true, false);
            while (cursor.nextBatch()) {
                for (int i = 0; i < cursor.count(); i++) {
                    long other = cursor.tid(i);
                    found |= other == tid;
                    if (unique && other != tid && isVisible(other, snapshot)) {
                        twin = other;
                    }
                }
                if (found && !unique) {
                    break;
                }
            }
        }
        if (!found) {
            return "has no entry in the index";
        }
        return twin < 0 ? null : "has the same unique key as the row at (" + (twin >>> 16) + "," + (twin & 0xFFFF)
                + ")";
    }

    private boolean isVisible(long tid, Snapshot snapshot) {
        if (tid >>> 16 >= heap.blockCount()) {
            return false;
        }
        try (HeapCursor cursor = new HeapCursor()) {
            return heap.fetch(tid, snapshot, cursor);
        }
    }
}
