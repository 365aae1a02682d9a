package io.quantadb.access.btree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.Clock;
import io.quantadb.base.FatalErrorHandler;
import io.quantadb.base.ForkNumber;
import io.quantadb.base.RelationId;
import io.quantadb.maintenance.StorageRecovery;
import io.quantadb.maintenance.WalCheckpointLog;
import io.quantadb.storage.MemoryFileSystem;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.record.WalRecordEncoder;
import io.quantadb.wal.rmgr.CheckpointRecord;
import io.quantadb.wal.rmgr.ResourceManagers;
import io.quantadb.wal.rmgr.XlogResourceManager;
import io.quantadb.wal.writer.WalWriter;
import io.quantadb.wal.writer.WalWriterOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Goal: the index holds exactly what was put in, in order, whatever splits, dead marks and crashes come between.
 * Method: random operations against a sorted set, on the real buffer pool and WAL over files
 * in memory; then the process "dies" and the same set must come out of redo.
 */
class BTreeTest {
    private static final RelationId INDEX = new RelationId(5, 16400);
    private static final Path DATA = Path.of("data");

    private record Entry(byte[] key, long tid) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int order = Arrays.compareUnsigned(key, other.key);
            return order != 0 ? order : Long.compare(tid, other.tid);
        }
    }

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final MemoryFileSystem disk = new MemoryFileSystem();
    private final WalRecordEncoder record = new WalRecordEncoder();
    private final TreeSet<Entry> model = new TreeSet<>();
    private StorageRecovery storage;
    private WalWriter wal;
    private BTree tree;

    @BeforeEach
    void create() throws Exception {
        System.out.println("BTreeTest seed " + seed);
        StorageRecovery.initialise(disk, DATA, 4711, 16 << 20, new WalCheckpointLog.Counters() {
            @Override
            public long nextXid() {
                return 3;
            }

            @Override
            public long oldestXid() {
                return 3;
            }

            @Override
            public long nextOid() {
                return 16384;
            }
        }, Clock.SYSTEM);
        open();
        storage.files().create(INDEX, ForkNumber.MAIN);
        BTree.create(INDEX, storage.pool(), wal, record, 3);
        tree = new BTree(INDEX, storage.pool(), wal);
    }

    private void open() throws Exception {
        storage = new StorageRecovery(disk, DATA, 400 * 8192, Clock.SYSTEM);
        storage.resourceManagers().register(ResourceManagers.BTREE, new BTreeRedo(storage.redoBuffers()));
        storage.resourceManagers()
                .register(ResourceManagers.XLOG, new XlogResourceManager(new XlogResourceManager.Redo() {
            @Override
            public void checkpoint(CheckpointRecord checkpoint, WalRecord wal) {
            }

            @Override
            public void nextOid(long nextOid) {
            }

            @Override
            public void fullPageImages(WalRecord wal) {
                storage.redoBuffers().restoreImages(wal);
            }

            @Override
            public void parameterChange(WalRecord wal) {
            }

            @Override
            public void endOfRecovery(int timeline, int previousTimeline, long wallMicros) {
            }
        }));
        wal = storage.openWal(storage.recover(), WalWriterOptions.DEFAULT, FatalErrorHandler.HALT);
        tree = new BTree(INDEX, storage.pool(), wal);
    }

    @AfterEach
    void close() throws Exception {
        assertEquals(0, storage.pool().pinsHeld());
        wal.close();
    }

    private byte[] randomKey(int longest) {
        byte[] key = new byte[1 + random.nextInt(longest)];
        random.nextBytes(key);
        if (random.nextInt(3) == 0) {
            Arrays.fill(key, 0, key.length / 2, (byte) random.nextInt(3));
        }
        return key;
    }

    private void insert(Entry entry) {
        if (model.add(entry)) {
            tree.insert(record, 3, new IndexEntry().set(entry.key(), entry.key().length, entry.tid()));
        }
    }

    private List<Entry> scan(KeyRange range, boolean forward) {
        List<Entry> found = new ArrayList<>();
        try (BTreeCursor cursor = tree.cursor()) {
            cursor.seek(range, forward, true);
            while (cursor.nextBatch()) {
                for (int i = 0; i < cursor.count(); i++) {
                    found.add(new Entry(Arrays.copyOfRange(cursor.bytes(), cursor.keyStart(i), cursor.keyEnd(i)),
                            cursor.tid(i)));
                }
            }
        }
        return found;
    }

    private void assertSame(List<Entry> expected, List<Entry> found) {
        assertEquals(expected.size(), found.size(), "entries; seed " + seed);
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i).key(), found.get(i).key(), "entry " + i + "; seed " + seed);
            assertEquals(expected.get(i).tid(), found.get(i).tid(), "entry " + i + "; seed " + seed);
        }
    }

    private void check() {
        List<Entry> all = new ArrayList<>(model);
        assertSame(all, scan(KeyRange.ALL, true));
        assertSame(all.reversed(), scan(KeyRange.ALL, false));
        for (int i = 0; i < 50; i++) {
            byte[] low = randomKey(6);
            byte[] high = randomKey(6);
            KeyRange range = new KeyRange(low, high);
            List<Entry> expected = all.stream().filter(e -> Arrays.compareUnsigned(e.key(), low) >= 0
                && Arrays.compareUnsigned(e.key(), high) < 0).toList();
            assertSame(expected, scan(range, true));
            assertSame(expected.reversed(), scan(range, false));
        }
    }

    @Test
    void shouldHoldRandomKeysOfAllLengthsInOrder() {
        for (int i = 0; i < 20_000; i++) {
            insert(new Entry(randomKey(i % 50 == 0 ? 2600 : 20), random.nextInt(1 << 20)));
        }
        assertTrue(tree.height() >= 3, "height " + tree.height());
        check();
    }

    @Test
    void shouldHoldManyDuplicatesOfOneKeyInTidOrder() {
        byte[] key = {1, 2, 3};
        for (int i = 0; i < 5_000; i++) {
            insert(new Entry(key, random.nextInt(1 << 24)));
        }
        check();
        assertEquals(-1, tree.lookup(key, 3, new long[8]), "more than fit");
        assertEquals(0, tree.lookup(new byte[] {1, 2}, 2, new long[8]));
    }

    @Test
    void shouldRemoveWhatVacuumNamesAndWhatWasMarkedDead() {
        for (int i = 0; i < 10_000; i++) {
            insert(new Entry(randomKey(12), i));
        }
        try (BTreeCursor cursor = tree.cursor()) {
            cursor.seek(KeyRange.ALL, true, false);
            while (cursor.nextBatch()) {
                if (random.nextBoolean()) {
                    tree.markDead(cursor.block(), cursor.pageLsn(), new long[] {cursor.tid(0)}, 1);
                    long dead = cursor.tid(0);
                    model.removeIf(e -> e.tid() == dead);
                }
            }
        }
        check();
        long before = model.size();
        model.removeIf(e -> e.tid() % 3 == 0);
        long removed = tree.bulkDelete(record, tid -> tid % 3 == 0);
        assertTrue(removed >= before - model.size(), removed + " removed, seed " + seed);
        check();
        for (int i = 0; i < 10_000; i++) {
            insert(new Entry(randomKey(12), 100_000 + i));
        }
        check();
    }

    @Test
    void shouldComeBackFromRedoAfterTheProcessDied() throws Exception {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 8_000; i++) {
                insert(new Entry(randomKey(i % 100 == 0 ? 2000 : 16), random.nextInt(1 << 20)));
            }
            int remainder = round;
            model.removeIf(e -> e.tid() % 7 == remainder);
            tree.bulkDelete(record, tid -> tid % 7 == remainder);
            wal.flush(wal.insertLsn());
            wal.close();
            // Nothing of the pool is written: redo has to make all of it.
            open();
            check();
        }
    }

    @Test
    void shouldBuildFromSortedEntriesWhatInsertsWouldMake() throws Exception {
        for (int i = 0; i < 30_000; i++) {
            model.add(new Entry(randomKey(i % 20 == 0 ? 2600 : 30), random.nextInt(1 << 20)));
        }
        RelationId built = new RelationId(5, 16500);
        storage.files().create(built, ForkNumber.MAIN);
        try (BTreeBuilder builder = new BTreeBuilder(built, storage.pool(), wal, record, 3,
                BTreeBuilder.LEAF_FILL_PERCENT)) {
            IndexEntry entry = new IndexEntry();
            model.forEach(e -> builder.add(entry.set(e.key(), e.key().length, e.tid())));
            builder.finish();
        }
        tree = new BTree(built, storage.pool(), wal);
        check();
        for (int i = 0; i < 5_000; i++) {
            insert(new Entry(randomKey(30), random.nextInt(1 << 20)));
        }
        check();
        wal.flush(wal.insertLsn());
        wal.close();
        open();
        tree = new BTree(built, storage.pool(), wal);
        check();
    }

    @Test
    void shouldLetOnlyOneOfTwoEqualUniqueKeysIn() throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        int keys = 3_000;
        int[] inserted = new int[4];
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            int thread = t;
            threads[t] = Thread.ofPlatform().start(() -> {
                try {
                    WalRecordEncoder own = new WalRecordEncoder();
                    InsertOutcome outcome = new InsertOutcome();
                    IndexEntry entry = new IndexEntry();
                    for (int i = 0; i < keys; i++) {
                        byte[] key = {(byte) (i * 37 >> 8), (byte) (i * 37)};
                        byte[] wide = Arrays.copyOf(key, 40);
                        tree.insertUnique(own, 3, entry.set(wide, 40, (long) thread << 20 | i),
                                tid -> UniqueProbe.LIVE, outcome);
                        inserted[thread] += outcome.kind() == InsertOutcome.Kind.INSERTED ? 1 : 0;
                    }
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
        List<Entry> found = scan(KeyRange.ALL, true);
        assertEquals(keys, found.size());
        assertEquals(keys, Arrays.stream(inserted).sum());
        for (int i = 1; i < found.size(); i++) {
            assertTrue(Arrays.compareUnsigned(found.get(i - 1).key(), found.get(i).key()) < 0);
        }
    }
}
