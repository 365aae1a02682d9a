package io.quantadb.storage.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Memory;
import io.quantadb.base.RelationId;
import io.quantadb.error.SqlState;
import io.quantadb.storage.MemoryFileSystem;
import io.quantadb.storage.StorageException;
import io.quantadb.storage.file.RelationFiles;
import io.quantadb.storage.page.Page;
import io.quantadb.storage.page.PageKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Goal: every rule a caller relies on, one by one. Method: a pool of 16 buffers over files in memory and a WAL that
 * only counts.
 */
class BufferPoolTest {
    private static final RelationId REL = new RelationId(5, 100);
    private static final ForkNumber MAIN = ForkNumber.MAIN;
    private static final Path FILE = Path.of("data/base/5/100");

    private final MemoryFileSystem disk = new MemoryFileSystem();
    private final AtomicLong insertLsn = new AtomicLong(1000);
    private final AtomicLong flushLsn = new AtomicLong();
    private final PageWal wal = new PageWal() {
        @Override
        public long insertLsn() {
            return insertLsn.get();
        }

        @Override
        public void flush(long lsn) {
            flushLsn.accumulateAndGet(lsn, Math::max);
        }
    };
    private final RelationFiles files = new RelationFiles(disk, Path.of("data"), 4711, 100, 64);
    private final BufferPool pool = new BufferPool(16 * Page.SIZE, wal, files);

    @AfterEach
    void shouldLeaveNoPins() {
        assertEquals(0, pool.pinsHeld());
        pool.close();
    }

    private void append(int blocks) {
        for (int i = 0; i < blocks; i++) {
            int buffer = pool.extend(REL, MAIN);
            pool.markDirty(buffer);
            long page = pool.address(buffer);
            Page.init(page, 0, PageKind.OTHER);
            Memory.putLong(page + 100, pool.blockNumber(buffer) * 31L);
            Page.setLsn(page, insertLsn.addAndGet(10));
            pool.releaseExclusive(buffer);
        }
    }

    private void verify(int block) {
        int buffer = pool.pin(REL, MAIN, block);
        pool.latchShared(buffer);
        assertEquals(block * 31L, Memory.getLong(pool.address(buffer) + 100));
        assertEquals(block, pool.blockNumber(buffer));
        assertEquals(REL, pool.relation(buffer));
        pool.releaseShared(buffer);
    }

    @Test
    void shouldKeepPagesThroughEvictionAndFlushWalFirst() {
        append(200);
        assertEquals(200, pool.blockCount(REL, MAIN));
        for (int block = 0; block < 200; block++) {
            verify(block);
        }
        assertTrue(pool.metrics().evictions() >= 184 * 2 - 16);
        assertTrue(flushLsn.get() >= 1000 + 10 * 184, "pages were written before their WAL: " + flushLsn);
        assertTrue(disk.files.containsKey(Path.of("data/base/5/100.3")), "64 blocks a segment");
    }

    @Test
    void shouldNeverWritePageWhoseWalCannotBeFlushed() {
        append(16);
        pool.setWal(new PageWal() {
            @Override
            public long insertLsn() {
                return insertLsn.get();
            }

            @Override
            public void flush(long lsn) {
                throw new IllegalStateException("no WAL");
            }
        });
        int before = disk.writes.get();
        assertThrows(IllegalStateException.class, () -> pool.flushRelation(REL));
        assertEquals(before, disk.writes.get());
        pool.setWal(wal);
        pool.flushRelation(REL);
        assertTrue(disk.writes.get() > before, "the page was still dirty");
    }

    @Test
    void shouldReportAllPinnedAsInsufficientResources() {
        append(20);
        List<Integer> pinned = new ArrayList<>();
        for (int block = 0; block < 16; block++) {
            pinned.add(pool.pin(REL, MAIN, block));
        }
        var failure = assertThrows(StorageException.class, () -> pool.pin(REL, MAIN, 17));
        assertEquals(SqlState.INSUFFICIENT_RESOURCES, failure.sqlState());
        pinned.forEach(pool::unpin);
        verify(17);
    }

    @Test
    void shouldReportDamagedPageWithPathAndBlockAndReadItAgainLater() {
        append(40);
        pool.flushRelation(REL);
        pool.dropRelation(REL);
        disk.files.get(FILE).flip(8192 * 8 + 500);
        var failure = assertThrows(StorageException.class, () -> pool.pin(REL, MAIN, 7));
        assertEquals(SqlState.DATA_CORRUPTED, failure.sqlState());
        assertTrue(failure.getMessage().startsWith("invalid page in block 7 of relation base/5/100: checksum "),
            failure.getMessage());
        verify(6);
        disk.files.get(FILE).flip(8192 * 8 + 500);
        verify(7);
    }

    @Test
    void shouldDetectPageWrittenToAnotherBlock() {
        append(2);
        pool.flushRelation(REL);
        pool.dropRelation(REL);
        var content = java.nio.ByteBuffer.allocate(Page.SIZE);
        files.read(REL, MAIN, 0, content);
        files.write(REL, MAIN, 1, content.flip());
        assertThrows(StorageException.class, () -> pool.pin(REL, MAIN, 1));
    }

    @Test
    void shouldReadAheadWithOneRequestAndStopAtDamage() {
        append(40);
        pool.flushRelation(REL);
        pool.dropRelation(REL);
        disk.files.get(FILE).flip(8192 * 3 + 500);
        disk.reads.set(0);
        BufferRing ring = pool.newRing(BufferAccess.BULK_READ);
        pool.unpin(pool.pinSequential(BufferPool.key(REL), MAIN, 0, 40, null));
        assertEquals(1, disk.reads.get(), "two blocks wanted by a pool of 16");
        verify(1);
        assertEquals(1, disk.reads.get());
        assertThrows(StorageException.class, () -> pool.pinSequential(BufferPool.key(REL), MAIN, 2, 40, ring));
        verify(3);
    }

    @Test
    void shouldNotPushOutOtherPagesDuringBulkRead() {
        append(100);
        for (int round = 0; round < 3; round++) {
            for (int block = 0; block < 8; block++) {
                verify(block);
            }
        }
        BufferRing ring = pool.newRing(BufferAccess.BULK_READ);
        for (int block = 10; block < 100; block++) {
            pool.unpin(pool.pinSequential(BufferPool.key(REL), MAIN, block, 100, ring));
        }
        for (int block = 0; block < 8; block++) {
            int buffer = pool.pinIfResident(BufferPool.key(REL), MAIN, block);
            assertTrue(buffer >= 0, "block " + block + " was evicted");
            pool.unpin(buffer);
        }
    }

    @Test
    void shouldReadMissingBlockOnceForAllWhoWantIt() throws Exception {
        append(30);
        pool.flushRelation(REL);
        pool.dropRelation(REL);
        disk.reads.set(0);
        disk.readDelayMillis = 50;
        List<Thread> threads = new ArrayList<>();
        AtomicInteger good = new AtomicInteger();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                verify(3);
                good.incrementAndGet();
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(8, good.get());
        assertEquals(1, disk.reads.get());
    }

    @Test
    void shouldGiveEachWaiterTheErrorAndRecover() throws Exception {
        append(30);
        pool.flushRelation(REL);
        pool.dropRelation(REL);
        disk.readDelayMillis = 20;
        disk.failReads = true;
        AtomicInteger failed = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                if (assertThrows(StorageException.class, () -> pool.pin(REL, MAIN, 3))
                    .sqlState() == SqlState.IO_ERROR) {
                    failed.incrementAndGet();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(4, failed.get());
        disk.failReads = false;
        verify(3);
    }

    @Test
    void shouldReportFullDiskAtExtensionAndGoOnWhenSpaceReturns() {
        append(10);
        disk.capacity = disk.capacity - disk.usableSpace(FILE) + Page.SIZE;
        append(1);
        var failure = assertThrows(StorageException.class, () -> pool.extend(REL, MAIN));
        assertEquals(SqlState.DISK_FULL, failure.sqlState());
        assertTrue(failure.getMessage().contains("could not extend file \"base/5/100\""), failure.getMessage());
        assertEquals(11, pool.blockCount(REL, MAIN));
        verify(10);
        disk.capacity = Long.MAX_VALUE;
        append(30);
        verify(40);
    }

    @Test
    void shouldKeepPageDirtyWhenItsWriteFails() {
        append(40);
        disk.failWrites = true;
        var failure = assertThrows(StorageException.class, () -> pool.flushRelation(REL));
        assertEquals(SqlState.IO_ERROR, failure.sqlState());
        disk.failWrites = false;
        for (int block = 0; block < 40; block++) {
            verify(block);
        }
    }

    @Test
    void shouldFinishReadWhenReadAheadCannotEvict() {
        append(40);
        pool.flushRelation(REL);
        for (int block = 0; block < 16; block++) {
            int buffer = pool.pin(REL, MAIN, block);
            pool.latchExclusive(buffer);
            if (block < 5) {
                pool.markDirty(buffer);
            }
            pool.releaseExclusive(buffer);
        }
        disk.failWrites = true;
        pool.unpin(pool.pinSequential(BufferPool.key(REL), MAIN, 30, 40, null));
        disk.failWrites = false;
        verify(30);
        verify(31);
        verify(3);
    }

    @Test
    void shouldGiveBackUnusedSpaceAtShutdown() {
        append(30);
        while (disk.files.get(FILE).size() == 8192 * (pool.blockCount(REL, MAIN) + 1)) {
            append(1);
        }
        int blocks = pool.blockCount(REL, MAIN);
        files.releaseUnused();
        assertEquals(8192 * (blocks + 1), disk.files.get(FILE).size());
        append(5);
        verify(blocks + 4);
    }

    @Test
    void shouldForgetDroppedAndTruncatedPages() {
        append(30);
        pool.dropBlocks(REL, MAIN, 20);
        files.truncate(REL, MAIN, 20);
        assertEquals(20, pool.blockCount(REL, MAIN));
        append(1);
        verify(20);
        verify(19);
        pool.dropRelation(REL);
        files.drop(REL);
        assertEquals(0, pool.blockCount(REL, MAIN));
        assertFalse(files.exists(REL, MAIN));
        assertTrue(disk.files.isEmpty());
        append(3);
        verify(2);
    }

    @Test
    void shouldInvalidateOptimisticStampsByChangeAndByReplacement() {
        append(40);
        int buffer = pool.pin(REL, MAIN, 5);
        long stamp = pool.optimisticRead(buffer);
        assertNotEquals(0, stamp);
        pool.latchShared(buffer);
        assertTrue(pool.validate(buffer, stamp), "readers do not disturb");
        pool.unlatchShared(buffer);
        pool.latchExclusive(buffer);
        assertEquals(0, pool.optimisticRead(buffer));
        assertFalse(pool.validate(buffer, stamp));
        pool.unlatchExclusive(buffer);
        assertFalse(pool.validate(buffer, stamp));
        long second = pool.optimisticRead(buffer);
        assertTrue(pool.holds(buffer, BufferPool.key(REL), MAIN, 5));
        assertEquals(buffer, pool.find(BufferPool.key(REL), MAIN, 5));
        pool.unpin(buffer);
        for (int block = 6; block < 40; block++) {
            verify(block);
            verify(block);
        }
        assertFalse(pool.validate(buffer, second), "the buffer was given to another block");
        assertFalse(pool.holds(buffer, BufferPool.key(REL), MAIN, 5));
    }

    @Test
    void shouldGrantCleanupLatchOnlyToTheOnlyPin() {
        append(1);
        int buffer = pool.pin(REL, MAIN, 0);
        int again = pool.pin(REL, MAIN, 0);
        assertEquals(buffer, again);
        assertFalse(pool.tryLatchForCleanup(buffer));
        pool.unpin(again);
        assertTrue(pool.tryLatchForCleanup(buffer));
        pool.releaseExclusive(buffer);
    }

    @Test
    void shouldTreatPreallocatedPagesAsNew() {
        append(1);
        int first = pool.extendBlocks(REL, MAIN, 5);
        assertEquals(1, first);
        assertEquals(6, pool.blockCount(REL, MAIN));
        int buffer = pool.pin(REL, MAIN, 4);
        assertTrue(Page.isNew(pool.address(buffer)));
        pool.unpin(buffer);
    }

    @Test
    void shouldRefuseFileOfAnotherSystemOrRelation() {
        append(1);
        pool.flushRelation(REL);
        files.close();
        var foreign = new RelationFiles(disk, Path.of("data"), 4712, 100, 64);
        var failure = assertThrows(StorageException.class,
            () -> foreign.read(REL, MAIN, 0, java.nio.ByteBuffer.allocateDirect(Page.SIZE)));
        assertTrue(failure.getMessage().contains("belongs to system 4711, not to 4712"), failure.getMessage());
        disk.rename(FILE, Path.of("data/base/5/101"));
        var moved = new RelationFiles(disk, Path.of("data"), 4711, 100, 64);
        failure = assertThrows(StorageException.class,
            () -> moved.read(new RelationId(5, 101), MAIN, 0, java.nio.ByteBuffer.allocateDirect(Page.SIZE)));
        assertTrue(failure.getMessage().contains("contains relation 5/100"), failure.getMessage());
    }

    @Test
    void shouldKeepOpenFilesWithinLimitAndSyncEachOnce() {
        var few = new RelationFiles(disk, Path.of("data"), 4711, 10, 64);
        try (BufferPool small = new BufferPool(16 * Page.SIZE, wal, few)) {
            for (int relation = 1; relation <= 50; relation++) {
                for (int block = 0; block < 3; block++) {
                    int buffer = small.extend(new RelationId(5, relation), MAIN);
                    small.markDirty(buffer);
                    Page.init(small.address(buffer), 0, PageKind.OTHER);
                    small.releaseExclusive(buffer);
                }
                small.flushRelation(new RelationId(5, relation));
                assertTrue(few.openFiles() <= 10, "open files: " + few.openFiles());
            }
            disk.syncs.set(0);
            assertEquals(50, few.syncPending());
            assertEquals(50, disk.syncs.get());
            assertEquals(0, few.syncPending());
            disk.failSyncs = true;
            small.ensureBlocks(new RelationId(5, 1), MAIN, 4);
            assertTrue(assertThrows(StorageException.class, few::syncPending).isFatal());
        }
        few.close();
        assertEquals(files.openFiles(), disk.open.get(), "handles leaked");
    }
}
