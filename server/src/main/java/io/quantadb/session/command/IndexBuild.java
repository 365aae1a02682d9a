package io.quantadb.session.command;

import io.quantadb.access.btree.BTree;
import io.quantadb.access.btree.BTreeBuilder;
import io.quantadb.access.btree.IndexEntry;
import io.quantadb.access.btree.InsertOutcome;
import io.quantadb.access.btree.UniqueProbe;
import io.quantadb.access.heap.DirtyResult;
import io.quantadb.access.heap.HeapChange;
import io.quantadb.access.heap.HeapCursor;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.access.heap.TupleLayout;
import io.quantadb.access.heap.TupleReader;
import io.quantadb.base.ForkNumber;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.RowView;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.buffer.BufferRing;
import io.quantadb.storage.page.Page;
import io.quantadb.txn.CommitTable;
import io.quantadb.txn.TupleHeader;
import io.quantadb.txn.Visibility;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.txn.snapshot.Snapshot;
import java.util.Arrays;
import java.util.Set;

/**
 * Fills a new index: reads the table, sorts the keys, loads the tree. Confined to one thread; the table is locked against changes.
 *
 * <p>Of each chain of versions on a page the last that anybody may still see gets an entry, which leads to the chain's root. Versions that are
 * deleted but still visible to some snapshot are indexed too, but are no duplicates.
 */
final class IndexBuild {
    private final CommandContext context;
    private final RelationDescriptor relation;
    private final IndexDescriptor index;
    private final HeapRelation heap;
    private final IndexKeys keys;
    private final RowContext row;
    private final RowView.ArrayRow view = new RowView.ArrayRow();
    private final Object[] values;
    /** Attributes (from 0) to read; null for all. */
    private final int[] needed;
    /** The only key column if it can be read as a number, else -1. */
    private final int longAttribute;
    private final CommitTable commits;
    private final long oldestLsn;
    private final int[] rootOf = new int[Page.MAX_OFFSETS + 1];
    /** Null unless the table is being changed meanwhile: then what it sees is indexed. */
    private Snapshot snapshot;
    private Set<Long> alreadyIndexed;
    private long entries;
    private long liveRows;

    IndexBuild(CommandContext context, RelationDescriptor relation, IndexDescriptor index) {
        this.context = context;
        this.relation = relation;
        this.index = index;
        heap = context.session.storage().heap(relation);
        keys = new IndexKeys(relation, index, new Expressions(context));
        row = new RowContext(context.session.execution().context(new Object[0], null));
        row.outer = view;
        values = new Object[relation.columns().size()];
        view.values = values;
        needed = keys.needsExpressions() ? null : java.util.stream.Stream.concat(index.keyColumns().stream(),
                index.includeColumns().stream()).mapToInt(IndexColumn::attnum).map(a -> a - 1).distinct().toArray();
        longAttribute = keys.longAttribute();
        var manager = context.session.services().transactions();
        commits = manager.commits();
        manager.advanceHorizon();
        oldestLsn = manager.snapshots().oldestSnapshotLsn();
    }

    /** Entries made. */
    long entries() {
        return entries;
    }

    /** Rows that are alive now. */
    long liveRows() {
        return liveRows;
    }

    /** Builds the tree in the index's file, which was just created. */
    void run() {
        long memory = context.session.settings().number("maintenance_work_mem") * 1024;
        var services = context.session.services();
        try (KeySorter sorter = new KeySorter(services.files(), services.temporaryDirectory(), memory)) {
            scan(sorter);
            load(sorter);
        }
    }

    /**
     * Adds entries for the rows a snapshot sees that have none yet. Writers keep the index up to date meanwhile.
     *
     * @param indexed TIDs that have entries, collected after the snapshot was taken
     */
    void backfill(Snapshot seen, Set<Long> indexed, BTree tree) {
        snapshot = seen;
        alreadyIndexed = indexed;
        long memory = context.session.settings().number("maintenance_work_mem") * 1024;
        var services = context.session.services();
        try (KeySorter sorter = new KeySorter(services.files(), services.temporaryDirectory(), memory)) {
            scan(sorter);
            IndexEntry entry = new IndexEntry();
            InsertOutcome outcome = new InsertOutcome();
            byte[][] scratch = {new byte[64], new byte[64]};
            sorter.drain((array, key, keyLength, payloadLength, tid) -> {
                if ((entries++ & 0xFF) == 0) {
                    context.checkInterrupts();
                }
                scratch[0] = fit(scratch[0], keyLength);
                scratch[1] = fit(scratch[1], payloadLength);
                System.arraycopy(array, key, scratch[0], 0, keyLength);
                System.arraycopy(array, key + keyLength, scratch[1], 0, payloadLength);
                insert(tree, entry.set(scratch[0], keyLength, tid, scratch[1], payloadLength), tid, outcome);
            });
        }
    }

    private static byte[] fit(byte[] array, int length) {
        return array.length < length ? new byte[length * 2] : array;
    }

    private void insert(BTree tree, IndexEntry entry, long tid, InsertOutcome outcome) {
        var record = context.session.txn().record();
        long xid = context.transaction().xid();
        while (index.unique()) {
            tree.insertUnique(record, xid, entry, other -> probe(other, tid), outcome);
            switch (outcome.kind()) {
                case INSERTED -> {
                    return;
                }
                case WAIT -> context.session.services().transactions().locks().waitForXid(
                        context.session.txn().lockOwner(), outcome.xid(), WaitPolicy.BLOCK);
                case CONFLICT -> {
                    // No duplicate if the row has been deleted since the snapshot was taken, or a null makes it distinct.
                    if (isAlive(tid)) {
                        complain(tid);
                    }
                    break;
                }
            }
            if (outcome.kind() == InsertOutcome.Kind.CONFLICT) {
                break;
            }
        }
        tree.insert(record, xid, entry);
    }

    private boolean isAlive(long tid) {
        try (HeapCursor cursor = new HeapCursor()) {
            return heap.fetchDirty(context.transaction(), tid, cursor, new HeapChange()) == DirtyResult.LIVE;
        }
    }

    private long probe(long tid, long ownTid) {
        HeapChange change = new HeapChange();
        try (HeapCursor cursor = new HeapCursor()) {
            return switch (heap.fetchDirty(context.transaction(), tid, cursor, change)) {
                case NONE -> cursor.allDead() ? UniqueProbe.DEAD : UniqueProbe.IGNORE;
                case LIVE -> tid == ownTid ? UniqueProbe.IGNORE : UniqueProbe.LIVE;
                case INSERT_IN_PROGRESS, DELETE_IN_PROGRESS -> change.otherXid();
            };
        }
    }

    private void scan(KeySorter sorter) {
        BufferPool pool = context.pool();
        int blocks = heap.blockCount();
        long key = BufferPool.key(heap.id());
        BufferRing ring = pool.newRing(pool.accessForScan(blocks));
        for (int block = 0; block < blocks; block++) {
            if ((block & 63) == 0) {
                context.checkInterrupts();
            }
            int buffer = pool.pinSequential(key, ForkNumber.MAIN, block, blocks, ring);
            try {
                pool.latchShared(buffer);
                try {
                    page(pool.address(buffer), block, sorter);
                } finally {
                    pool.unlatchShared(buffer);
                }
            } finally {
                pool.unpin(buffer);
            }
        }
    }

    private void page(long page, int block, KeySorter sorter) {
        int max = Page.maxOffset(page);
        findRoots(page, max);
        for (int offset = 1; offset <= max; offset++) {
            if (!Page.isNormal(page, offset) || rootOf[offset] == 0) {
                continue;
            }
            long tuple = Page.itemAddress(page, offset);
            int status = status(tuple);
            if (status == DEAD || isFollowed(page, tuple, max)) {
                continue;
            }
            long tid = Integer.toUnsignedLong(block) << 16 | rootOf[offset];
            if (status == LIVE) {
                liveRows++;
            }
            if (alreadyIndexed != null && alreadyIndexed.contains(tid)) {
                continue;
            }
            boolean indexed = true;
            if (longAttribute >= 0 && !TupleReader.isNull(heap.layout(), tuple, longAttribute)) {
                keys.computeLong(TupleReader.getLong(heap.layout(), tuple, longAttribute));
            } else {
                read(tuple);
                indexed = keys.compute(values, row);
            }
            if (indexed) {
                sorter.add(keys.key.array(), keys.key.length(), keys.payloadArray(), keys.payloadLength(),
                        status == LIVE ? tid : tid | KeySorter.NOT_LIVE);
            }
        }
    }

    /** Fills in at which line pointer the chain of each version begins; 0 where it does not matter. */
    private void findRoots(long page, int max) {
        Arrays.fill(rootOf, 0, max + 1, 0);
        for (int offset = 1; offset <= max; offset++) {
            int at;
            if (Page.isRedirect(page, offset)) {
                at = Page.redirectTarget(page, offset);
            } else if (Page.isNormal(page, offset)
                    && (TupleHeader.infomask(Page.itemAddress(page, offset)) & TupleHeader.HEAP_ONLY) == 0) {
                at = offset;
            } else {
                continue;
            }
            while (at >= 1 && at <= max && Page.isNormal(page, at) && rootOf[at] == 0) {
                rootOf[at] = offset;
                long tuple = Page.itemAddress(page, at);
                if ((TupleHeader.infomask(tuple) & TupleHeader.HOT_UPDATED) == 0) {
                    break;
                }
                at = (int) TupleHeader.ctid(tuple) & 0xFFFF;
            }
        }
    }

    /** Whether a later version of the same chain is not dead, which then stands for it. */
    private boolean isFollowed(long page, long tuple, int max) {
        long at = tuple;
        while ((TupleHeader.infomask(at) & TupleHeader.HOT_UPDATED) != 0) {
            int next = (int) TupleHeader.ctid(at) & 0xFFFF;
            if (next < 1 || next > max || !Page.isNormal(page, next)) {
                return false;
            }
            long successor = Page.itemAddress(page, next);
            if (TupleHeader.xmin(successor) != TupleHeader.xmax(at)) {
                return false;
            }
            if (status(successor) != DEAD) {
                return true;
            }
            at = successor;
        }
        return false;
    }

    private static final int DEAD = 0;
    private static final int GONE = 1;
    private static final int LIVE = 2;

    private int status(long tuple) {
        if (snapshot != null) {
            return Visibility.isVisible(tuple, snapshot, commits) ? LIVE : DEAD;
        }
        long xmax = TupleHeader.xmax(tuple);
        if (xmax != 0 && context.transaction().isOwn(xmax)) {
            // Not dead: a rollback to a savepoint would bring it back.
            return GONE;
        }
        return switch (Visibility.vacuumStatus(tuple, oldestLsn, commits)) {
            case Visibility.DEAD -> DEAD;
            case Visibility.RECENTLY_DEAD -> GONE;
            default -> LIVE;
        };
    }

    private void read(long tuple) {
        TupleLayout layout = heap.layout();
        if (needed == null) {
            for (int i = 0; i < values.length; i++) {
                values[i] = TupleReader.getObject(layout, tuple, i, heap.toast());
            }
        } else {
            for (int i : needed) {
                values[i] = TupleReader.getObject(layout, tuple, i, heap.toast());
            }
        }
    }

    // ---- Loading

    private byte[] previous = new byte[64];
    private int previousLength = -1;
    private boolean previousLive;

    private void load(KeySorter sorter) {
        IndexEntry entry = new IndexEntry();
        String option = fillFactor();
        int fill = option == null ? BTreeBuilder.LEAF_FILL_PERCENT : Integer.parseInt(option);
        try (BTreeBuilder builder = new BTreeBuilder(index.storage(), context.pool(), context.wal(),
                context.session.txn().record(), context.transaction().xid(), fill)) {
            byte[][] scratch = {new byte[64], new byte[64]};
            sorter.drain((array, key, keyLength, payloadLength, tid) -> {
                if ((entries++ & 0xFFF) == 0) {
                    context.checkInterrupts();
                }
                if (scratch[0].length < keyLength) {
                    scratch[0] = new byte[keyLength * 2];
                }
                if (scratch[1].length < payloadLength) {
                    scratch[1] = new byte[payloadLength * 2];
                }
                System.arraycopy(array, key, scratch[0], 0, keyLength);
                System.arraycopy(array, key + keyLength, scratch[1], 0, payloadLength);
                boolean live = (tid & KeySorter.NOT_LIVE) == 0;
                long place = tid & ~KeySorter.NOT_LIVE;
                if (index.unique() && live) {
                    checkDuplicate(scratch[0], keyLength, place);
                }
                builder.add(entry.set(scratch[0], keyLength, place, scratch[1], payloadLength));
            });
            builder.finish();
        }
    }

    private String fillFactor() {
        if (index.options() != null) {
            for (String option : index.options()) {
                if (option.startsWith("fillfactor=")) {
                    return option.substring("fillfactor=".length());
                }
            }
        }
        return null;
    }

    private void checkDuplicate(byte[] key, int length, long tid) {
        if (previousLive && previousLength == length && Arrays.equals(previous, 0, length, key, 0, length)) {
            complain(tid);
        }
        if (previous.length < length) {
            previous = new byte[length * 2];
        }
        System.arraycopy(key, 0, previous, 0, length);
        previousLength = length;
        previousLive = true;
    }

    /** Two live rows have equal keys: an error unless a null in it makes them distinct. */
    private void complain(long tid) {
        try (HeapCursor cursor = new HeapCursor()) {
            long newest = tid;
            if (!heap.fetchAny(newest, cursor)) {
                newest = followRedirect(tid);
                heap.fetchAny(newest, cursor);
            }
            read(cursor.tupleAddress());
            keys.compute(values, row);
            if (keys.mustBeUnique()) {
                throw keys.cannotBuild(context.session.text());
            }
        }
    }

    private long followRedirect(long tid) {
        BufferPool pool = context.pool();
        int buffer = pool.pin(heap.id(), ForkNumber.MAIN, (int) (tid >>> 16));
        pool.latchShared(buffer);
        try {
            long page = pool.address(buffer);
            int offset = (int) tid & 0xFFFF;
            return Page.isRedirect(page, offset) ? tid & ~0xFFFFL | Page.redirectTarget(page, offset) : tid;
        } finally {
            pool.releaseShared(buffer);
        }
    }
}
