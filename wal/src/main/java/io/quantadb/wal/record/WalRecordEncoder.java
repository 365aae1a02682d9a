package io.quantadb.wal.record;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Invariant;
import io.quantadb.base.Memory;
import io.quantadb.base.RelationId;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Builds a record in its final form (layout: {@link WalFormat}); the one implementation of {@link WalRecordBuilder}.
 *
 * <p>Block headers and data are written once, where they belong; only a record with images is assembled a second time.
 * Everything that depends on the record's position ({@link #finish}) touches 40 bytes, so that little is left to do
 * between reserving space and publishing it.
 *
 * <p>Confined to one thread at a time; allocates only to grow. Call order: {@link #begin}, blocks and data,
 * {@link #prepare} (again if the redo point moved), {@link #finish}.
 */
public final class WalRecordEncoder implements WalRecordBuilder {
    private static final int INITIAL_CAPACITY = 1024;
    private static final int HEADER_AND_LSN = WalFormat.HEADER_SIZE + Long.BYTES;

    private final CRC32C crc = new CRC32C();
    private final byte[] header = new byte[HEADER_AND_LSN];
    private final int[] blockOffsets = new int[WalFormat.BLOCKS_MAX];
    private final int[] blockFlags = new int[WalFormat.BLOCKS_MAX];
    private final long[] pageAddresses = new long[WalFormat.BLOCKS_MAX];
    /** The record without images, header included. */
    private byte[] plain = new byte[INITIAL_CAPACITY];
    private int plainEnd;
    private int blockCount;
    private int mainStart;
    private int resourceManager;
    private int kind;
    private int flags;
    private long xid;
    /** The record with images, header included; allocated at the first one. */
    private byte[] assembled;
    private byte[] output;
    private int length;

    @Override
    public WalRecordBuilder begin(int resourceManager, int kind, long xid) {
        Invariant.check((resourceManager & ~0xFF) == 0 && (kind & ~0xFF) == 0,
                "resource manager %d or kind %d does not fit a byte", resourceManager, kind);
        this.resourceManager = resourceManager;
        this.kind = kind;
        this.xid = xid;
        flags = 0;
        blockCount = 0;
        mainStart = -1;
        plainEnd = WalFormat.HEADER_SIZE;
        output = null;
        return this;
    }

    /** Makes this the record that ends a segment early. */
    public WalRecordEncoder beginSkip(int resourceManager, int kind) {
        begin(resourceManager, kind, 0);
        flags = WalFormat.FLAG_SKIP;
        return this;
    }

    @Override
    public WalRecordBuilder block(RelationId relation, ForkNumber fork, int blockNumber, long pageAddress, int flags) {
        Invariant.check(mainStart < 0 && blockCount < WalFormat.BLOCKS_MAX,
                "block %d behind the main data or beyond the limit of %d", blockCount, WalFormat.BLOCKS_MAX);
        Invariant.check(pageAddress != 0 || (flags & (NO_IMAGE | WILL_INIT)) != 0 && (flags & FORCE_IMAGE) == 0,
                "block %d needs its page for an image, flags %d", blockNumber, flags);
        closeBlock();
        ensure(WalFormat.BLOCK_HEADER_SIZE);
        int at = plainEnd;
        Memory.putInt(plain, at, fork.id() | ((flags & WILL_INIT) != 0 ? WalFormat.BLOCK_WILL_INIT : 0));
        Memory.putInt(plain, at + 4, relation.databaseOid());
        Memory.putInt(plain, at + 8, relation.fileNumber());
        Memory.putInt(plain, at + 12, blockNumber);
        Memory.putInt(plain, at + 16, 0);
        blockOffsets[blockCount] = at;
        blockFlags[blockCount] = flags;
        pageAddresses[blockCount] = pageAddress;
        blockCount++;
        plainEnd = at + WalFormat.BLOCK_HEADER_SIZE;
        return this;
    }

    private void closeBlock() {
        if (blockCount > 0 && mainStart < 0) {
            int at = blockOffsets[blockCount - 1];
            Memory.putInt(plain, at + 16, plainEnd - at - WalFormat.BLOCK_HEADER_SIZE);
        }
    }

    @Override
    public WalRecordBuilder mainData() {
        if (mainStart < 0) {
            closeBlock();
            mainStart = plainEnd;
        }
        return this;
    }

    private void ensure(int more) {
        if (plainEnd + more > plain.length - WalFormat.RECORD_ALIGNMENT) {
            Invariant.check((long) plainEnd + more <= WalFormat.RECORD_SIZE_MAX, "WAL record of %d bytes, limit is %d",
                    (long) plainEnd + more, WalFormat.RECORD_SIZE_MAX);
            plain = Arrays.copyOf(plain, Math.max(plain.length * 2, plainEnd + more + WalFormat.RECORD_ALIGNMENT));
        }
    }

    @Override
    public WalRecordBuilder putByte(int value) {
        ensure(1);
        plain[plainEnd++] = (byte) value;
        return this;
    }

    @Override
    public WalRecordBuilder putShort(int value) {
        ensure(2);
        plain[plainEnd++] = (byte) value;
        plain[plainEnd++] = (byte) (value >> 8);
        return this;
    }

    @Override
    public WalRecordBuilder putInt(int value) {
        ensure(4);
        Memory.putInt(plain, plainEnd, value);
        plainEnd += 4;
        return this;
    }

    @Override
    public WalRecordBuilder putLong(long value) {
        ensure(8);
        Memory.putLong(plain, plainEnd, value);
        plainEnd += 8;
        return this;
    }

    @Override
    public WalRecordBuilder putBytes(byte[] source, int offset, int length) {
        ensure(length);
        System.arraycopy(source, offset, plain, plainEnd, length);
        plainEnd += length;
        return this;
    }

    @Override
    public WalRecordBuilder putMemory(long address, int length) {
        ensure(length);
        Memory.copyToArray(address, plain, plainEnd, length);
        plainEnd += length;
        return this;
    }

    /**
     * Decides which blocks carry images and computes everything that does not depend on the record's position. May be
     * called again with a later redo point.
     *
     * @param redoLsn pages with an LSN at or below it get an image
     * @return the record's length, without alignment
     */
    public int prepare(long redoLsn) {
        Invariant.check(plainEnd >= WalFormat.HEADER_SIZE, "record of %d bytes, begin() was not called (%d)",
                plainEnd, 0);
        closeBlock();
        output = null;
        for (int i = 0; i < blockCount; i++) {
            if (needsImage(i, redoLsn)) {
                assemble(redoLsn);
                break;
            }
        }
        if (output == null) {
            output = plain;
            length = plainEnd;
        }
        Invariant.check(length <= WalFormat.RECORD_SIZE_MAX, "WAL record of %d bytes, limit is %d",
                length, WalFormat.RECORD_SIZE_MAX);
        crc.reset();
        crc.update(output, WalFormat.HEADER_SIZE, length - WalFormat.HEADER_SIZE);
        for (int i = length; i < WalFormat.align(length); i++) {
            output[i] = 0;
        }
        return length;
    }

    private boolean needsImage(int block, long redoLsn) {
        int wanted = blockFlags[block];
        if ((wanted & FORCE_IMAGE) != 0) {
            return true;
        }
        return (wanted & (WILL_INIT | NO_IMAGE)) == 0 && Memory.getLong(pageAddresses[block]) <= redoLsn;
    }

    private void assemble(long redoLsn) {
        int capacity = plainEnd + blockCount * PageImage.sizeMax() + WalFormat.RECORD_ALIGNMENT;
        if (assembled == null || assembled.length < capacity) {
            assembled = new byte[Math.max(capacity, 2 * PageImage.sizeMax())];
        }
        int out = WalFormat.HEADER_SIZE;
        for (int i = 0; i < blockCount; i++) {
            int in = blockOffsets[i];
            int dataLength = Memory.getInt(plain, in + 16);
            System.arraycopy(plain, in, assembled, out, WalFormat.BLOCK_HEADER_SIZE);
            int headerAt = out;
            out += WalFormat.BLOCK_HEADER_SIZE;
            boolean keepData = true;
            if (needsImage(i, redoLsn)) {
                int imageLength = PageImage.encode(pageAddresses[i], assembled, out);
                int encoding = imageLength == WalFormat.PAGE_SIZE ? PageImage.ENCODING_RAW
                        : PageImage.ENCODING_ZERO_RUNS;
                Memory.putInt(assembled, headerAt,
                        plain[in] | WalFormat.BLOCK_HAS_IMAGE | encoding << 8 | imageLength << 16);
                out += imageLength;
                keepData = (blockFlags[i] & KEEP_DATA) != 0;
            }
            if (keepData) {
                System.arraycopy(plain, in + WalFormat.BLOCK_HEADER_SIZE, assembled, out, dataLength);
                out += dataLength;
            } else {
                Memory.putInt(assembled, headerAt + 16, 0);
            }
        }
        if (mainStart >= 0) {
            System.arraycopy(plain, mainStart, assembled, out, plainEnd - mainStart);
            out += plainEnd - mainStart;
        }
        output = assembled;
        length = out;
    }

    /**
     * Fills in the header, once the position is known. {@link #bytes} then holds the record and its alignment.
     *
     * @param durableLsn a position up to which the WAL is on stable storage here
     */
    public void finish(long startLsn, long previousLsn, long durableLsn) {
        byte[] h = header;
        Memory.putInt(h, WalFormat.OFFSET_LENGTH, length);
        Memory.putInt(h, WalFormat.OFFSET_CRC, 0);
        Memory.putLong(h, WalFormat.OFFSET_PREVIOUS, previousLsn);
        Memory.putLong(h, WalFormat.OFFSET_XID, xid);
        Memory.putInt(h, WalFormat.OFFSET_RESOURCE_MANAGER,
                resourceManager | kind << 8 | flags << 16 | blockCount << 24);
        Memory.putInt(h, WalFormat.OFFSET_DURABLE_DISTANCE, WalFormat.durableDistance(startLsn, durableLsn));
        Memory.putLong(h, WalFormat.HEADER_SIZE, startLsn);
        crc.update(h, 0, HEADER_AND_LSN);
        Memory.putInt(h, WalFormat.OFFSET_CRC, (int) crc.getValue());
        System.arraycopy(h, 0, output, 0, WalFormat.HEADER_SIZE);
    }

    /** The finished record from index 0; valid until the next {@link #begin}. */
    public byte[] bytes() {
        return output;
    }
}
