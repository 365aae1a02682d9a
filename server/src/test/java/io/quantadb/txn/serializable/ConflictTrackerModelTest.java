package io.quantadb.txn.serializable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.error.SqlException;
import io.quantadb.txn.snapshot.ReadTracking;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Goal: whatever the tracker lets commit is serializable, with plenty of memory and with hardly any. Method: a
 * multi-version store in a map, random interleavings in one thread, the durable horizon
 * anywhere behind the newest commit; the history of the committed is checked for cycles.
 */
class ConflictTrackerModelTest {
    private static final long TABLE = 5L << 32 | 20_000;
    private static final long INDEX = 5L << 32 | 20_001;
    private static final int KEYS = 24;
    private static final int SESSIONS = 5;

    private final class Session {
        SerializableTransaction transaction;
        long lastCommit;
        long xid;
        final Set<Long> read = new HashSet<>();
        final Set<Long> written = new HashSet<>();
        boolean readOnly;
    }

    private Random random;
    private ConflictTracker tracker;
    private boolean tracking;
    private long lsn;
    private long horizon;
    private long nextXid;
    private final Map<Long, TreeMap<Long, Long>> versions = new HashMap<>();
    private final Map<Long, Session> writing = new HashMap<>();
    private final List<HistoryChecker.Committed> history = new ArrayList<>();
    private int failures;

    private void run(long seed, int heldMax, int finishedMax, boolean detect) {
        random = new Random(seed);
        tracking = detect;
        tracker = new ConflictTracker(() -> horizon, heldMax, finishedMax);
        versions.clear();
        writing.clear();
        history.clear();
        failures = 0;
        lsn = 1000;
        horizon = 1000;
        nextXid = 10;
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            sessions.add(new Session());
        }
        for (int step = 0; step < 1500; step++) {
            Session session = sessions.get(random.nextInt(SESSIONS));
            try {
                step(session);
            } catch (SqlException e) {
                failures++;
                abort(session);
            }
            horizon = Math.max(horizon, lsn - random.nextInt(30));
        }
        sessions.forEach(this::abort);
        horizon = lsn;
        assertEquals(0, tracker.finishedCount(), "seed " + seed);
        assertEquals(0, tracker.held(), "seed " + seed);
        assertEquals(0, tracker.readTable().size(), "seed " + seed);
        assertEquals(0, tracker.keyRanges().size(), "seed " + seed);
        assertTrue(tracker.writers().isEmpty(), "seed " + seed);
    }

    private void step(Session session) {
        if (session.transaction == null) {
            session.readOnly = random.nextInt(4) == 0;
            session.transaction = tracker.begin(1, session.readOnly, atLeast ->
                    Math.max(Math.max(atLeast, horizon), session.lastCommit));
            session.xid = 0;
            session.read.clear();
            session.written.clear();
            return;
        }
        session.transaction.checkNotDoomed();
        switch (random.nextInt(10)) {
            case 0, 1 -> commit(session);
            case 2 -> {
                if (random.nextInt(4) == 0) {
                    abort(session);
                }
            }
            case 3, 4, 5 -> {
                if (!session.readOnly) {
                    write(session, random.nextInt(KEYS));
                }
            }
            case 6 -> readRange(session);
            case 7 -> {
                if (random.nextInt(5) == 0) {
                    readAll(session);
                }
            }
            default -> read(session, random.nextInt(KEYS), true);
        }
    }

    private ReadTracking recorder(Session session) {
        return session.transaction.isSafe() || !tracking ? null : session.transaction;
    }

    /** Tuple places: two keys a page. */
    private static long place(long key) {
        return key / 2 << 16 | 1 + key % 2;
    }

    private void read(Session session, long key, boolean tuple) {
        ReadTracking recorder = recorder(session);
        if (recorder != null && tuple) {
            recorder.readsTuple(TABLE, place(key));
        }
        if (recorder != null) {
            for (var newer : versions.getOrDefault(key, new TreeMap<>()).tailMap(session.transaction.snapshotLsn(), false).entrySet()) {
                recorder.passesOver(newer.getValue(), newer.getKey());
            }
            Session writer = writing.get(key);
            if (writer != null && writer != session) {
                recorder.passesOver(writer.xid, 0);
            }
        }
        session.read.add(key);
    }

    private static byte[] bytes(long key) {
        return new byte[] {(byte) key};
    }

    private void readRange(Session session) {
        long low = random.nextInt(KEYS);
        long high = low + 1 + random.nextInt(4);
        ReadTracking recorder = recorder(session);
        ReadTracking.ScannedKeys scanned = null;
        for (long key = low; key < high && key < KEYS; key++) {
            if (recorder != null) {
                scanned = recorder.readsKeys(INDEX, scanned, bytes(low), bytes(key + 1), 1);
            }
            read(session, key, false);
        }
    }

    private void readAll(Session session) {
        if (recorder(session) != null) {
            recorder(session).readsRelation(TABLE);
        }
        for (long key = 0; key < KEYS; key++) {
            read(session, key, false);
        }
    }

    private void write(Session session, long key) {
        Session other = writing.get(key);
        if (other == session) {
            return;
        }
        if (other != null || !versions.getOrDefault(key, new TreeMap<>()).tailMap(session.transaction.snapshotLsn(), false).isEmpty()) {
            // First updater wins; here the second one gives up at once.
            abort(session);
            return;
        }
        if (session.xid == 0) {
            session.xid = nextXid++;
            session.transaction.assigned(session.xid);
        }
        if (tracking) {
            session.transaction.writesTuple(TABLE, place(key));
        }
        writing.put(key, session);
        session.written.add(key);
        if (tracking) {
            session.transaction.insertsKey(INDEX, bytes(key), 1);
        }
    }

    private void commit(Session session) {
        long commitLsn = 0;
        if (session.xid == 0) {
            session.transaction.commitReadOnly();
        } else {
            session.transaction.beginCommit();
            commitLsn = lsn += 1 + random.nextInt(5);
            session.transaction.endCommit(commitLsn);
            session.lastCommit = commitLsn;
        }
        for (long key : session.written) {
            versions.computeIfAbsent(key, k -> new TreeMap<>()).put(commitLsn, session.xid);
            writing.remove(key);
        }
        history.add(new HistoryChecker.Committed("xid " + session.xid, session.transaction.snapshotLsn(), commitLsn,
                Set.copyOf(session.read), Set.copyOf(session.written)));
        session.transaction = null;
    }

    private void abort(Session session) {
        if (session.transaction != null) {
            session.transaction.abort();
            session.written.forEach(writing::remove);
            session.transaction = null;
        }
    }

    private void check(int heldMax, int finishedMax) {
        long seed = Long.getLong("quantadb.seed", System.nanoTime());
        long committed = 0;
        long failed = 0;
        for (int i = 0; i < 300; i++) {
            run(seed + i, heldMax, finishedMax, true);
            List<HistoryChecker.Committed> cycle = HistoryChecker.findCycle(history);
            assertTrue(cycle.isEmpty(), "seed " + (seed + i) + ", limits " + heldMax + " and " + finishedMax + ": " + cycle);
            committed += history.size();
            failed += failures;
        }
        assertTrue(committed > failed, "seed " + seed + ": committed " + committed + ", failed " + failed);
    }

    @Test
    void shouldLetOnlySerializableHistoriesCommit() {
        check(100_000, 50_000);
    }

    @Test
    void shouldStaySoundWithoutMemoryForReads() {
        check(12, 50_000);
    }

    @Test
    void shouldStaySoundWithoutMemoryForFinishedTransactions() {
        check(100_000, 2);
    }

    @Test
    void shouldStaySoundWithHardlyAnyMemory() {
        check(6, 1);
    }

    /** The check can fail: without detection it does. */
    @Test
    void shouldFindViolationsWithoutDetection() {
        long seed = 1;
        int violations = 0;
        for (int i = 0; i < 50; i++) {
            run(seed + i, 100_000, 50_000, false);
            violations += HistoryChecker.findCycle(history).isEmpty() ? 0 : 1;
        }
        assertTrue(violations > 40, violations + " of 50 histories");
    }
}
