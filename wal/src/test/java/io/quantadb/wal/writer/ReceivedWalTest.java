package io.quantadb.wal.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.Clock;
import io.quantadb.base.FileHandle;
import io.quantadb.base.Lsn;
import io.quantadb.base.SimDisk;
import io.quantadb.wal.reader.WalReader;
import io.quantadb.wal.reader.WalReader.DamageCheck;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.segment.SegmentHeader;
import io.quantadb.wal.segment.SegmentLayout;
import io.quantadb.wal.segment.SegmentSource;
import io.quantadb.wal.segment.SyncMethod;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Goal: a replica's WAL is always a prefix of the sender's, flushed positions survive crashes, and a cut leaves nothing
 * behind. Method: a primary's WAL on one disk, fed in random pieces to another disk that loses, tears and refuses.
 */
class ReceivedWalTest {
    private static final long BASE_SEED = Long.getLong("quantadb.seed", 20261121L);
    private static final SegmentLayout LAYOUT = WalBench.LAYOUT;
    private static final int RECORDS = 700;

    private final WalBench origin = new WalBench(new SimDisk(1));
    private final List<Long> ends = new ArrayList<>();
    private long writtenLsn;

    @BeforeEach
    void writeOrigin() throws IOException {
        Random random = new Random(5);
        try (WalWriter writer = origin.open(WalBench.START, false)) {
            for (int i = 1; i <= RECORDS; i++) {
                writer.admit();
                ends.add(WalBench.insert(writer, i, random.nextInt(20) == 0 ? random.nextInt(20_000)
                        : random.nextInt(600)));
                if (i % 150 == 0) {
                    writer.switchSegment();
                }
            }
            writer.flush(writer.insertLsn());
            writtenLsn = writer.writtenLsn();
        }
    }

    private static ReceivedWal open(WalBench bench, int timeline, WalPosition position) throws IOException {
        return new ReceivedWal(bench.segments, timeline, position, SyncMethod.FDATASYNC, Clock.SYSTEM,
                (message, cause) -> bench.fatal.compareAndSet(null, cause), false);
    }

    /** Feeds [from, to) in pieces of at most {@code pieceMax} bytes, as a sender reads them from files. */
    private void feed(ReceivedWal target, long from, long to, int pieceMax, Random random) throws IOException {
        long at = from;
        while (at < to) {
            if (LAYOUT.offsetOf(at) < SegmentHeader.SIZE) {
                at = at - LAYOUT.offsetOf(at) + SegmentHeader.SIZE;
                continue;
            }
            long end = Math.min(Math.min(to, at + 1 + random.nextInt(pieceMax)),
                    LAYOUT.startOf(LAYOUT.segmentOf(at) + 1));
            ByteBuffer bytes = ByteBuffer.allocate((int) (end - at));
            try (FileHandle file = origin.segments.openForReading(1, LAYOUT.segmentOf(at))) {
                file.read(bytes, LAYOUT.offsetOf(at));
            }
            target.append(bytes.flip(), at);
            at = end;
            if (random.nextInt(5) == 0) {
                target.requestFlush();
            }
        }
    }

    private static WalBench.Contents read(WalBench bench, SegmentSource source) throws IOException {
        List<Long> numbers = new ArrayList<>();
        try (WalReader reader = new WalReader(LAYOUT, source, WalBench.START.endLsn(), Lsn.INVALID, DamageCheck.OFF)) {
            WalRecord record;
            while ((record = reader.next()) != null) {
                numbers.add(WalBench.number(record));
            }
            return new WalBench.Contents(numbers, reader.position());
        }
    }

    private static List<Long> numbers(int last) {
        List<Long> result = new ArrayList<>();
        for (long i = 1; i <= last; i++) {
            result.add(i);
        }
        return result;
    }

    @Test
    void shouldTakeAnyPieces() throws IOException {
        for (int piece : new int[]{1_000_000, 20_000, 100, 9, 1}) {
            WalBench bench = new WalBench(new SimDisk(2));
            ReceivedWal wal = open(bench, 1, WalBench.START);
            // Single bytes over a part are enough.
            long to = piece < 100 ? ends.get(20) : writtenLsn;
            feed(wal, WalBench.START.endLsn().value(), to, piece, new Random(piece));
            assertEquals(LAYOUT.recordStartAt(to), LAYOUT.recordStartAt(wal.writeLsn()));
            wal.close();
            assertEquals(wal.writeLsn(), wal.flushLsn());
            assertEquals(numbers(piece < 100 ? 21 : RECORDS), bench.readAll(DamageCheck.OFF).numbers());
        }
    }

    @Test
    void shouldCountOnlyCompleteRecords() throws IOException {
        ReceivedWal wal = open(new WalBench(new SimDisk(2)), 1, WalBench.START);
        Random random = new Random(1);
        feed(wal, WalBench.START.endLsn().value(), ends.get(9) - 1, 100_000, random);
        assertEquals(ends.get(8), wal.writeLsn());
        wal.requestFlush();
        assertEquals(ends.get(8), wal.flushLsn());
        // The connection broke: it comes again from the last record's end.
        assertThrows(WalStreamException.class, () -> feed(wal, ends.get(8), ends.get(9), 100_000, random));
        wal.forgetPartial();
        feed(wal, ends.get(8), ends.get(9), 100_000, random);
        assertEquals(ends.get(9), wal.writeLsn());
        assertThrows(WalStreamException.class, () -> feed(wal, ends.get(11), ends.get(12), 100_000, random));
        assertThrows(WalStreamException.class, () -> feed(wal, ends.get(2), ends.get(3), 100_000, random));
        assertEquals(ends.get(9), wal.writeLsn());
    }

    @Test
    void shouldKeepTheGoodRecordsOfADamagedPiece() throws IOException {
        for (int flip = 0; flip < 400; flip += 7) {
            WalBench bench = new WalBench(new SimDisk(2));
            ReceivedWal wal = open(bench, 1, WalBench.START);
            long from = WalBench.START.endLsn().value();
            ByteBuffer bytes = ByteBuffer.allocate((int) (ends.get(7) - from));
            try (FileHandle file = origin.segments.openForReading(1, 1)) {
                file.read(bytes, LAYOUT.offsetOf(from));
            }
            int at = (int) (ends.get(3) - from) + flip % (int) (ends.get(4) - ends.get(3) - 8);
            bytes.put(at, (byte) (bytes.get(at) ^ 4));
            assertThrows(WalStreamException.class, () -> wal.append(bytes.flip(), from), "byte " + flip);
            assertEquals(ends.get(3), wal.writeLsn(), "byte " + flip);
            feed(wal, wal.writeLsn(), ends.get(20), 50_000, new Random(flip));
            wal.close();
            assertEquals(numbers(21), bench.readAll(DamageCheck.OFF).numbers());
        }
    }

    @Test
    void shouldKeepEverythingFlushedAfterPowerCutAtEverySync() throws IOException {
        for (int sync = 1; sync <= 60; sync++) {
            for (int seedIndex = 0; seedIndex < 8; seedIndex++) {
                runOneLife(BASE_SEED + seedIndex * 1000L + sync, sync);
            }
        }
    }

    private void runOneLife(long seed, int firstSync) throws IOException {
        Random random = new Random(seed);
        SimDisk disk = new SimDisk(seed);
        WalBench bench = new WalBench(disk);
        String where = "seed " + seed + ", sync " + firstSync;
        WalPosition position = WalBench.START;
        disk.powerOffAtSync(firstSync);
        for (int life = 0; life < 4; life++) {
            long flushed = position.endLsn().value();
            ReceivedWal wal = null;
            try {
                wal = open(bench, 1, position);
                feed(wal, wal.writeLsn(), ends.get(Math.min(RECORDS - 1, 150 * (life + 1))), 9_000, random);
                wal.requestFlush();
            } catch (IOException | WalFailedException e) {
                assertTrue(disk.isOff(), where + ": failed with the power on: " + e);
            }
            if (wal != null) {
                flushed = wal.flushLsn();
            }
            disk.crash();
            bench.fatal.set(null);
            WalBench.Contents found = bench.readAll(DamageCheck.OFF);
            assertEquals(numbers(found.numbers().size()), found.numbers(), where);
            assertTrue(LAYOUT.recordStartAt(found.position().endLsn().value()) >= flushed, where + ": flushed "
                    + Lsn.format(flushed) + ", found " + found.position());
            position = found.position();
            disk.powerOffAtSync(disk.syncPoints() + 1 + random.nextInt(20));
        }
    }

    @Test
    void shouldLeaveNothingBehindACut() throws IOException {
        Random random = new Random(BASE_SEED);
        for (int round = 0; round < 60; round++) {
            SimDisk disk = new SimDisk(round);
            WalBench bench = new WalBench(disk);
            ReceivedWal wal = open(bench, 1, WalBench.START);
            int last = 20 + random.nextInt(RECORDS - 20);
            feed(wal, WalBench.START.endLsn().value(), ends.get(last - 1), 30_000, random);
            int kept = 1 + random.nextInt(last);
            long fork = ends.get(kept - 1);
            wal.truncate(1, fork);
            disk.crash();
            assertEquals(numbers(kept), bench.readAll(DamageCheck.OFF).numbers(), "round " + round);
            ReceivedWal again = open(bench, 1, new WalPosition(new Lsn(fork), Lsn.INVALID));
            assertTrue(again.lastRecordCrc() != 0, "the record before the fork was found");
            feed(again, fork, ends.get(last - 1), 30_000, random);
            again.close();
            assertEquals(numbers(last), bench.readAll(DamageCheck.OFF).numbers(), "round " + round);
        }
    }

    @Test
    void shouldRefuseAForkInsideARecord() throws IOException {
        WalBench bench = new WalBench(new SimDisk(1));
        ReceivedWal wal = open(bench, 1, WalBench.START);
        feed(wal, WalBench.START.endLsn().value(), ends.get(50), 30_000, new Random(1));
        assertThrows(IOException.class, () -> wal.truncate(1, ends.get(30) - 8));
    }

    @Test
    void shouldGoOnOnANewTimelineAndComeBackFromIt() throws IOException {
        Random random = new Random(BASE_SEED);
        for (int kept : new int[]{1, 5, 149, 150, 151, 300, 555}) {
            SimDisk disk = new SimDisk(kept);
            WalBench bench = new WalBench(disk);
            ReceivedWal wal = open(bench, 1, WalBench.START);
            long fork = ends.get(kept - 1);
            feed(wal, WalBench.START.endLsn().value(), fork, 30_000, random);
            wal.switchTimeline(2, fork);
            int last = kept + 100;
            feed(wal, fork, ends.get(last - 1), 30_000, random);
            wal.requestFlush();
            assertEquals(ends.get(last - 1), wal.flushLsn());
            disk.crash();
            SegmentSource both = segment -> {
                FileHandle newer = bench.segments.openForReading(2, segment);
                return newer != null || segment > LAYOUT.segmentOf(fork) ? newer
                        : bench.segments.openForReading(1, segment);
            };
            assertEquals(numbers(last), read(bench, both).numbers(), "fork behind record " + kept);
            assertEquals(numbers(kept), bench.readAll(DamageCheck.OFF).numbers());
            ReceivedWal again = open(bench, 2, new WalPosition(new Lsn(ends.get(last - 1)), Lsn.INVALID));
            int back = Math.max(1, kept - 3);
            again.truncate(1, ends.get(back - 1));
            assertEquals(1, again.timeline());
            assertEquals(numbers(back), bench.readAll(DamageCheck.OFF).numbers());
            assertTrue(bench.segments.list().stream().allMatch(name -> name.timeline() == 1));
        }
    }

    @Test
    void shouldReportAFailedSyncAndTakeNothingMore() throws IOException {
        SimDisk disk = new SimDisk(1);
        WalBench bench = new WalBench(disk);
        ReceivedWal wal = open(bench, 1, WalBench.START);
        Random random = new Random(1);
        feed(wal, WalBench.START.endLsn().value(), ends.get(3), 100_000, random);
        wal.requestFlush();
        long flushed = wal.flushLsn();
        Path segment = bench.segments.path(1, 1);
        disk.fail(SimDisk.Operation.SYNC, segment::equals, 1, false);
        assertThrows(WalFailedException.class, () -> {
            feed(wal, wal.writeLsn(), ends.get(5), 100_000, random);
            wal.requestFlush();
        });
        assertTrue(bench.fatal.get() != null);
        assertEquals(flushed, wal.flushLsn());
        assertThrows(WalFailedException.class, () -> feed(wal, wal.writeLsn(), ends.get(6), 100_000, random));
    }

    @Test
    void shouldTakeTheSameBytesAgainWhenTheVolumeHasRoomAgain() throws IOException {
        SimDisk disk = new SimDisk(1);
        WalBench bench = new WalBench(disk);
        ReceivedWal wal = open(bench, 1, WalBench.START);
        disk.capacity(3L * LAYOUT.sizeBytes());
        Random random = new Random(1);
        assertThrows(IOException.class, () -> feed(wal, WalBench.START.endLsn().value(), writtenLsn, 20_000, random));
        assertEquals(null, bench.fatal.get());
        wal.requestFlush();
        disk.capacity(Long.MAX_VALUE);
        wal.forgetPartial();
        feed(wal, wal.writeLsn(), writtenLsn, 20_000, random);
        wal.close();
        assertEquals(numbers(RECORDS), bench.readAll(DamageCheck.OFF).numbers());
    }
}
