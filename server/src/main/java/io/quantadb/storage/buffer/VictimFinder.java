package io.quantadb.storage.buffer;

import static io.quantadb.storage.buffer.Descriptors.DIRTY;
import static io.quantadb.storage.buffer.Descriptors.PIN;
import static io.quantadb.storage.buffer.Descriptors.TAGGED;
import static io.quantadb.storage.buffer.Descriptors.USAGE;
import static io.quantadb.storage.buffer.Descriptors.USAGE_MASK;
import static io.quantadb.storage.buffer.Descriptors.VALID;
import static io.quantadb.storage.buffer.Descriptors.WRITING;

import io.quantadb.base.Invariant;
import io.quantadb.storage.StorageException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds buffers to give to another block: clock sweep over usage counts, or a ring.
 *
 * <p>A <em>claimed</em> buffer has exactly one pin, is in no chain of the page table and is exclusively latched, so
 * that optimistic readers of its old page fail. Claiming never waits for a latch or for another's write: it passes such
 * buffers over. That is why it can be done while holding latches.
 */
final class VictimFinder {
    private static final Logger LOG = LoggerFactory.getLogger(VictimFinder.class);
    private static final int ROUNDS = 8;
    private static final int WRITE_FAILURES_MAX = 16;
    private static final int ATTEMPTS = 20;
    private static final long UNCONFIRMED_LIMIT_NANOS = 10_000_000_000L;
    private static final long PAUSE_NANOS = 5_000_000;
    private static final long INVALIDATE_LIMIT_NANOS = 30_000_000_000L;
    private static final long ORPHAN_AFTER_NANOS = 5_000_000;

    private final int buffers;
    private final Descriptors descriptors;
    private final BufferLatch latch;
    private final PageTable table;
    private final BufferWriter writer;
    private final AtomicLong hand = new AtomicLong();
    private final LongAdder evictions = new LongAdder();
    private final LongAdder backendWrites = new LongAdder();

    VictimFinder(int buffers, Descriptors descriptors, BufferLatch latch, PageTable table, BufferWriter writer) {
        this.buffers = buffers;
        this.descriptors = descriptors;
        this.latch = latch;
        this.table = table;
        this.writer = writer;
    }

    long evictions() {
        return evictions.sum();
    }

    long backendWrites() {
        return backendWrites.sum();
    }

    /**
     * A claimed buffer. Throws 53000 if all stay pinned for a tenth of a second, or replicas confirm none of the
     * pages that could be
     * written for {@value #UNCONFIRMED_LIMIT_NANOS} nanoseconds.
     */
    int claim(BufferRing ring) {
        long begin = System.nanoTime();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long unconfirmed = writer.unconfirmed();
            int buffer = tryClaim(ring);
            if (buffer >= 0) {
                return buffer;
            }
            if (writer.unconfirmed() != unconfirmed && System.nanoTime() - begin < UNCONFIRMED_LIMIT_NANOS) {
                attempt--;
                writer.hurry();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw StorageException.noFreeBuffer(buffers);
    }

    /** A claimed buffer, or -1 if a sweep finds none. */
    int tryClaim(BufferRing ring) {
        if (ring != null) {
            int buffer = ring.advance();
            if (buffer >= 0 && claimFromRing(buffer, ring)) {
                return buffer;
            }
        }
        int buffer = sweep();
        if (buffer >= 0 && ring != null) {
            ring.replace(buffer);
        }
        return buffer;
    }

    /**
     * A bulk read passes over dirty pages rather than to wait for the WAL; it then takes another buffer into its ring.
     */
    private boolean claimFromRing(int buffer, BufferRing ring) {
        long state = descriptors.state(buffer);
        if (Descriptors.pins(state) != 0 || (state & USAGE_MASK) > USAGE
            || (state & DIRTY) != 0 && ring.access() == BufferAccess.BULK_READ) {
            return false;
        }
        return claimUnpinned(buffer, state);
    }

    /** Passes over pages that cannot be written now, so that one bad file does not stop those who do not touch it. */
    private int sweep() {
        long most = (long) buffers * ROUNDS;
        int failures = 0;
        for (long steps = 0; steps < most; steps++) {
            int buffer = (int) Math.floorMod(hand.getAndIncrement(), (long) buffers);
            long state = descriptors.state(buffer);
            if (Descriptors.pins(state) != 0 || (state & WRITING) != 0) {
                continue;
            }
            if ((state & USAGE_MASK) != 0 && (state & TAGGED) != 0) {
                descriptors.compareAndSetState(buffer, state, state - USAGE);
                continue;
            }
            try {
                if (claimUnpinned(buffer, state)) {
                    return buffer;
                }
            } catch (StorageException e) {
                if (e.isFatal() || ++failures > WRITE_FAILURES_MAX) {
                    throw e;
                }
                LOG.warn("evicting another page instead: {}", e.getMessage());
            }
        }
        return -1;
    }

    /**
     * Pins the buffer seen unpinned in {@code state}, writes its page if need be, and claims it if still nobody else
     * wants it.
     */
    private boolean claimUnpinned(int buffer, long state) {
        if ((state & TAGGED) == 0) {
            if (!descriptors.compareAndSetState(buffer, state, PIN)) {
                return false;
            }
            latchClaimed(buffer);
            return true;
        }
        if (!descriptors.compareAndSetState(buffer, state, state + PIN)) {
            return false;
        }
        boolean claimed = false;
        try {
            if ((state & DIRTY) != 0) {
                if (!writer.write(buffer, false)) {
                    return false;
                }
                backendWrites.increment();
            }
            claimed = claimPinned(buffer);
            return claimed;
        } finally {
            if (!claimed) {
                descriptors.addState(buffer, -PIN);
            }
        }
    }

    private boolean claimPinned(int buffer) {
        ReentrantLock stripe = table.stripe(descriptors.relation(buffer), descriptors.forkBlock(buffer));
        stripe.lock();
        try {
            long state = descriptors.state(buffer);
            if (Descriptors.pins(state) != 1 || (state & (DIRTY | WRITING)) != 0
                || !descriptors.compareAndSetState(buffer, state, PIN)) {
                return false;
            }
            // A page that was dropped while we had it pinned has been taken out of the table already.
            if ((state & TAGGED) != 0) {
                table.remove(buffer);
            }
        } finally {
            stripe.unlock();
        }
        latchClaimed(buffer);
        evictions.increment();
        return true;
    }

    private void latchClaimed(int buffer) {
        boolean free = latch.tryExclusive(buffer);
        Invariant.check(free, "buffer %d latched without a pin, pool of %d", buffer, buffers);
    }

    /** Returns a claimed buffer unused. */
    void giveBack(int buffer) {
        latch.unlockExclusive(buffer);
        descriptors.addState(buffer, -PIN);
    }

    /**
     * Takes a block whose read failed out of the table again; waiters see that it is not valid and try for themselves.
     */
    void discard(int buffer) {
        ReentrantLock stripe = table.stripe(descriptors.relation(buffer), descriptors.forkBlock(buffer));
        stripe.lock();
        try {
            if ((descriptors.state(buffer) & TAGGED) != 0) {
                table.remove(buffer);
            }
            descriptors.changeState(buffer, 0, TAGGED | VALID | USAGE_MASK);
        } finally {
            stripe.unlock();
        }
        giveBack(buffer);
    }

    /** Drops the block from the pool without writing it. Waits for pins of the checkpointer and others just passing. */
    void invalidate(long relation, long forkBlock) {
        long begin = System.nanoTime();
        long deadline = begin + INVALIDATE_LIMIT_NANOS;
        while (!tryInvalidate(relation, forkBlock, System.nanoTime() - begin > ORPHAN_AFTER_NANOS)) {
            Invariant.check(System.nanoTime() < deadline, "block %d of dropped relation file %d is still pinned",
                (int) forkBlock,
                (int) relation);
            LockSupport.parkNanos(100_000);
        }
    }

    /** @param orphan leave the page to those who have it pinned: readers on a replica, who find nothing in it */
    private boolean tryInvalidate(long relation, long forkBlock, boolean orphan) {
        ReentrantLock stripe = table.stripe(relation, forkBlock);
        stripe.lock();
        try {
            int buffer = table.findLocked(relation, forkBlock);
            if (buffer < 0) {
                return true;
            }
            long state = descriptors.state(buffer);
            if (orphan && Descriptors.pins(state) != 0 && (state & (WRITING | VALID)) == VALID) {
                if (!descriptors.compareAndSetState(buffer, state, state & Descriptors.PIN_MASK | VALID)) {
                    return false;
                }
                table.remove(buffer);
                descriptors.setRecoveryLsn(buffer, Long.MAX_VALUE);
                return true;
            }
            if (Descriptors.pins(state) != 0 || !descriptors.compareAndSetState(buffer, state, PIN)) {
                return false;
            }
            table.remove(buffer);
            latchClaimed(buffer);
            descriptors.setRecoveryLsn(buffer, Long.MAX_VALUE);
            giveBack(buffer);
            return true;
        } finally {
            stripe.unlock();
        }
    }

    /** See {@link BufferPool#writeAhead}: looks ahead of the hand without moving it. */
    int writeAhead(int most) {
        int written = 0;
        long from = hand.get();
        int look = Math.min(buffers, Math.max(most * 4, buffers / 16));
        for (int i = 0; i < look && written < most; i++) {
            int buffer = (int) Math.floorMod(from + i, (long) buffers);
            long state = descriptors.state(buffer);
            boolean candidate = Descriptors.pins(state) == 0 && (state & (TAGGED | DIRTY | WRITING)) == (TAGGED | DIRTY)
                && (state & USAGE_MASK) <= USAGE;
            if (candidate && descriptors.compareAndSetState(buffer, state, state + PIN)) {
                try {
                    written += writer.write(buffer, false) ? 1 : 0;
                } finally {
                    descriptors.addState(buffer, -PIN);
                }
            }
        }
        return written;
    }

}
