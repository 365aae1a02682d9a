package io.quantadb.txn.snapshot;

import io.quantadb.base.Lsn;

/**
 * What a statement may see: every commit whose LSN is at or below {@link #lsn}, and its own transaction's earlier commands.
 *
 * <p>Immutable. The rows it needs are kept from pruning while it is registered with its session's {@link SnapshotSlot}.
 * May be read by the helper threads of a parallel scan while the owning session waits for them.
 */
public final class Snapshot {
    private final long lsn;
    private final long settledXid;
    private final int commandId;
    private final OwnTransaction own;
    private final ReadTracking tracking;

    /**
     * @param lsn commits at or below it are visible
     * @param settledXid every xid below it that committed did so at or below {@code lsn}
     * @param commandId own changes of commands below it are visible
     * @param own the reader's transaction, null for none
     */
    public Snapshot(long lsn, long settledXid, int commandId, OwnTransaction own) {
        this(lsn, settledXid, commandId, own, null);
    }

    /** As above, of a serializable transaction: {@code tracking} is told what is read with it. */
    public Snapshot(long lsn, long settledXid, int commandId, OwnTransaction own, ReadTracking tracking) {
        this.tracking = tracking;
        this.lsn = lsn;
        this.settledXid = settledXid;
        this.commandId = commandId;
        this.own = own;
    }

    public long lsn() {
        return lsn;
    }

    public long settledXid() {
        return settledXid;
    }

    public int commandId() {
        return commandId;
    }

    public OwnTransaction own() {
        return own;
    }

    /** Null unless reads must be recorded. */
    public ReadTracking tracking() {
        return tracking;
    }

    public boolean isOwn(long xid) {
        return own != null && own.isOwn(xid);
    }

    /** The same view of others with a later (or earlier) command of our own; needs no registration of its own. */
    public Snapshot withCommandId(int newCommandId) {
        return newCommandId == commandId ? this : new Snapshot(lsn, settledXid, newCommandId, own, tracking);
    }

    @Override
    public String toString() {
        return "snapshot " + Lsn.format(lsn) + " command " + commandId;
    }
}
