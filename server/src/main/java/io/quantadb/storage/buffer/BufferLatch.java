package io.quantadb.storage.buffer;

import io.quantadb.base.Invariant;
import io.quantadb.base.Memory;

/**
 * One latch a buffer: shared, exclusive, or optimistic reading by version. Not reentrant, not owned by a thread.
 *
 * <p>The word: bits 0-15 shared holders, 16 exclusive, 17 somebody is parked, 20-63 version, which grows at each
 * exclusive release. Bit 17 is only set while the latch is held. New shared requests queue behind a parked thread, so
 * that an exclusive one does not starve.
 */
final class BufferLatch {
    private static final long SHARED_MASK = 0xFFFF;
    private static final long EXCLUSIVE = 1L << 16;
    private static final long WAITERS = 1L << 17;
    private static final int VERSION_SHIFT = 20;
    private static final int SPINS = 64;

    private final long words;
    private final int stride;
    private final ParkingLot lot;

    /** The latch word of buffer {@code i} is at {@code words + i * stride}. */
    BufferLatch(long words, int stride, ParkingLot lot) {
        this.words = words;
        this.stride = stride;
        this.lot = lot;
    }

    private long word(int buffer) {
        return words + (long) buffer * stride;
    }

    boolean tryShared(int buffer) {
        long address = word(buffer);
        while (true) {
            long seen = Memory.getLongVolatile(address);
            if ((seen & EXCLUSIVE) != 0) {
                return false;
            }
            if (Memory.compareAndSetLong(address, seen, seen + 1)) {
                return true;
            }
        }
    }

    void shared(int buffer) {
        long address = word(buffer);
        for (int spins = 0;; spins++) {
            long seen = Memory.getLongVolatile(address);
            if ((seen & (EXCLUSIVE | WAITERS)) == 0) {
                if (Memory.compareAndSetLong(address, seen, seen + 1)) {
                    return;
                }
            } else if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                park(buffer, address, EXCLUSIVE | WAITERS);
            }
        }
    }

    void unlockShared(int buffer) {
        long address = word(buffer);
        while (true) {
            long seen = Memory.getLongVolatile(address);
            Invariant.check((seen & SHARED_MASK) != 0, "shared latch of buffer %d released, its word is %x", buffer,
                seen);
            boolean wake = (seen & SHARED_MASK) == 1 && (seen & WAITERS) != 0;
            if (Memory.compareAndSetLong(address, seen, wake ? (seen - 1) & ~WAITERS : seen - 1)) {
                if (wake) {
                    lot.wake(buffer);
                }
                return;
            }
        }
    }

    boolean tryExclusive(int buffer) {
        long address = word(buffer);
        long seen = Memory.getLongVolatile(address);
        return (seen & (EXCLUSIVE | SHARED_MASK)) == 0 && Memory.compareAndSetLong(address, seen, seen | EXCLUSIVE);
    }

    void exclusive(int buffer) {
        long address = word(buffer);
        for (int spins = 0;; spins++) {
            long seen = Memory.getLongVolatile(address);
            if ((seen & (EXCLUSIVE | SHARED_MASK)) == 0) {
                if (Memory.compareAndSetLong(address, seen, seen | EXCLUSIVE)) {
                    return;
                }
            } else if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                park(buffer, address, EXCLUSIVE | SHARED_MASK);
            }
        }
    }

    void unlockExclusive(int buffer) {
        long address = word(buffer);
        while (true) {
            long seen = Memory.getLongVolatile(address);
            Invariant.check((seen & EXCLUSIVE) != 0, "exclusive latch of buffer %d released, its word is %x", buffer,
                seen);
            long next = (seen & ~(EXCLUSIVE | WAITERS)) + (1L << VERSION_SHIFT);
            if (Memory.compareAndSetLong(address, seen, next)) {
                if ((seen & WAITERS) != 0) {
                    lot.wake(buffer);
                }
                return;
            }
        }
    }

    boolean isExclusive(int buffer) {
        return (Memory.getLongVolatile(word(buffer)) & EXCLUSIVE) != 0;
    }

    /** The version, never 0; 0 while exclusively held. */
    long optimistic(int buffer) {
        long seen = Memory.getLongVolatile(word(buffer));
        return (seen & EXCLUSIVE) != 0 ? 0 : seen >>> VERSION_SHIFT << 1 | 1;
    }

    /** Whether nobody held the latch exclusively since {@link #optimistic} returned {@code stamp}. */
    boolean validate(int buffer, long stamp) {
        Memory.loadFence();
        long seen = Memory.getLongVolatile(word(buffer));
        return (seen & EXCLUSIVE) == 0 && (seen >>> VERSION_SHIFT << 1 | 1) == stamp;
    }

    /** Turns an optimistic read into the exclusive latch, if nothing changed since. */
    boolean upgrade(int buffer, long stamp) {
        long address = word(buffer);
        long seen = Memory.getLongVolatile(address);
        return (seen & (EXCLUSIVE | SHARED_MASK)) == 0 && (seen >>> VERSION_SHIFT << 1 | 1) == stamp
            && Memory.compareAndSetLong(address, seen, seen | EXCLUSIVE);
    }

    private void park(int buffer, long address, long blocking) {
        ParkingLot.Bucket bucket = lot.bucket(buffer);
        bucket.lock.lock();
        try {
            while (true) {
                long seen = Memory.getLongVolatile(address);
                if ((seen & blocking) == 0) {
                    return;
                }
                if ((seen & WAITERS) != 0 || Memory.compareAndSetLong(address, seen, seen | WAITERS)) {
                    break;
                }
            }
            bucket.changed.awaitUninterruptibly();
        } finally {
            bucket.lock.unlock();
        }
    }
}
