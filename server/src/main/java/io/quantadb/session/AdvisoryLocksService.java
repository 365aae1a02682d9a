package io.quantadb.session;

import io.quantadb.error.Severity;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.function.AdvisoryLocks;
import io.quantadb.txn.lock.LockManager;
import io.quantadb.txn.lock.LockOwner;
import io.quantadb.txn.lock.WaitPolicy;

/** Advisory locks in the lock manager, within the session's database. */
final class AdvisoryLocksService implements AdvisoryLocks {
    private final Session session;

    AdvisoryLocksService(Session session) {
        this.session = session;
    }

    private LockManager locks() {
        return session.services().transactions().locks();
    }

    private LockOwner owner() {
        return session.txn().lockOwner();
    }

    private int database() {
        return session.identity().databaseOid();
    }

    @Override
    public boolean lock(long key, boolean pair, boolean shared, boolean sessionLevel, boolean wait) {
        WaitPolicy policy = wait ? session.waitPolicy() : WaitPolicy.SKIP;
        return pair ? locks().lockAdvisory(owner(), database(), (int) (key >> 32), (int) key, shared, sessionLevel, policy)
            : locks().lockAdvisory(owner(), database(), key, shared, sessionLevel, policy);
    }

    @Override
    public boolean unlock(long key, boolean pair, boolean shared) {
        boolean held = pair ? locks().unlockAdvisory(owner(), database(), (int) (key >> 32), (int) key, shared)
            : locks().unlockAdvisory(owner(), database(), key, shared);
        if (!held) {
            session.notice(new SqlException(SqlState.WARNING, "you don't own a lock of type "
                + (shared ? "ShareLock" : "ExclusiveLock")).withSeverity(Severity.WARNING));
        }
        return held;
    }

    @Override
    public void unlockAll() {
        locks().unlockAllAdvisory(owner());
    }
}
