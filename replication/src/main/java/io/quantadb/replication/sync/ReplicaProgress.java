package io.quantadb.replication.sync;

/** What one replica has told the primary in this epoch. Guarded by the tracker's lock. */
final class ReplicaProgress {
    final String node;
    long writeLsn;
    long flushLsn;
    long replayLsn;
    boolean heard;
    long heardNanos;
    /** Local flush when the last feedback but one came in; flushed up to it, the replica is one feedback behind. */
    long targetLsn;
    boolean caughtUp;
    /** A commit may be waiting for the replica up to here; 0 = none. */
    private long waitLsn;
    private long waitNanos;

    ReplicaProgress(String node, long flushLsn, long nowNanos) {
        this.node = node;
        this.writeLsn = flushLsn;
        this.flushLsn = flushLsn;
        this.replayLsn = flushLsn;
        this.heardNanos = nowNanos;
    }

    void onFeedback(long write, long flush, long replay, long localFlush, long nowNanos) {
        writeLsn = Math.max(writeLsn, Math.max(write, flush));
        flushLsn = Math.max(flushLsn, flush);
        replayLsn = Math.max(replayLsn, replay);
        caughtUp = heard && flushLsn >= targetLsn;
        targetLsn = localFlush;
        heard = true;
        heardNanos = nowNanos;
    }

    void onDisconnected() {
        heard = false;
        caughtUp = false;
    }

    /** How long the replica has been holding back what it has not flushed, nanoseconds. */
    long overdueNanos(long localFlush, long nowNanos) {
        if (flushLsn >= localFlush) {
            waitLsn = 0;
            return nowNanos - heardNanos;
        }
        if (waitLsn == 0 || flushLsn >= waitLsn) {
            waitLsn = localFlush;
            waitNanos = nowNanos;
        }
        return Math.max(nowNanos - waitNanos, nowNanos - heardNanos);
    }

    void forgive(long nowNanos) {
        waitLsn = 0;
        heardNanos = nowNanos;
    }
}
