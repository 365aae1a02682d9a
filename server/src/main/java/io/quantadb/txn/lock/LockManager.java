package io.quantadb.txn.lock;

import io.quantadb.base.Clock;
import io.quantadb.base.Invariant;
import io.quantadb.base.RelationId;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Transactional locks: on tables, rows, advisory keys, and waits for a transaction's end. Safe for use by many threads; each
 * {@link LockOwner} is used by its own session's thread.
 *
 * <p>Locks live in memory only. A lock taken in a transaction is given back at its end, or at rollback of the subtransaction that took it. Waiting parks
 * the (virtual) thread without holding a monitor. Order of internal locks: partitions ascending, then an owner's gift lock.
 *
 * <p>Source: PostgreSQL documentation, "Explicit Locking". Differs from PostgreSQL: row locks are never on the page; a cycle that exists only
 * through queue order is also broken by failing one waiter instead of reordering the queue.
 */
public final class LockManager implements AutoCloseable {
    private static final int PARTITIONS = 64;

    private final Clock clock;
    private final XidStatus xids;
    private final long rowLocksMax;
    private final LockPartition[] partitions = new LockPartition[PARTITIONS];
    private final ConcurrentHashMap<Long, RelationLock> relations = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<LockOwner, Boolean> owners = new ConcurrentHashMap<>();
    private final AtomicLong rowLocks = new AtomicLong();
    private final AtomicInteger xidWaiters = new AtomicInteger();

    /** @param rowLocksMax row locks in memory, then 53200 */
    public LockManager(Clock clock, XidStatus xids, long rowLocksMax) {
        this.clock = clock;
        this.xids = xids;
        this.rowLocksMax = rowLocksMax;
        for (int i = 0; i < PARTITIONS; i++) {
            partitions[i] = new LockPartition();
        }
    }

    public LockOwner openOwner(int processId) {
        LockOwner owner = new LockOwner(processId);
        owners.put(owner, Boolean.TRUE);
        return owner;
    }

    /** Releases everything the owner holds, session-level advisory locks included. */
    public void closeOwner(LockOwner owner) {
        owner.releaseTo(0, this);
        unlockAllAdvisory(owner);
        owners.remove(owner);
    }

    /** Gives back what was acquired after the mark, at rollback to a savepoint; session-level locks stay. */
    public void releaseTo(LockOwner owner, long mark) {
        owner.releaseTo(mark, this);
    }

    /** Gives back all locks of the transaction. */
    public void releaseTransaction(LockOwner owner) {
        if (!owner.holdsNothing()) {
            owner.releaseTo(0, this);
        }
    }

    // ---- Tables

    private static final long HOLDERS_SETTLE_MILLIS = 2;
    private static final long HOLDERS_POLL_MILLIS_MAX = 20;

    /**
     * Waits until every transaction that holds a mode on the relation that conflicts with {@code mode} has ended, without
     * keeping anybody from taking new ones.
     *
     * @param self owners to leave out
     * @param interrupts run again and again; throws to give up
     * @throws SqlException 40P01 if one of them waits for a lock on the same relation, which is taken to be ours
     */
    public void waitForHolders(Set<LockOwner> self, RelationLock lock, LockMode mode, Runnable interrupts) {
        pause(HOLDERS_SETTLE_MILLIS);
        Map<LockOwner, Integer> holders = new HashMap<>();
        for (LockOwner owner : owners.keySet()) {
            int releases = owner.releases();
            if (!self.contains(owner) && (owner.anyMaskOf(lock) & mode.conflicts()) != 0) {
                holders.put(owner, releases);
            }
        }
        long wait = 1;
        for (Map.Entry<LockOwner, Integer> holder : holders.entrySet()) {
            LockOwner owner = holder.getKey();
            long stuck = 0;
            while (owners.containsKey(owner) && owner.releases() == holder.getValue()) {
                interrupts.run();
                pause(wait);
                LockTarget.Waiter waiter = owner.waiting;
                stuck = waiter != null && waiter.target == lock ? stuck + wait : 0;
                if (stuck > owner.deadlockTimeoutMillis) {
                    throw new SqlException(SqlState.DEADLOCK_DETECTED, "deadlock detected")
                            .withDetail("Process " + owner.processId() + " waits for a lock on relation "
                                    + Integer.toUnsignedString(lock.relationOid())
                                    + " that this command holds until that process's transaction has ended.");
                }
                wait = Math.min(wait * 2, HOLDERS_POLL_MILLIS_MAX);
            }
        }
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(millis * 1_000_000L);
    }

    /** The lock object of a relation; always the same one, so descriptors may cache it. */
    public RelationLock relation(int databaseOid, int relationOid) {
        long key = (long) databaseOid << 32 | relationOid & 0xFFFFFFFFL;
        RelationLock known = relations.get(key);
        return known != null ? known
                : relations.computeIfAbsent(key, k -> new RelationLock(
                        partitions[KeyedTarget.hash(0, 0, k) & PARTITIONS - 1].lock, databaseOid, relationOid));
    }

    /** Forgets the lock object of a relation whose drop is committed: nobody can look it up by name any more. */
    public void forgetRelation(int databaseOid, int relationOid) {
        relations.remove((long) databaseOid << 32 | relationOid & 0xFFFFFFFFL);
    }

    /**
     * Takes a table lock until the end of the transaction (or rollback to the savepoint).
     *
     * @return false only under NOWAIT and SKIP: not available; the caller knows the table's name for 55P03
     * @throws WouldBlock under WOULD_BLOCK
     * @throws SqlException 40P01, 55P03 (lock_timeout), 57014
     */
    public boolean lockRelation(LockOwner owner, RelationLock lock, LockMode mode, WaitPolicy policy) {
        int held = owner.maskOf(lock);
        if ((held & mode.bit()) != 0 || held != 0 && coveredBy(held, mode)) {
            return true;
        }
        if (mode.weak() && lock.tryFast(mode)) {
            owner.addRelation(lock, mode, true);
            return true;
        }
        if (!acquire(owner, lock, mode, false, policy)) {
            return false;
        }
        owner.addRelation(lock, mode, false);
        return true;
    }

    /** Whether the owner holds this mode or one that excludes all that this one does. */
    public boolean holdsRelation(LockOwner owner, RelationLock lock, LockMode mode) {
        return coveredBy(owner.maskOf(lock), mode);
    }

    private static boolean coveredBy(int heldMask, LockMode mode) {
        for (int id = mode.id(); id <= 8; id++) {
            if ((heldMask & 1 << id) != 0 && LockMode.of(id).covers(mode)) {
                return true;
            }
        }
        return false;
    }

    void releaseFast(RelationLock lock, LockMode mode) {
        if (lock.releaseFast(mode)) {
            lock.partition.lock();
            try {
                lock.wake();
            } finally {
                lock.partition.unlock();
            }
        }
    }

    void releaseGrant(LockOwner owner, LockTarget target, LockMode mode) {
        target.partition.lock();
        try {
            LockTarget.Grant grant = target.grantOf(owner);
            Invariant.check(grant != null, "process %d releases a lock it does not hold: mode %d", owner.processId(), mode.id());
            releaseGrantLocked(grant, mode, false);
        } finally {
            target.partition.unlock();
        }
    }

    void releaseGrant(LockTarget.Grant grant, LockMode mode) {
        grant.target.partition.lock();
        try {
            releaseGrantLocked(grant, mode, false);
        } finally {
            grant.target.partition.unlock();
        }
    }

    private void releaseGrantLocked(LockTarget.Grant grant, LockMode mode, boolean sessionLevel) {
        LockTarget target = grant.target;
        if (sessionLevel) {
            grant.sessionMask &= ~mode.bit();
        } else {
            grant.transactionMask &= ~mode.bit();
        }
        if (RelationLock.isStrong(mode)) {
            target.endStrong();
        }
        if (grant.mask() == 0) {
            target.removeGrant(grant);
            if (isRow(target)) {
                rowLocks.decrementAndGet();
            }
        }
        target.wake();
        removeIfIdle(target);
    }

    private static boolean isRow(LockTarget target) {
        return target instanceof KeyedTarget keyed && keyed.type == KeyedTarget.ROW;
    }

    private static boolean isTransaction(LockTarget target) {
        return target instanceof KeyedTarget keyed && keyed.type == KeyedTarget.TRANSACTION;
    }

    private void removeIfIdle(LockTarget target) {
        if (target instanceof KeyedTarget keyed) {
            partitionOf(keyed.type, keyed.scope, keyed.key).removeIfIdle(keyed);
        }
    }

    private LockPartition partitionOf(int type, long scope, long key) {
        return partitions[KeyedTarget.hash(type, scope, key) & PARTITIONS - 1];
    }

    // ---- Rows

    /**
     * Locks a row until the end of the transaction (or rollback to the savepoint).
     *
     * <p>See {@code access.heap} for the page latch under which it is called with a policy that does not wait.
     *
     * @return false only under NOWAIT and SKIP
     */
    public boolean lockRow(LockOwner owner, RelationId relation, long tid, RowLockMode mode, WaitPolicy policy) {
        return lockRow(owner, scope(relation), tid, mode, policy, true) != NOT_AVAILABLE;
    }

    /** Result of {@link #lockRowForChange}: somebody else has it (NOWAIT, SKIP). */
    public static final int NOT_AVAILABLE = 0;
    /** Result: it was held already. */
    public static final int HELD_BEFORE = 1;
    /** Result: newly taken, to be given back with {@link #unlockRow}. */
    public static final int TAKEN = 2;

    /** As lockRow, but the lock only keeps a place in the queue: the caller gives it back itself if the result is {@link #TAKEN}. */
    public int lockRowForChange(LockOwner owner, long relationScope, long tid, RowLockMode mode, WaitPolicy policy) {
        return lockRow(owner, relationScope, tid, mode, policy, false);
    }

    /** A relation as the row lock methods take it. */
    public static long scope(RelationId relation) {
        return (long) relation.databaseOid() << 32 | relation.fileNumber() & 0xFFFFFFFFL;
    }

    private int lockRow(LockOwner owner, long scope, long tid, RowLockMode rowMode, WaitPolicy policy, boolean keep) {
        LockMode mode = rowMode.lockMode();
        KeyedTarget target;
        LockPartition partition = partitionOf(KeyedTarget.ROW, scope, tid);
        partition.lock.lock();
        try {
            target = find(partition, KeyedTarget.ROW, scope, tid);
            LockTarget.Grant held = target.grantOf(owner);
            if (held != null && held.mask() >= mode.bit()) {
                // The four strengths are ordered: a stronger one covers a weaker one.
                return HELD_BEFORE;
            }
            if (held == null && rowLocks.incrementAndGet() > rowLocksMax) {
                rowLocks.decrementAndGet();
                partition.removeIfIdle(target);
                throw new SqlException(SqlState.OUT_OF_MEMORY, "out of shared memory")
                        .withDetail("The limit of " + rowLocksMax + " row locks is reached.")
                        .withHint("You might need to increase max_row_locks, or lock fewer rows in one transaction.");
            }
            if (tryGrantLocked(owner, target, mode, false)) {
                if (keep) {
                    owner.addGrant(target.grantOf(owner), mode);
                }
                return TAKEN;
            }
            if (held == null) {
                // Counted again when the wait is over.
                rowLocks.decrementAndGet();
            }
            if (policy != WaitPolicy.BLOCK) {
                partition.removeIfIdle(target);
            }
        } finally {
            partition.lock.unlock();
        }
        LockTarget granted = wait(owner, target, mode, false, policy);
        if (granted == null) {
            return NOT_AVAILABLE;
        }
        if (keep) {
            owner.addGrant(grantOf(granted, owner), mode);
        }
        return TAKEN;
    }

    private static LockTarget.Grant grantOf(LockTarget target, LockOwner owner) {
        target.partition.lock();
        try {
            return target.grantOf(owner);
        } finally {
            target.partition.unlock();
        }
    }

    /** Gives back a row lock that is not to be kept. */
    public void unlockRow(LockOwner owner, long relationScope, long tid, RowLockMode mode) {
        LockPartition partition = partitionOf(KeyedTarget.ROW, relationScope, tid);
        partition.lock.lock();
        try {
            KeyedTarget target = partition.find(KeyedTarget.ROW, relationScope, tid,
                    KeyedTarget.hash(KeyedTarget.ROW, relationScope, tid));
            Invariant.check(target != null, "row lock %d of process %d is gone", tid, owner.processId());
            releaseGrantLocked(target.grantOf(owner), mode.lockMode(), false);
        } finally {
            partition.lock.unlock();
        }
    }

    /**
     * Whether somebody else holds a lock on the row that conflicts with the mode. Called under the row's exclusive page latch: nobody
     * locks the row meanwhile.
     */
    public boolean isRowLockedByOthers(LockOwner owner, long relationScope, long tid, RowLockMode mode) {
        LockPartition partition = partitionOf(KeyedTarget.ROW, relationScope, tid);
        if (partition.rows == 0) {
            return false;
        }
        partition.lock.lock();
        try {
            KeyedTarget target = partition.find(KeyedTarget.ROW, relationScope, tid,
                    KeyedTarget.hash(KeyedTarget.ROW, relationScope, tid));
            return target != null && !target.compatible(owner, mode.lockMode());
        } finally {
            partition.lock.unlock();
        }
    }

    /**
     * Gives the key-share locks others hold on a row version to its successor too. Called under the exclusive page latches of both: so nobody
     * locks either of them meanwhile.
     */
    public void inheritRowLocks(LockOwner updater, long relationScope, long oldTid, long newTid) {
        LockPartition from = partitionOf(KeyedTarget.ROW, relationScope, oldTid);
        if (from.rows == 0) {
            return;
        }
        LockPartition to = partitionOf(KeyedTarget.ROW, relationScope, newTid);
        lockBoth(from, to);
        try {
            KeyedTarget old = from.find(KeyedTarget.ROW, relationScope, oldTid,
                    KeyedTarget.hash(KeyedTarget.ROW, relationScope, oldTid));
            if (old == null) {
                return;
            }
            LockMode mode = RowLockMode.KEY_SHARE.lockMode();
            for (LockTarget.Grant grant = old.grants; grant != null; grant = grant.next) {
                if (grant.owner != updater && (grant.transactionMask & mode.bit()) != 0) {
                    KeyedTarget successor = find(to, KeyedTarget.ROW, relationScope, newTid);
                    if (successor.grantOf(grant.owner) == null) {
                        rowLocks.incrementAndGet();
                        grant.owner.addGift(successor.grant(grant.owner, mode, false));
                    }
                }
            }
        } finally {
            from.lock.unlock();
            if (to != from) {
                to.lock.unlock();
            }
        }
    }

    private void lockBoth(LockPartition one, LockPartition other) {
        boolean oneFirst = false;
        for (LockPartition partition : partitions) {
            if (partition == one || partition == other) {
                oneFirst = partition == one;
                break;
            }
        }
        (oneFirst ? one : other).lock.lock();
        if (one != other) {
            (oneFirst ? other : one).lock.lock();
        }
    }

    public long rowLockCount() {
        return rowLocks.get();
    }

    // ---- Ends of transactions

    /**
     * Waits until the (sub)transaction has ended.
     *
     * @return false only under NOWAIT and SKIP: it is still running
     */
    public boolean waitForXid(LockOwner owner, long xid, WaitPolicy policy) {
        while (xids.isInProgress(xid)) {
            if (policy == WaitPolicy.WOULD_BLOCK) {
                throw WouldBlock.INSTANCE;
            }
            if (policy != WaitPolicy.BLOCK) {
                return false;
            }
            waitForXidOnce(owner, xid);
        }
        return true;
    }

    private void waitForXidOnce(LockOwner owner, long xid) {
        long top = xids.topLevelXid(xid);
        LockPartition partition = partitionOf(KeyedTarget.TRANSACTION, 0, top);
        xidWaiters.incrementAndGet();
        try {
            LockTarget.Waiter waiter;
            partition.lock.lock();
            try {
                if (!xids.isInProgress(xid)) {
                    return;
                }
                KeyedTarget target = find(partition, KeyedTarget.TRANSACTION, 0, top);
                waiter = new LockTarget.Waiter(owner, target, LockMode.SHARE, false, clock.wallMicros());
                target.enqueue(waiter);
                owner.waiting = waiter;
            } finally {
                partition.lock.unlock();
            }
            park(waiter);
        } finally {
            xidWaiters.decrementAndGet();
        }
    }

    /** Wakes those who wait for this transaction; called after its outcome (or that of a subtransaction) is published. */
    public void transactionEnded(long topXid) {
        java.lang.invoke.VarHandle.fullFence();
        if (xidWaiters.get() == 0) {
            return;
        }
        LockPartition partition = partitionOf(KeyedTarget.TRANSACTION, 0, topXid);
        partition.lock.lock();
        try {
            KeyedTarget target = partition.find(KeyedTarget.TRANSACTION, 0, topXid,
                    KeyedTarget.hash(KeyedTarget.TRANSACTION, 0, topXid));
            if (target == null) {
                return;
            }
            while (target.firstWaiter != null) {
                LockTarget.Waiter waiter = target.firstWaiter;
                target.dequeue(waiter);
                waiter.granted = true;
                LockSupport.unpark(waiter.thread);
            }
            partition.removeIfIdle(target);
        } finally {
            partition.lock.unlock();
        }
    }

    // ---- Advisory locks

    /** pg_advisory_lock family with an int8 key. */
    public boolean lockAdvisory(LockOwner owner, int databaseOid, long key, boolean shared, boolean sessionLevel,
            WaitPolicy policy) {
        return lockAdvisory(owner, KeyedTarget.ADVISORY_INT8, databaseOid, key, shared, sessionLevel, policy);
    }

    /** pg_advisory_lock family with two int4 keys. */
    public boolean lockAdvisory(LockOwner owner, int databaseOid, int key1, int key2, boolean shared,
            boolean sessionLevel, WaitPolicy policy) {
        return lockAdvisory(owner, KeyedTarget.ADVISORY_INT4, databaseOid, pair(key1, key2), shared, sessionLevel, policy);
    }

    private static long pair(int key1, int key2) {
        return (long) key1 << 32 | key2 & 0xFFFFFFFFL;
    }

    private boolean lockAdvisory(LockOwner owner, int type, int databaseOid, long key, boolean shared, boolean sessionLevel,
            WaitPolicy policy) {
        LockMode mode = shared ? LockMode.SHARE : LockMode.EXCLUSIVE;
        long scope = databaseOid & 0xFFFFFFFFL;
        LockPartition partition = partitionOf(type, scope, key);
        KeyedTarget target;
        LockTarget.Grant grant;
        partition.lock.lock();
        try {
            target = find(partition, type, scope, key);
            grant = target.grantOf(owner);
            if (grant != null && ((sessionLevel ? grant.sessionMask : grant.transactionMask) & mode.bit()) != 0) {
                if (sessionLevel) {
                    countSession(owner, target, mode, 1);
                }
                return true;
            }
            boolean granted = tryGrantLocked(owner, target, mode, sessionLevel);
            grant = target.grantOf(owner);
            if (granted) {
                recordAdvisory(owner, target, grant, mode, sessionLevel);
                return true;
            }
            if (policy != WaitPolicy.BLOCK) {
                partition.removeIfIdle(target);
            }
        } finally {
            partition.lock.unlock();
        }
        LockTarget granted = wait(owner, target, mode, sessionLevel, policy);
        if (granted == null) {
            return false;
        }
        recordAdvisory(owner, granted, grantOf(granted, owner), mode, sessionLevel);
        return true;
    }

    private static void recordAdvisory(LockOwner owner, LockTarget target, LockTarget.Grant grant, LockMode mode,
            boolean sessionLevel) {
        if (sessionLevel) {
            countSession(owner, target, mode, 1);
        } else {
            owner.addGrant(grant, mode);
        }
    }

    /** Counts are per target object, which exists as long as it is held. */
    private static int countSession(LockOwner owner, LockTarget target, LockMode mode, int change) {
        int[] counts = owner.sessionLocks.computeIfAbsent(target, t -> new int[2]);
        int index = mode == LockMode.SHARE ? 0 : 1;
        counts[index] += change;
        if (counts[0] == 0 && counts[1] == 0) {
            owner.sessionLocks.remove(target);
            return 0;
        }
        return counts[index];
    }

    /** @return false if the session did not hold it: the caller warns "you don't own a lock of type ..." */
    public boolean unlockAdvisory(LockOwner owner, int databaseOid, long key, boolean shared) {
        return unlockAdvisory(owner, KeyedTarget.ADVISORY_INT8, databaseOid, key, shared);
    }

    public boolean unlockAdvisory(LockOwner owner, int databaseOid, int key1, int key2, boolean shared) {
        return unlockAdvisory(owner, KeyedTarget.ADVISORY_INT4, databaseOid, pair(key1, key2), shared);
    }

    private boolean unlockAdvisory(LockOwner owner, int type, int databaseOid, long key, boolean shared) {
        LockMode mode = shared ? LockMode.SHARE : LockMode.EXCLUSIVE;
        long scope = databaseOid & 0xFFFFFFFFL;
        LockPartition partition = partitionOf(type, scope, key);
        partition.lock.lock();
        try {
            KeyedTarget target = partition.find(type, scope, key, KeyedTarget.hash(type, scope, key));
            LockTarget.Grant grant = target == null ? null : target.grantOf(owner);
            if (grant == null || (grant.sessionMask & mode.bit()) == 0) {
                return false;
            }
            if (countSession(owner, target, mode, -1) == 0) {
                releaseGrantLocked(grant, mode, true);
            }
            return true;
        } finally {
            partition.lock.unlock();
        }
    }

    /** Whether the session holds advisory locks that outlive its transactions. */
    public boolean holdsAdvisory(LockOwner owner) {
        return !owner.sessionLocks.isEmpty();
    }

    public void unlockAllAdvisory(LockOwner owner) {
        for (LockTarget target : List.copyOf(owner.sessionLocks.keySet())) {
            target.partition.lock();
            try {
                LockTarget.Grant grant = target.grantOf(owner);
                for (LockMode mode : new LockMode[] {LockMode.SHARE, LockMode.EXCLUSIVE}) {
                    if ((grant.sessionMask & mode.bit()) != 0) {
                        releaseGrantLocked(grant, mode, true);
                    }
                }
            } finally {
                target.partition.unlock();
            }
        }
        owner.sessionLocks.clear();
    }

    // ---- Granting and waiting

    private KeyedTarget find(LockPartition partition, int type, long scope, long key) {
        int hash = KeyedTarget.hash(type, scope, key);
        KeyedTarget target = partition.find(type, scope, key, hash);
        return target != null ? target : partition.add(type, scope, key, hash);
    }

    private boolean acquire(LockOwner owner, LockTarget target, LockMode mode, boolean sessionLevel, WaitPolicy policy) {
        target.partition.lock();
        try {
            if (tryGrantLocked(owner, target, mode, sessionLevel)) {
                return true;
            }
        } finally {
            target.partition.unlock();
        }
        return wait(owner, target, mode, sessionLevel, policy) != null;
    }

    /** Grants at once if nobody holds a conflicting mode, nor waits for one (unless we hold something already). */
    private static boolean tryGrantLocked(LockOwner owner, LockTarget target, LockMode mode, boolean sessionLevel) {
        boolean strong = RelationLock.isStrong(mode);
        if (strong) {
            target.beginStrong();
        }
        boolean upgrade = holdsAnything(owner, target);
        if (target.compatible(owner, mode) && (upgrade || (target.waitMask(owner, null) & mode.conflicts()) == 0)) {
            target.grant(owner, mode, sessionLevel);
            return true;
        }
        if (strong) {
            target.endStrong();
        }
        return false;
    }

    private static boolean holdsAnything(LockOwner owner, LockTarget target) {
        return target.grantOf(owner) != null || target instanceof RelationLock lock && owner.fastMaskOf(lock) != 0;
    }

    /**
     * Queues, or does what the policy says instead.
     *
     * @return the target that was granted; null if the policy does not wait
     */
    private LockTarget wait(LockOwner owner, LockTarget target, LockMode mode, boolean sessionLevel, WaitPolicy policy) {
        switch (policy) {
            case NOWAIT, SKIP -> {
                return null;
            }
            case WOULD_BLOCK -> throw WouldBlock.INSTANCE;
            case BLOCK -> { }
        }
        LockTarget.Waiter waiter;
        target.partition.lock();
        try {
            LockTarget live = target;
            if (target instanceof KeyedTarget keyed) {
                // Between the first try and now the last holder may have removed it from the table.
                live = find(partitionOf(keyed.type, keyed.scope, keyed.key), keyed.type, keyed.scope, keyed.key);
                Invariant.check(live == target || target.isIdle(), "two targets for %s and %s", target, live);
            }
            waiter = enqueue(owner, live, mode, sessionLevel);
        } finally {
            target.partition.unlock();
        }
        park(waiter);
        return waiter.target;
    }

    private LockTarget.Waiter enqueue(LockOwner owner, LockTarget target, LockMode mode, boolean sessionLevel) {
        LockTarget.Waiter waiter = new LockTarget.Waiter(owner, target, mode, sessionLevel, clock.wallMicros());
        if (RelationLock.isStrong(mode)) {
            target.beginStrong();
        }
        if (holdsAnything(owner, target)) {
            target.enqueueFirst(waiter);
        } else {
            target.enqueue(waiter);
        }
        if (isRow(target) && target.grantOf(owner) == null) {
            rowLocks.incrementAndGet();
        }
        owner.waiting = waiter;
        target.wake();
        return waiter;
    }

    /** Parks until granted. On any exception the request is gone. */
    private void park(LockTarget.Waiter waiter) {
        LockOwner owner = waiter.owner;
        long start = clock.monotonicNanos();
        long deadlockAfter = owner.deadlockTimeoutMillis * 1_000_000L;
        long timeoutAfter = owner.lockTimeoutMillis > 0 ? owner.lockTimeoutMillis * 1_000_000L : Long.MAX_VALUE;
        boolean searched = false;
        try {
            while (!waiter.granted) {
                if (owner.interrupted) {
                    owner.interrupted = false;
                    owner.interruptCheck.check();
                }
                long waited = clock.monotonicNanos() - start;
                if (waited >= timeoutAfter) {
                    throw new SqlException(SqlState.LOCK_NOT_AVAILABLE, "canceling statement due to lock timeout");
                }
                if (!searched && waited >= deadlockAfter) {
                    searched = true;
                    breakDeadlock(waiter);
                    continue;
                }
                long next = searched ? timeoutAfter : Math.min(timeoutAfter, deadlockAfter);
                LockSupport.parkNanos(waiter, next - waited);
            }
            owner.waiting = null;
        } catch (SqlException | io.quantadb.base.InvariantViolation e) {
            if (cancel(waiter)) {
                throw e;
            }
            // Granted in the same moment: the lock counts, and a repeated cancel will be noticed by the statement itself.
            if (e instanceof SqlException sql && sql.state() == SqlState.QUERY_CANCELED) {
                undoGrant(waiter);
                throw e;
            }
        } finally {
            owner.waiting = null;
        }
    }

    /** @return whether the request was still queued */
    private boolean cancel(LockTarget.Waiter waiter) {
        LockTarget target = waiter.target;
        target.partition.lock();
        try {
            if (waiter.granted) {
                return false;
            }
            target.dequeue(waiter);
            if (RelationLock.isStrong(waiter.mode)) {
                target.endStrong();
            }
            if (isRow(target) && target.grantOf(waiter.owner) == null) {
                rowLocks.decrementAndGet();
            }
            if (!isTransaction(target)) {
                target.wake();
            }
            removeIfIdle(target);
            return true;
        } finally {
            target.partition.unlock();
        }
    }

    private void undoGrant(LockTarget.Waiter waiter) {
        if (isTransaction(waiter.target)) {
            return;
        }
        waiter.target.partition.lock();
        try {
            releaseGrantLocked(waiter.target.grantOf(waiter.owner), waiter.mode, waiter.sessionLevel);
        } finally {
            waiter.target.partition.unlock();
        }
    }

    private void breakDeadlock(LockTarget.Waiter waiter) {
        lockAll();
        try {
            if (!waiter.granted) {
                SqlException deadlock = new DeadlockDetector(owners.keySet()).check(waiter);
                if (deadlock != null) {
                    throw deadlock;
                }
            }
        } finally {
            unlockAll();
        }
    }

    void lockAll() {
        for (LockPartition partition : partitions) {
            partition.lock.lock();
        }
    }

    void unlockAll() {
        for (LockPartition partition : partitions) {
            partition.lock.unlock();
        }
    }

    // ---- Reports

    /** All sessions; weakly consistent. */
    public java.util.Set<LockOwner> owners() {
        return owners.keySet();
    }

    /** For pg_locks: a consistent picture but for the counted table locks. */
    public List<LockInfo> list() {
        List<LockInfo> result = new ArrayList<>();
        lockAll();
        try {
            for (RelationLock relation : relations.values()) {
                LockReport.add(result, relation);
            }
            for (LockPartition partition : partitions) {
                partition.forEach(target -> LockReport.add(result, target));
            }
            for (LockOwner owner : owners.keySet()) {
                LockReport.addOwn(result, owner);
            }
        } finally {
            unlockAll();
        }
        return result;
    }

    /** For pg_blocking_pids: who prevents this process from going on; empty if it does not wait. */
    public int[] blockingProcesses(int processId) {
        lockAll();
        try {
            for (LockOwner owner : owners.keySet()) {
                LockTarget.Waiter waiter = owner.waiting;
                if (owner.processId() == processId && waiter != null && !waiter.granted) {
                    return new DeadlockDetector(owners.keySet()).blockers(waiter).stream()
                            .mapToInt(LockOwner::processId).distinct().toArray();
                }
            }
            return new int[0];
        } finally {
            unlockAll();
        }
    }

    @Override
    public void close() {
        owners.clear();
        relations.clear();
    }
}
