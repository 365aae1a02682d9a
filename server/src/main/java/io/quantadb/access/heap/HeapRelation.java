package io.quantadb.access.heap;

import io.quantadb.base.RelationId;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.lock.RowLockMode;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.txn.snapshot.Snapshot;

/**
 * API stub. One heap relation's storage. Immutable, shared by sessions, cached by descriptors; made by {@link HeapAccess#open}.
 *
 * <p>TIDs are packed: block &lt;&lt; 16 | offset, offsets count from 1.
 */
public final class HeapRelation {
    public RelationId id() {
        throw new UnsupportedOperationException();
    }

    public TupleLayout layout() {
        throw new UnsupportedOperationException();
    }

    public ToastReader toast() {
        throw new UnsupportedOperationException();
    }

    public int blockCount() {
        throw new UnsupportedOperationException();
    }

    /** @return packed TID */
    public long insert(Transaction transaction, TupleBuilder row) {
        throw new UnsupportedOperationException();
    }

    /** Collects rows and writes them page-wise with one record a page: COPY, INSERT ... SELECT. */
    public HeapBulkInsert bulkInsert(Transaction transaction) {
        throw new UnsupportedOperationException();
    }

    /**
     * Replaces a row version.
     *
     * @param tid the version the caller read
     * @param snapshot the statement's
     * @param hotAllowed no indexed column changed
     * @param keyChanged a column of some unique index that foreign keys may refer to changed
     * @param policy for rows changed or locked by a running transaction; NOWAIT is 55P03
     */
    public ChangeStatus update(Transaction transaction, Snapshot snapshot, long tid, TupleBuilder row, boolean hotAllowed,
            boolean keyChanged, WaitPolicy policy, HeapChange result) {
        throw new UnsupportedOperationException();
    }

    public ChangeStatus delete(Transaction transaction, Snapshot snapshot, long tid, WaitPolicy policy, HeapChange result) {
        throw new UnsupportedOperationException();
    }

    /** Locks a row version without changing it. */
    public ChangeStatus lock(Transaction transaction, Snapshot snapshot, long tid, RowLockMode mode, WaitPolicy policy,
            HeapChange result) {
        throw new UnsupportedOperationException();
    }

    /** Index access: finds the version of the HOT chain that starts at {@code tid} and is visible to the snapshot. */
    public boolean fetch(long tid, Snapshot snapshot, HeapCursor cursor) {
        throw new UnsupportedOperationException();
    }

    /** Exactly the version at {@code tid}, whoever sees it; false if the line pointer is unused. */
    public boolean fetchAny(long tid, HeapCursor cursor) {
        throw new UnsupportedOperationException();
    }

    /**
     * For unique checks: looks through the HOT chain for a version that is alive for the current moment (own or committed, not deleted),
     * or whose fate is open.
     *
     * @return see {@link DirtyResult}: the cursor stands on the version unless it is NONE
     */
    public DirtyResult fetchDirty(Transaction transaction, long tid, HeapCursor cursor, HeapChange result) {
        throw new UnsupportedOperationException();
    }

    /** TID of the newest version reachable by ctid from {@code tid}, or the tid itself: for currtid and tests. */
    public long newestVersion(long tid, HeapCursor cursor) {
        throw new UnsupportedOperationException();
    }

    /** The whole relation as of now. */
    public HeapScan scan(Snapshot snapshot) {
        throw new UnsupportedOperationException();
    }

    /** Blocks in [firstBlock, endBlock): parallel scan, TID range, TABLESAMPLE SYSTEM. */
    public HeapScan scan(Snapshot snapshot, int firstBlock, int endBlock) {
        throw new UnsupportedOperationException();
    }

    /** Whether every row of the block is visible to everybody, by the visibility map: index-only scans. */
    public boolean isAllVisible(int block) {
        throw new UnsupportedOperationException();
    }
}
