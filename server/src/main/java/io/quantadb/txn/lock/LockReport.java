package io.quantadb.txn.lock;

import java.util.List;

/** Turns lock tables into lines of pg_locks. The caller holds all partitions. */
final class LockReport {
    private LockReport() {
    }

    static void add(List<LockInfo> result, LockTarget target) {
        for (LockTarget.Grant grant = target.grants; grant != null; grant = grant.next) {
            for (int id = 1; id <= 8; id++) {
                if ((grant.mask() & 1 << id) != 0) {
                    result.add(target.info(grant.owner.processId(), LockMode.of(id), true, false, 0));
                }
            }
        }
        for (LockTarget.Waiter waiter = target.firstWaiter; waiter != null; waiter = waiter.next) {
            result.add(target.info(waiter.owner.processId(), waiter.mode, false, false, waiter.startWallMicros));
        }
    }

    /** What is not in any table: counted table locks, and the exclusive lock on the transaction's own xid. */
    static void addOwn(List<LockInfo> result, LockOwner owner) {
        owner.forEachFast((lock, mask) -> {
            for (int id = 1; id <= 3; id++) {
                if ((mask & 1 << id) != 0) {
                    result.add(lock.info(owner.processId(), LockMode.of(id), true, true, 0));
                }
            }
        });
        long xid = owner.xid();
        if (xid != 0) {
            result.add(new LockInfo("transactionid", 0, 0, -1, xid, 0, 0, 0, owner.processId(),
                    LockMode.EXCLUSIVE.lockName(), true, false, 0));
        }
    }
}
