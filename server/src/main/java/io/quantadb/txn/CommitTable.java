package io.quantadb.txn;

/** API stub. Outcome of every xid. Safe for use by many threads. */
public final class CommitTable {
    /** Returned for a transaction that has neither committed nor aborted. */
    public static final long IN_PROGRESS = 0;
    /** Returned for an aborted one. */
    public static final long ABORTED = -1;

    /** Commit LSN (positive), {@link #IN_PROGRESS} or {@link #ABORTED}; waits out a commit being published. */
    public long status(long xid) {
        throw new UnsupportedOperationException();
    }
}
