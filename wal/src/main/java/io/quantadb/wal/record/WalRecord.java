package io.quantadb.wal.record;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.RelationId;

/**
 * One decoded WAL record: a view, valid until the reader moves on. Little-endian data; offsets point into
 * {@link #bytes()}.
 */
public interface WalRecord {
    long startLsn();

    /** Exclusive end: the LSN that pages changed by this record carry. */
    long endLsn();

    long previousLsn();

    int resourceManager();

    int kind();

    long xid();

    int blockCount();

    RelationId relation(int block);

    ForkNumber fork(int block);

    int blockNumber(int block);

    /** The page is initialised by redo from scratch. */
    boolean willInit(int block);

    boolean hasImage(int block);

    /** Writes the full image over the page at {@code pageAddress} (8 KiB). */
    void restoreImage(int block, long pageAddress);

    /** Backing array of all data below. */
    byte[] bytes();

    int blockDataOffset(int block);

    /** 0 if the block has no data, or it was left out because an image is there. */
    int blockDataLength(int block);

    int dataOffset();

    int dataLength();
}
