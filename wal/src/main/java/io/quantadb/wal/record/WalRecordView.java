package io.quantadb.wal.record;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Invariant;
import io.quantadb.base.Memory;
import io.quantadb.base.RelationId;
import java.util.zip.CRC32C;

/**
 * Decodes and verifies one record inside a byte array (layout: {@link WalFormat}). A view: the array belongs to the
 * caller.
 *
 * <p>Reusable; confined to one thread. After {@link #decode} returned {@link Status#VALID} every length and offset has
 * been checked.
 */
public final class WalRecordView implements WalRecord {
    /** What the bytes at a position are. */
    public enum Status {
        VALID,
        /** Length zero: nothing was ever written here, or it was zeroed. */
        ZEROES,
        /** The length cannot be a record's, or it would run over the end of its segment. */
        BAD_LENGTH,
        /** More bytes are needed to decide: see {@link WalRecordView#neededLength}. */
        INCOMPLETE,
        BAD_CRC,
        /** The CRC is right but the insides contradict each other: written by a newer version or a bug. */
        BAD_STRUCTURE
    }

    private final CRC32C crc = new CRC32C();
    private final byte[] header = new byte[WalFormat.HEADER_SIZE + Long.BYTES];
    private final int[] blockOffsets = new int[WalFormat.BLOCKS_MAX];
    private byte[] bytes;
    private int offset;
    private int length;
    private long startLsn;
    private int dataOffset;

    /**
     * Looks at the bytes at {@code offset}.
     *
     * @param available number of bytes in the array from {@code offset}
     * @param lengthMax longest record possible here: up to the end of the segment
     */
    public Status decode(byte[] bytes, int offset, int available, int lengthMax, long startLsn) {
        if (available < WalFormat.HEADER_SIZE) {
            length = WalFormat.HEADER_SIZE;
            return Status.INCOMPLETE;
        }
        length = Memory.getInt(bytes, offset + WalFormat.OFFSET_LENGTH);
        if (length == 0) {
            return Status.ZEROES;
        }
        if (length < WalFormat.HEADER_SIZE || length > lengthMax || length > WalFormat.RECORD_SIZE_MAX) {
            return Status.BAD_LENGTH;
        }
        if (available < length) {
            return Status.INCOMPLETE;
        }
        this.bytes = bytes;
        this.offset = offset;
        this.startLsn = startLsn;
        if (computeCrc() != Memory.getInt(bytes, offset + WalFormat.OFFSET_CRC)) {
            return Status.BAD_CRC;
        }
        return parseBlocks() ? Status.VALID : Status.BAD_STRUCTURE;
    }

    /**
     * A cheap test that lets nearly all bytes that are no record header fail: its back pointer lies in [lowestPrevious,
     * startLsn).
     */
    public boolean looksLikeHeader(byte[] bytes, int offset, long startLsn, long lowestPrevious) {
        int claimed = Memory.getInt(bytes, offset + WalFormat.OFFSET_LENGTH);
        long previous = Memory.getLong(bytes, offset + WalFormat.OFFSET_PREVIOUS);
        return claimed >= WalFormat.HEADER_SIZE && claimed <= WalFormat.RECORD_SIZE_MAX
                && previous < startLsn && previous >= lowestPrevious && previous % WalFormat.RECORD_ALIGNMENT == 0
                && (bytes[offset + WalFormat.OFFSET_BLOCK_COUNT] & 0xFF) <= WalFormat.BLOCKS_MAX;
    }

    private int computeCrc() {
        crc.reset();
        crc.update(bytes, offset + WalFormat.HEADER_SIZE, length - WalFormat.HEADER_SIZE);
        System.arraycopy(bytes, offset, header, 0, WalFormat.HEADER_SIZE);
        Memory.putInt(header, WalFormat.OFFSET_CRC, 0);
        Memory.putLong(header, WalFormat.HEADER_SIZE, startLsn);
        crc.update(header, 0, header.length);
        return (int) crc.getValue();
    }

    private boolean parseBlocks() {
        int end = offset + length;
        int at = offset + WalFormat.HEADER_SIZE;
        int count = blockCount();
        if (count > WalFormat.BLOCKS_MAX) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (end - at < WalFormat.BLOCK_HEADER_SIZE) {
                return false;
            }
            blockOffsets[i] = at;
            int imageLength = imageLength(i);
            int dataLength = Memory.getInt(bytes, at + 16);
            if ((bytes[at] & WalFormat.BLOCK_FORK_MASK) >= ForkNumber.values().length
                    || dataLength < 0 || dataLength > end - at - WalFormat.BLOCK_HEADER_SIZE - imageLength
                    || hasImage(i) != imageLength > 0
                    || imageLength > 0 && !PageImage.isValid(bytes[at + 1], bytes, at + WalFormat.BLOCK_HEADER_SIZE,
                    imageLength)) {
                return false;
            }
            at += WalFormat.BLOCK_HEADER_SIZE + imageLength + dataLength;
        }
        dataOffset = at;
        return true;
    }

    /** After {@link Status#INCOMPLETE}: the number of bytes that decides. */
    public int neededLength() {
        return length;
    }

    /** The record's length without alignment. */
    public int length() {
        return length;
    }

    /** The record ends its segment: the next one is the first of the next segment. */
    public boolean isSkip() {
        return (bytes[offset + WalFormat.OFFSET_FLAGS] & WalFormat.FLAG_SKIP) != 0;
    }

    /** A position before which everything was on the inserter's stable storage; 0 if the record says nothing. */
    public long durableLsn() {
        return WalFormat.durableLsn(startLsn, Memory.getInt(bytes, offset + WalFormat.OFFSET_DURABLE_DISTANCE));
    }

    @Override
    public long startLsn() {
        return startLsn;
    }

    @Override
    public long endLsn() {
        return startLsn + WalFormat.align(length);
    }

    @Override
    public long previousLsn() {
        return Memory.getLong(bytes, offset + WalFormat.OFFSET_PREVIOUS);
    }

    @Override
    public int resourceManager() {
        return bytes[offset + WalFormat.OFFSET_RESOURCE_MANAGER] & 0xFF;
    }

    @Override
    public int kind() {
        return bytes[offset + WalFormat.OFFSET_KIND] & 0xFF;
    }

    @Override
    public long xid() {
        return Memory.getLong(bytes, offset + WalFormat.OFFSET_XID);
    }

    @Override
    public int blockCount() {
        return bytes[offset + WalFormat.OFFSET_BLOCK_COUNT] & 0xFF;
    }

    private int block(int index) {
        Invariant.check(index >= 0 && index < blockCount(), "block %d of a record with %d", index, blockCount());
        return blockOffsets[index];
    }

    @Override
    public RelationId relation(int block) {
        int at = block(block);
        return new RelationId(Memory.getInt(bytes, at + 4), Memory.getInt(bytes, at + 8));
    }

    @Override
    public ForkNumber fork(int block) {
        return ForkNumber.of(bytes[block(block)] & WalFormat.BLOCK_FORK_MASK);
    }

    @Override
    public int blockNumber(int block) {
        return Memory.getInt(bytes, block(block) + 12);
    }

    @Override
    public boolean willInit(int block) {
        return (bytes[block(block)] & WalFormat.BLOCK_WILL_INIT) != 0;
    }

    @Override
    public boolean hasImage(int block) {
        return (bytes[block(block)] & WalFormat.BLOCK_HAS_IMAGE) != 0;
    }

    /** Bytes of the encoded image, 0 without one. */
    public int imageLength(int block) {
        return Memory.getInt(bytes, block(block)) >>> 16;
    }

    @Override
    public void restoreImage(int block, long pageAddress) {
        int at = block(block);
        Invariant.check(hasImage(block), "block %d of the record at %d has no image", block, startLsn);
        PageImage.decode(bytes[at + 1], bytes, at + WalFormat.BLOCK_HEADER_SIZE, imageLength(block), pageAddress);
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int blockDataOffset(int block) {
        return block(block) + WalFormat.BLOCK_HEADER_SIZE + imageLength(block);
    }

    @Override
    public int blockDataLength(int block) {
        return Memory.getInt(bytes, block(block) + 16);
    }

    @Override
    public int dataOffset() {
        return dataOffset;
    }

    @Override
    public int dataLength() {
        return offset + length - dataOffset;
    }
}
