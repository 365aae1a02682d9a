package io.quantadb.txn.lock;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.Clock;
import io.quantadb.base.RelationId;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Goal: locks exclude what PostgreSQL's exclude, waiters are served in order, deadlocks end. Method: owners on virtual threads, one lock manager. */
@Timeout(60)
class LockManagerTest {
    private static final RelationId TABLE = new RelationId(5, 100);

    private final ConcurrentHashMap<Long, Boolean> running = new ConcurrentHashMap<>();
    private final LockManager locks = new LockManager(Clock.SYSTEM, new XidStatus() {
        @Override
        public boolean isInProgress(long xid) {
            return running.containsKey(xid);
        }

        @Override
        public long topLevelXid(long xid) {
            return xid;
        }
    }, 1000);
    private final LockOwner one = locks.openOwner(1);
    private final LockOwner two = locks.openOwner(2);
    private final LockOwner three = locks.openOwner(3);
    private final RelationLock table = locks.relation(5, 100);

    /** From the PostgreSQL documentation, table "Conflicting Lock Modes": X where the pair conflicts. */
    private static final String[] CONFLICTS = {
        ".......X", "......XX", "....XXXX", "...XXXXX", "..XX.XXX", "..XXXXXX", ".XXXXXXX", "XXXXXXXX"};

    @Test
    void shouldConflictAsDocumented() {
        for (LockMode held : LockMode.values()) {
            for (LockMode wanted : LockMode.values()) {
                assertTrue(locks.lockRelation(one, table, held, WaitPolicy.NOWAIT));
                boolean conflict = CONFLICTS[held.ordinal()].charAt(wanted.ordinal()) == 'X';
                assertEquals(!conflict, locks.lockRelation(two, table, wanted, WaitPolicy.NOWAIT), held + " then " + wanted);
                assertTrue(locks.lockRelation(one, table, held, WaitPolicy.NOWAIT), "held already");
                locks.releaseTransaction(two);
                locks.releaseTransaction(one);
            }
        }
        assertTrue(locks.list().isEmpty(), () -> locks.list().toString());
    }

    /** From the PostgreSQL documentation, table "Conflicting Row-Level Locks". */
    @Test
    void shouldConflictAmongRowLocksAsDocumented() {
        String[] conflicts = {"...X", "..XX", ".XXX", "XXXX"};
        for (RowLockMode held : RowLockMode.values()) {
            for (RowLockMode wanted : RowLockMode.values()) {
                assertTrue(locks.lockRow(one, TABLE, 7, held, WaitPolicy.NOWAIT));
                boolean conflict = conflicts[held.ordinal()].charAt(wanted.ordinal()) == 'X';
                assertEquals(!conflict, locks.lockRow(two, TABLE, 7, wanted, WaitPolicy.NOWAIT), held + " then " + wanted);
                assertEquals(conflict, locks.isRowLockedByOthers(two, LockManager.scope(TABLE), 7, wanted));
                locks.releaseTransaction(two);
                locks.releaseTransaction(one);
            }
        }
        assertEquals(0, locks.rowLockCount());
    }

    @Test
    void shouldUpgradeOwnLockAndReleaseBackToSavepoint() {
        assertTrue(locks.lockRelation(one, table, LockMode.ACCESS_SHARE, WaitPolicy.NOWAIT));
        assertTrue(locks.lockRow(one, TABLE, 7, RowLockMode.SHARE, WaitPolicy.NOWAIT));
        long mark = one.mark();
        assertTrue(locks.lockRelation(one, table, LockMode.ACCESS_EXCLUSIVE, WaitPolicy.NOWAIT));
        assertTrue(locks.lockRow(one, TABLE, 7, RowLockMode.UPDATE, WaitPolicy.NOWAIT));
        assertFalse(locks.lockRelation(two, table, LockMode.ACCESS_SHARE, WaitPolicy.NOWAIT));
        assertThrows(WouldBlock.class, () -> locks.lockRow(two, TABLE, 7, RowLockMode.KEY_SHARE, WaitPolicy.WOULD_BLOCK));
        locks.releaseTo(one, mark);
        assertTrue(locks.lockRelation(two, table, LockMode.ROW_EXCLUSIVE, WaitPolicy.NOWAIT));
        assertTrue(locks.lockRow(two, TABLE, 7, RowLockMode.SHARE, WaitPolicy.NOWAIT));
        assertFalse(locks.lockRow(two, TABLE, 7, RowLockMode.NO_KEY_UPDATE, WaitPolicy.NOWAIT));
        assertTrue(locks.holdsRelation(one, table, LockMode.ACCESS_SHARE));
        assertFalse(locks.holdsRelation(one, table, LockMode.SHARE));
        locks.releaseTransaction(one);
        locks.releaseTransaction(two);
        assertTrue(locks.list().isEmpty());
    }

    @Test
    void shouldLimitRowLocks() {
        for (int i = 0; i < 1000; i++) {
            locks.lockRow(one, TABLE, i, RowLockMode.UPDATE, WaitPolicy.NOWAIT);
        }
        SqlException e = assertThrows(SqlException.class, () -> locks.lockRow(one, TABLE, 1000, RowLockMode.UPDATE, WaitPolicy.NOWAIT));
        assertEquals(SqlState.OUT_OF_MEMORY, e.state());
        assertTrue(locks.lockRow(one, TABLE, 5, RowLockMode.UPDATE, WaitPolicy.NOWAIT), "held ones may be asked for again");
        locks.releaseTransaction(one);
        assertEquals(0, locks.rowLockCount());
    }

    @Test
    void shouldCountSessionAdvisoryLocks() {
        assertTrue(locks.lockAdvisory(one, 5, 42, false, true, WaitPolicy.NOWAIT));
        assertTrue(locks.lockAdvisory(one, 5, 42, false, true, WaitPolicy.NOWAIT));
        assertTrue(locks.lockAdvisory(one, 5, 42, false, false, WaitPolicy.NOWAIT));
        assertFalse(locks.lockAdvisory(two, 5, 42, true, true, WaitPolicy.NOWAIT));
        assertTrue(locks.lockAdvisory(two, 5, 0, 42, true, true, WaitPolicy.NOWAIT), "two keys are another space");
        assertTrue(locks.lockAdvisory(two, 6, 42, true, true, WaitPolicy.NOWAIT), "another database is too");
        assertTrue(locks.unlockAdvisory(one, 5, 42, false));
        assertTrue(locks.unlockAdvisory(one, 5, 42, false));
        assertFalse(locks.unlockAdvisory(one, 5, 42, false), "what is left belongs to the transaction");
        assertFalse(locks.lockAdvisory(two, 5, 42, true, true, WaitPolicy.NOWAIT));
        locks.releaseTransaction(one);
        assertTrue(locks.lockAdvisory(two, 5, 42, true, true, WaitPolicy.NOWAIT));
        locks.closeOwner(two);
        assertTrue(locks.list().isEmpty());
    }

    private static Thread start(Runnable action) {
        return Thread.ofVirtual().start(action);
    }

    private static void awaitWaiting(LockOwner owner) throws InterruptedException {
        while (!owner.isWaiting()) {
            Thread.sleep(1);
        }
    }

    @Test
    void shouldServeWaitersInOrderAndReportThem() throws Exception {
        locks.lockRelation(one, table, LockMode.ACCESS_SHARE, WaitPolicy.BLOCK);
        Thread strong = start(() -> locks.lockRelation(two, table, LockMode.ACCESS_EXCLUSIVE, WaitPolicy.BLOCK));
        awaitWaiting(two);
        Thread weak = start(() -> locks.lockRelation(three, table, LockMode.ACCESS_SHARE, WaitPolicy.BLOCK));
        awaitWaiting(three);
        assertArrayEquals(new int[] {1}, locks.blockingProcesses(2));
        assertArrayEquals(new int[] {2}, locks.blockingProcesses(3));
        assertEquals(2, locks.list().stream().filter(info -> !info.granted()).count());
        assertTrue(locks.list().stream().anyMatch(info -> info.fastPath() && info.processId() == 1));
        locks.releaseTransaction(one);
        strong.join();
        assertTrue(three.isWaiting());
        locks.releaseTransaction(two);
        weak.join();
        locks.releaseTransaction(three);
        assertTrue(locks.list().isEmpty());
    }

    @Test
    void shouldEndWaitsByTimeoutAndCancel() throws Exception {
        locks.lockRow(one, TABLE, 7, RowLockMode.UPDATE, WaitPolicy.BLOCK);
        two.setLockTimeoutMillis(30);
        SqlException e = assertThrows(SqlException.class, () -> locks.lockRow(two, TABLE, 7, RowLockMode.UPDATE, WaitPolicy.BLOCK));
        assertEquals(SqlState.LOCK_NOT_AVAILABLE, e.state());
        assertEquals("canceling statement due to lock timeout", e.getMessage());
        AtomicReference<SqlException> cancelled = new AtomicReference<>();
        three.setInterruptCheck(() -> {
            throw new SqlException(SqlState.QUERY_CANCELED, "canceling statement due to user request");
        });
        running.put(77L, true);
        Thread waiter = start(() -> {
            try {
                locks.waitForXid(three, 77, WaitPolicy.BLOCK);
            } catch (SqlException thrown) {
                cancelled.set(thrown);
            }
        });
        awaitWaiting(three);
        three.interrupt();
        waiter.join();
        assertEquals(SqlState.QUERY_CANCELED, cancelled.get().state());
        locks.releaseTransaction(one);
        assertTrue(locks.list().isEmpty());
        assertEquals(0, locks.rowLockCount());
    }

    @Test
    void shouldBreakDeadlockWithPostgresReport() throws Exception {
        one.setXid(801);
        two.setXid(802);
        running.put(801L, true);
        running.put(802L, true);
        one.setDeadlockTimeoutMillis(60_000);
        two.setDeadlockTimeoutMillis(50);
        Thread first = start(() -> locks.waitForXid(one, 802, WaitPolicy.BLOCK));
        awaitWaiting(one);
        SqlException e = assertThrows(SqlException.class, () -> locks.waitForXid(two, 801, WaitPolicy.BLOCK));
        assertEquals(SqlState.DEADLOCK_DETECTED, e.state());
        assertEquals("deadlock detected", e.getMessage());
        assertEquals("Process 2 waits for ShareLock on transaction 801; blocked by process 1.\n"
                + "Process 1 waits for ShareLock on transaction 802; blocked by process 2.", e.detail());
        running.remove(802L);
        two.setXid(0);
        locks.transactionEnded(802);
        first.join();
        assertTrue(locks.list().stream().allMatch(LockInfo::granted));
    }

    @Test
    void shouldBreakDeadlockBetweenTableAndRow() throws Exception {
        locks.lockRelation(one, table, LockMode.ROW_EXCLUSIVE, WaitPolicy.BLOCK);
        locks.lockRow(two, TABLE, 7, RowLockMode.UPDATE, WaitPolicy.BLOCK);
        two.setDeadlockTimeoutMillis(60_000);
        one.setDeadlockTimeoutMillis(50);
        Thread second = start(() -> locks.lockRelation(two, table, LockMode.SHARE, WaitPolicy.BLOCK));
        awaitWaiting(two);
        SqlException e = assertThrows(SqlException.class, () -> locks.lockRow(one, TABLE, 7, RowLockMode.SHARE, WaitPolicy.BLOCK));
        assertEquals("Process 1 waits for RowShareLock on tuple (0,7) of relation 100 of database 5; blocked by process 2.\n"
                + "Process 2 waits for ShareLock on relation 100 of database 5; blocked by process 1.", e.detail());
        locks.releaseTransaction(one);
        second.join();
        locks.releaseTransaction(two);
        assertTrue(locks.list().isEmpty());
    }

    @Test
    void shouldExcludeUnderLoad() throws Exception {
        long seed = Long.getLong("quantadb.seed", System.nanoTime());
        AtomicInteger weak = new AtomicInteger();
        AtomicInteger strong = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        int threads = 8;
        CountDownLatch done = new CountDownLatch(threads);
        for (int t = 0; t < threads; t++) {
            LockOwner owner = locks.openOwner(10 + t);
            Random random = new Random(seed + t);
            start(() -> {
                try {
                    for (int i = 0; i < 4000; i++) {
                        boolean exclusive = random.nextInt(20) == 0;
                        LockMode mode = exclusive ? LockMode.EXCLUSIVE : random.nextBoolean() ? LockMode.ROW_SHARE : LockMode.ROW_EXCLUSIVE;
                        locks.lockRelation(owner, table, mode, WaitPolicy.BLOCK);
                        (exclusive ? strong : weak).incrementAndGet();
                        int others = exclusive ? weak.get() + strong.get() - 1 : strong.get();
                        if (others != 0) {
                            throw new AssertionError("seed " + seed + ": " + others + " others with " + mode);
                        }
                        if (random.nextInt(4) == 0) {
                            Thread.yield();
                        }
                        (exclusive ? strong : weak).decrementAndGet();
                        locks.releaseTransaction(owner);
                    }
                } catch (Throwable e) {
                    failure.set(e);
                } finally {
                    locks.closeOwner(owner);
                    done.countDown();
                }
            });
        }
        done.await();
        if (failure.get() != null) {
            throw new AssertionError("seed " + seed, failure.get());
        }
        assertTrue(locks.list().isEmpty());
    }
}
