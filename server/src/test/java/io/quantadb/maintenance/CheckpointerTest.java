package io.quantadb.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.Clock;
import io.quantadb.base.ForkNumber;
import io.quantadb.base.RelationId;
import io.quantadb.error.SqlState;
import io.quantadb.storage.MemoryFileSystem;
import io.quantadb.storage.StorageException;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.buffer.CheckpointBarrier;
import io.quantadb.storage.buffer.PageWal;
import io.quantadb.storage.file.RelationFiles;
import io.quantadb.storage.page.Page;
import io.quantadb.storage.page.PageKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Goal: when checkpoints happen, in which order their steps come, and what a failure leaves. Method: files in memory
 * and a log that writes down its calls.
 */
@Timeout(60)
class CheckpointerTest {
    private static final RelationId REL = new RelationId(5, 100);

    private final MemoryFileSystem disk = new MemoryFileSystem();
    private final RelationFiles files = new RelationFiles(disk, Path.of("data"), 1);
    private final AtomicLong insertLsn = new AtomicLong(100);
    private final BufferPool pool = new BufferPool(64 * Page.SIZE, new PageWal() {
        @Override
        public long insertLsn() {
            return insertLsn.get();
        }

        @Override
        public void flush(long lsn) {
            // Every record is durable at once.
        }
    }, files);
    private final CheckpointBarrier barrier = new CheckpointBarrier();
    private final List<String> steps = Collections.synchronizedList(new ArrayList<>());
    private final AtomicReference<StorageException> fatal = new AtomicReference<>();
    private Checkpointer checkpointer;

    private final CheckpointLog log = new CheckpointLog() {
        @Override
        public long startRedoPoint() {
            steps.add("redo");
            return insertLsn.get();
        }

        @Override
        public long currentLsn() {
            return insertLsn.get();
        }

        @Override
        public long complete(CheckpointKind kind, long redoLsn) {
            steps.add("complete " + kind + (pool.oldestRecoveryLsn() < redoLsn ? " TOO EARLY" : ""));
            return insertLsn.addAndGet(10);
        }

        @Override
        public void recycle(long redoLsn) {
            steps.add("recycle");
        }
    };

    private Checkpointer start(long intervalMillis, long maxWalBytes) {
        checkpointer = new Checkpointer(pool, log, barrier, List.of(redo -> steps.add("participant")),
            new CheckpointOptions(intervalMillis, maxWalBytes, 0.5), Clock.SYSTEM, fatal::set);
        checkpointer.start(100);
        return checkpointer;
    }

    private void dirty(int pages) {
        for (int i = 0; i < pages; i++) {
            int buffer = pool.extend(REL, ForkNumber.MAIN);
            pool.markDirty(buffer);
            Page.init(pool.address(buffer), 0, PageKind.OTHER);
            Page.setLsn(pool.address(buffer), insertLsn.addAndGet(10));
            pool.releaseExclusive(buffer);
        }
    }

    private void awaitStep(String step) throws InterruptedException {
        while (!steps.contains(step)) {
            Thread.sleep(5);
        }
    }

    @AfterEach
    void stop() {
        checkpointer.close();
        pool.close();
    }

    @Test
    void shouldWriteEverythingBeforeItCompletes() {
        start(600_000, 1 << 30);
        dirty(20);
        CheckpointResult result = checkpointer.checkpoint();
        assertEquals(20, result.pagesWritten());
        assertEquals(1, result.filesSynced());
        assertEquals(List.of("redo", "participant", "complete REQUESTED", "recycle"), steps);
        assertEquals(result.redoLsn(), checkpointer.lastRedoLsn());
        assertEquals(0, checkpointer.checkpoint().pagesWritten());
    }

    @Test
    void shouldWaitForSectionsEnteredBeforeTheRedoPointOnly() throws Exception {
        start(600_000, 1 << 30);
        int ticket = barrier.enter();
        CompletableFuture<CheckpointResult> done = CompletableFuture.supplyAsync(checkpointer::checkpoint);
        awaitStep("redo");
        Thread.sleep(50);
        int later = barrier.enter();
        assertFalse(steps.contains("participant"), "the section is still open");
        barrier.leave(ticket);
        assertNotNull(done.get(10, TimeUnit.SECONDS));
        barrier.leave(later);
    }

    @Test
    void shouldStartByTimeUnlessNothingHappened() throws Exception {
        start(300, 1 << 30);
        dirty(1);
        awaitStep("complete TIMED");
        Thread.sleep(1200);
        assertEquals(1, steps.stream().filter(step -> step.startsWith("complete")).count(),
            "the second had nothing to do");
    }

    @Test
    void shouldStartByWalVolume() throws Exception {
        start(600_000, 3000);
        insertLsn.addAndGet(1900);
        Thread.sleep(500);
        assertTrue(steps.isEmpty(), "2000 of 3000 bytes at completion target 0.5 is the trigger: " + steps);
        insertLsn.addAndGet(200);
        awaitStep("complete WAL_VOLUME");
    }

    @Test
    void shouldSpreadWritesButHurryWhenAsked() throws Exception {
        start(2000, 1 << 30);
        dirty(40);
        long begin = System.nanoTime();
        awaitStep("complete TIMED");
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(millis >= 2500, "2 s until it begins and about 1 s for the writes, took " + millis + " ms");
        dirty(10);
        begin = System.nanoTime();
        checkpointer.checkpoint();
        assertTrue((System.nanoTime() - begin) / 1_000_000 < 500);
    }

    @Test
    void shouldReportFailureToTheRequesterAndSucceedLater() {
        start(600_000, 1 << 30);
        dirty(5);
        disk.failWrites = true;
        var failure = assertThrows(StorageException.class, checkpointer::checkpoint);
        assertEquals(SqlState.IO_ERROR, failure.sqlState());
        assertFalse(steps.stream().anyMatch(step -> step.startsWith("complete")));
        assertEquals(100, checkpointer.lastRedoLsn());
        disk.failWrites = false;
        assertEquals(5, checkpointer.checkpoint().pagesWritten());
    }

    @Test
    void shouldTreatFailedSyncAsFatal() {
        start(600_000, 1 << 30);
        dirty(5);
        disk.failSyncs = true;
        assertThrows(StorageException.class, checkpointer::checkpoint);
        assertTrue(fatal.get().isFatal());
        assertFalse(steps.stream().anyMatch(step -> step.startsWith("complete")));
    }

    @Test
    void shouldWriteAheadOfEviction() throws Exception {
        start(600_000, 1 << 30);
        try (BackgroundWriter writer = new BackgroundWriter(pool, 5)) {
            writer.start();
            for (int i = 0; i < 40; i++) {
                dirty(10);
                Thread.sleep(8);
            }
        }
        var metrics = pool.metrics();
        assertTrue(metrics.writes() > metrics.backendWrites(), "all writes were left to the statements: " + metrics);
    }
}
