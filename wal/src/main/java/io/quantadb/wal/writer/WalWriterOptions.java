package io.quantadb.wal.writer;

import io.quantadb.wal.segment.SyncMethod;

/**
 * How a {@link WalWriter} works.
 *
 * @param ringBytes memory between inserts and the file; a power of two, at least eight times the longest record or 1
 * MiB
 * @param syncMethod how WAL reaches stable storage
 * @param writerDelayMillis WAL that nobody waits for is flushed after this time
 * @param background false: no threads; {@code flush} and {@code admit} do the work on their caller, for simulations
 */
public record WalWriterOptions(int ringBytes, SyncMethod syncMethod, int writerDelayMillis, boolean background) {
    public static final int DEFAULT_RING_BYTES = 16 << 20;
    public static final int DEFAULT_WRITER_DELAY_MILLIS = 200;

    public static final WalWriterOptions DEFAULT =
            new WalWriterOptions(DEFAULT_RING_BYTES, SyncMethod.FDATASYNC, DEFAULT_WRITER_DELAY_MILLIS, true);

    public WalWriterOptions {
        if (Integer.bitCount(ringBytes) != 1 || ringBytes < 1 << 16 || ringBytes > 1 << 30) {
            throw new IllegalArgumentException("WAL ring of " + ringBytes
                    + " bytes is not a power of two from 64 KiB to 1 GiB");
        }
        if (writerDelayMillis < 1 || writerDelayMillis > 10_000) {
            throw new IllegalArgumentException("WAL writer delay of " + writerDelayMillis + " ms is not in 1..10000");
        }
    }

    public WalWriterOptions withSyncMethod(SyncMethod method) {
        return new WalWriterOptions(ringBytes, method, writerDelayMillis, background);
    }
}
