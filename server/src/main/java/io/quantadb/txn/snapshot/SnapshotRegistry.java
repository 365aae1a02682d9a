package io.quantadb.txn.snapshot;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Knows the oldest snapshot in use: what prune and vacuum may remove. Safe for use by many threads.
 *
 * <p>Each session writes its own slot; nothing is shared when a snapshot is taken. The answer is computed when asked for and cached:
 * the cached value never falls, and is right for ever because no snapshot below it can be taken any more.
 */
public final class SnapshotRegistry {
    private final LongSupplier horizon;
    private final LongSupplier newSnapshots;
    private final ReentrantLock changing = new ReentrantLock();
    private final ReentrantLock refreshing = new ReentrantLock();
    private volatile SnapshotSlot[] slots = new SnapshotSlot[0];
    private volatile LongSupplier[] externals = new LongSupplier[0];
    private volatile long cachedOldest;
    private volatile long cachedAtHorizon = -1;

    /** @param horizon the durable horizon; must never fall */
    public SnapshotRegistry(LongSupplier horizon) {
        this(horizon, horizon);
    }

    /** @param newSnapshots where new snapshots stand: never below the horizon; may wait */
    public SnapshotRegistry(LongSupplier horizon, LongSupplier newSnapshots) {
        this.horizon = horizon;
        this.newSnapshots = newSnapshots;
    }

    /** Highest LSN a new snapshot may stand at. */
    public long horizon() {
        return horizon.getAsLong();
    }

    /** Where a new snapshot stands. */
    public LongSupplier horizonSupplier() {
        return newSnapshots;
    }

    /** A slot for a new session. */
    public SnapshotSlot open() {
        SnapshotSlot slot = new SnapshotSlot();
        changing.lock();
        try {
            SnapshotSlot[] next = Arrays.copyOf(slots, slots.length + 1);
            next[slots.length] = slot;
            slots = next;
        } finally {
            changing.unlock();
        }
        return slot;
    }

    public void close(SnapshotSlot slot) {
        slot.clear();
        changing.lock();
        try {
            SnapshotSlot[] old = slots;
            for (int i = 0; i < old.length; i++) {
                if (old[i] == slot) {
                    SnapshotSlot[] next = Arrays.copyOf(old, old.length - 1);
                    if (i < next.length) {
                        next[i] = old[old.length - 1];
                    }
                    slots = next;
                    return;
                }
            }
        } finally {
            changing.unlock();
        }
    }

    /**
     * Adds a further holder of old versions, such as the feedback of replicas.
     *
     * @param oldestNeeded LSN below which it needs nothing; {@link Long#MAX_VALUE} for no need
     */
    public void addExternal(LongSupplier oldestNeeded) {
        changing.lock();
        try {
            LongSupplier[] next = Arrays.copyOf(externals, externals.length + 1);
            next[externals.length] = oldestNeeded;
            externals = next;
        } finally {
            changing.unlock();
        }
    }

    /**
     * A lower bound of every snapshot in use or to come: a version deleted at or below it is invisible to all. One volatile
     * read; may lag behind {@link #refreshOldestLsn}.
     */
    public long oldestSnapshotLsn() {
        return cachedOldest;
    }

    /** Computes the bound anew if the horizon moved; costs a read for each session. */
    public long refreshOldestLsn() {
        long before = horizon.getAsLong();
        if (before == cachedAtHorizon || !refreshing.tryLock()) {
            return cachedOldest;
        }
        try {
            long smallest = compute(before);
            if (smallest > cachedOldest) {
                cachedOldest = smallest;
            }
            if (smallest == before) {
                cachedAtHorizon = before;
            }
            return cachedOldest;
        } finally {
            refreshing.unlock();
        }
    }

    private long compute(long horizonBefore) {
        long smallest = horizonBefore;
        for (SnapshotSlot slot : slots) {
            smallest = Math.min(smallest, slot.oldest());
        }
        for (LongSupplier external : externals) {
            smallest = Math.min(smallest, external.getAsLong());
        }
        return smallest;
    }
}
