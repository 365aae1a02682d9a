package io.quantadb.access.heap;

import io.quantadb.base.Xid;
import io.quantadb.txn.CommitTable;
import io.quantadb.txn.TupleHeader;
import io.quantadb.txn.Visibility;
import io.quantadb.txn.snapshot.ReadTracking;
import io.quantadb.txn.snapshot.Snapshot;

/**
 * Tells conflict detection what a serializable transaction's look at one version means: a tuple read, and changes by
 * others that were passed over. The caller holds the page's
 * latch, shared at least.
 */
final class TrackedReads {
    private TrackedReads() {
    }

    /** A version met by index or TID. */
    static void version(ReadTracking tracking, long relation, long tid, long tuple, boolean visible, Snapshot snapshot,
            CommitTable commits) {
        if (visible) {
            tracking.readsTuple(relation, tid);
        }
        passedOver(tracking, tuple, visible, snapshot, commits);
    }

    /** A version met by a scan of a relation that is recorded as a whole. */
    static void passedOver(ReadTracking tracking, long tuple, boolean visible, Snapshot snapshot, CommitTable commits) {
        long xid = visible ? TupleHeader.xmax(tuple) : TupleHeader.xmin(tuple);
        if (xid == Xid.INVALID || snapshot.isOwn(xid)) {
            return;
        }
        long status = visible ? Visibility.xmaxStatus(tuple, commits) : Visibility.xminStatus(tuple, commits);
        if (status == CommitTable.IN_PROGRESS || status > snapshot.lsn()) {
            tracking.passesOver(xid, status);
        }
    }
}
