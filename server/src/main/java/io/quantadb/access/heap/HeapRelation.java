package io.quantadb.access.heap;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.RelationId;
import io.quantadb.base.Xid;
import io.quantadb.storage.StorageException;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.page.Page;
import io.quantadb.txn.CommitTable;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.TupleHeader;
import io.quantadb.txn.Visibility;
import io.quantadb.txn.lock.RowLockMode;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.txn.snapshot.ReadTracking;
import io.quantadb.txn.snapshot.Snapshot;

/**
 * One heap relation's storage. Shared by sessions, cached by descriptors; made by {@link HeapAccess#open}.
 *
 * <p>TIDs are packed: block &lt;&lt; 16 | offset, offsets count from 1. Errors of all methods: StorageException for the
 * environment; those that change or lock add
 * 40P01, 55P03, 57014 from waiting, 53200 for too many row locks, 54000 for a row that is too big.
 */
public final class HeapRelation {
    /** Normal items a page can hold: each takes a header at least. */
    static final int VERSIONS_PER_PAGE_MAX = (Page.SIZE - Page.HEADER_SIZE) / (TupleHeader.SIZE_BYTES
            + Page.LINE_POINTER_SIZE);

    private final HeapContext context;
    private final HeapDescriptor descriptor;
    private final long key;
    private final InsertTarget target;
    private final HeapToast toast;
    private final HeapWriter writer;
    private final RowLocker locker;

    HeapRelation(HeapContext context, HeapDescriptor descriptor) {
        this.context = context;
        this.descriptor = descriptor;
        key = BufferPool.key(descriptor.id());
        target = new InsertTarget(context, descriptor.id(), descriptor.fillFactorPercent());
        toast = descriptor.toast() == null ? null : new HeapToast(context, descriptor);
        writer = new HeapWriter(context, descriptor, target, toast);
        locker = new RowLocker(context, descriptor);
    }

    public RelationId id() {
        return descriptor.id();
    }

    public TupleLayout layout() {
        return descriptor.layout();
    }

    public HeapDescriptor descriptor() {
        return descriptor;
    }

    /** Null if the relation has no TOAST heap. */
    public ToastReader toast() {
        return toast;
    }

    /** The TOAST heap, for vacuum and size functions; null if there is none. */
    public HeapRelation toastHeap() {
        return toast == null ? null : toast.heap();
    }

    public int blockCount() {
        return context.pool.blockCount(descriptor.id(), ForkNumber.MAIN);
    }

    InsertTarget target() {
        return target;
    }

    HeapContext context() {
        return context;
    }

    // ---- Changes

    /** @return packed TID */
    public long insert(Transaction transaction, TupleBuilder row) {
        return writer.insert(transaction, row);
    }

    /** Collects rows and writes them page-wise with one record a page: COPY, INSERT ... SELECT. */
    public HeapBulkInsert bulkInsert(Transaction transaction) {
        return new HeapBulkInsert(context, descriptor, toast, transaction);
    }

    /**
     * Replaces a row version.
     *
     * @param tid the version the caller read
     * @param snapshot the statement's
     * @param hotAllowed no indexed column changed
     * @param keyChanged a column of some unique index that foreign keys may refer to changed
     * @param policy for rows changed or locked by a running transaction; NOWAIT is 55P03
     * @return also in {@code result}
     */
    public ChangeStatus update(Transaction transaction, Snapshot snapshot, long tid, TupleBuilder row,
            boolean hotAllowed,
            boolean keyChanged, WaitPolicy policy, HeapChange result) {
        return writer.update(transaction, snapshot, tid, row, hotAllowed, keyChanged, policy, result);
    }

    public ChangeStatus delete(Transaction transaction, Snapshot snapshot, long tid, WaitPolicy policy,
            HeapChange result) {
        return writer.delete(transaction, snapshot, tid, policy, result);
    }

    /** Locks a row version, without changing it, until the end of the transaction. */
    public ChangeStatus lock(Transaction transaction, Snapshot snapshot, long tid, RowLockMode mode, WaitPolicy policy,
            HeapChange result) {
        return locker.lock(transaction, snapshot, tid, mode, policy, result);
    }

    // ---- Reads

    /**
     * Index access: finds the version of the HOT chain that starts at {@code tid} and is visible to the snapshot.
     * Prunes the page if it is
     * nearly full.
     */
    public boolean fetch(long tid, Snapshot snapshot, HeapCursor cursor) {
        BufferPool pool = context.pool;
        int buffer;
        try {
            buffer = cursor.pin(pool, key, (int) (tid >>> 16));
        } catch (StorageException e) {
            if (!isCutOff((int) (tid >>> 16))) {
                throw e;
            }
            cursor.foundNothing(false);
            return false;
        }
        long page = pool.address(buffer);
        if (Page.pruneXid(page) != Xid.INVALID) {
            HeapPruner.onAccess(context, descriptor, buffer);
        }
        ReadTracking tracking = snapshot.tracking();
        pool.latchShared(buffer);
        try {
            int offset = rootOf(page, (int) tid & 0xFFFF);
            long priorXmax = Xid.INVALID;
            while (isVersion(page, offset)) {
                int pointer = Page.linePointer(page, offset);
                long tuple = page + Page.pointerOffset(pointer);
                if (priorXmax != Xid.INVALID && TupleHeader.xmin(tuple) != priorXmax) {
                    break;
                }
                boolean visible = Visibility.isVisible(tuple, snapshot, context.commits);
                if (tracking != null) {
                    TrackedReads.version(tracking, key, tid & ~0xFFFFL | offset, tuple, visible, snapshot,
                            context.commits);
                }
                if (visible) {
                    cursor.found(tuple, Page.pointerLength(pointer), tid & ~0xFFFFL | offset);
                    return true;
                }
                if ((TupleHeader.infomask(tuple) & TupleHeader.HOT_UPDATED) == 0) {
                    break;
                }
                priorXmax = TupleHeader.xmax(tuple);
                offset = (int) TupleHeader.ctid(tuple) & 0xFFFF;
            }
            cursor.foundNothing(isChainDead(page, (int) tid & 0xFFFF));
            return false;
        } finally {
            pool.unlatchShared(buffer);
        }
    }

    /**
     * Whether a replica has cut off the block while somebody was on the way to it: vacuum's truncation is replayed
     * without a lock, since
     * nothing that anybody can see is cut off.
     */
    boolean isCutOff(int block) {
        return context.wal == null
                && Integer.compareUnsigned(block, context.pool.blockCount(descriptor.id(), ForkNumber.MAIN)) >= 0;
    }

    private static int rootOf(long page, int offset) {
        return offset >= 1 && offset <= Page.maxOffset(page) && Page.isRedirect(page, offset)
                ? Page.redirectTarget(page, offset) : offset;
    }

    private static boolean isVersion(long page, int offset) {
        return offset >= 1 && offset <= Page.maxOffset(page) && Page.isNormal(page, offset);
    }

    private boolean isChainDead(long page, int start) {
        long oldest = context.snapshots.oldestSnapshotLsn();
        int offset = rootOf(page, start);
        long priorXmax = Xid.INVALID;
        while (isVersion(page, offset)) {
            long tuple = Page.itemAddress(page, offset);
            if (priorXmax != Xid.INVALID && TupleHeader.xmin(tuple) != priorXmax) {
                return true;
            }
            if (Visibility.vacuumStatus(tuple, oldest, context.commits) != Visibility.DEAD) {
                return false;
            }
            if ((TupleHeader.infomask(tuple) & TupleHeader.HOT_UPDATED) == 0) {
                return true;
            }
            priorXmax = TupleHeader.xmax(tuple);
            offset = (int) TupleHeader.ctid(tuple) & 0xFFFF;
        }
        return true;
    }

    /** TID scan: exactly the version at {@code tid}, if the snapshot sees it. */
    public boolean fetchExact(long tid, Snapshot snapshot, HeapCursor cursor) {
        return fetchOne(tid, snapshot, cursor);
    }

    /** Exactly the version at {@code tid}, whoever sees it; false if there is none. */
    public boolean fetchAny(long tid, HeapCursor cursor) {
        return fetchOne(tid, null, cursor);
    }

    private boolean fetchOne(long tid, Snapshot snapshot, HeapCursor cursor) {
        int block = (int) (tid >>> 16);
        if (Integer.compareUnsigned(block, blockCount()) >= 0) {
            cursor.foundNothing(false);
            return false;
        }
        int buffer = cursor.pin(context.pool, key, block);
        long page = context.pool.address(buffer);
        context.pool.latchShared(buffer);
        try {
            int offset = (int) tid & 0xFFFF;
            if (isVersion(page, offset)) {
                long tuple = Page.itemAddress(page, offset);
                boolean visible = snapshot == null || Visibility.isVisible(tuple, snapshot, context.commits);
                if (snapshot != null && snapshot.tracking() != null) {
                    TrackedReads.version(snapshot.tracking(), key, tid, tuple, visible, snapshot, context.commits);
                }
                if (visible) {
                    cursor.found(tuple, Page.itemLength(page, offset), tid);
                    return true;
                }
            }
            cursor.foundNothing(false);
            return false;
        } finally {
            context.pool.unlatchShared(buffer);
        }
    }

    /**
     * For unique checks: looks through the HOT chain for a version that is alive for the current moment (own or
     * committed, not deleted),
     * or whose fate is open.
     *
     * @param result gets the xid to wait for
     * @return see {@link DirtyResult}: the cursor stands on the version unless it is NONE
     */
    public DirtyResult fetchDirty(Transaction transaction, long tid, HeapCursor cursor, HeapChange result) {
        int buffer = cursor.pin(context.pool, key, (int) (tid >>> 16));
        long page = context.pool.address(buffer);
        context.pool.latchShared(buffer);
        try {
            int offset = rootOf(page, (int) tid & 0xFFFF);
            long priorXmax = Xid.INVALID;
            while (isVersion(page, offset)) {
                long tuple = Page.itemAddress(page, offset);
                if (priorXmax != Xid.INVALID && TupleHeader.xmin(tuple) != priorXmax) {
                    break;
                }
                DirtyResult found = dirtyStatus(transaction, tuple, result);
                if (found != DirtyResult.NONE) {
                    cursor.found(tuple, Page.itemLength(page, offset), tid & ~0xFFFFL | offset);
                    return found;
                }
                if ((TupleHeader.infomask(tuple) & TupleHeader.HOT_UPDATED) == 0) {
                    break;
                }
                priorXmax = TupleHeader.xmax(tuple);
                offset = (int) TupleHeader.ctid(tuple) & 0xFFFF;
            }
            cursor.foundNothing(isChainDead(page, (int) tid & 0xFFFF));
            return DirtyResult.NONE;
        } finally {
            context.pool.unlatchShared(buffer);
        }
    }

    private DirtyResult dirtyStatus(Transaction transaction, long tuple, HeapChange result) {
        long xmin = TupleHeader.xmin(tuple);
        if (!transaction.isOwn(xmin)) {
            long inserted = Visibility.xminStatus(tuple, context.commits);
            if (inserted == CommitTable.ABORTED) {
                return DirtyResult.NONE;
            }
            if (inserted == CommitTable.IN_PROGRESS) {
                result.waitFor(xmin);
                return DirtyResult.INSERT_IN_PROGRESS;
            }
            transaction.dependOn(inserted);
        }
        long xmax = TupleHeader.xmax(tuple);
        if (xmax != Xid.INVALID && transaction.isOwn(xmax)) {
            return DirtyResult.NONE;
        }
        long deleted = Visibility.xmaxStatus(tuple, context.commits);
        if (deleted == CommitTable.IN_PROGRESS) {
            result.waitFor(xmax);
            return DirtyResult.DELETE_IN_PROGRESS;
        }
        if (deleted > 0) {
            transaction.dependOn(deleted);
        }
        return deleted == CommitTable.ABORTED ? DirtyResult.LIVE : DirtyResult.NONE;
    }

    /**
     * TID of the newest version that update chains lead to from {@code tid}; the tid itself if it has no committed or
     * own successor.
     */
    public long newestVersion(long tid, HeapCursor cursor) {
        long at = tid;
        long priorXmax = Xid.INVALID;
        long best = tid;
        while (fetchAny(at, cursor)) {
            long tuple = cursor.tupleAddress();
            if (priorXmax != Xid.INVALID && TupleHeader.xmin(tuple) != priorXmax) {
                break;
            }
            best = at;
            long next = TupleHeader.ctid(tuple);
            priorXmax = TupleHeader.xmax(tuple);
            if (next == at || priorXmax == Xid.INVALID
                    || Visibility.xmaxStatus(tuple, context.commits) == CommitTable.ABORTED) {
                break;
            }
            at = next;
        }
        return best;
    }

    /** The whole relation as of now. */
    public HeapScan scan(Snapshot snapshot) {
        readsAll(snapshot);
        return scan(snapshot, 0, blockCount());
    }

    /**
     * Records for a serializable transaction that all of the relation is read; before {@link #blockCount} is asked for
     * the end of the scan.
     */
    public void readsAll(Snapshot snapshot) {
        if (snapshot.tracking() != null) {
            snapshot.tracking().readsRelation(key);
        }
    }

    /**
     * Blocks in [firstBlock, endBlock): parallel scan, TID range, TABLESAMPLE SYSTEM. {@link #readsAll} comes before.
     */
    public HeapScan scan(Snapshot snapshot, int firstBlock, int endBlock) {
        return new HeapScan(context, this, snapshot, firstBlock, endBlock);
    }

    /**
     * Whether every row of the block is visible to everybody, by the visibility map: index-only scans. On a replica
     * always false.
     */
    public boolean isAllVisible(int block) {
        return context.wal != null && context.visibilityMap.isAllVisible(descriptor.id(), block);
    }

    /** All-visible blocks, for pg_class.relallvisible. */
    public int countAllVisible() {
        return context.visibilityMap.countAllVisible(descriptor.id(), blockCount());
    }
}
