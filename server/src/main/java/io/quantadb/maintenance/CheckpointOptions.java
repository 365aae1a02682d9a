package io.quantadb.maintenance;

import io.quantadb.base.Invariant;

/**
 * When checkpoints are made and how they are spread.
 *
 * @param intervalMillis time between two timed checkpoints ({@code storage.checkpoint_interval})
 * @param maxWalBytes WAL kept for recovery; the next checkpoint begins early enough to end before it is reached
 * @param completionTarget share of the interval over which the writes are spread, in (0, 1]
 */
public record CheckpointOptions(long intervalMillis, long maxWalBytes, double completionTarget) {
    public static final CheckpointOptions DEFAULT = new CheckpointOptions(300_000, 1L << 30, 0.9);

    public CheckpointOptions {
        Invariant.check(intervalMillis > 0 && maxWalBytes > 0, "checkpoint interval %d ms, WAL limit %d",
            intervalMillis, maxWalBytes);
        Invariant.check(completionTarget > 0 && completionTarget <= 1, "checkpoint completion target %s, largest is %s",
            completionTarget, 1);
    }

    /** WAL since the last redo point that starts a checkpoint: the rest up to the limit is written while it runs. */
    long triggerBytes() {
        return (long) (maxWalBytes / (1 + completionTarget));
    }
}
