package io.quantadb.txn.lock;

import io.quantadb.base.Clock;
import io.quantadb.base.RelationId;
import java.util.List;

/** API stub. */
public final class LockManager implements AutoCloseable {
    /** @param rowLocksMax row locks in memory, then 53200 */
    public LockManager(Clock clock, XidStatus xids, long rowLocksMax) {
        throw new UnsupportedOperationException();
    }

    public LockOwner openOwner(int processId) {
        throw new UnsupportedOperationException();
    }

    /** Releases everything the owner holds, session-level advisory locks included. */
    public void closeOwner(LockOwner owner) {
        throw new UnsupportedOperationException();
    }

    /** The lock object of a relation; always the same one, so descriptors may cache it. */
    public RelationLock relation(int databaseOid, int relationOid) {
        throw new UnsupportedOperationException();
    }

    /** Forgets a dropped relation's lock object. */
    public void forgetRelation(int databaseOid, int relationOid) {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes a table lock until the end of the transaction (or rollback to the savepoint).
     *
     * @return false only under NOWAIT and SKIP: not available
     * @throws WouldBlock under WOULD_BLOCK
     * @throws io.quantadb.error.SqlException 40P01, 55P03 (lock_timeout), 57014
     */
    public boolean lockRelation(LockOwner owner, RelationLock lock, LockMode mode, WaitPolicy policy) {
        throw new UnsupportedOperationException();
    }

    /** Whether the owner holds this mode or a stronger one. */
    public boolean holdsRelation(LockOwner owner, RelationLock lock, LockMode mode) {
        throw new UnsupportedOperationException();
    }

    /** As lockRelation, for a row; see access.heap for who calls it under which latch. */
    public boolean lockRow(LockOwner owner, RelationId relation, long tid, RowLockMode mode, WaitPolicy policy) {
        throw new UnsupportedOperationException();
    }

    /** Waits until the transaction (or the top-level transaction of a running subtransaction) ended. */
    public boolean waitForXid(LockOwner owner, long xid, WaitPolicy policy) {
        throw new UnsupportedOperationException();
    }

    /** pg_advisory_lock family with an int8 key. */
    public boolean lockAdvisory(LockOwner owner, int databaseOid, long key, boolean shared, boolean sessionLevel,
            WaitPolicy policy) {
        throw new UnsupportedOperationException();
    }

    /** pg_advisory_lock family with two int4 keys. */
    public boolean lockAdvisory(LockOwner owner, int databaseOid, int key1, int key2, boolean shared,
            boolean sessionLevel, WaitPolicy policy) {
        throw new UnsupportedOperationException();
    }

    /** @return false if the session did not hold it: the caller warns "you don't own a lock of type ..." */
    public boolean unlockAdvisory(LockOwner owner, int databaseOid, long key, boolean shared) {
        throw new UnsupportedOperationException();
    }

    public boolean unlockAdvisory(LockOwner owner, int databaseOid, int key1, int key2, boolean shared) {
        throw new UnsupportedOperationException();
    }

    public void unlockAllAdvisory(LockOwner owner) {
        throw new UnsupportedOperationException();
    }

    /** For pg_locks. */
    public List<LockInfo> list() {
        throw new UnsupportedOperationException();
    }

    /** For pg_blocking_pids: who prevents this process from going on; empty if it does not wait. */
    public int[] blockingProcesses(int processId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
    }
}
