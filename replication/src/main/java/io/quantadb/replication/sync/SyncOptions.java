package io.quantadb.replication.sync;

import io.quantadb.base.Invariant;

/**
 * How the in-sync set is kept.
 *
 * @param synchronous false: the horizon is the local flush, and the set only says who may be elected
 * @param syncTimeoutNanos how long a member may hold back the horizon, or be silent, before it is removed
 * @param joinTimeoutNanos how long commits may wait for a replica that is about to join
 */
public record SyncOptions(boolean synchronous, long syncTimeoutNanos, long joinTimeoutNanos) {
    /** 5 s, as the configuration's default. */
    public static final SyncOptions DEFAULT = new SyncOptions(true, 5_000_000_000L, 200_000_000L);

    public SyncOptions {
        Invariant.check(syncTimeoutNanos > 0, "sync timeout %d ns, smallest is %d", syncTimeoutNanos, 1);
    }
}
