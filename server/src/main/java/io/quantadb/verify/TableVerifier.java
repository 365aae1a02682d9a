package io.quantadb.verify;

import io.quantadb.access.btree.BTree;
import io.quantadb.access.btree.BTreeCheck;
import io.quantadb.access.heap.HeapAttribute;
import io.quantadb.access.heap.HeapDescriptor;
import io.quantadb.access.heap.HeapPageCheck;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.access.heap.TupleLayout;
import io.quantadb.access.heap.TupleReader;
import io.quantadb.base.ForkNumber;
import io.quantadb.base.Memory;
import io.quantadb.base.RelationId;
import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.storage.StorageException;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.page.Page;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.Visibility;
import io.quantadb.txn.snapshot.Snapshot;
import io.quantadb.verify.Finding.Severity;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Verifies one table with its indexes. Three passes: the heap's pages by themselves; each index by itself and its
 * entries against the heap's line pointers; each visible row: all values can be read, and its key leads to it in every
 * index whose key is made of columns. Confined to one thread; use once.
 */
final class TableVerifier {
    private static final int PROBLEMS_SHOWN_MAX = 50;

    private final SystemVerifier.Parts parts;
    private final Report report;
    private final Transaction transaction;
    private final String database;
    private final RelationDescriptor relation;
    private final BufferPool pool;
    private final HeapRelation heap;
    private final TupleLayout layout;
    private final int blocks;
    /** By block: line pointers an index entry may name. */
    private final BitSet[] roots;
    private final BitSet usableBlocks = new BitSet();
    private int problems;

    TableVerifier(SystemVerifier.Parts parts, Report report, Transaction transaction, CatalogReader reader,
            String database, RelationDescriptor relation) {
        this.parts = parts;
        this.report = report;
        this.transaction = transaction;
        this.database = database;
        this.relation = relation;
        pool = parts.pool();
        List<HeapAttribute> attributes = new ArrayList<>(relation.columns().size());
        for (ColumnDescriptor column : relation.columns()) {
            attributes.add(new HeapAttribute(column.type(), column.hasMissing(), column.missingValue()));
        }
        layout = TupleLayout.of(attributes);
        heap = parts.heaps().open(new HeapDescriptor(relation.storage(), relation.name(), layout, toast(reader),
                relation.fillFactor(), true));
        blocks = heap.blockCount();
        roots = new BitSet[blocks];
    }

    private RelationId toast(CatalogReader reader) {
        if (relation.toastOid() == 0) {
            return null;
        }
        RelationDescriptor toast = reader.relation(relation.toastOid());
        return toast == null ? new RelationId(relation.storage().databaseOid(), relation.toastOid()) : toast.storage();
    }

    void run() {
        long page = Memory.allocate(Page.SIZE);
        try {
            checkPages(page);
            List<IndexProbe> probes = new ArrayList<>();
            for (IndexDescriptor index : relation.indexes()) {
                checkIndex(index, probes);
            }
            if (relation.kind() != RelationKind.TOAST) {
                checkRows(page, probes);
            }
        } finally {
            Memory.free(page);
        }
        if (problems > PROBLEMS_SHOWN_MAX) {
            report.add(finding(Severity.NOTICE, relation.schemaName() + "." + relation.name(), relation.storage(), -1,
                    problems - PROBLEMS_SHOWN_MAX + " further problems of this table and its indexes are not shown"));
        }
    }

    private Finding finding(Severity severity, String name, RelationId storage, int block, String message) {
        return new Finding(severity, database, name,
                pool.files().path(storage, ForkNumber.MAIN, Math.max(block, 0)), block, message);
    }

    private void problem(int block, String message) {
        problem(relation.schemaName() + "." + relation.name(), relation.storage(), block, message);
    }

    private void problem(String name, RelationId storage, int block, String message) {
        if (++problems <= PROBLEMS_SHOWN_MAX) {
            report.add(finding(Severity.DAMAGED, name, storage, block, message));
        }
    }

    /** Copies a block; reports it and returns false if it cannot be read. */
    private boolean read(String name, RelationId storage, int block, long target) {
        try {
            copy(storage, block, target);
            return true;
        } catch (StorageException e) {
            if (!report.isKnownDamaged(storage, block)) {
                report.noteDamagedBlock(storage, block);
                problem(name, storage, block, e.getMessage());
            }
            return false;
        }
    }

    private void copy(RelationId storage, int block, long target) {
        int buffer = pool.pin(storage, ForkNumber.MAIN, block);
        pool.latchShared(buffer);
        Memory.copy(pool.address(buffer), target, Page.SIZE);
        pool.releaseShared(buffer);
    }

    // ---- Heap pages

    private void checkPages(long page) {
        int[] at = new int[1];
        var check = new HeapPageCheck(relation.kind() == RelationKind.TOAST ? null : layout,
                parts.transactions().nextXid(), xid -> "committed".equals(parts.transactions().xactStatus(xid)),
                (offset, message) -> problem(at[0], offset == 0 ? message : "line pointer " + offset + ": " + message));
        for (int block = 0; block < blocks; block++) {
            at[0] = block;
            if (!read(relation.schemaName() + "." + relation.name(), relation.storage(), block, page)) {
                continue;
            }
            if (Page.isNew(page)) {
                roots[block] = new BitSet();
            } else if (check.check(page, block)) {
                usableBlocks.set(block);
                roots[block] = HeapChains.roots(page);
            }
        }
    }

    // ---- Indexes

    private void checkIndex(IndexDescriptor index, List<IndexProbe> probes) {
        if (index.accessMethod() != CatalogIds.AM_BTREE) {
            return;
        }
        String name = relation.schemaName() + "." + index.name();
        if (!pool.files().exists(index.storage(), ForkNumber.MAIN)) {
            // TOAST heaps are found through their chunks; their indexes exist in the catalogs only.
            if (relation.kind() != RelationKind.TOAST) {
                problem(name, index.storage(), -1, "file is missing");
            }
            return;
        }
        report.relations++;
        var check = new BTreeCheck((block, target) -> copy(index.storage(), block, target),
                pool.blockCount(index.storage(), ForkNumber.MAIN),
                (block, message) -> problem(name, index.storage(), block, message),
                (block, offset, tid) -> checkEntry(name, index, block, offset, tid));
        boolean sound;
        try {
            sound = check.run();
        } catch (StorageException e) {
            sound = false;
            problem(name, index.storage(), -1, "cannot be followed: " + e.getMessage());
        }
        report.indexEntries += check.entryCount();
        if (sound && index.ready() && IndexProbe.isComputable(index)) {
            probes.add(new IndexProbe(index, name, new BTree(index.storage(), pool, null), heap));
        }
    }

    private void checkEntry(String name, IndexDescriptor index, int block, int offset, long tid) {
        long heapBlock = tid >>> 16;
        int line = (int) tid & 0xFFFF;
        if (heapBlock >= blocks) {
            problem(name, index.storage(), block, "item " + offset + " leads to (" + heapBlock + "," + line
                    + "); the table has " + blocks + " blocks");
        } else if (roots[(int) heapBlock] != null && !roots[(int) heapBlock].get(line)) {
            problem(name, index.storage(), block, "item " + offset + " leads to (" + heapBlock + "," + line
                    + "), which is unused or heap-only");
        }
    }

    // ---- Rows

    private void checkRows(long page, List<IndexProbe> probes) {
        Snapshot snapshot = transaction.takeSnapshot();
        try {
            Object[] row = new Object[relation.columns().size()];
            for (int block = usableBlocks.nextSetBit(0); block >= 0; block = usableBlocks.nextSetBit(block + 1)) {
                if (read(relation.schemaName() + "." + relation.name(), relation.storage(), block, page)) {
                    checkPageRows(page, block, snapshot, row, probes);
                }
            }
        } finally {
            transaction.releaseSnapshot(snapshot);
        }
    }

    private void checkPageRows(long page, int block, Snapshot snapshot, Object[] row, List<IndexProbe> probes) {
        boolean allVisible = Page.hasFlag(page, Page.ALL_VISIBLE);
        if (!allVisible && parts.visibilityMap().isAllVisible(relation.storage(), block)) {
            problem(block, "the visibility map says all visible, the page does not");
        }
        int[] rootOf = HeapChains.rootOf(page);
        int max = Page.maxOffset(page);
        for (int offset = 1; offset <= max; offset++) {
            if (!Page.isNormal(page, offset)) {
                continue;
            }
            long tuple = Page.itemAddress(page, offset);
            if (Visibility.isVisible(tuple, snapshot, parts.transactions().commits())) {
                checkRow(tuple, block, offset, rootOf[offset], snapshot, row, probes);
            } else if (allVisible) {
                problem(block, "line pointer " + offset + " is not visible, on a page marked all visible");
            }
        }
    }

    private void checkRow(long tuple, int block, int offset, int root, Snapshot snapshot, Object[] row,
            List<IndexProbe> probes) {
        report.rows++;
        if (root == 0) {
            problem(block, "line pointer " + offset + " is a visible heap-only version that no chain leads to");
            return;
        }
        for (int i = 0; i < row.length; i++) {
            ColumnDescriptor column = relation.columns().get(i);
            try {
                row[i] = column.dropped() ? null : TupleReader.getObject(layout, tuple, i, heap.toast());
            } catch (RuntimeException e) {
                problem(block, "line pointer " + offset + ", column " + column.name() + " cannot be read: " + e);
                return;
            }
        }
        long tid = Integer.toUnsignedLong(block) << 16 | root;
        for (IndexProbe probe : probes) {
            String message = probe.look(row, tid, snapshot);
            if (message != null) {
                problem(probe.name(), probe.storage(), -1, "row at (" + block + "," + offset + "): " + message);
            }
        }
    }
}
