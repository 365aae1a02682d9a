package io.quantadb.wal.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quantadb.base.DiskFullException;
import io.quantadb.base.InvariantViolation;
import io.quantadb.base.SimDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Goal: names and headers are what they are documented to be, and a segment never appears half made. */
class SegmentTest {
    private static final SegmentLayout LAYOUT = new SegmentLayout(16 << 20);
    private static final SegmentLayout SMALL = new SegmentLayout(1 << 16);

    @Test
    void shouldNameSegmentsAsPostgresDoes() {
        assertEquals("000000010000000000000001", LAYOUT.fileName(1, 1));
        assertEquals("0000000200000001000000FF", LAYOUT.fileName(2, 0x1FF));
        assertEquals(new SegmentName(2, 0x1FF), LAYOUT.parse("0000000200000001000000FF"));
        assertNull(LAYOUT.parse("000000020000000100000100"));
        assertNull(LAYOUT.parse("00000002.history"));
        assertNull(LAYOUT.parse("00000000000000010000000a"));
    }

    @Test
    void shouldEncodeTheGoldenHeader() throws IOException {
        String text;
        try (var input = SegmentTest.class.getResourceAsStream("/golden/wal-v1/segment-header.hex")) {
            text = new String(input.readAllBytes(), StandardCharsets.US_ASCII);
        }
        byte[] golden = HexFormat.of().parseHex(text.replaceAll("#.*", "").replaceAll("\\s", ""));
        SegmentHeader header = new SegmentHeader(16 << 20, 0x1122334455667788L, 42, 3);
        assertArrayEquals(golden, header.encode());
        assertEquals(header, SegmentHeader.decode(golden, "golden"));
    }

    @Test
    void shouldStepOverHeadersAndTheRestThatHoldsNoRecord() {
        long two = 2L << 24;
        assertEquals(two + 64, LAYOUT.recordStartAt(two));
        assertEquals(two + 64, LAYOUT.recordStartAt(two + 64));
        assertEquals(two - 32, LAYOUT.recordStartAt(two - 32));
        assertEquals(two + 64, LAYOUT.recordStartAt(two - 24));
        assertThrows(IllegalArgumentException.class, () -> new SegmentLayout(3 << 20));
    }

    @Test
    void shouldNeverShowAHalfMadeSegmentAfterPowerLoss() throws IOException {
        for (int seed = 0; seed < 200; seed++) {
            for (int sync = 1; sync <= 4; sync++) {
                SimDisk disk = new SimDisk(seed);
                WalSegments segments = new WalSegments(disk, Path.of("/wal"), SMALL, 7);
                segments.cleanUp();
                disk.powerOffAtSync(sync);
                try {
                    segments.create(1, 1);
                    segments.recycle(new SegmentName(1, 1), 1, 2);
                } catch (IOException e) {
                    assertEquals(true, disk.isOff());
                }
                disk.powerOff();
                disk.powerOn();
                for (SegmentName name : segments.list()) {
                    try (var handle = segments.openForReading(name.timeline(), name.number())) {
                        assertNotNull(handle);
                        assertEquals(SMALL.sizeBytes(), handle.size(), "seed " + seed + ", sync " + sync);
                    }
                }
            }
        }
    }

    @Test
    void shouldGiveSpaceBackWhenTheVolumeFillsUp() throws IOException {
        SimDisk disk = new SimDisk(1);
        WalSegments segments = new WalSegments(disk, Path.of("/wal"), SMALL, 7);
        disk.capacity(SMALL.sizeBytes() + 1_000);
        segments.create(1, 1);
        assertThrows(DiskFullException.class, () -> segments.create(1, 2));
        assertFalse(segments.exists(1, 2));
        assertEquals(SMALL.sizeBytes(), disk.usedBytes());
    }

    @Test
    void shouldNotRecycleToAnEarlierPosition() throws IOException {
        WalSegments segments = new WalSegments(new SimDisk(1), Path.of("/wal"), SMALL, 7);
        segments.create(1, 5);
        assertThrows(InvariantViolation.class, () -> segments.recycle(new SegmentName(1, 5), 2, 5));
    }

    @Test
    void shouldBranchATimelineInsideASegment() throws IOException {
        WalSegments segments = new WalSegments(new SimDisk(1), Path.of("/wal"), SMALL, 7);
        segments.create(1, 3);
        byte[] bytes = new byte[2_000];
        java.util.Arrays.fill(bytes, (byte) 5);
        try (SegmentAppender appender = new SegmentAppender(segments, 1, SyncMethod.FSYNC)) {
            appender.write(ByteBuffer.wrap(bytes), SMALL.firstRecordOf(3));
            appender.sync();
        }
        segments.branch(1, 2, SMALL.startOf(3) + 1_000);
        try (var handle = segments.openForReading(2, 3)) {
            byte[] copy = new byte[2_000];
            handle.read(ByteBuffer.wrap(copy), 64);
            assertEquals(5, copy[1_000 - 64 - 1]);
            assertEquals(0, copy[1_000 - 64]);
            assertEquals(SMALL.sizeBytes(), handle.size());
        }
    }
}
