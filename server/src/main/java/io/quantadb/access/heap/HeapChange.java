package io.quantadb.access.heap;

/** Result of update, delete, lock and unique checks. Reusable; confined to one thread. */
public final class HeapChange {
    private ChangeStatus status = ChangeStatus.OK;
    private long newestTid;
    private boolean hot;
    private long otherXid;
    private long otherCommitLsn;
    private int otherCommandId;

    public ChangeStatus status() {
        return status;
    }

    /**
     * OK of update: TID of the new version. UPDATED: TID of the successor, where READ COMMITTED goes on. OK of lock:
     * the TID locked.
     */
    public long newestTid() {
        return newestTid;
    }

    /** OK of update: the new version is heap-only, so no index needs an entry. */
    public boolean hot() {
        return hot;
    }

    /** UPDATED, DELETED: xid that did it. Unique checks: the running transaction to wait for. */
    public long otherXid() {
        return otherXid;
    }

    /** UPDATED, DELETED: its commit LSN. */
    public long otherCommitLsn() {
        return otherCommitLsn;
    }

    /** SELF_MODIFIED: the command that did it; equal to the current one when the statement meets its own change. */
    public int otherCommandId() {
        return otherCommandId;
    }

    ChangeStatus ok(long tid, boolean heapOnly) {
        newestTid = tid;
        hot = heapOnly;
        return set(ChangeStatus.OK);
    }

    ChangeStatus set(ChangeStatus newStatus) {
        status = newStatus;
        return newStatus;
    }

    ChangeStatus selfModified(long tid, int commandId) {
        newestTid = tid;
        otherCommandId = commandId;
        return set(ChangeStatus.SELF_MODIFIED);
    }

    ChangeStatus lost(ChangeStatus newStatus, long successorTid, long xid, long commitLsn) {
        newestTid = successorTid;
        otherXid = xid;
        otherCommitLsn = commitLsn;
        return set(newStatus);
    }

    void waitFor(long xid) {
        otherXid = xid;
    }
}
