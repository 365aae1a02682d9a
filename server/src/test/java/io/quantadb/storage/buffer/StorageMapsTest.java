package io.quantadb.storage.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.RelationId;
import io.quantadb.storage.MemoryFileSystem;
import io.quantadb.storage.file.RelationFiles;
import io.quantadb.storage.page.Page;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Goal: the free-space map finds room where there is some and never names a block beyond the end; the visibility map
 * never claims too much.
 */
class StorageMapsTest {
    private static final RelationId REL = new RelationId(5, 100);
    private final MemoryFileSystem disk = new MemoryFileSystem();
    private final RelationFiles files = new RelationFiles(disk, Path.of("data"), 1);
    private final BufferPool pool = new BufferPool(64 * Page.SIZE, PageWal.DURABLE, files);
    private final FreeSpaceMap free = new FreeSpaceMap(pool);
    private final VisibilityMap visible = new VisibilityMap(pool);
    private final StorageChanges changes = new StorageChanges(pool, free, new CheckpointBarrier(), null);

    @AfterEach
    void shouldLeaveNoPins() {
        assertEquals(0, pool.pinsHeld());
        pool.close();
    }

    private void setVisible(int heapBlock) {
        int buffer = visible.pin(REL, heapBlock);
        pool.latchExclusive(buffer);
        pool.markDirty(buffer);
        VisibilityMap.set(pool.address(buffer), heapBlock);
        pool.releaseExclusive(buffer);
    }

    @Test
    void shouldFindOnlyBlocksThatHaveTheRoomAsked() {
        pool.extendBlocks(REL, ForkNumber.MAIN, 10_000);
        assertEquals(-1, free.search(REL, 100));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int[] model = new int[10_000];
        for (int i = 0; i < 20_000; i++) {
            int block = random.nextInt(model.length);
            model[block] = random.nextInt(8160);
            free.record(REL, block, model[block]);
            int wanted = 1 + random.nextInt(8160);
            int found = free.search(REL, wanted);
            if (found >= 0) {
                assertTrue(model[found] >= wanted, "seed " + seed + ": block " + found + " has " + model[found]
                    + ", wanted " + wanted);
            } else {
                int slack = wanted + FreeSpaceMap.CATEGORY_BYTES;
                assertTrue(java.util.Arrays.stream(model).noneMatch(bytes -> bytes >= slack), "seed " + seed
                    + ": missed one for " + wanted);
            }
        }
        for (int block = 0; block < model.length; block += 97) {
            assertEquals(model[block] / 32 * 32, free.freeBytes(REL, block));
        }
    }

    @Test
    void shouldSpreadSearchersOverBlocks() {
        pool.extendBlocks(REL, ForkNumber.MAIN, 1000);
        for (int block = 0; block < 1000; block++) {
            free.record(REL, block, 4000);
        }
        Set<Integer> found = new HashSet<>();
        for (int i = 0; i < 64; i++) {
            found.add(free.search(REL, 100));
        }
        assertTrue(found.size() >= 32, "64 searches led to " + found.size() + " blocks");
    }

    @Test
    void shouldForgetBlocksBehindTheEndAndSurviveRestartAndDamage() {
        pool.extendBlocks(REL, ForkNumber.MAIN, 5000);
        free.record(REL, 10, 500);
        free.record(REL, 4900, 8000);
        changes.truncateFiles(REL, 4500);
        assertEquals(-1, free.search(REL, 1000));
        assertEquals(10, free.search(REL, 400));
        pool.flushRelation(REL);
        pool.dropRelation(REL);
        assertEquals(10, new FreeSpaceMap(pool).search(REL, 400), "read from the file");
        pool.dropRelation(REL);
        disk.files.get(Path.of("data/base/5/100_fsm")).flip(8192 + 5000);
        FreeSpaceMap again = new FreeSpaceMap(pool);
        assertEquals(-1, again.search(REL, 400), "a damaged map knows nothing");
        again.record(REL, 12, 900);
        assertEquals(12, again.search(REL, 400));
    }

    @Test
    void shouldNotFailWhenMapCannotGrow() {
        pool.extendBlocks(REL, ForkNumber.MAIN, 10);
        disk.capacity = 0;
        free.record(REL, 3, 500);
        assertEquals(-1, free.search(REL, 100));
    }

    @Test
    void shouldSetAndClearSinglePages() {
        assertFalse(visible.isAllVisible(REL, 7));
        int far = VisibilityMap.HEAP_BLOCKS_PER_PAGE + 9;
        for (int block : List.of(6, 7, 8, far)) {
            setVisible(block);
        }
        assertTrue(visible.isAllVisible(REL, 7));
        assertTrue(visible.isAllVisible(REL, far));
        assertTrue(visible.clear(REL, 7));
        assertFalse(visible.clear(REL, 7));
        assertTrue(visible.isAllVisible(REL, 6) && !visible.isAllVisible(REL, 7) && visible.isAllVisible(REL, 8));
        assertEquals(3, visible.countAllVisible(REL, far + 1));
    }

    @Test
    void shouldClearWhatTruncationCutsOff() {
        pool.extendBlocks(REL, ForkNumber.MAIN, 100);
        for (int block = 0; block < 100; block++) {
            setVisible(block);
        }
        changes.truncateFiles(REL, 50);
        pool.extendBlocks(REL, ForkNumber.MAIN, 50);
        assertTrue(visible.isAllVisible(REL, 49));
        for (int block = 50; block < 100; block++) {
            assertFalse(visible.isAllVisible(REL, block), "block " + block);
        }
    }

    @Test
    void shouldSayNotVisibleWhenMapIsDamaged() {
        setVisible(3);
        pool.flushRelation(REL);
        pool.dropRelation(REL);
        disk.files.get(Path.of("data/base/5/100_vm")).flip(8192 + 100);
        assertFalse(visible.isAllVisible(REL, 3));
    }

    @Test
    void shouldHandPendingFilesToParentAndBack() {
        PendingStorage pending = new PendingStorage();
        RelationId outer = new RelationId(1, 1);
        RelationId inner = new RelationId(1, 2);
        RelationId old = new RelationId(1, 3);
        pending.dropAtAbort(outer, 1);
        pending.dropAtAbort(inner, 2);
        pending.dropAtCommit(old, 3);
        pending.subCommit(3);
        assertEquals(List.of(old), pending.dropsAtCommit());
        assertEquals(List.of(inner), pending.subAbort(2));
        assertEquals(List.of(), pending.dropsAtCommit());
        assertEquals(List.of(outer), pending.dropsAtAbort());
    }
}
