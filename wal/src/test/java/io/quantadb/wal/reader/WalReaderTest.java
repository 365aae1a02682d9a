package io.quantadb.wal.reader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.Lsn;
import io.quantadb.base.SimDisk;
import io.quantadb.wal.reader.WalReader.DamageCheck;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.segment.SegmentException;
import io.quantadb.wal.segment.SegmentHeader;
import io.quantadb.wal.segment.SegmentName;
import io.quantadb.wal.writer.WalBench;
import io.quantadb.wal.writer.WalWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Goal: the reader finds the true end of the WAL for each kind of tail, and never takes damage for the end. */
class WalReaderTest {
    private static final int SEGMENT = WalBench.LAYOUT.sizeBytes();

    private final SimDisk disk = new SimDisk(1);
    private final WalBench bench = new WalBench(disk);
    private final List<Long> ends = new ArrayList<>();

    @BeforeEach
    void writeHundredRecords() throws IOException {
        try (WalWriter writer = bench.open(WalBench.START, false)) {
            for (int i = 1; i <= 100; i++) {
                ends.add(WalBench.insert(writer, i, 1000));
                writer.flush(writer.insertLsn());
            }
        }
    }

    private void corrupt(long lsn, byte... bytes) throws IOException {
        Path path = bench.segments.path(1, WalBench.LAYOUT.segmentOf(lsn));
        disk.corrupt(path, WalBench.LAYOUT.offsetOf(lsn), bytes);
    }

    private static List<Long> numbers(int last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    private WalEnd endAfter(int expected, DamageCheck check) throws IOException {
        try (WalReader reader = bench.reader(check)) {
            for (int i = 1; i <= expected; i++) {
                var record = reader.next();
                assertNotNull(record, "record " + i + ": " + reader.end());
                assertEquals(i, WalBench.number(record));
            }
            assertNull(reader.next());
            long end = expected == 0 ? WalBench.START.endLsn().value() : ends.get(expected - 1);
            if (reader.end().reason() == WalEnd.Reason.MISSING_SEGMENT) {
                end = WalBench.LAYOUT.firstRecordOf(WalBench.LAYOUT.segmentOf(end) + 1);
            }
            assertEquals(end, reader.end().endLsn().value());
            return reader.end();
        }
    }

    @Test
    void shouldReadEverythingAcrossSegmentsAndStopAtZeroes() throws IOException {
        assertTrue(WalBench.LAYOUT.segmentOf(ends.getLast()) > 1, "the test needs two segments");
        assertEquals(WalEnd.Reason.ZEROES, endAfter(100, DamageCheck.ON).reason());
    }

    @Test
    void shouldStopAtTornLastRecord() throws IOException {
        corrupt(ends.get(99) - 500, (byte) 0x55);
        WalEnd end = endAfter(99, DamageCheck.ON);
        assertEquals(WalEnd.Reason.INVALID_RECORD, end.reason());
        assertEquals(ends.get(98), end.endLsn().value());
    }

    @Test
    void shouldStopAtGarbageBehindTheLastRecord() throws IOException {
        byte[] garbage = new byte[600];
        new java.util.Random(7).nextBytes(garbage);
        corrupt(ends.get(99), garbage);
        assertEquals(WalEnd.Reason.INVALID_RECORD, endAfter(100, DamageCheck.ON).reason());
    }

    @Test
    void shouldReportDamageInFrontOfRecordsThatProveIt() throws IOException {
        corrupt(ends.get(40) + 100, (byte) 0x55);
        WalCorruptionException e = assertThrows(WalCorruptionException.class, () -> bench.readAll(DamageCheck.ON));
        assertEquals(ends.get(40), e.damagedLsn().value());
        assertEquals(ends.get(41), e.laterRecordLsn().value());
        assertEquals(numbers(41), bench.readAll(DamageCheck.OFF).numbers());
    }

    @Test
    void shouldReportZeroedPageInTheMiddle() throws IOException {
        corrupt(ends.get(40), new byte[4096]);
        assertThrows(WalCorruptionException.class, () -> bench.readAll(DamageCheck.ON));
    }

    @Test
    void shouldNotTakeAnUnsyncedSurvivorForProofOfDamage() throws IOException {
        WalPosition position = bench.readAll(DamageCheck.ON).position();
        WalWriter writer = bench.open(position, false);
        WalBench.insert(writer, 101, 200);
        long lost = WalBench.insert(writer, 102, 200);
        WalBench.insert(writer, 103, 200);
        writer.close();
        corrupt(lost - 50, (byte) 0x55);
        assertEquals(101, bench.readAll(DamageCheck.ON).numbers().size());
    }

    @Test
    void shouldReportMissingSegmentInTheMiddle() throws IOException {
        WalPosition position = bench.readAll(DamageCheck.ON).position();
        try (WalWriter writer = bench.open(position, false)) {
            for (int i = 101; i <= 200; i++) {
                WalBench.insert(writer, i, 1000);
                writer.flush(writer.insertLsn());
            }
        }
        bench.segments.remove(new SegmentName(1, 2));
        assertThrows(WalCorruptionException.class, () -> bench.readAll(DamageCheck.ON));
    }

    @Test
    void shouldStopAtMissingSegment() throws IOException {
        for (SegmentName name : bench.segments.list()) {
            if (name.number() > 1) {
                bench.segments.remove(name);
            }
        }
        int inFirst = (int) ends.stream().filter(end -> end <= 2L * SEGMENT).count();
        assertEquals(WalEnd.Reason.MISSING_SEGMENT, endAfter(inFirst, DamageCheck.ON).reason());
    }

    @Test
    void shouldIgnoreOldContentsOfRecycledSegment() throws IOException {
        long last = bench.segments.list().getLast().number();
        bench.segments.recycle(new SegmentName(1, 1), 1, last + 1);
        try (WalReader reader = new WalReader(WalBench.LAYOUT, bench.segments.source(1),
                new Lsn(WalBench.LAYOUT.firstRecordOf(last + 1)))) {
            assertNull(reader.next());
            assertEquals(WalEnd.Reason.INVALID_RECORD, reader.end().reason());
        }
    }

    @Test
    void shouldRefuseSegmentFromAnotherSystem() throws IOException {
        corrupt(SEGMENT, new SegmentHeader(SEGMENT, 99, 1, 1).encode());
        SegmentException e = assertThrows(SegmentException.class, () -> bench.readAll(DamageCheck.ON));
        assertEquals(SegmentException.Reason.WRONG_SYSTEM, e.reason());
    }

    @Test
    void shouldRefuseSegmentWithDamagedHeaderOrOfNewerVersion() throws IOException {
        corrupt(2L * SEGMENT + 25, (byte) 9);
        assertEquals(SegmentException.Reason.CORRUPT,
                assertThrows(SegmentException.class, () -> bench.readAll(DamageCheck.ON)).reason());
        corrupt(2L * SEGMENT + 8, (byte) 9);
        assertEquals(SegmentException.Reason.TOO_NEW,
                assertThrows(SegmentException.class, () -> bench.readAll(DamageCheck.ON)).reason());
    }

    @Test
    void shouldGoOnWhenTheLimitIsRaised() throws IOException {
        try (WalReader reader = bench.reader(DamageCheck.OFF)) {
            int read = 0;
            for (long limit = WalBench.START.endLsn().value(); limit <= ends.getLast(); limit += 312) {
                reader.limit(new Lsn(limit));
                while (true) {
                    var record = reader.next();
                    if (record == null) {
                        break;
                    }
                    read++;
                    assertEquals(read, WalBench.number(record));
                    assertTrue(record.endLsn() <= limit);
                }
                assertEquals(WalEnd.Reason.LIMIT, reader.end().reason());
            }
            assertTrue(read >= 99);
        }
    }

    @Test
    void shouldNotShowOldRecordsBehindNewOnesOfTheSameLength() throws IOException {
        WalPosition position = bench.readAll(DamageCheck.ON).position();
        WalWriter writer = bench.open(position, false);
        for (int i = 101; i <= 110; i++) {
            WalBench.insert(writer, i, 200);
        }
        writer.close();
        WalWriter again = bench.open(position, false);
        WalBench.insert(again, 501, 200);
        again.close();
        List<Long> expected = new ArrayList<>(numbers(100));
        expected.add(501L);
        assertEquals(expected, bench.readAll(DamageCheck.ON).numbers());
    }

    @Test
    void shouldNotShowOldRecordsOfTheNextSegment() throws IOException {
        WalPosition position = bench.readAll(DamageCheck.ON).position();
        long nextSegment = WalBench.LAYOUT.startOf(WalBench.LAYOUT.segmentOf(position.endLsn().value()) + 1);
        List<Long> expected = new ArrayList<>(numbers(100));
        for (long base = 101; base <= 1_001; base += 900) {
            WalWriter writer = bench.open(position, false);
            long number = base;
            do {
                WalBench.insert(writer, number++, 200);
            } while (writer.insertLsn() + 400 < nextSegment);
            writer.switchSegment();
            if (base == 101) {
                WalBench.insert(writer, number, 200);
            } else {
                LongStream.range(base, number).forEach(expected::add);
            }
            writer.close();
        }
        assertEquals(expected, bench.readAll(DamageCheck.ON).numbers());
    }
}
