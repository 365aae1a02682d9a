package io.quantadb.access.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.SimDisk;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.txn.IsolationLevel;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.TxnSession;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.txn.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Goal: no update is lost, every snapshot is consistent, deadlocks end, while vacuum and pruning run. Method: sessions
 * on virtual threads move money between rows; readers check the sum.
 */
@Timeout(120)
class HeapConcurrencyTest {
    private static final int ROWS = 12;
    private static final int THREADS = 6;
    private static final int ROUNDS = 400;
    private static final TupleLayout LAYOUT = HeapBasicsTest.LAYOUT;

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicInteger deadlocks = new AtomicInteger();
    private final AtomicInteger conflicts = new AtomicInteger();

    @Test
    void shouldKeepSumUnderReadCommitted() throws Exception {
        run(IsolationLevel.READ_COMMITTED);
    }

    @Test
    void shouldKeepSumUnderRepeatableRead() throws Exception {
        run(IsolationLevel.REPEATABLE_READ);
        assertTrue(conflicts.get() > 0);
    }

    private void run(IsolationLevel isolation) throws Exception {
        long seed = Long.getLong("quantadb.seed", System.nanoTime());
        SimDisk disk = new SimDisk(seed);
        HeapNode.initialise(disk);
        try (HeapNode node = new HeapNode(disk, 300, true)) {
            node.create(HeapBasicsTest.TABLE);
            HeapRelation heap = node.open(HeapBasicsTest.TABLE, "t", LAYOUT, null);
            long[] roots = new long[ROWS];
            TxnSession setup = node.session();
            Transaction first = setup.begin(IsolationLevel.READ_COMMITTED, false);
            for (int i = 0; i < ROWS; i++) {
                roots[i] = heap.insert(first, HeapBasicsTest.row(i, "x".repeat(100)).setLong(2, 1000));
            }
            node.wal.flush(first.commit(true));
            AtomicBoolean stop = new AtomicBoolean();
            List<Thread> writers = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                Random random = new Random(seed + t);
                writers.add(start(() -> transfer(node, heap, random, isolation)));
            }
            List<Thread> others = new ArrayList<>();
            others.add(start(() -> checkSums(node, heap, stop)));
            others.add(start(() -> {
                while (!stop.get()) {
                    new HeapVacuum(heap, null).run(null, true);
                    sleep(3);
                }
            }));
            for (Thread thread : writers) {
                thread.join();
            }
            stop.set(true);
            for (Thread thread : others) {
                thread.join();
            }
            if (failure.get() != null) {
                throw new AssertionError("seed " + seed, failure.get());
            }
            assertEquals(ROWS * 1000L, sum(heap, setup));
            setup.close();
            assertEquals(0, node.transactions.locks().rowLockCount());
            assertEquals(0, node.pool.pinsHeld());
            assertTrue(heap.blockCount() < 60, "the table stays small: " + heap.blockCount() + " pages");
        }
    }

    private Thread start(Runnable action) {
        return Thread.ofVirtual().start(() -> {
            try {
                action.run();
            } catch (Throwable e) {
                failure.compareAndSet(null, e);
            }
        });
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void checkSums(HeapNode node, HeapRelation heap, AtomicBoolean stop) {
        try (TxnSession session = node.session()) {
            while (!stop.get()) {
                assertEquals(ROWS * 1000L, sum(heap, session));
            }
        }
    }

    private static long sum(HeapRelation heap, TxnSession session) {
        Transaction transaction = session.begin(IsolationLevel.READ_COMMITTED, true);
        Snapshot snapshot = transaction.takeSnapshot();
        long sum = 0;
        int rows = 0;
        try (HeapScan scan = heap.scan(snapshot)) {
            while (scan.nextPage()) {
                for (int i = 0; i < scan.count(); i++) {
                    sum += TupleReader.getLong(LAYOUT, scan.tupleAddress(i), 2);
                    rows++;
                }
            }
        }
        transaction.abort();
        assertEquals(ROWS, rows);
        return sum;
    }

    private void transfer(HeapNode node, HeapRelation heap, Random random, IsolationLevel isolation) {
        try (TxnSession session = node.session()) {
            session.lockOwner().setDeadlockTimeoutMillis(20);
            for (int round = 0; round < ROUNDS; round++) {
                int from = random.nextInt(ROWS);
                int to = (from + 1 + random.nextInt(ROWS - 1)) % ROWS;
                int amount = random.nextInt(10);
                Transaction transaction = session.begin(isolation, false);
                try {
                    if (add(transaction, heap, from, -amount, random) && add(transaction, heap, to, amount, random)
                            && random.nextInt(8) > 0) {
                        long lsn = transaction.commit(true);
                        if (random.nextInt(3) == 0) {
                            node.wal.flush(lsn);
                        }
                    } else {
                        transaction.abort();
                    }
                } catch (SqlException e) {
                    transaction.abort();
                    assertEquals(SqlState.DEADLOCK_DETECTED, e.state(), e.toString());
                    deadlocks.incrementAndGet();
                }
            }
        }
    }

    /** UPDATE t SET c2 = c2 + amount WHERE id = row, by scan; follows update chains as READ COMMITTED does. */
    private boolean add(Transaction transaction, HeapRelation heap, long row, int amount, Random random) {
        Snapshot snapshot = transaction.takeSnapshot();
        HeapChange result = new HeapChange();
        TupleBuilder builder = new TupleBuilder(LAYOUT);
        try (HeapCursor cursor = new HeapCursor()) {
            long tid = find(heap, snapshot, row);
            while (true) {
                assertTrue(heap.fetchAny(tid, cursor), "version " + tid);
                long tuple = cursor.tupleAddress();
                assertEquals(row, TupleReader.getLong(LAYOUT, tuple, 0));
                builder.clear().copyFrom(tuple).setLong(2, TupleReader.getLong(LAYOUT, tuple, 2) + amount);
                cursor.close();
                ChangeStatus status =
                        heap.update(transaction, snapshot, tid, builder, random.nextInt(3) > 0, random.nextInt(5) == 0,
                        WaitPolicy.BLOCK, result);
                if (status == ChangeStatus.OK) {
                    return true;
                }
                assertEquals(ChangeStatus.UPDATED, status);
                if (transaction.isolation().usesTransactionSnapshot()) {
                    conflicts.incrementAndGet();
                    return false;
                }
                tid = result.newestTid();
            }
        } finally {
            transaction.releaseSnapshot(snapshot);
            transaction.nextCommand();
        }
    }

    private static long find(HeapRelation heap, Snapshot snapshot, long row) {
        long found = -1;
        try (HeapScan scan = heap.scan(snapshot)) {
            while (scan.nextPage()) {
                for (int i = 0; i < scan.count(); i++) {
                    if (TupleReader.getLong(LAYOUT, scan.tupleAddress(i), 0) == row) {
                        assertEquals(-1, found, "two versions of row " + row);
                        found = scan.tid(i);
                    }
                }
            }
        }
        assertTrue(found >= 0, "row " + row + " is gone");
        return found;
    }
}
