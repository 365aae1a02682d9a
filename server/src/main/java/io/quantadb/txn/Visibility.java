package io.quantadb.txn;

import static io.quantadb.txn.TupleHeader.COMBO_CID;
import static io.quantadb.txn.TupleHeader.XMAX_ABORTED;
import static io.quantadb.txn.TupleHeader.XMAX_COMMITTED;
import static io.quantadb.txn.TupleHeader.XMIN_ABORTED;
import static io.quantadb.txn.TupleHeader.XMIN_COMMITTED;

import io.quantadb.base.Memory;
import io.quantadb.base.Xid;
import io.quantadb.txn.snapshot.OwnTransaction;
import io.quantadb.txn.snapshot.Snapshot;

/**
 * Who sees a row version: static, allocation-free. The caller holds the page's latch, shared at least; hint bits may be set.
 *
 * <p>A hint says only <em>that</em> a transaction ended, as in the commit log, never when: a snapshot still compares LSNs unless the xid is below
 * {@link Snapshot#settledXid}. So a page image with hints means the same on a replica whose snapshots are older. "Committed" is noted only of
 * durable commits: the page may reach the disk before the commit record does, as a hint does not change the page LSN.
 */
public final class Visibility {
    /** What vacuum may think of a version; see {@link #vacuumStatus}. */
    public static final int DEAD = 0;
    /** Deleted, but some snapshot may still see it. */
    public static final int RECENTLY_DEAD = 1;
    public static final int LIVE = 2;
    public static final int INSERT_IN_PROGRESS = 3;
    public static final int DELETE_IN_PROGRESS = 4;

    /** See {@link #updateStatus}. */
    public static final int UPDATE_OK = 0;
    public static final int UPDATE_INVISIBLE = 1;
    public static final int UPDATE_SELF_MODIFIED = 2;
    public static final int UPDATE_UPDATED = 3;
    public static final int UPDATE_DELETED = 4;
    public static final int UPDATE_BEING_MODIFIED = 5;

    private Visibility() {
    }

    /** Whether the version at {@code address} is visible to the snapshot. */
    public static boolean isVisible(long address, Snapshot snapshot, CommitTable commits) {
        int infomask = TupleHeader.infomask(address);
        long xmin = TupleHeader.xmin(address);
        boolean inserted = (infomask & XMIN_COMMITTED) != 0 && xmin < snapshot.settledXid()
                || isInsertVisible(address, infomask, xmin, snapshot, commits);
        if (!inserted) {
            return false;
        }
        long xmax = TupleHeader.xmax(address);
        return xmax == Xid.INVALID || (infomask & XMAX_ABORTED) != 0
                || !isDeleteVisible(address, infomask, xmax, snapshot, commits);
    }

    private static boolean isInsertVisible(long address, int infomask, long xmin, Snapshot snapshot, CommitTable commits) {
        if ((infomask & XMIN_ABORTED) != 0) {
            return false;
        }
        if (snapshot.isOwn(xmin)) {
            return insertCommand(address, infomask, snapshot.own()) < snapshot.commandId();
        }
        long status = commits.status(xmin);
        noteXmin(address, infomask, status, commits);
        return status > 0 && status <= snapshot.lsn();
    }

    private static boolean isDeleteVisible(long address, int infomask, long xmax, Snapshot snapshot, CommitTable commits) {
        if ((infomask & XMAX_COMMITTED) != 0 && xmax < snapshot.settledXid()) {
            return true;
        }
        if (snapshot.isOwn(xmax)) {
            return deleteCommand(address, infomask, snapshot.own()) < snapshot.commandId();
        }
        long status = commits.status(xmax);
        noteXmax(address, infomask, status, commits);
        return status > 0 && status <= snapshot.lsn();
    }

    /** Command that inserted a version of our own. */
    public static int insertCommand(long address, int infomask, OwnTransaction own) {
        int cid = TupleHeader.cid(address);
        return (infomask & COMBO_CID) != 0 ? own.comboInsertCommand(cid) : cid;
    }

    /** Command that deleted a version, which we did ourselves. */
    public static int deleteCommand(long address, int infomask, OwnTransaction own) {
        int cid = TupleHeader.cid(address);
        return (infomask & COMBO_CID) != 0 ? own.comboDeleteCommand(cid) : cid;
    }

    private static void noteXmin(long address, int infomask, long status, CommitTable commits) {
        if ((infomask & (XMIN_COMMITTED | XMIN_ABORTED)) == 0) {
            note(address, infomask, status, XMIN_COMMITTED, XMIN_ABORTED, commits);
        }
    }

    private static void noteXmax(long address, int infomask, long status, CommitTable commits) {
        if ((infomask & (XMAX_COMMITTED | XMAX_ABORTED)) == 0) {
            note(address, infomask, status, XMAX_COMMITTED, XMAX_ABORTED, commits);
        }
    }

    /** Two readers may overwrite each other's hint: it is only found again later. */
    private static void note(long address, int infomask, long status, int committed, int aborted, CommitTable commits) {
        int hint = status == CommitTable.ABORTED ? aborted : status > 0 && commits.isDurable(status) ? committed : 0;
        if (hint != 0) {
            Memory.putShort(address + TupleHeader.INFOMASK, TupleHeader.infomask(address) | hint);
        }
    }

    /** Outcome of the inserter: commit LSN, IN_PROGRESS or ABORTED. */
    public static long xminStatus(long address, CommitTable commits) {
        int infomask = TupleHeader.infomask(address);
        if ((infomask & XMIN_ABORTED) != 0) {
            return CommitTable.ABORTED;
        }
        long status = commits.status(TupleHeader.xmin(address));
        noteXmin(address, infomask, status, commits);
        return status;
    }

    /** Outcome of the deleter: commit LSN, IN_PROGRESS, or ABORTED, also if there is none. */
    public static long xmaxStatus(long address, CommitTable commits) {
        int infomask = TupleHeader.infomask(address);
        long xmax = TupleHeader.xmax(address);
        if (xmax == Xid.INVALID || (infomask & XMAX_ABORTED) != 0) {
            return CommitTable.ABORTED;
        }
        long status = commits.status(xmax);
        noteXmax(address, infomask, status, commits);
        return status;
    }

    /**
     * Whether the version may be changed by the command, whatever its snapshot's LSN.
     *
     * @param tid the version's own TID: tells an update from a deletion
     * @return one of the UPDATE constants; the xid in the way is the version's xmax
     */
    public static int updateStatus(long address, long tid, OwnTransaction own, int commandId, CommitTable commits) {
        int infomask = TupleHeader.infomask(address);
        long xmin = TupleHeader.xmin(address);
        if (own.isOwn(xmin)) {
            if (insertCommand(address, infomask, own) >= commandId) {
                return UPDATE_INVISIBLE;
            }
        } else if ((infomask & XMIN_COMMITTED) == 0 && xminStatus(address, commits) <= 0) {
            return UPDATE_INVISIBLE;
        }
        long xmax = TupleHeader.xmax(address);
        if (xmax == Xid.INVALID || (infomask & XMAX_ABORTED) != 0) {
            return UPDATE_OK;
        }
        if (own.isOwn(xmax)) {
            return UPDATE_SELF_MODIFIED;
        }
        long status = xmaxStatus(address, commits);
        if (status == CommitTable.ABORTED) {
            return UPDATE_OK;
        }
        if (status == CommitTable.IN_PROGRESS) {
            return UPDATE_BEING_MODIFIED;
        }
        return TupleHeader.ctid(address) == tid ? UPDATE_DELETED : UPDATE_UPDATED;
    }

    /** @param oldestLsn lower bound of all snapshots in use or to come */
    public static int vacuumStatus(long address, long oldestLsn, CommitTable commits) {
        if ((TupleHeader.infomask(address) & XMIN_COMMITTED) == 0) {
            long inserted = xminStatus(address, commits);
            if (inserted == CommitTable.ABORTED) {
                return DEAD;
            }
            if (inserted == CommitTable.IN_PROGRESS) {
                return INSERT_IN_PROGRESS;
            }
        }
        long deleted = xmaxStatus(address, commits);
        if (deleted == CommitTable.ABORTED) {
            return LIVE;
        }
        if (deleted == CommitTable.IN_PROGRESS) {
            return DELETE_IN_PROGRESS;
        }
        return deleted <= oldestLsn ? DEAD : RECENTLY_DEAD;
    }

    /** Whether every snapshot in use or to come sees the version: what an all-visible page consists of. */
    public static boolean isVisibleToAll(long address, long oldestLsn, CommitTable commits) {
        if (xmaxStatus(address, commits) != CommitTable.ABORTED) {
            return false;
        }
        long inserted = xminStatus(address, commits);
        return inserted > 0 && inserted <= oldestLsn;
    }
}
