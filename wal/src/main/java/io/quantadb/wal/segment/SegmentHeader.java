package io.quantadb.wal.segment;

import io.quantadb.base.Memory;
import io.quantadb.wal.record.WalFormat;
import io.quantadb.wal.segment.SegmentException.Reason;
import java.util.zip.CRC32C;

/**
 * The first 64 bytes of a segment file. Little-endian.
 *
 * <pre>
 *   0  u64  magic: the characters "QUANTWAL"
 *   8  u32  format version of header and records
 *  12  u32  segment size
 *  16  u64  system identifier
 *  24  u64  segment number
 *  32  u32  timeline
 *  36  u32  page size of the full-page images
 *  40       20 bytes of zeros
 *  60  u32  CRC32C of bytes 0 to 59
 * </pre>
 *
 * @param systemId identifies the cluster; equal on all its nodes
 */
public record SegmentHeader(int segmentSizeBytes, long systemId, long segment, int timeline) {
    public static final int SIZE = 64;
    /** "QUANTWAL" read as a little-endian number. */
    static final long MAGIC = 0x4C41_5754_4E41_5551L;

    private static final int OFFSET_CRC = 60;

    public byte[] encode() {
        byte[] bytes = new byte[SIZE];
        Memory.putLong(bytes, 0, MAGIC);
        Memory.putInt(bytes, 8, WalFormat.VERSION);
        Memory.putInt(bytes, 12, segmentSizeBytes);
        Memory.putLong(bytes, 16, systemId);
        Memory.putLong(bytes, 24, segment);
        Memory.putInt(bytes, 32, timeline);
        Memory.putInt(bytes, 36, WalFormat.PAGE_SIZE);
        Memory.putInt(bytes, OFFSET_CRC, crc(bytes));
        return bytes;
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, OFFSET_CRC);
        return (int) crc.getValue();
    }

    /**
     * Decodes the header of the file called {@code name} in messages.
     *
     * @param bytes at least {@link #SIZE} bytes
     * @throws SegmentException CORRUPT, TOO_OLD, TOO_NEW, or MISPLACED for a page size that is not ours
     */
    public static SegmentHeader decode(byte[] bytes, String name) throws SegmentException {
        long magic = Memory.getLong(bytes, 0);
        if (magic != MAGIC) {
            throw new SegmentException(Reason.CORRUPT,
                    String.format("WAL segment %s has magic number %016X, not %016X", name, magic, MAGIC));
        }
        int version = Memory.getInt(bytes, 8);
        if (version != WalFormat.VERSION) {
            throw new SegmentException(version > WalFormat.VERSION ? Reason.TOO_NEW : Reason.TOO_OLD,
                    "WAL segment " + name + " has format version " + version + ", this program reads "
                    + WalFormat.VERSION);
        }
        int stored = Memory.getInt(bytes, OFFSET_CRC);
        if (stored != crc(bytes)) {
            throw new SegmentException(Reason.CORRUPT,
                    String.format("header of WAL segment %s has checksum %08X, computed %08X", name, stored,
                    crc(bytes)));
        }
        if (Memory.getInt(bytes, 36) != WalFormat.PAGE_SIZE) {
            throw new SegmentException(Reason.MISPLACED, "WAL segment " + name + " is for pages of "
                    + Memory.getInt(bytes, 36) + " bytes, ours have " + WalFormat.PAGE_SIZE);
        }
        return new SegmentHeader(Memory.getInt(bytes, 12), Memory.getLong(bytes, 16), Memory.getLong(bytes, 24),
                Memory.getInt(bytes, 32));
    }

    /** Throws {@link SegmentException} (WRONG_SYSTEM, MISPLACED) unless this is the expected header. */
    public void verify(SegmentHeader expected, String name) throws SegmentException {
        if (systemId != expected.systemId) {
            throw new SegmentException(Reason.WRONG_SYSTEM, "WAL segment " + name + " belongs to system "
                    + Long.toUnsignedString(systemId) + ", not " + Long.toUnsignedString(expected.systemId));
        }
        if (!equals(expected)) {
            throw new SegmentException(Reason.MISPLACED,
                    "WAL segment " + name + " says it is " + this + ", expected " + expected);
        }
    }
}
