package io.quantadb.txn.snapshot;

import io.quantadb.base.Invariant;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * One session's registered snapshots. Written by the session's thread only; {@link SnapshotRegistry} reads the minimum.
 *
 * <p>Registering first publishes a floor below every possible snapshot and reads the horizon afterwards. Whoever computes the oldest
 * snapshot reads the horizon before the slots, so either it sees the floor, or its result is at most the horizon read here.
 */
public final class SnapshotSlot {
    /** No snapshot is registered. */
    static final long IDLE = Long.MAX_VALUE;
    private static final long FLOOR = 0;

    private long[] lsns = new long[4];
    private int count;
    private volatile long oldest = IDLE;
    private volatile boolean disowned;

    SnapshotSlot() {
    }

    /**
     * Registers a snapshot position.
     *
     * @param horizon read after the floor is visible to others
     * @param atLeast the session's own floor: its last commit, what its transaction built upon
     * @return max(horizon, atLeast); give it back with {@link #unregister}
     */
    public long register(LongSupplier horizon, long atLeast) {
        if (count == 0) {
            oldest = FLOOR;
        }
        long lsn = Math.max(horizon.getAsLong(), atLeast);
        add(lsn);
        return lsn;
    }

    /** Registers a position that is protected already: by another registration of this slot at or below it. */
    public void registerAgain(long lsn) {
        Invariant.check(oldest <= lsn, "snapshot %d is older than the protected %d", lsn, oldest);
        add(lsn);
    }

    private void add(long lsn) {
        if (count == lsns.length) {
            lsns = Arrays.copyOf(lsns, count * 2);
        }
        lsns[count++] = lsn;
        publish();
    }

    /** Ends one registration of this position. */
    public void unregister(long lsn) {
        for (int i = count - 1; i >= 0; i--) {
            if (lsns[i] == lsn) {
                lsns[i] = lsns[--count];
                publish();
                return;
            }
        }
        throw Invariant.broken("snapshot %d is not registered", lsn);
    }

    /** Ends all registrations. */
    public void clear() {
        count = 0;
        oldest = IDLE;
        disowned = false;
    }

    public int count() {
        return count;
    }

    private void publish() {
        long smallest = IDLE;
        for (int i = 0; i < count; i++) {
            smallest = Math.min(smallest, lsns[i]);
        }
        if (smallest != oldest) {
            oldest = smallest;
        }
        if (count == 0 && disowned) {
            disowned = false;
        }
    }

    /** The oldest position registered; the largest value if none is. Any thread. */
    public long oldest() {
        return disowned ? IDLE : oldest;
    }

    /**
     * What is registered now is not respected any more, until all of it has been given back: the owner has been told that its snapshots are
     * worthless. Any thread.
     */
    public void disown() {
        disowned = true;
    }
}
