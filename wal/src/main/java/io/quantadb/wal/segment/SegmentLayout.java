package io.quantadb.wal.segment;

import io.quantadb.base.Lsn;
import io.quantadb.wal.record.WalFormat;

/**
 * Arithmetic between LSNs and segment files. Immutable.
 *
 * <p>An LSN is the byte position in the concatenation of all segments, headers included: segment n holds [n * size, (n
 * + 1) * size). Segment 0 is never written, so that LSN 0 stays invalid.
 */
public final class SegmentLayout {
    public static final int DEFAULT_SIZE = 16 << 20;
    /** Smallest size a user may configure. */
    public static final int SIZE_MIN = 1 << 20;
    public static final int SIZE_MAX = 1 << 30;
    /** Smallest size that works: tests fill such segments quickly. */
    private static final int SIZE_LEAST = 1 << 16;

    private final int sizeBytes;
    private final int shift;

    /** Throws {@link IllegalArgumentException} unless the size is a power of two from 64 KiB to 1 GiB. */
    public SegmentLayout(int sizeBytes) {
        if (Integer.bitCount(sizeBytes) != 1 || sizeBytes < SIZE_LEAST || sizeBytes > SIZE_MAX) {
            throw new IllegalArgumentException("WAL segment size " + sizeBytes
                    + " is not a power of two from " + SIZE_LEAST + " to " + SIZE_MAX);
        }
        this.sizeBytes = sizeBytes;
        this.shift = Integer.numberOfTrailingZeros(sizeBytes);
    }

    public int sizeBytes() {
        return sizeBytes;
    }

    /** Longest record, aligned, that fits: 1 MiB, or half a segment if that is less. */
    public int recordSizeMax() {
        return Math.min(WalFormat.RECORD_SIZE_MAX, sizeBytes / 2);
    }

    public long segmentOf(long lsn) {
        return lsn >>> shift;
    }

    public int offsetOf(long lsn) {
        return (int) (lsn & (sizeBytes - 1));
    }

    public long startOf(long segment) {
        return segment << shift;
    }

    /** Where the first record of the segment starts. */
    public long firstRecordOf(long segment) {
        return (segment << shift) + SegmentHeader.SIZE;
    }

    /**
     * The position at which the record that follows {@code lsn} starts: behind the segment header, and in the next
     * segment where the rest of this one cannot hold a record header.
     */
    public long recordStartAt(long lsn) {
        int offset = offsetOf(lsn);
        if (offset < SegmentHeader.SIZE) {
            return lsn - offset + SegmentHeader.SIZE;
        }
        if (sizeBytes - offset < WalFormat.HEADER_SIZE) {
            return lsn - offset + sizeBytes + SegmentHeader.SIZE;
        }
        return lsn;
    }

    /** First position a new system's WAL is written at. */
    public Lsn firstLsn() {
        return new Lsn(firstRecordOf(1));
    }

    /** PostgreSQL's name: eight hex digits each for timeline, upper and lower part of the segment's number. */
    public String fileName(int timeline, long segment) {
        long perFourGigabytes = 0x1_0000_0000L >>> shift;
        return String.format("%08X%08X%08X", timeline, segment / perFourGigabytes, segment % perFourGigabytes);
    }

    /** Parses {@link #fileName}; null if the name is not that of a segment. */
    public SegmentName parse(String fileName) {
        if (fileName.length() != 24) {
            return null;
        }
        for (int i = 0; i < 24; i++) {
            char c = fileName.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'A' && c <= 'F')) {
                return null;
            }
        }
        long perFourGigabytes = 0x1_0000_0000L >>> shift;
        long timeline = Long.parseLong(fileName.substring(0, 8), 16);
        long high = Long.parseLong(fileName.substring(8, 16), 16);
        long low = Long.parseLong(fileName.substring(16), 16);
        if (timeline == 0 || timeline > Integer.MAX_VALUE || low >= perFourGigabytes) {
            return null;
        }
        return new SegmentName((int) timeline, high * perFourGigabytes + low);
    }
}
