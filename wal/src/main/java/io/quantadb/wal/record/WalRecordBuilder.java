package io.quantadb.wal.record;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.RelationId;

/**
 * Assembles one WAL record. Reusable; confined to one thread at a time.
 *
 * <p>Use: {@link #begin}, then for each block {@link #block} followed by that block's data, then {@link #mainData}
 * followed by the record's own data, then {@link io.quantadb.wal.writer.WalInserter#insert}. Block data is left out of
 * the record when a full image is in it, because redo then restores the image instead.
 */
public interface WalRecordBuilder {
    /** Redo initialises the page from scratch: no image is ever needed. */
    int WILL_INIT = 1;
    /** Always attach a full image. */
    int FORCE_IMAGE = 2;
    /** Never attach an image: the page tolerates a torn write. */
    int NO_IMAGE = 4;
    /** Keep the block's data even when an image is attached. */
    int KEEP_DATA = 8;

    WalRecordBuilder begin(int resourceManager, int kind, long xid);

    /**
     * Adds a block reference; at most 32 a record. Its first eight bytes at {@code pageAddress} are its LSN.
     *
     * @param pageAddress the page's address, which stays latched until the insert returns
     * @param flags a union of the constants of this interface
     */
    WalRecordBuilder block(RelationId relation, ForkNumber fork, int blockNumber, long pageAddress, int flags);

    /** What follows belongs to the record and not to a block. */
    WalRecordBuilder mainData();

    WalRecordBuilder putByte(int value);

    WalRecordBuilder putShort(int value);

    WalRecordBuilder putInt(int value);

    WalRecordBuilder putLong(long value);

    WalRecordBuilder putBytes(byte[] source, int offset, int length);

    /** Copies off-heap memory. */
    WalRecordBuilder putMemory(long address, int length);
}
