package io.quantadb.storage.buffer;

import io.quantadb.base.Memory;

/**
 * What the pool knows about each buffer: 64 off-heap bytes, one cache line.
 *
 * <pre>
 *  0  8  state: bits 0-23 pins, 24-27 usage count, from 32 the flags below
 *  8  8  latch word, see {@link BufferLatch}
 * 16  8  tag: relation key (database OID in the high half, file number in the low)
 * 24  8  tag: fork in the high half, block number in the low
 * 32  8  recovery LSN: WAL position just after the page went from clean to dirty, before the record of that change;
 *        the largest value when clean
 * 40  4  next buffer of the hash chain, plus one
 * </pre>
 * The tag changes only while the buffer is claimed (one pin, no {@link #TAGGED}, exclusively latched); pins are only
 * taken of a buffer that is {@code TAGGED}, in the same compare-and-set, so a pinned buffer keeps its tag.
 */
final class Descriptors {
    static final int SIZE = 64;
    static final long PIN = 1;
    static final long PIN_MASK = 0xFFFFFF;
    static final long USAGE = 1L << 24;
    static final long USAGE_MASK = 15L << 24;
    static final long USAGE_MAX = 5 * USAGE;
    /** In the page table, may be pinned. */
    static final long TAGGED = 1L << 32;
    /** The page has been read. */
    static final long VALID = 1L << 33;
    /** Memory is newer than the file. */
    static final long DIRTY = 1L << 34;
    /** Somebody writes a copy to the file. */
    static final long WRITING = 1L << 35;
    /** Somebody waits for WRITING to end. */
    static final long WRITE_WAITERS = 1L << 36;
    /** The running checkpoint has to write it. */
    static final long CHECKPOINT = 1L << 37;

    private static final int LATCH = 8;
    private static final int RELATION = 16;
    private static final int FORK_BLOCK = 24;
    private static final int RECOVERY_LSN = 32;
    private static final int NEXT = 40;

    private final long base;
    private final long allocated;

    Descriptors(int buffers) {
        allocated = Memory.allocate((long) buffers * SIZE + SIZE);
        base = allocated + SIZE - 1 & -SIZE;
        for (int buffer = 0; buffer < buffers; buffer++) {
            setRecoveryLsn(buffer, Long.MAX_VALUE);
        }
    }

    void close() {
        Memory.free(allocated);
    }

    private long at(int buffer) {
        return base + (long) buffer * SIZE;
    }

    long latchWords() {
        return base + LATCH;
    }

    long state(int buffer) {
        return Memory.getLongVolatile(at(buffer));
    }

    boolean compareAndSetState(int buffer, long expected, long value) {
        return Memory.compareAndSetLong(at(buffer), expected, value);
    }

    /** Sets and clears flags atomically; returns the state before. */
    long changeState(int buffer, long set, long clear) {
        while (true) {
            long seen = state(buffer);
            if (compareAndSetState(buffer, seen, seen & ~clear | set)) {
                return seen;
            }
        }
    }

    long addState(int buffer, long delta) {
        return Memory.getAndAddLong(at(buffer), delta);
    }

    static long pins(long state) {
        return state & PIN_MASK;
    }

    long relation(int buffer) {
        return Memory.getLong(at(buffer) + RELATION);
    }

    long forkBlock(int buffer) {
        return Memory.getLong(at(buffer) + FORK_BLOCK);
    }

    boolean isTag(int buffer, long relation, long forkBlock) {
        long at = at(buffer);
        return Memory.getLong(at + FORK_BLOCK) == forkBlock && Memory.getLong(at + RELATION) == relation;
    }

    void setTag(int buffer, long relation, long forkBlock) {
        Memory.putLong(at(buffer) + RELATION, relation);
        Memory.putLong(at(buffer) + FORK_BLOCK, forkBlock);
    }

    long recoveryLsn(int buffer) {
        return Memory.getLongVolatile(at(buffer) + RECOVERY_LSN);
    }

    void setRecoveryLsn(int buffer, long lsn) {
        Memory.putLongVolatile(at(buffer) + RECOVERY_LSN, lsn);
    }

    /** For a write that failed: what it took over is still to be written, maybe together with newer changes. */
    void lowerRecoveryLsn(int buffer, long lsn) {
        long address = at(buffer) + RECOVERY_LSN;
        while (true) {
            long seen = Memory.getLongVolatile(address);
            if (seen <= lsn || Memory.compareAndSetLong(address, seen, lsn)) {
                return;
            }
        }
    }

    int next(int buffer) {
        return Memory.getIntVolatile(at(buffer) + NEXT) - 1;
    }

    void setNext(int buffer, int next) {
        Memory.putIntVolatile(at(buffer) + NEXT, next + 1);
    }
}
