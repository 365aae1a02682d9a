package io.quantadb.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.Clock;
import io.quantadb.base.ForkNumber;
import io.quantadb.base.Memory;
import io.quantadb.base.RelationId;
import io.quantadb.base.SimDisk;
import io.quantadb.storage.StorageException;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.buffer.PendingStorage;
import io.quantadb.storage.buffer.RedoBlock;
import io.quantadb.storage.buffer.StorageRecords;
import io.quantadb.storage.page.Page;
import io.quantadb.storage.page.PageChecksum;
import io.quantadb.storage.page.PageKind;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.record.WalRecordBuilder;
import io.quantadb.wal.rmgr.CheckpointRecord;
import io.quantadb.wal.rmgr.ResourceManager;
import io.quantadb.wal.rmgr.ResourceManagers;
import io.quantadb.wal.rmgr.XlogResourceManager;
import io.quantadb.wal.segment.SyncMethod;
import io.quantadb.wal.writer.WalFailedException;
import io.quantadb.wal.writer.WalFullException;
import io.quantadb.wal.writer.WalWriter;
import io.quantadb.wal.writer.WalWriterOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Goal: after a power cut at any moment the pages are what the surviving WAL says, no flushed change is lost, and this
 * goes on through several crashes. Method: a resource manager that sets numbers in pages; random changes, creations,
 * truncations, drops, evictions and checkpoints over a disk that loses and tears what is not synced; power cut at every
 * sync in turn, or just the process killed; recovery; comparison with a model that knows the LSN of each change.
 */
class StorageCrashTest {
    private static final long BASE_SEED = Long.getLong("quantadb.seed", 20261122L);
    private static final Path DATA = Path.of("/data");
    private static final long SYSTEM = 0x5151;
    private static final int WAL_SEGMENT = 1 << 16;
    private static final int POOL_PAGES = 24;
    private static final int SLOTS = 16;
    private static final int SLOT_SPACING = 500;
    private static final int INIT = 1;
    private static final int SET = 2;
    private static final int SET_TWO = 3;
    private static final int COMMIT_DROP = 4;
    private static final WalCheckpointLog.Counters COUNTERS = new WalCheckpointLog.Counters() {
        @Override
        public long nextXid() {
            return 3;
        }

        @Override
        public long nextOid() {
            return 16384;
        }

        @Override
        public long oldestXid() {
            return 3;
        }
    };

    /** One logged change, as the model sees it. */
    private record Change(long endLsn, String what, java.util.function.Consumer<Map<RelationId, List<long[]>>> effect) {
    }

    private final List<Change> changes = new ArrayList<>();
    private long flushedLsn;
    private int nextFile = 1;

    @Test
    void shouldRecoverEveryFlushedChangeAfterPowerCutAtEverySync() throws IOException {
        for (int sync = 1; sync <= 150; sync++) {
            new StorageCrashTest().runLives(BASE_SEED + sync, sync);
        }
    }

    @Test
    void shouldRecoverAfterPowerCutsInLongerRuns() throws IOException {
        for (int i = 0; i < 25; i++) {
            new StorageCrashTest().runLives(BASE_SEED + 100_000 + i, 150 + i * 23);
        }
    }

    private void runLives(long seed, int firstSync) throws IOException {
        String where = "seed " + seed + ", sync " + firstSync;
        Random random = new Random(seed);
        SimDisk disk = new SimDisk(seed);
        StorageRecovery.initialise(disk, DATA, SYSTEM, WAL_SEGMENT, COUNTERS, Clock.SYSTEM);
        disk.powerOffAtSync(disk.syncPoints() + firstSync);
        for (int life = 0; life < 4; life++) {
            Node node = null;
            try {
                node = new Node(disk, random, where + ", life " + life);
                node.open();
                node.work(200 + random.nextInt(600));
            } catch (IOException | StorageException | WalFailedException | WalFullException e) {
                assertTrue(disk.isOff(), () -> where + ": failed with the power on: " + trace(e));
            } catch (io.quantadb.wal.recovery.RecoveryDriver.RedoException e) {
                assertTrue(disk.isOff(), () -> where + ": " + trace(e));
            } finally {
                if (node != null) {
                    node.abandon();
                }
            }
            if (disk.isOff() || random.nextInt(3) > 0) {
                disk.powerOff();
                disk.powerOn();
            }
            disk.powerOffAtSync(disk.syncPoints() + 1 + random.nextInt(120));
        }
        disk.powerOff();
        disk.powerOn();
        Node last = new Node(disk, random, where + ", last");
        last.open();
        last.shutDown();
        Node clean = new Node(disk, random, where + ", clean");
        clean.open();
        clean.abandon();
    }

    private static String trace(Throwable e) {
        var writer = new java.io.StringWriter();
        e.printStackTrace(new java.io.PrintWriter(writer));
        return writer.toString();
    }

    private static void setSlot(long page, int slot, long value) {
        Memory.putLong(page + 40 + (long) slot * SLOT_SPACING, value);
    }

    private static long slot(long page, int slot) {
        return Memory.getLong(page + 40 + (long) slot * SLOT_SPACING);
    }

    private static void initPage(long page) {
        Page.init(page, 0, PageKind.OTHER);
        Page.setLower(page, Page.SIZE);
        Page.setUpper(page, Page.SIZE);
    }

    /** One process life over the disk. */
    private final class Node {
        private final SimDisk disk;
        private final Random random;
        private final String where;
        private StorageRecovery storage;
        private BufferPool pool;
        private WalWriter wal;
        private Checkpointer checkpointer;
        /** What the process believes: contents by relation, and how far the file goes. */
        private final Map<RelationId, List<long[]>> live = new LinkedHashMap<>();

        Node(SimDisk disk, Random random, String where) {
            this.disk = disk;
            this.random = random;
            this.where = where;
        }

        void open() throws IOException {
            storage = new StorageRecovery(disk, DATA, POOL_PAGES * Page.SIZE, Clock.SYSTEM, 6, 8);
            pool = storage.pool();
            storage.resourceManagers().register(ResourceManagers.HEAP, new ToyResourceManager(storage));
            storage.resourceManagers().register(ResourceManagers.XLOG, new XlogResourceManager(new Images(storage)));
            WalPosition position = storage.recover();
            verify(position.endLsn().value());
            wal = storage.openWal(position, new WalWriterOptions(1 << 17, SyncMethod.FDATASYNC, 200, false),
                (message, cause) -> { });
            checkpointer = new Checkpointer(pool, new WalCheckpointLog(wal, storage.control(), COUNTERS, List.of(), 2),
                storage.barrier(),
                List.of(), CheckpointOptions.DEFAULT, Clock.SYSTEM, e -> { });
            checkpointer.checkpointNow(CheckpointKind.END_OF_RECOVERY);
            flushedLsn = Math.max(flushedLsn, wal.flushLsn());
        }

        void shutDown() throws IOException {
            checkpointer.checkpointNow(CheckpointKind.SHUTDOWN);
            wal.close();
            pool.close();
            storage.files().close();
        }

        void abandon() {
            try {
                if (wal != null) {
                    wal.abandon();
                }
            } catch (IOException e) {
                assertTrue(disk.isOff(), where + ": " + e);
            }
            if (pool != null) {
                pool.close();
            }
        }

        /** Compares pages with the model as of {@code endLsn} and forgets changes that did not survive. */
        private void verify(long endLsn) {
            assertTrue(endLsn >= flushedLsn, where + ": WAL ends at " + endLsn + ", flushed was " + flushedLsn);
            changes.removeIf(change -> change.endLsn > endLsn);
            live.clear();
            for (Change change : changes) {
                change.effect.accept(live);
            }
            live.forEach((relation, pages) -> {
                int blocks = pool.blockCount(relation, ForkNumber.MAIN);
                assertTrue(blocks >= pages.size(), where + ": " + relation + " has " + blocks + " blocks, expected "
                    + pages.size());
                for (int block = 0; block < blocks; block++) {
                    int buffer = pool.pin(relation, ForkNumber.MAIN, block);
                    long page = pool.address(buffer);
                    if (block >= pages.size()) {
                        assertTrue(PageChecksum.isAllZero(page), where + ": block " + block + " of " + relation
                            + " is behind the end");
                    } else {
                        for (int slot = 0; slot < SLOTS; slot++) {
                            assertEquals(pages.get(block)[slot], slot(page, slot), where + ": " + relation + " block "
                                + block + " slot " + slot);
                        }
                    }
                    pool.unpin(buffer);
                }
            });
            for (int file = 1; file < nextFile; file++) {
                RelationId relation = new RelationId(7, file);
                if (!live.containsKey(relation)) {
                    boolean created = changes.stream().anyMatch(c -> c.what.equals("create " + relation));
                    assertFalse(created && storage.files().exists(relation, ForkNumber.MAIN), where + ": " + relation
                        + " is dropped");
                }
            }
            assertEquals(0, pool.pinsHeld());
        }

        void work(int steps) {
            for (int i = 0; i < steps; i++) {
                step();
                flushedLsn = Math.max(flushedLsn, wal.flushLsn());
            }
        }

        private void step() {
            int choice = random.nextInt(100);
            RelationId relation = pickRelation();
            if (relation == null || choice < 2 && live.size() < 6) {
                create();
            } else if (choice < 20 || live.get(relation).isEmpty()) {
                append(relation);
            } else if (choice < 75) {
                set(relation);
            } else if (choice < 85) {
                setTwo(relation);
            } else if (choice < 87) {
                truncate(relation);
            } else if (choice < 88 && live.size() > 2) {
                drop(relation);
            } else if (choice < 90) {
                checkpointer.checkpointNow(CheckpointKind.REQUESTED);
            } else if (choice < 93) {
                pool.writeAhead(3);
            } else if (choice < 97) {
                wal.flush(wal.insertLsn());
            } else {
                reload(relation);
            }
        }

        private RelationId pickRelation() {
            List<RelationId> all = new ArrayList<>(live.keySet());
            return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
        }

        private void log(long endLsn, String what, java.util.function.Consumer<Map<RelationId, List<long[]>>> effect) {
            changes.add(new Change(endLsn, what, effect));
            effect.accept(live);
        }

        private void create() {
            RelationId relation = new RelationId(7, nextFile++);
            storage.changes().create(relation, 3, new PendingStorage(), 1);
            log(wal.insertLsn(), "create " + relation, m -> m.put(relation, new ArrayList<>()));
        }

        private void append(RelationId relation) {
            wal.admit();
            int expected = live.get(relation).size();
            int buffer = expected < pool.blockCount(relation, ForkNumber.MAIN)
                ? pool.pin(relation, ForkNumber.MAIN, expected) : pool.extend(relation, ForkNumber.MAIN);
            if (pool.optimisticRead(buffer) != 0) {
                pool.latchExclusive(buffer);
            }
            assertEquals(expected, pool.blockNumber(buffer), where);
            long value = random.nextLong();
            long page = pool.address(buffer);
            pool.markDirty(buffer);
            initPage(page);
            setSlot(page, 0, value);
            WalRecordBuilder record = wal.newRecord().begin(ResourceManagers.HEAP, INIT, 3)
                .block(relation, ForkNumber.MAIN, expected, page, WalRecordBuilder.WILL_INIT).putLong(value);
            long endLsn = wal.insert(record);
            Page.setLsn(page, endLsn);
            pool.releaseExclusive(buffer);
            log(endLsn, "append", m -> {
                long[] slots = new long[SLOTS];
                slots[0] = value;
                m.get(relation).add(slots);
            });
        }

        private void set(RelationId relation) {
            wal.admit();
            int block = random.nextInt(live.get(relation).size());
            int slot = random.nextInt(SLOTS);
            long value = random.nextLong();
            int buffer = pool.pin(relation, ForkNumber.MAIN, block);
            pool.latchExclusive(buffer);
            long page = pool.address(buffer);
            pool.markDirty(buffer);
            setSlot(page, slot, value);
            WalRecordBuilder record = wal.newRecord().begin(ResourceManagers.HEAP, SET, 3)
                .block(relation, ForkNumber.MAIN, block, page, 0).putInt(slot).putLong(value);
            long endLsn = wal.insert(record);
            Page.setLsn(page, endLsn);
            pool.releaseExclusive(buffer);
            log(endLsn, "set", m -> m.get(relation).get(block)[slot] = value);
        }

        /** Moves a number from one page to another: both or none. */
        private void setTwo(RelationId relation) {
            int size = live.get(relation).size();
            if (size < 2) {
                return;
            }
            wal.admit();
            int low = random.nextInt(size - 1);
            int high = low + 1 + random.nextInt(size - 1 - low);
            long value = random.nextLong();
            int first = pool.pin(relation, ForkNumber.MAIN, low);
            pool.latchExclusive(first);
            int second = pool.pin(relation, ForkNumber.MAIN, high);
            pool.latchExclusive(second);
            pool.markDirty(first);
            pool.markDirty(second);
            setSlot(pool.address(first), 3, value);
            setSlot(pool.address(second), 4, -value);
            WalRecordBuilder record = wal.newRecord().begin(ResourceManagers.HEAP, SET_TWO, 3)
                .block(relation, ForkNumber.MAIN, low, pool.address(first), 0)
                .block(relation, ForkNumber.MAIN, high, pool.address(second), 0).mainData().putLong(value);
            long endLsn = wal.insert(record);
            Page.setLsn(pool.address(first), endLsn);
            Page.setLsn(pool.address(second), endLsn);
            pool.releaseExclusive(second);
            pool.releaseExclusive(first);
            log(endLsn, "set two", m -> {
                m.get(relation).get(low)[3] = value;
                m.get(relation).get(high)[4] = -value;
            });
        }

        private void truncate(RelationId relation) {
            int keep = random.nextInt(live.get(relation).size() + 1);
            long before = wal.insertLsn();
            try {
                storage.changes().truncate(relation, keep, 3);
            } finally {
                if (wal.insertLsn() != before) {
                    log(wal.insertLsn(), "truncate", m -> {
                        List<long[]> pages = m.get(relation);
                        pages.subList(keep, pages.size()).clear();
                    });
                }
            }
        }

        private void drop(RelationId relation) {
            wal.admit();
            WalRecordBuilder record = wal.newRecord().begin(ResourceManagers.HEAP, COMMIT_DROP, 3).mainData();
            StorageRecords.putRelations(record, List.of(relation));
            int ticket = storage.barrier().enter();
            try {
                long endLsn = wal.insert(record);
                log(endLsn, "drop", m -> m.remove(relation));
                storage.changes().dropAfter(endLsn, List.of(relation));
            } finally {
                storage.barrier().leave(ticket);
            }
        }

        /** Writes the relation and forgets it, so that it is read again. */
        private void reload(RelationId relation) {
            pool.flushRelation(relation);
            pool.dropRelation(relation);
        }
    }

    private record ToyResourceManager(StorageRecovery storage) implements ResourceManager {
        @Override
        public String name() {
            return "heap";
        }

        @Override
        public void redo(WalRecord record) {
            byte[] bytes = record.bytes();
            switch (record.kind()) {
                case INIT -> {
                    try (RedoBlock block = storage.redoBuffers().prepare(record, 0)) {
                        initPage(block.page());
                        setSlot(block.page(), 0, Memory.getLong(bytes, record.blockDataOffset(0)));
                    }
                }
                case SET -> {
                    try (RedoBlock block = storage.redoBuffers().prepare(record, 0)) {
                        if (block.needsRedo()) {
                            int at = record.blockDataOffset(0);
                            setSlot(block.page(), Memory.getInt(bytes, at), Memory.getLong(bytes, at + 4));
                        }
                    }
                }
                case SET_TWO -> {
                    long value = Memory.getLong(bytes, record.dataOffset());
                    for (int i = 0; i < 2; i++) {
                        try (RedoBlock block = storage.redoBuffers().prepare(record, i)) {
                            if (block.needsRedo()) {
                                setSlot(block.page(), 3 + i, i == 0 ? value : -value);
                            }
                        }
                    }
                }
                case COMMIT_DROP -> storage.storageManager().redoDrops(StorageRecords.relations(bytes,
                    record.dataOffset()), record.endLsn());
                default -> throw new IllegalStateException("kind " + record.kind());
            }
        }

        @Override
        public String describe(WalRecord record) {
            return "kind " + record.kind();
        }
    }

    private record Images(StorageRecovery storage) implements XlogResourceManager.Redo {
        @Override
        public void checkpoint(CheckpointRecord checkpoint, WalRecord record) {
            // Counters do not matter here.
        }

        @Override
        public void nextOid(long nextOid) {
            // Counters do not matter here.
        }

        @Override
        public void fullPageImages(WalRecord record) {
            storage.redoBuffers().restoreImages(record);
        }

        @Override
        public void parameterChange(WalRecord record) {
            // No settings here.
        }

        @Override
        public void endOfRecovery(int timeline, int previousTimeline, long wallMicros) {
            // One timeline.
        }
    }
}
