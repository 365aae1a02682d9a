package io.quantadb.wal.writer;

import io.quantadb.base.Memory;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * The memory between inserts and the file: the byte at LSN x lives at index x modulo the size.
 *
 * <p>Inserters copy their records in parallel and publish each by storing its end in the cell of its start. Records are
 * at least 32 bytes long, so those in the ring at one time have different cells; and since positions only grow, a cell
 * left from an earlier round never holds an end beyond the start that is looked up. So cells need no clearing.
 */
final class WalRing {
    private static final int CELL_SHIFT = 5;
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private final ByteBuffer buffer;
    private final long address;
    private final int size;
    private final long[] cells;

    WalRing(int sizeBytes) {
        buffer = ByteBuffer.allocateDirect(sizeBytes);
        address = Memory.addressOf(buffer);
        size = sizeBytes;
        cells = new long[sizeBytes >> CELL_SHIFT];
    }

    int size() {
        return size;
    }

    /**
     * Copies {@code length} bytes to the position {@code lsn}. The caller has reserved them and made sure that there is
     * room.
     */
    void copy(byte[] source, int length, long lsn) {
        int index = (int) (lsn & (size - 1));
        int first = Math.min(length, size - index);
        Memory.copyFromArray(source, 0, address + index, first);
        if (first < length) {
            Memory.copyFromArray(source, first, address, length - first);
        }
    }

    /** Says that the record at {@code startLsn} is complete, and where the next one starts. */
    void publish(long startLsn, long endLsn) {
        CELL.setRelease(cells, cellOf(startLsn), endLsn);
    }

    /**
     * The end published for {@code startLsn}; anything at or below {@code startLsn} means that it is not complete yet.
     */
    long published(long startLsn) {
        return (long) CELL.getAcquire(cells, cellOf(startLsn));
    }

    private int cellOf(long lsn) {
        return (int) (lsn >>> CELL_SHIFT) & (cells.length - 1);
    }

    /**
     * Copies the bytes of [lsn, lsn + length) into direct memory. Inserters may be overwriting them: the caller checks
     * afterwards that nobody had reserved their place.
     */
    void read(long lsn, int length, long target) {
        int index = (int) (lsn & (size - 1));
        int first = Math.min(length, size - index);
        Memory.copy(address + index, target, first);
        if (first < length) {
            Memory.copy(address, target + first, length - first);
        }
    }

    /** Where the ring's bytes go. */
    @FunctionalInterface
    interface Sink {
        void write(ByteBuffer source, long lsn) throws IOException;
    }

    /** Hands the bytes of [fromLsn, toLsn) to the sink, in one or two pieces. Flusher only. */
    void drain(long fromLsn, long toLsn, Sink sink) throws IOException {
        long at = fromLsn;
        while (at < toLsn) {
            int index = (int) (at & (size - 1));
            int count = (int) Math.min(toLsn - at, size - index);
            buffer.limit(index + count).position(index);
            sink.write(buffer, at);
            at += count;
        }
    }
}
