package io.quantadb.access.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.SimDisk;
import io.quantadb.storage.StorageException;
import io.quantadb.txn.IsolationLevel;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.TxnSession;
import io.quantadb.txn.lock.RowLockMode;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.txn.lock.WouldBlock;
import io.quantadb.txn.snapshot.Snapshot;
import io.quantadb.wal.recovery.RecoveryDriver;
import io.quantadb.wal.writer.WalFailedException;
import io.quantadb.wal.writer.WalFullException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Goal: at every moment, and after power cuts, exactly the committed rows are there, each snapshot keeps its view, and
 * index entries lead where they should through HOT chains, pruning and
 * vacuum. Method: several interleaved sessions in one thread do random inserts, updates, deletes, savepoints, commits
 * and aborts against a model that knows the LSN of each commit;
 * an index is played by a map of TIDs. For crashes the power is cut at every sync in turn.
 */
class HeapModelTest {
    private static final long BASE_SEED = Long.getLong("quantadb.seed", 20261121L);
    private static final int SESSIONS = 3;
    private static final int IDS = 60;

    /** What a commit changed: id to new text, null for deleted. */
    private record Commit(long lsn, Map<Long, String> changes) {
    }

    private final List<Commit> commits = new ArrayList<>();
    private long flushedLsn;

    @Test
    void shouldAgreeWithModelUnderRandomWork() throws IOException {
        for (int i = 0; i < 8; i++) {
            long seed = BASE_SEED + i;
            SimDisk disk = new SimDisk(seed);
            HeapNode.initialise(disk);
            HeapModelTest test = new HeapModelTest();
            Life life = test.new Life(disk, new Random(seed), "seed " + seed, false);
            life.create();
            life.work(6000);
            life.finish();
        }
    }

    @Test
    void shouldKeepExactlyCommittedRowsAfterPowerCutAtEverySync() throws IOException {
        for (int sync = 1; sync <= 120; sync++) {
            new HeapModelTest().runLives(BASE_SEED + 1000 + sync, sync);
        }
    }

    private void runLives(long seed, int firstSync) throws IOException {
        String where = "seed " + seed + ", sync " + firstSync;
        Random random = new Random(seed);
        SimDisk disk = new SimDisk(seed);
        HeapNode.initialise(disk);
        try (HeapNode node = new HeapNode(disk, 60, false)) {
            node.create(HeapBasicsTest.TABLE);
            node.create(HeapBasicsTest.TOAST);
        }
        disk.powerOffAtSync(disk.syncPoints() + firstSync);
        for (int number = 0; number < 3; number++) {
            Life life = null;
            try {
                life = new Life(disk, random, where + ", life " + number, true);
                life.verifyRecovered();
                life.work(150 + random.nextInt(500));
            } catch (IOException | StorageException | WalFailedException | WalFullException
                    | RecoveryDriver.RedoException e) {
                assertTrue(disk.isOff(), () -> where + ": failed with the power on: " + e);
            } finally {
                if (life != null) {
                    life.node.kill();
                }
            }
            if (disk.isOff() || random.nextInt(3) > 0) {
                disk.powerOff();
                disk.powerOn();
            }
            disk.powerOffAtSync(disk.syncPoints() + 1 + random.nextInt(80));
        }
        disk.powerOff();
        disk.powerOn();
        Life last = new Life(disk, random, where + ", last", true);
        last.verifyRecovered();
        last.finish();
    }

    /** Rows as of an LSN. */
    private Map<Long, String> stateAt(long lsn) {
        Map<Long, String> state = new TreeMap<>();
        for (Commit commit : commits) {
            if (commit.lsn <= lsn) {
                apply(state, commit.changes);
            }
        }
        return state;
    }

    /** Compares; the message has only what differs, shortened. */
    private static void assertRows(Map<Long, String> expected, Map<Long, String> actual, String where) {
        if (expected.equals(actual)) {
            return;
        }
        StringBuilder text = new StringBuilder(where).append(':');
        for (long id = 0; id < IDS; id++) {
            if (!java.util.Objects.equals(expected.get(id), actual.get(id))) {
                text.append(" row ").append(id).append(" expected ").append(brief(expected.get(id))).append(" found ")
                        .append(brief(actual.get(id))).append(';');
            }
        }
        throw new AssertionError(text.toString());
    }

    private static String brief(String text) {
        return text == null ? "none" : text.length() > 8 ? text.substring(0, 8) + ".." + text.length() : text;
    }

    private static void apply(Map<Long, String> state, Map<Long, String> changes) {
        changes.forEach((id, text) -> {
            if (text == null) {
                state.remove(id);
            } else {
                state.put(id, text);
            }
        });
    }

    /** One process life. */
    private final class Life {
        final HeapNode node;
        private final Random random;
        private final String where;
        private final boolean crashes;
        private final HeapRelation heap;
        private final Actor[] actors = new Actor[SESSIONS];
        /** The index: every TID an entry was made for, and the id in it. */
        private final Map<Long, Long> index = new HashMap<>();

        Life(SimDisk disk, Random random, String where, boolean crashes) throws IOException {
            this.random = random;
            this.where = where;
            this.crashes = crashes;
            node = new HeapNode(disk, HeapNode.DATA, 60, false, end -> commits.removeIf(commit -> commit.lsn > end));
            heap = node.open(HeapBasicsTest.TABLE, "t", HeapBasicsTest.LAYOUT, HeapBasicsTest.TOAST);
            for (int i = 0; i < SESSIONS; i++) {
                actors[i] = new Actor(node.session());
            }
        }

        void create() {
            node.create(HeapBasicsTest.TABLE);
            node.create(HeapBasicsTest.TOAST);
        }

        /** What survived is a prefix of the commits that has all the flushed ones. */
        void verifyRecovered() {
            long end = node.recoveredLsn;
            assertTrue(end >= flushedLsn, where + ": WAL ends at " + end + ", flushed was " + flushedLsn);
            assertRows(stateAt(end), actors[0].readAll(), where);
        }

        void work(int steps) {
            for (int i = 0; i < steps; i++) {
                int choice = random.nextInt(1000);
                if (choice < 8) {
                    node.checkpoint();
                } else if (choice < 16) {
                    vacuum();
                } else if (choice < 60) {
                    node.flush();
                } else if (choice < 70) {
                    node.pool.writeAhead(3);
                } else if (choice < 73) {
                    node.pool.flushRelation(HeapBasicsTest.TABLE);
                    node.pool.dropRelation(HeapBasicsTest.TABLE);
                } else {
                    actors[random.nextInt(SESSIONS)].step();
                }
                flushedLsn = Math.max(flushedLsn, node.wal.flushLsn());
                assertEquals(0, node.pool.pinsHeld(), where + ", step " + i);
            }
        }

        private void vacuum() {
            HeapVacuum.IndexCleaner cleaner = crashes ? null : isDead -> index.keySet().removeIf(isDead::test);
            new HeapVacuum(heap, cleaner).run(random.nextBoolean() ? () -> true : null, random.nextBoolean());
            new HeapVacuum(heap.toastHeap(), null).run(null, false);
        }

        void finish() throws IOException {
            for (Actor actor : actors) {
                actor.end(random.nextBoolean());
            }
            node.flush();
            assertRows(stateAt(Long.MAX_VALUE), actors[0].readAll(), where);
            vacuum();
            assertRows(stateAt(Long.MAX_VALUE), actors[0].readAll(), where);
            HeapVacuum.Result result = new HeapVacuum(heap, crashes ? null
                    : isDead -> index.keySet().removeIf(isDead::test)).run(null, true);
            assertEquals(stateAt(Long.MAX_VALUE).size(), result.liveRows(), where + ": only live rows are left");
            for (Actor actor : actors) {
                actor.session.close();
            }
            node.close();
        }

        /** One session: its transaction, the changes it made, and what its snapshot must show. */
        private final class Actor {
            private final TxnSession session;
            private Transaction transaction;
            private final List<Map<Long, String>> changes = new ArrayList<>();
            private Map<Long, String> expected;
            private boolean changed;
            private final HeapChange result = new HeapChange();

            Actor(TxnSession session) {
                this.session = session;
            }

            void step() {
                if (transaction == null) {
                    boolean repeatable = random.nextInt(3) == 0;
                    transaction = session.begin(repeatable ? IsolationLevel.REPEATABLE_READ
                            : IsolationLevel.READ_COMMITTED, false);
                    changes.clear();
                    changes.add(new HashMap<>());
                    expected = null;
                    changed = false;
                }
                int choice = random.nextInt(100);
                if (choice < 25) {
                    insert();
                } else if (choice < 60) {
                    change(false);
                } else if (choice < 70) {
                    change(true);
                } else if (choice < 80) {
                    check();
                } else if (choice < 84) {
                    transaction.beginSubtransaction();
                    changes.add(new HashMap<>());
                } else if (choice < 88) {
                    endSubtransaction();
                } else {
                    end(random.nextInt(4) > 0);
                }
            }

            private void endSubtransaction() {
                int level = transaction.subtransactionLevel();
                if (level == 0) {
                    return;
                }
                if (random.nextBoolean()) {
                    transaction.rollbackSubtransaction(level);
                    changes.removeLast();
                } else {
                    transaction.releaseSubtransaction(level);
                    Map<Long, String> inner = changes.removeLast();
                    changes.getLast().putAll(inner);
                }
            }

            void end(boolean commit) {
                if (transaction == null) {
                    return;
                }
                if (commit) {
                    while (changes.size() > 1) {
                        Map<Long, String> inner = changes.removeLast();
                        changes.getLast().putAll(inner);
                    }
                    long lsn = transaction.commit(true);
                    if (lsn > 0) {
                        commits.add(new Commit(lsn, Map.copyOf(nullsAsMarks(changes.getLast()))));
                        unmark();
                    }
                } else {
                    transaction.abort();
                }
                transaction = null;
            }

            private Map<Long, String> nullsAsMarks(Map<Long, String> map) {
                Map<Long, String> copy = new HashMap<>();
                map.forEach((id, text) -> copy.put(id, text == null ? "\0" : text));
                return copy;
            }

            private void unmark() {
                Commit last = commits.removeLast();
                Map<Long, String> map = new HashMap<>();
                last.changes.forEach((id, text) -> map.put(id, text.equals("\0") ? null : text));
                commits.add(new Commit(last.lsn, map));
            }

            private String text() {
                int length = random.nextInt(100) == 0 ? 3000 + random.nextInt(9000) : random.nextInt(300);
                StringBuilder text = new StringBuilder();
                while (text.length() < length) {
                    text.append((char) ('a' + random.nextInt(26)));
                }
                return text.toString();
            }

            /** What a new statement must see. */
            private Map<Long, String> view(Snapshot snapshot) {
                Map<Long, String> view = stateAt(snapshot.lsn());
                for (Map<Long, String> each : changes) {
                    HeapModelTest.apply(view, each);
                }
                return view;
            }

            private void insert() {
                Snapshot snapshot = transaction.takeSnapshot();
                long id = random.nextInt(IDS);
                // An old snapshot may still see what has been deleted since, and then two rows of that id: true of
                // PostgreSQL too.
                boolean free = isFree(id) && !view(snapshot).containsKey(id);
                if (free) {
                    String text = text();
                    long tid = heap.insert(transaction, HeapBasicsTest.row(id, text));
                    addEntry(tid, id);
                    changes.getLast().put(id, text);
                }
                transaction.releaseSnapshot(snapshot);
                transaction.nextCommand();
            }

            /** A unique check by scan: nobody has or is making the id. */
            private boolean isFree(long id) {
                try (HeapCursor cursor = new HeapCursor()) {
                    for (int block = 0; block < heap.blockCount(); block++) {
                        for (int offset = 1; offset < 300; offset++) {
                            long tid = (long) block << 16 | offset;
                            if (heap.fetchAny(tid, cursor)
                                    && TupleReader.getLong(HeapBasicsTest.LAYOUT, cursor.tupleAddress(), 0) == id
                                    && heap.fetchDirty(transaction, tid, cursor, result) != DirtyResult.NONE) {
                                return false;
                            }
                        }
                    }
                }
                return true;
            }

            private void addEntry(long tid, long id) {
                Long before = index.put(tid, id);
                assertTrue(crashes || before == null, where + ": TID " + tid
                        + " was used again while an index entry is there");
            }

            private void change(boolean delete) {
                Snapshot snapshot = transaction.takeSnapshot();
                try {
                    long tid = pick(snapshot);
                    if (tid < 0) {
                        return;
                    }
                    try {
                        changeRow(snapshot, tid, delete);
                    } catch (WouldBlock e) {
                        // Somebody else has the row: this session does something else.
                    }
                } finally {
                    transaction.releaseSnapshot(snapshot);
                    transaction.nextCommand();
                }
            }

            private long pick(Snapshot snapshot) {
                List<Long> tids = new ArrayList<>();
                try (HeapScan scan = heap.scan(snapshot)) {
                    while (scan.nextPage()) {
                        for (int i = 0; i < scan.count(); i++) {
                            tids.add(scan.tid(i));
                        }
                    }
                }
                return tids.isEmpty() ? -1 : tids.get(random.nextInt(tids.size()));
            }

            private void changeRow(Snapshot snapshot, long tid, boolean delete) {
                long at = tid;
                while (true) {
                    if (random.nextInt(10) == 0
                            && heap.lock(transaction, snapshot, at, RowLockMode.values()[random.nextInt(4)],
                                    WaitPolicy.WOULD_BLOCK,
                                    result) != ChangeStatus.OK) {
                        return;
                    }
                    long id;
                    TupleBuilder row = null;
                    String text = text();
                    boolean hot = random.nextInt(4) > 0;
                    try (HeapCursor cursor = new HeapCursor()) {
                        assertTrue(heap.fetchAny(at, cursor), where);
                        id = TupleReader.getLong(HeapBasicsTest.LAYOUT, cursor.tupleAddress(), 0);
                        row = new TupleBuilder(HeapBasicsTest.LAYOUT).clear().copyFrom(cursor.tupleAddress())
                                .setObject(1, text);
                    }
                    ChangeStatus status = delete
                            ? heap.delete(transaction, snapshot, at, WaitPolicy.WOULD_BLOCK, result)
                            : heap.update(transaction, snapshot, at, row, hot, random.nextInt(5) == 0,
                                    WaitPolicy.WOULD_BLOCK, result);
                    if (status == ChangeStatus.OK) {
                        changes.getLast().put(id, delete ? null : text);
                        if (!delete && !result.hot()) {
                            addEntry(result.newestTid(), id);
                        }
                        return;
                    }
                    if (status != ChangeStatus.UPDATED || transaction.isolation().usesTransactionSnapshot()) {
                        return;
                    }
                    at = result.newestTid();
                }
            }

            private void check() {
                Snapshot snapshot = transaction.takeSnapshot();
                Map<Long, String> view = view(snapshot);
                assertRows(view, scan(snapshot), where);
                if (!crashes) {
                    assertRows(view, throughIndex(snapshot), where + ", through the index");
                }
                transaction.releaseSnapshot(snapshot);
            }

            private Map<Long, String> scan(Snapshot snapshot) {
                Map<Long, String> rows = new TreeMap<>();
                try (HeapScan scan = heap.scan(snapshot)) {
                    while (scan.nextPage()) {
                        for (int i = 0; i < scan.count(); i++) {
                            add(rows, scan.tupleAddress(i));
                        }
                    }
                }
                return rows;
            }

            private void add(Map<Long, String> rows, long tuple) {
                long id = TupleReader.getLong(HeapBasicsTest.LAYOUT, tuple, 0);
                String before = rows.put(id,
                        (String) TupleReader.getObject(HeapBasicsTest.LAYOUT, tuple, 1, heap.toast()));
                assertTrue(before == null, where + ": two versions of row " + id);
            }

            private Map<Long, String> throughIndex(Snapshot snapshot) {
                Map<Long, String> rows = new TreeMap<>();
                try (HeapCursor cursor = new HeapCursor()) {
                    for (Map.Entry<Long, Long> entry : index.entrySet()) {
                        if (heap.fetch(entry.getKey(), snapshot, cursor)) {
                            assertEquals(entry.getValue(),
                                    TupleReader.getLong(HeapBasicsTest.LAYOUT, cursor.tupleAddress(), 0), where);
                            add(rows, cursor.tupleAddress());
                        }
                    }
                }
                return rows;
            }

            Map<Long, String> readAll() {
                Transaction reader = session.begin(IsolationLevel.READ_COMMITTED, true);
                Map<Long, String> rows = scan(reader.takeSnapshot());
                reader.abort();
                return rows;
            }
        }
    }
}
