package io.quantadb.wal.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.Clock;
import io.quantadb.base.ForkNumber;
import io.quantadb.base.InvariantViolation;
import io.quantadb.base.Lsn;
import io.quantadb.base.Memory;
import io.quantadb.base.PosixFileSystem;
import io.quantadb.base.RelationId;
import io.quantadb.base.SimDisk;
import io.quantadb.wal.reader.WalReader;
import io.quantadb.wal.reader.WalReader.DamageCheck;
import io.quantadb.wal.record.WalFormat;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.record.WalRecordBuilder;
import io.quantadb.wal.segment.SegmentLayout;
import io.quantadb.wal.segment.SegmentName;
import io.quantadb.wal.segment.SyncMethod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Goal: concurrent inserts, images, group commit and each environment error keep the promises of WalInserter. */
@Timeout(60)
class WalWriterTest {
    private static final RelationId RELATION = new RelationId(5, 16_384);
    private static final long SEED = Long.getLong("quantadb.seed", System.nanoTime());

    private static void awaitTrue(java.util.function.BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 5_000; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            Thread.sleep(1);
        }
        throw new AssertionError("condition not reached in 5 seconds");
    }

    @Test
    void shouldKeepAllRecordsOfManyThreadsInOrderPerThread(@TempDir Path directory) throws Exception {
        int threads = 8;
        int perThread = 20_000;
        WalBench bench = new WalBench(PosixFileSystem.INSTANCE, directory, WalBench.LAYOUT);
        WalWriter writer = bench.open(WalBench.START, true);
        List<Thread> workers = new ArrayList<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int t = 0; t < threads; t++) {
            long base = t * 1_000_000L;
            Thread.Builder builder = t % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
            workers.add(builder.start(() -> {
                try {
                    Random random = new Random(base + SEED);
                    for (int i = 0; i < perThread; i++) {
                        writer.admit();
                        long end = WalBench.insert(writer, base + i, random.nextInt(100) == 0 ? 5_000
                                : random.nextInt(60));
                        if (random.nextInt(500) == 0) {
                            writer.flush(end);
                            assertTrue(writer.flushLsn() >= end);
                        }
                        if (random.nextInt(3_000) == 0) {
                            writer.startRedoPoint();
                        }
                        if (random.nextInt(5_000) == 0) {
                            writer.switchSegment();
                        }
                    }
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
            }));
        }
        for (Thread worker : workers) {
            worker.join();
        }
        WalPosition end = writer.position();
        writer.close();
        assertNull(failure.get(), "seed " + SEED);
        assertNull(bench.fatal.get());
        WalBench.Contents contents = bench.readAll(DamageCheck.ON);
        long[] next = new long[threads];
        for (long number : contents.numbers()) {
            int t = (int) (number / 1_000_000);
            assertEquals(next[t]++, number % 1_000_000, "seed " + SEED + ", thread " + t);
        }
        assertEquals(threads * perThread, contents.numbers().size());
        assertEquals(end.lastRecordLsn(), contents.position().lastRecordLsn());
    }

    @Test
    void shouldAttachAnImageToTheFirstChangeBehindARedoPoint() throws IOException {
        SimDisk disk = new SimDisk(1);
        WalBench bench = new WalBench(disk);
        long page = Memory.allocate(WalFormat.PAGE_SIZE);
        long restored = Memory.allocate(WalFormat.PAGE_SIZE);
        try (WalWriter writer = bench.open(WalBench.START, false)) {
            for (int i = 8_000; i < 8_100; i++) {
                Memory.putByte(page + i, i);
            }
            for (int change = 0; change < 4; change++) {
                if (change == 2) {
                    writer.startRedoPoint();
                }
                Memory.putByte(page + 100, change + 1);
                WalRecordBuilder record = writer.newRecord().begin(4, 1, 7)
                        .block(RELATION, ForkNumber.MAIN, 3, page, 0).putInt(change)
                        .block(RELATION, ForkNumber.VISIBILITY_MAP, 4, page, WalRecordBuilder.NO_IMAGE).putByte(9)
                        .mainData().putShort(0x1234);
                Memory.putLong(page, writer.insert(record));
            }
        }
        try (WalReader reader = bench.reader(DamageCheck.ON)) {
            for (int change = 0; change < 4; change++) {
                WalRecord record = reader.next();
                assertEquals(2, record.blockCount());
                assertEquals(RELATION, record.relation(0));
                assertEquals(ForkNumber.VISIBILITY_MAP, record.fork(1));
                assertEquals(change % 2 == 0, record.hasImage(0), "change " + change);
                assertFalse(record.hasImage(1));
                assertEquals(1, record.blockDataLength(1));
                assertEquals(9, record.bytes()[record.blockDataOffset(1)]);
                assertEquals(2, record.dataLength());
                if (record.hasImage(0)) {
                    assertEquals(0, record.blockDataLength(0));
                    Memory.fill(restored, WalFormat.PAGE_SIZE, 0x77);
                    record.restoreImage(0, restored);
                    assertEquals(change + 1, Memory.getByte(restored + 100));
                    assertEquals(0, Memory.getByte(restored + 200));
                    assertEquals((byte) 8_099, Memory.getByte(restored + 8_099));
                    assertEquals(0, Memory.getByte(restored + 8_100));
                } else {
                    assertEquals(change, Memory.getInt(record.bytes(), record.blockDataOffset(0)));
                }
            }
        } finally {
            Memory.free(page);
            Memory.free(restored);
        }
    }

    @Test
    void shouldNeverInsertBehindARedoPointWithoutTheImageItDemands(@TempDir Path directory) throws Exception {
        WalBench bench = new WalBench(PosixFileSystem.INSTANCE, directory, WalBench.LAYOUT);
        WalWriter writer = new WalWriter(bench.segments, 1, new WalPosition(new SegmentLayout(1 << 20).firstLsn(),
                Lsn.INVALID),
                new SegmentLayout(1 << 20).firstLsn(), WalWriterOptions.DEFAULT, Clock.SYSTEM, (m,
                e) -> bench.fatal.set(e));
        int threads = 3;
        List<Long> redoPoints = new ArrayList<>();
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> workers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int block = t;
            workers.add(Thread.ofPlatform().start(() -> {
                long page = Memory.allocate(WalFormat.PAGE_SIZE);
                WalRecordBuilder record = writer.newRecord();
                for (int i = 0; !stop.get(); i++) {
                    writer.admit();
                    record.begin(4, 1, 1).block(RELATION, ForkNumber.MAIN, block, page, 0).putInt(i).mainData();
                    Memory.putLong(page, writer.insert(record));
                }
                Memory.free(page);
            }));
        }
        long deadline = System.nanoTime() + 2_000_000_000L;
        while (redoPoints.size() < 20_000 && System.nanoTime() < deadline) {
            long point = writer.startRedoPoint();
            if (redoPoints.isEmpty() || redoPoints.getLast() != point) {
                redoPoints.add(point);
            }
        }
        stop.set(true);
        for (Thread worker : workers) {
            worker.join();
        }
        writer.close();
        List<Long> points = redoPoints;
        assertTrue(points.size() > 100, "only " + points.size() + " redo points: the race was not tried");
        long[] pageLsn = new long[threads];
        int next = 0;
        long redo = new SegmentLayout(1 << 20).firstLsn().value();
        try (WalReader reader = new WalReader(new SegmentLayout(1 << 20), bench.segments.source(1),
                new SegmentLayout(1 << 20).firstLsn())) {
            WalRecord record;
            while ((record = reader.next()) != null) {
                while (next < points.size() && points.get(next) <= record.startLsn()) {
                    redo = points.get(next++);
                }
                int block = record.blockNumber(0);
                assertEquals(pageLsn[block] <= redo, record.hasImage(0), "record at " + record.startLsn() + ", redo "
                        + redo);
                pageLsn[block] = record.endLsn();
            }
        }
        assertNull(bench.fatal.get());
    }

    @Test
    void shouldFlushInTheBackgroundWhatNobodyWaitsFor() throws Exception {
        WalBench bench = new WalBench(new SimDisk(1));
        AtomicLong heard = new AtomicLong();
        try (WalWriter writer = bench.open(WalBench.START, true)) {
            awaitTrue(() -> isPrepared(bench, 6));
            writer.addFlushListener(heard::set);
            long end = WalBench.insert(writer, 1, 10);
            awaitTrue(() -> heard.get() >= end);
            long second = WalBench.insert(writer, 2, 10);
            writer.requestFlush(second);
            awaitTrue(() -> heard.get() >= second);
        }
    }

    private static boolean isPrepared(WalBench bench, long segment) {
        try {
            return bench.segments.exists(1, segment);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void shouldShareOneSyncAmongWaiters(@TempDir Path directory) throws Exception {
        WalBench bench = new WalBench(PosixFileSystem.INSTANCE, directory, WalBench.LAYOUT);
        int threads = 16;
        int rounds = 200;
        try (WalWriter writer = bench.open(WalBench.START, true)) {
            CountDownLatch done = new CountDownLatch(threads);
            for (int t = 0; t < threads; t++) {
                Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < rounds; i++) {
                        writer.flush(WalBench.insert(writer, i, 10));
                    }
                    done.countDown();
                });
            }
            done.await();
            assertTrue(writer.statistics().syncs() < threads * rounds, writer.statistics().toString());
        }
    }

    @Test
    void shouldStopAtOnceWhenASyncFails() throws Exception {
        SimDisk disk = new SimDisk(1);
        WalBench bench = new WalBench(disk);
        WalWriter writer = bench.open(WalBench.START, true);
        writer.flush(WalBench.insert(writer, 1, 10));
        disk.fail(SimDisk.Operation.SYNC, path -> path.getFileName().toString().startsWith("0000"), 1, false);
        long end = WalBench.insert(writer, 2, 10);
        assertThrows(WalFailedException.class, () -> writer.flush(end));
        assertNotNull(bench.fatal.get());
        assertTrue(writer.flushLsn() < end);
        assertThrows(WalFailedException.class, () -> WalBench.insert(writer, 3, 10));
        writer.abandon();
    }

    @Test
    void shouldStopAtOnceWhenAWriteFails() throws Exception {
        SimDisk disk = new SimDisk(1);
        WalBench bench = new WalBench(disk);
        WalWriter writer = bench.open(WalBench.START, true);
        disk.fail(SimDisk.Operation.WRITE, path -> path.getFileName().toString().startsWith("0000"), 1, false);
        long end = WalBench.insert(writer, 2, 10);
        assertThrows(WalFailedException.class, () -> writer.flush(end));
        assertNotNull(bench.fatal.get());
        writer.abandon();
    }

    @Test
    void shouldRefuseNewChangesWhenTheVolumeIsFullAndRecoverByItself() throws Exception {
        SimDisk disk = new SimDisk(1);
        WalBench bench = new WalBench(disk);
        WalWriter writer = bench.open(WalBench.START, true);
        disk.capacity(disk.usedBytes() + 10_000);
        long refusedAt = 0;
        for (int i = 1; i < 10_000 && refusedAt == 0; i++) {
            try {
                writer.admit();
                WalBench.insert(writer, i, 1_000);
            } catch (WalFullException e) {
                refusedAt = i;
                assertTrue(e.getMessage().contains("No space left"), e.getMessage());
            }
        }
        assertTrue(refusedAt > 1, "never refused");
        long inFlight = WalBench.insert(writer, refusedAt, 1_000);
        writer.flush(inFlight);
        assertNull(bench.fatal.get());
        disk.capacity(Long.MAX_VALUE);
        awaitTrue(() -> {
            try {
                writer.admit();
                return true;
            } catch (WalFullException e) {
                return false;
            }
        });
        WalBench.insert(writer, refusedAt + 1, 1_000);
        writer.close();
        assertEquals(refusedAt + 1, bench.readAll(DamageCheck.ON).numbers().size());
    }

    @Test
    void shouldRecycleSegments() throws Exception {
        WalBench bench = new WalBench(new SimDisk(1));
        WalWriter writer = bench.open(WalBench.START, false);
        long number = 1;
        for (; number <= 500; number++) {
            writer.admit();
            WalBench.insert(writer, number, 1_000);
        }
        writer.flush(writer.insertLsn());
        long keep = writer.insertLsn();
        int before = bench.segments.list().size();
        int removed = writer.removeSegmentsBefore(keep, 3);
        assertEquals(before - removed, bench.segments.list().size());
        long oldest = bench.segments.list().getFirst().number();
        for (; number <= 1_000; number++) {
            writer.admit();
            WalBench.insert(writer, number, 1_000);
        }
        WalPosition end = writer.position();
        writer.close();
        assertFalse(bench.segments.list().contains(new SegmentName(1, oldest)), "not recycled");
        long first = WalBench.LAYOUT.firstRecordOf(WalBench.LAYOUT.segmentOf(keep));
        try (WalReader reader = new WalReader(WalBench.LAYOUT, bench.segments.source(1), new Lsn(first), null,
                DamageCheck.ON)) {
            long expected = -1;
            WalRecord record;
            while ((record = reader.next()) != null) {
                long found = WalBench.number(record);
                assertTrue(expected == -1 || found == expected, "found " + found + ", expected " + expected);
                expected = found + 1;
            }
            assertEquals(1_001, expected);
            assertEquals(end, reader.position());
        }
    }

    @Test
    void shouldRefuseARecordThatIsTooLong() throws IOException {
        WalBench bench = new WalBench(new SimDisk(1));
        try (WalWriter writer = bench.open(WalBench.START, false)) {
            int fits = WalBench.LAYOUT.recordSizeMax() - WalFormat.HEADER_SIZE - 8;
            WalBench.insert(writer, 1, fits);
            assertThrows(InvariantViolation.class, () -> WalBench.insert(writer, 2, fits + 1));
            WalBench.insert(writer, 3, 1);
        }
        assertEquals(List.of(1L, 3L), bench.readAll(DamageCheck.ON).numbers());
    }

    @Test
    void shouldRefuseToFlushWhatWasNeverInserted() throws IOException {
        WalBench bench = new WalBench(new SimDisk(1));
        try (WalWriter writer = bench.open(WalBench.START, WalBench.options(false, SyncMethod.FSYNC))) {
            assertThrows(InvariantViolation.class, () -> writer.flush(writer.insertLsn() + 8));
        }
    }

    /** A sender's view: it copies what has been written out of memory while inserters go on, a ring ahead of it. */
    @Test
    void shouldGiveOnlyIntactBytesOutOfMemory(@TempDir Path directory) throws Exception {
        WalBench bench = new WalBench(PosixFileSystem.INSTANCE, directory, WalBench.LAYOUT);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicLong announced = new AtomicLong();
        long fromMemory = 0;
        long fromFile = 0;
        try (WalWriter writer = bench.open(WalBench.START, true)) {
            writer.addWriteListener(announced::set);
            List<Thread> inserters = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                long base = t * 100_000_000L;
                inserters.add(Thread.ofPlatform().start(() -> {
                    Random random = new Random(base + SEED);
                    try {
                        for (long i = 1; !stop.get(); i++) {
                            writer.admit();
                            long end = WalBench.insert(writer, base + i, random.nextInt(300));
                            if (random.nextInt(300) == 0) {
                                writer.flush(end);
                            }
                        }
                    } catch (Throwable e) {
                        failure.compareAndSet(null, e);
                    }
                }));
            }
            SegmentLayout layout = bench.segments.layout();
            RecordChain chain = new RecordChain(layout, WalBench.START.endLsn().value(), 0, 0);
            java.nio.ByteBuffer buffer = java.nio.ByteBuffer.allocateDirect(1 << 16);
            long at = WalBench.START.endLsn().value();
            while (at < WalBench.START.endLsn().value() + (12L << 20)) {
                if (layout.offsetOf(at) < 64) {
                    at = layout.firstRecordOf(layout.segmentOf(at));
                }
                long limit = Math.min(writer.writtenLsn(), layout.startOf(layout.segmentOf(at) + 1));
                if (limit <= at) {
                    Thread.onSpinWait();
                    continue;
                }
                buffer.clear().limit((int) Math.min(buffer.capacity(), limit - at));
                if (writer.copyWritten(at, buffer)) {
                    fromMemory++;
                } else {
                    assertEquals(0, buffer.position());
                    fromFile++;
                    try (var file = bench.segments.openForReading(1, layout.segmentOf(at))) {
                        file.read(buffer, layout.offsetOf(at));
                    }
                }
                buffer.flip();
                long end = at + buffer.remaining();
                chain.accept(buffer, at);
                at = end;
            }
            stop.set(true);
            for (Thread inserter : inserters) {
                inserter.join();
            }
            writer.flush(writer.insertLsn());
            assertEquals(writer.writtenLsn(), announced.get());
        }
        assertNull(failure.get(), "seed " + SEED);
        assertTrue(fromMemory > 0 && fromFile > 0, fromMemory + " from memory, " + fromFile + " from files");
    }
}
