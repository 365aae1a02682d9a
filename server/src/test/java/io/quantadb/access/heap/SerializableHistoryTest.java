package io.quantadb.access.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.SimDisk;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.txn.IsolationLevel;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.txn.serializable.HistoryChecker;
import io.quantadb.txn.serializable.HistoryChecker.Committed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Goal: committed histories of SERIALIZABLE transactions over the real heap and index are serializable. Method: random
 * short transactions (rows, ranges forward and backward, whole scans, inserts, deletes,
 * savepoints, commits that are not durable yet), interleaved by one thread for each seed and then by several threads;
 * the dependency graph must have no cycle. At REPEATABLE READ it does.
 */
@Timeout(240)
class SerializableHistoryTest {
    private static final int KEYS = 16;
    private static final int SESSIONS = 4;

    /** A session's transaction as recorded. Values name their writer, so what was read tells which version. */
    private final class Recorder {
        final KeyedTable.Client client;
        final Random random;
        final IsolationLevel isolation;
        final Set<Long> reads = new HashSet<>();
        final TreeMap<Long, Long> writes = new TreeMap<>();
        final List<Long> readValues = new ArrayList<>();
        final List<Map.Entry<Set<Long>, Map<Long, Long>>> observations = new ArrayList<>();
        boolean running;
        boolean readOnly;
        long name;
        long snapshotLsn;

        Recorder(KeyedTable.Client client, Random random, IsolationLevel isolation) {
            this.client = client;
            this.random = random;
            this.isolation = isolation;
        }

        /** One random step. */
        void step() {
            if (!running) {
                begin();
                return;
            }
            try {
                act();
            } catch (SqlException e) {
                assertTrue(Set.of(SqlState.SERIALIZATION_FAILURE, SqlState.LOCK_NOT_AVAILABLE, SqlState.UNIQUE_VIOLATION,
                        SqlState.DEADLOCK_DETECTED).contains(e.state()), e.toString());
                count(e);
                client.abort();
                running = false;
            }
        }

        private void begin() {
            readOnly = random.nextInt(4) == 0;
            client.begin(isolation, readOnly);
            reads.clear();
            writes.clear();
            observations.clear();
            snapshotLsn = 0;
            name = nextName();
            running = true;
        }

        private void act() {
            if (snapshotLsn == 0) {
                var snapshot = client.transaction.takeSnapshot();
                snapshotLsn = snapshot.lsn();
                client.transaction.releaseSnapshot(snapshot);
            }
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> commit();
                case 3 -> range();
                case 4 -> observe(range(0, KEYS - 1), client.all());
                case 5, 6, 7 -> {
                    if (!readOnly) {
                        write();
                    }
                }
                case 8 -> {
                    if (!readOnly) {
                        rolledBack();
                    }
                }
                default -> get(random.nextInt(KEYS));
            }
        }

        private static Set<Long> range(long low, long high) {
            Set<Long> keys = new HashSet<>();
            for (long k = low; k <= high; k++) {
                keys.add(k);
            }
            return keys;
        }

        private void range() {
            long low = random.nextInt(KEYS);
            long high = Math.min(KEYS - 1, low + random.nextInt(5));
            if (random.nextInt(3) > 0) {
                observe(range(low, high), client.range(low, high, random.nextBoolean(), Integer.MAX_VALUE));
                return;
            }
            // A limit: only what lies before the last row found counts as read.
            boolean forward = random.nextBoolean();
            TreeMap<Long, Long> rows = client.range(low, high, forward, 1);
            if (!rows.isEmpty() && forward) {
                observe(range(low, rows.lastKey()), rows);
            } else {
                observe(range(rows.isEmpty() ? low : rows.firstKey(), high), rows);
            }
        }

        private void get(long k) {
            Long value = client.get(k);
            observe(Set.of(k), value == null ? Map.of() : Map.of(k, value));
        }

        private void observe(Set<Long> keys, Map<Long, Long> rows) {
            TreeMap<Long, Long> foreign = new TreeMap<>(rows);
            Set<Long> others = new HashSet<>(keys);
            others.removeAll(writes.keySet());
            foreign.keySet().removeAll(writes.keySet());
            reads.addAll(others);
            observations.add(Map.entry(others, foreign));
        }

        private void write() {
            long k = random.nextInt(KEYS);
            // The row is looked for first, which is a read.
            if (!writes.containsKey(k)) {
                get(k);
            }
            if (client.get(k) == null) {
                client.insert(k, name);
                writes.put(k, name);
            } else if (random.nextInt(3) == 0) {
                client.delete(k);
                writes.put(k, null);
            } else {
                client.update(k, name);
                writes.put(k, name);
            }
        }

        private void rolledBack() {
            int level = client.transaction.beginSubtransaction();
            long k = random.nextInt(KEYS);
            if (!writes.containsKey(k)) {
                get(k);
                client.update(k, -1);
            }
            client.transaction.rollbackSubtransaction(level);
        }

        private void commit() {
            long lsn = client.commitUnflushed();
            running = false;
            record(this, lsn);
        }
    }

    private HeapNode node;
    private long names;
    private int serializationFailures;
    private final List<Committed> history = new ArrayList<>();
    private final List<List<Map.Entry<Set<Long>, Map<Long, Long>>>> observed = new ArrayList<>();
    private final List<TreeMap<Long, Long>> written = new ArrayList<>();

    private synchronized long nextName() {
        return ++names;
    }

    private synchronized void count(SqlException e) {
        serializationFailures += e.state() == SqlState.SERIALIZATION_FAILURE ? 1 : 0;
    }

    private synchronized void record(Recorder recorder, long lsn) {
        history.add(new Committed("transaction " + recorder.name, recorder.snapshotLsn, lsn, Set.copyOf(recorder.reads),
                Set.copyOf(recorder.writes.keySet())));
        observed.add(List.copyOf(recorder.observations));
        written.add(new TreeMap<>(recorder.writes));
    }

    /** What was read is what the snapshot shows: so edges may be derived from snapshots. */
    private void checkReads(String context) {
        Map<Long, TreeMap<Long, Long>> versions = new TreeMap<>();
        for (int i = 0; i < history.size(); i++) {
            long lsn = history.get(i).commitLsn();
            written.get(i).forEach((k, v) -> versions.computeIfAbsent(k, x -> new TreeMap<>()).put(lsn, v == null ? 0 : v));
        }
        for (int i = 0; i < history.size(); i++) {
            for (var observation : observed.get(i)) {
                Map<Long, Long> expected = new TreeMap<>();
                for (long k : observation.getKey()) {
                    var version = versions.getOrDefault(k, new TreeMap<>()).floorEntry(history.get(i).snapshotLsn());
                    if (version != null && version.getValue() != 0) {
                        expected.put(k, version.getValue());
                    }
                }
                assertEquals(expected, observation.getValue(), context + ", " + history.get(i));
            }
        }
    }

    private void open(long seed, boolean background) throws Exception {
        SimDisk disk = new SimDisk(seed);
        HeapNode.initialise(disk);
        node = new HeapNode(disk, 400, background);
        history.clear();
        observed.clear();
        written.clear();
        names = 0;
    }

    private List<Committed> interleave(long seed, IsolationLevel isolation, int fillerBytes) throws Exception {
        open(seed, false);
        Random random = new Random(seed);
        KeyedTable table = new KeyedTable(node, 20000, fillerBytes);
        List<Recorder> recorders = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            recorders.add(new Recorder(table.new Client(), random, isolation));
        }
        for (int step = 0; step < 1200; step++) {
            recorders.get(random.nextInt(SESSIONS)).step();
            if (random.nextInt(4) == 0) {
                node.flush();
            }
        }
        recorders.forEach(recorder -> recorder.client.close());
        node.flush();
        assertEquals(0, node.transactions.conflicts().finishedCount(), "seed " + seed);
        assertEquals(List.of(), node.transactions.conflicts().list(), "seed " + seed);
        assertEquals(0, node.pool.pinsHeld(), "seed " + seed);
        node.close();
        checkReads("seed " + seed);
        return HistoryChecker.findCycle(history);
    }

    @Test
    void shouldCommitOnlySerializableHistories() throws Exception {
        long seed = Long.getLong("quantadb.seed", System.nanoTime());
        int committed = 0;
        for (int i = 0; i < 60; i++) {
            List<Committed> cycle = interleave(seed + i, IsolationLevel.SERIALIZABLE, i % 3 * 400);
            assertTrue(cycle.isEmpty(), "seed " + (seed + i) + ": " + cycle);
            committed += history.size();
        }
        assertTrue(committed > 60 * 50, "seed " + seed + ": " + committed + " commits");
        assertTrue(serializationFailures > 0);
    }

    /** The check can fail: snapshot isolation alone does not pass it. */
    @Test
    void shouldFindViolationsAtRepeatableRead() throws Exception {
        int violations = 0;
        for (int i = 0; i < 20; i++) {
            violations += interleave(100 + i, IsolationLevel.REPEATABLE_READ, i % 3 * 400).isEmpty() ? 0 : 1;
        }
        assertTrue(violations > 15, violations + " of 20 histories");
    }

    private List<Committed> concurrently(long seed, IsolationLevel isolation) throws Exception {
        open(seed, true);
        KeyedTable table = new KeyedTable(node, 20000, 100);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Random random = new Random(seed + i);
            threads.add(Thread.ofVirtual().start(() -> {
                try (KeyedTable.Client client = table.new Client()) {
                    client.policy = WaitPolicy.BLOCK;
                    client.session.lockOwner().setDeadlockTimeoutMillis(5);
                    Recorder recorder = new Recorder(client, random, isolation);
                    for (int step = 0; step < 3000 && failure.get() == null; step++) {
                        recorder.step();
                        if (random.nextInt(8) == 0) {
                            Thread.yield();
                        }
                    }
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new AssertionError("seed " + seed, failure.get());
        }
        node.flush();
        assertEquals(0, node.transactions.conflicts().finishedCount(), "seed " + seed);
        assertEquals(0, node.pool.pinsHeld(), "seed " + seed);
        node.close();
        checkReads("seed " + seed);
        return HistoryChecker.findCycle(history);
    }

    @Test
    void shouldCommitOnlySerializableHistoriesFromThreads() throws Exception {
        long seed = Long.getLong("quantadb.seed", System.nanoTime());
        for (int i = 0; i < 6; i++) {
            List<Committed> cycle = concurrently(seed + i, IsolationLevel.SERIALIZABLE);
            assertTrue(cycle.isEmpty(), "seed " + (seed + i) + ": " + cycle);
            assertTrue(history.size() > 500, "seed " + (seed + i) + ": " + history.size() + " commits");
        }
    }

    @Test
    void shouldFindViolationsAtRepeatableReadFromThreads() throws Exception {
        int violations = 0;
        for (int i = 0; i < 4; i++) {
            violations += concurrently(200 + i, IsolationLevel.REPEATABLE_READ).isEmpty() ? 0 : 1;
        }
        assertTrue(violations > 0, violations + " of 4 histories");
    }
}
