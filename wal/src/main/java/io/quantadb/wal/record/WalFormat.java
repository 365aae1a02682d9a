package io.quantadb.wal.record;

/**
 * Layout of WAL records, format version 1. All numbers are little-endian; offsets and lengths in bytes.
 *
 * <p>A record starts at an LSN that is a multiple of 8, lies in one segment, and is followed by zero bytes up to the
 * next multiple of 8.
 *
 * <pre>
 * Record header (32 bytes)
 *   0  u32  total length: header and body, without the bytes of alignment behind them
 *   4  u32  CRC32C of: the body (offset 32 to total length); then this header with zeros in place of the CRC; then
 *           the record's own start LSN as u64. So the contents of a recycled segment never validate at their new
 *           position.
 *   8  u64  start LSN of the previous record, 0 for the first of the system
 *  16  u64  xid, 0 if none
 *  24  u8   resource manager
 *  25  u8   kind, owned by the resource manager
 *  26  u8   flags: 1 = skip (no body; the next record is the first of the next segment)
 *  27  u8   number of blocks, at most 32
 *  28  u32  durable distance in units of 8 bytes: everything before (start LSN - 8 * this) was on the inserter's
 *           stable storage when the record was inserted; 0xFFFFFFFF = nothing is said. It lets a reader tell a torn
 *           tail (an unsynced record that survived behind one that did not) from damage (a record that was durable
 *           and is gone).
 *
 * Body: for each block
 *   0  u8   bits 0-3 fork; 0x10 = redo initialises the page; 0x20 = has image
 *   1  u8   image encoding: see {@link PageImage}
 *   2  u16  image length, 0 without image
 *   4  u32  database oid
 *   8  u32  file number
 *  12  u32  block number
 *  16  u32  data length
 *  20       image bytes, then data bytes
 * then the record's own data up to the total length.
 * </pre>
 *
 * <p>Where fewer than 32 bytes are left in a segment there is no record and no skip: the next one is in the next
 * segment.
 */
public final class WalFormat {
    public static final int VERSION = 1;
    public static final int PAGE_SIZE = 8192;

    public static final int RECORD_ALIGNMENT = 8;
    public static final int HEADER_SIZE = 32;
    public static final int OFFSET_LENGTH = 0;
    public static final int OFFSET_CRC = 4;
    public static final int OFFSET_PREVIOUS = 8;
    public static final int OFFSET_XID = 16;
    public static final int OFFSET_RESOURCE_MANAGER = 24;
    public static final int OFFSET_KIND = 25;
    public static final int OFFSET_FLAGS = 26;
    public static final int OFFSET_BLOCK_COUNT = 27;
    public static final int OFFSET_DURABLE_DISTANCE = 28;

    public static final int FLAG_SKIP = 1;

    public static final int BLOCK_HEADER_SIZE = 20;
    public static final int BLOCKS_MAX = 32;
    public static final int BLOCK_FORK_MASK = 0x0F;
    public static final int BLOCK_WILL_INIT = 0x10;
    public static final int BLOCK_HAS_IMAGE = 0x20;

    /** No record is longer, in any configuration. Small segments lower the limit: see SegmentLayout. */
    public static final int RECORD_SIZE_MAX = 1 << 20;

    /** "Nothing is said" in the durable distance. */
    public static final int DURABLE_UNKNOWN = -1;

    private WalFormat() {
    }

    /** Rounds up to the alignment of records. */
    public static int align(int length) {
        return (length + RECORD_ALIGNMENT - 1) & -RECORD_ALIGNMENT;
    }

    /**
     * The durable distance of a record that starts at {@code startLsn} while {@code durableLsn} is the flushed horizon.
     */
    public static int durableDistance(long startLsn, long durableLsn) {
        long distance = (startLsn - durableLsn + RECORD_ALIGNMENT - 1) >> 3;
        return distance < 0 ? 0 : distance >= 0xFFFFFFFFL ? DURABLE_UNKNOWN : (int) distance;
    }

    /** The horizon a record's durable distance stands for; 0 if it says nothing. */
    public static long durableLsn(long startLsn, int durableDistance) {
        if (durableDistance == DURABLE_UNKNOWN) {
            return 0;
        }
        return Math.max(0, startLsn - ((durableDistance & 0xFFFFFFFFL) << 3));
    }
}
