package io.quantadb.storage.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Memory;
import io.quantadb.base.RelationId;
import io.quantadb.storage.MemoryFileSystem;
import io.quantadb.storage.file.RelationFiles;
import io.quantadb.storage.page.Page;
import io.quantadb.storage.page.PageKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Goal: no lost change, no torn read, no leaked pin, no deadlock, whatever threads do at once. Method: many threads
 * over a pool a tenth of the data; every page holds its identity, a counter twice, and the model counts in an array
 * beside it; a checkpointer, a background writer and a dropper run along.
 */
class BufferPoolStressTest {
    private static final int RELATIONS = 3;
    private static final int BLOCKS = 200;
    private static final int POOL_PAGES = 64;
    private static final int COUNTER = 64;
    private static final int COPY = 8000;
    private static final int IDENTITY = 72;
    private static final long RUN_MILLIS = 4_000;

    private final AtomicLong insertLsn = new AtomicLong(1);
    private final AtomicLong flushLsn = new AtomicLong();
    private final AtomicLongArray model = new AtomicLongArray(RELATIONS * BLOCKS);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final MemoryFileSystem disk = new MemoryFileSystem();
    private final RelationFiles files = new RelationFiles(disk, Path.of("d"), 1, 100, 64);
    private final BufferPool pool = new BufferPool(POOL_PAGES * Page.SIZE, new PageWal() {
        @Override
        public long insertLsn() {
            return insertLsn.get();
        }

        @Override
        public void flush(long lsn) {
            assertTrue(lsn <= insertLsn.get(), "a page carries an LSN the WAL has not reached");
            flushLsn.accumulateAndGet(lsn, Math::max);
        }
    }, files);

    private static RelationId relation(int i) {
        return new RelationId(1, 10 + i);
    }

    @Test
    @Timeout(120)
    void shouldKeepEveryChangeUnderConcurrency() throws Exception {
        long seed = System.nanoTime();
        for (int i = 0; i < RELATIONS * BLOCKS; i++) {
            int buffer = pool.extend(relation(i / BLOCKS), ForkNumber.MAIN);
            pool.markDirty(buffer);
            Page.init(pool.address(buffer), 0, PageKind.OTHER);
            Memory.putLong(pool.address(buffer) + IDENTITY, i);
            pool.releaseExclusive(buffer);
        }
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            long own = seed + i;
            threads.add(Thread.ofVirtual().unstarted(guard(() -> change(new Random(own)))));
            threads.add(Thread.ofPlatform().unstarted(guard(() -> readOptimistically(new Random(own * 31)))));
            threads.add(Thread.ofVirtual().unstarted(guard(() -> changeTwo(new Random(own * 17)))));
        }
        threads.add(Thread.ofPlatform().unstarted(guard(this::checkpoint)));
        threads.add(Thread.ofPlatform().unstarted(guard(() -> pool.writeAhead(10))));
        threads.add(Thread.ofPlatform().unstarted(guard(this::scan)));
        threads.add(Thread.ofPlatform().unstarted(guard(this::createAndDrop)));
        threads.forEach(Thread::start);
        Thread.sleep(RUN_MILLIS);
        stop.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new AssertionError("seed " + seed, failure.get());
        }
        assertEquals(0, pool.pinsHeld());
        verifyAll("in the pool");
        for (int i = 0; i < RELATIONS; i++) {
            pool.flushRelation(relation(i));
            pool.dropRelation(relation(i));
        }
        assertEquals(Long.MAX_VALUE, pool.oldestRecoveryLsn());
        verifyAll("in the files");
        assertTrue(pool.metrics().evictions() > 1000, "the pool was under no pressure: " + pool.metrics());
        pool.close();
        files.close();
        assertEquals(0, disk.open.get());
    }

    private Runnable guard(Runnable step) {
        return () -> {
            try {
                while (!stop.get() && failure.get() == null) {
                    step.run();
                }
            } catch (Throwable e) {
                failure.compareAndSet(null, e);
            }
        };
    }

    private int pin(int index) {
        return pool.pin(relation(index / BLOCKS), ForkNumber.MAIN, index % BLOCKS);
    }

    private int pick(Random random) {
        return random.nextInt(4) == 0 ? random.nextInt(8) : random.nextInt(RELATIONS * BLOCKS);
    }

    private void change(Random random) {
        int index = pick(random);
        int buffer = pin(index);
        pool.latchExclusive(buffer);
        increment(buffer, index);
        pool.releaseExclusive(buffer);
    }

    private void increment(int buffer, int index) {
        long page = pool.address(buffer);
        assertEquals(index, Memory.getLong(page + IDENTITY));
        long value = Memory.getLong(page + COUNTER) + 1;
        pool.markDirty(buffer);
        Memory.putLong(page + COUNTER, value);
        Page.setLsn(page, insertLsn.incrementAndGet());
        Memory.putLong(page + COPY, value);
        model.incrementAndGet(index);
    }

    /** Holds one exclusive latch while it pins, and perhaps evicts for, another. */
    private void changeTwo(Random random) {
        int first = pick(random);
        int second = pick(random);
        if (first == second) {
            return;
        }
        int low = pin(Math.min(first, second));
        pool.latchExclusive(low);
        int high = pin(Math.max(first, second));
        pool.latchExclusive(high);
        increment(low, Math.min(first, second));
        increment(high, Math.max(first, second));
        pool.releaseExclusive(high);
        pool.releaseExclusive(low);
    }

    private void readOptimistically(Random random) {
        int index = pick(random);
        long key = BufferPool.key(relation(index / BLOCKS));
        int buffer = pool.find(key, ForkNumber.MAIN, index % BLOCKS);
        if (buffer < 0) {
            buffer = pin(index);
            pool.latchShared(buffer);
            check(buffer, index);
            pool.releaseShared(buffer);
            return;
        }
        long stamp = pool.optimisticRead(buffer);
        if (stamp == 0 || !pool.holds(buffer, key, ForkNumber.MAIN, index % BLOCKS)) {
            return;
        }
        long page = pool.address(buffer);
        long identity = Memory.getLong(page + IDENTITY);
        long counter = Memory.getLong(page + COUNTER);
        long copy = Memory.getLong(page + COPY);
        if (pool.validate(buffer, stamp)) {
            assertEquals(index, identity);
            assertEquals(counter, copy);
        }
    }

    private void check(int buffer, int index) {
        long page = pool.address(buffer);
        assertEquals(index, Memory.getLong(page + IDENTITY));
        assertEquals(Memory.getLong(page + COUNTER), Memory.getLong(page + COPY));
    }

    private void checkpoint() {
        long redoLsn = insertLsn.get();
        List<DirtyBlock> dirty = pool.collectDirty();
        Collections.sort(dirty);
        dirty.forEach(pool::writeForCheckpoint);
        files.syncPending();
        long oldest = pool.oldestRecoveryLsn();
        assertTrue(oldest >= redoLsn, () -> "a page dirty since " + oldest + " survived a checkpoint with redo point "
            + redoLsn);
    }

    private void scan() {
        BufferRing ring = pool.newRing(BufferAccess.BULK_READ);
        long key = BufferPool.key(relation(0));
        for (int block = 0; block < BLOCKS; block++) {
            int buffer = pool.pinSequential(key, ForkNumber.MAIN, block, BLOCKS, ring);
            pool.latchShared(buffer);
            check(buffer, block);
            pool.releaseShared(buffer);
        }
    }

    private void createAndDrop() {
        RelationId victim = new RelationId(2, 77);
        for (int i = 0; i < 20; i++) {
            int buffer = pool.extend(victim, ForkNumber.MAIN);
            pool.markDirty(buffer);
            Page.init(pool.address(buffer), 0, PageKind.OTHER);
            Page.setLsn(pool.address(buffer), insertLsn.incrementAndGet());
            pool.releaseExclusive(buffer);
        }
        pool.dropRelation(victim);
        files.drop(victim);
        assertEquals(0, pool.blockCount(victim, ForkNumber.MAIN));
    }

    private void verifyAll(String where) {
        for (int i = 0; i < RELATIONS * BLOCKS; i++) {
            int buffer = pin(i);
            assertEquals(model.get(i), Memory.getLong(pool.address(buffer) + COUNTER), "page " + i + " " + where);
            check(buffer, i);
            pool.unpin(buffer);
        }
    }
}
