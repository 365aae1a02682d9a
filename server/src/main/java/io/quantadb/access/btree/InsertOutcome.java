package io.quantadb.access.btree;

/** What a unique insert found. Reusable; confined to one thread. */
public final class InsertOutcome {
    /** How an insert into a unique index ended. */
    public enum Kind {
        INSERTED,
        /** {@link #tid()} is a live row with the same key; nothing was inserted. */
        CONFLICT,
        /** Wait for the end of {@link #xid()}, then try again; nothing was inserted. */
        WAIT
    }

    private Kind kind = Kind.INSERTED;
    private long tid;
    private long xid;

    void inserted() {
        kind = Kind.INSERTED;
        tid = 0;
        xid = 0;
    }

    void conflict(long conflictTid) {
        kind = Kind.CONFLICT;
        tid = conflictTid;
        xid = 0;
    }

    void waitFor(long blockingXid, long blockingTid) {
        kind = Kind.WAIT;
        tid = blockingTid;
        xid = blockingXid;
    }

    public Kind kind() {
        return kind;
    }

    /** The conflicting row's TID as it stands in the index. */
    public long tid() {
        return tid;
    }

    public long xid() {
        return xid;
    }
}
