package io.quantadb.access.heap;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Xid;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.page.Page;
import io.quantadb.txn.CommitTable;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.TupleHeader;
import io.quantadb.txn.Visibility;
import io.quantadb.txn.lock.LockManager;
import io.quantadb.txn.lock.LockOwner;
import io.quantadb.txn.lock.RowLockMode;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.txn.snapshot.Snapshot;

/**
 * Locking rows, and waiting for those who have them. Safe for use by many threads.
 *
 * <p>The rule that makes locks in memory and xmax on the page one thing: a row lock is entered while holding the page's
 * latch (shared) and after looking at xmax; xmax is set
 * while holding it exclusively and after looking for row locks. Nobody waits with a latch: who has to, lets go, waits,
 * and looks again.
 *
 * <p>Those who wait for a running updater queue on the row lock first, so that one at a time waits for its xid and the
 * others wait in order.
 */
final class RowLocker {
    private static final int TRIES_MAX = 1_000_000;

    private final HeapContext context;
    private final HeapDescriptor relation;
    private final LockManager locks;
    private final long scope;

    RowLocker(HeapContext context, HeapDescriptor relation) {
        this.context = context;
        this.relation = relation;
        this.locks = context.transactions.locks();
        this.scope = LockManager.scope(relation.id());
    }

    ChangeStatus lock(Transaction transaction, Snapshot snapshot, long tid, RowLockMode mode, WaitPolicy policy,
            HeapChange result) {
        LockOwner owner = transaction.session().lockOwner();
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            long blocker;
            int buffer = context.pool.pin(BufferPool.key(relation.id()), ForkNumber.MAIN, (int) (tid >>> 16));
            context.pool.latchShared(buffer);
            try {
                long tuple = version(context.pool.address(buffer), tid);
                if (tuple == 0) {
                    return result.set(ChangeStatus.INVISIBLE);
                }
                int status = Visibility.updateStatus(tuple, tid, transaction, snapshot.commandId(), context.commits);
                boolean sharesWithUpdater = status == Visibility.UPDATE_BEING_MODIFIED && mode == RowLockMode.KEY_SHARE
                        && (TupleHeader.infomask(tuple) & TupleHeader.KEYS_UPDATED) == 0;
                if (status == Visibility.UPDATE_OK || sharesWithUpdater) {
                    boolean taken = locks.lockRow(owner, relation.id(), tid, mode, WaitPolicy.NOWAIT);
                    if (taken && (!sharesWithUpdater || lockSuccessors(owner, tuple, tid, mode))) {
                        dependOnInserter(transaction, tuple);
                        return result.ok(tid, false);
                    }
                    // Not of the row itself: then the updater, who alone can have locked or changed what it made of the
                    // row, is in the way.
                    blocker = taken ? TupleHeader.xmax(tuple) : 0;
                } else if (status == Visibility.UPDATE_BEING_MODIFIED) {
                    blocker = TupleHeader.xmax(tuple);
                } else {
                    return refuse(transaction, tuple, status, result);
                }
            } finally {
                context.pool.releaseShared(buffer);
            }
            if (!await(owner, tid, mode, blocker, policy, true, "locking")) {
                return result.set(ChangeStatus.SKIPPED);
            }
        }
        throw io.quantadb.base.Invariant.broken("row %s changed under a lock request without end", tid);
    }

    /**
     * Locks what a running non-key update made of the row too, so that the lock holds on when it commits. The updater's
     * own later versions inherit.
     *
     * @return false if the updater locked, deleted or changed the key of a successor, or has ended meanwhile: wait for
     *     it and look again
     */
    private boolean lockSuccessors(LockOwner owner, long tuple, long tid, RowLockMode mode) {
        long next = TupleHeader.ctid(tuple);
        long at = tid;
        while (next != at) {
            if (!locks.lockRow(owner, relation.id(), next, mode, WaitPolicy.NOWAIT)) {
                return false;
            }
            at = next;
            int buffer = context.pool.pin(BufferPool.key(relation.id()), ForkNumber.MAIN, (int) (at >>> 16));
            try {
                // Without its latch: two latches in chain order could cross an updater's two in block order. The pin
                // keeps it in place.
                long successor = version(context.pool.address(buffer), at);
                if (successor == 0) {
                    return false;
                }
                long xmax = TupleHeader.xmax(successor);
                long status = xmax == Xid.INVALID ? CommitTable.ABORTED : context.commits.status(xmax);
                if (status == CommitTable.ABORTED) {
                    return true;
                }
                if (status > 0 || (TupleHeader.infomask(successor) & TupleHeader.KEYS_UPDATED) != 0) {
                    return false;
                }
                next = TupleHeader.ctid(successor);
            } finally {
                context.pool.unpin(buffer);
            }
        }
        return true;
    }

    /** Address of the version, 0 if the offset has none. */
    static long version(long page, long tid) {
        int offset = (int) tid & 0xFFFF;
        return offset >= 1 && offset <= Page.maxOffset(page) && Page.isNormal(page, offset)
                ? Page.itemAddress(page, offset) : 0;
    }

    /** What was inserted after our snapshot was taken (READ COMMITTED went on to it) is part of what we depend on. */
    void dependOnInserter(Transaction transaction, long tuple) {
        long xmin = TupleHeader.xmin(tuple);
        if ((TupleHeader.infomask(tuple) & TupleHeader.XMIN_COMMITTED) != 0 && xmin < context.commits.settledXid()) {
            return;
        }
        if (!transaction.isOwn(xmin)) {
            transaction.dependOn(context.commits.status(xmin));
        }
    }

    /** Translates a status that nothing can be done about. */
    ChangeStatus refuse(Transaction transaction, long tuple, int status, HeapChange result) {
        return switch (status) {
            case Visibility.UPDATE_INVISIBLE -> result.set(ChangeStatus.INVISIBLE);
            case Visibility.UPDATE_SELF_MODIFIED -> result.selfModified(TupleHeader.ctid(tuple),
                    Visibility.deleteCommand(tuple, TupleHeader.infomask(tuple), transaction));
            default -> {
                long commitLsn = Visibility.xmaxStatus(tuple, context.commits);
                transaction.dependOn(commitLsn);
                yield result.lost(status == Visibility.UPDATE_UPDATED ? ChangeStatus.UPDATED : ChangeStatus.DELETED,
                        TupleHeader.ctid(tuple), TupleHeader.xmax(tuple), commitLsn);
            }
        };
    }

    /**
     * Waits until the row may be free: for its turn, then for the running updater if there is one.
     *
     * @param blocker xid of the updater, 0 if only row locks are in the way
     * @param keep the row lock stays with the transaction; otherwise it is given back after the wait
     * @return false under SKIP
     */
    boolean await(LockOwner owner, long tid, RowLockMode mode, long blocker, WaitPolicy policy, boolean keep,
            String doing) {
        try {
            boolean free;
            if (keep) {
                free = locks.lockRow(owner, relation.id(), tid, mode, policy)
                        && (blocker == 0 || locks.waitForXid(owner, blocker, policy));
            } else {
                int taken = locks.lockRowForChange(owner, scope, tid, mode, policy);
                try {
                    free = taken != LockManager.NOT_AVAILABLE
                            && (blocker == 0 || locks.waitForXid(owner, blocker, policy));
                } finally {
                    if (taken == LockManager.TAKEN) {
                        locks.unlockRow(owner, scope, tid, mode);
                    }
                }
            }
            if (!free && policy == WaitPolicy.NOWAIT) {
                throw new SqlException(SqlState.LOCK_NOT_AVAILABLE,
                        "could not obtain lock on row in relation \"" + relation.name() + "\"");
            }
            return free;
        } catch (SqlException e) {
            if (policy == WaitPolicy.BLOCK) {
                e.addWhere("while " + doing + " tuple (" + (tid >>> 16) + "," + (tid & 0xFFFF) + ") in relation \""
                        + relation.name() + "\"");
            }
            throw e;
        }
    }

    boolean isLockedByOthers(LockOwner owner, long tid, RowLockMode mode) {
        return locks.isRowLockedByOthers(owner, scope, tid, mode);
    }

    void inherit(LockOwner updater, long oldTid, long newTid) {
        locks.inheritRowLocks(updater, scope, oldTid, newTid);
    }
}
