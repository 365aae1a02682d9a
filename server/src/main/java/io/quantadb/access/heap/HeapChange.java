package io.quantadb.access.heap;

/** API stub. Result of insert, update, delete, lock. Reusable; confined to one thread. */
public final class HeapChange {
    public ChangeStatus status() {
        throw new UnsupportedOperationException();
    }

    /** OK of update: TID of the new version. UPDATED: TID of the successor, where READ COMMITTED goes on. OK of lock: the TID locked. */
    public long newestTid() {
        throw new UnsupportedOperationException();
    }

    /** OK of update: the new version is heap-only, so no index needs an entry. */
    public boolean hot() {
        throw new UnsupportedOperationException();
    }

    /** UPDATED, DELETED: xid that did it. */
    public long otherXid() {
        throw new UnsupportedOperationException();
    }

    /** UPDATED, DELETED: its commit LSN. */
    public long otherCommitLsn() {
        throw new UnsupportedOperationException();
    }

    /** SELF_MODIFIED: the command that did it; equal to the current one when the statement meets its own change. */
    public int otherCommandId() {
        throw new UnsupportedOperationException();
    }
}
