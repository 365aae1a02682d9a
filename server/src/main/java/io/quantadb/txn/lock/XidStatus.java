package io.quantadb.txn.lock;

/** What waiting for a transaction's end needs to know. Safe for use by many threads. */
public interface XidStatus {
    /** Whether the (sub)transaction neither committed nor aborted; a commit counts once its LSN is published. */
    boolean isInProgress(long xid);

    /** The top-level transaction of a running subtransaction; the xid itself otherwise. */
    long topLevelXid(long xid);
}
