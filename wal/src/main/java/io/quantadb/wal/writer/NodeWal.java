package io.quantadb.wal.writer;

import io.quantadb.base.Clock;
import io.quantadb.base.Invariant;
import io.quantadb.wal.record.WalRecordBuilder;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * The WAL as the rest of a node sees it, through all changes of its role. Safe for use by many threads.
 *
 * <pre>
 * role                 inserts   insertLsn()   flushLsn(), flush()
 * single node          yes       inserted      local flush
 * primary of cluster   yes       inserted      the cluster's horizon
 * replica              no        replayed      replayed, which is never above the horizon
 * </pre>
 *
 * So whoever asks whether something is durable (snapshots, replies, writes of pages, hint bits, the commit log,
 * checkpoints) asks for
 * the horizon, without knowing. What is only locally durable is known to {@link #writer()}.
 *
 * <p>A single node pays one read of a field a call.
 */
public final class NodeWal implements WalInserter {
    /**
     * @param backlogBytesMax WAL inserted and not confirmed above which new changes wait
     * @param stallMillis how long they wait before they fail with {@link ReplicationStalledException}
     */
    public record Limits(long backlogBytesMax, long stallMillis) {
    }

    private final ClusterHorizon horizon;
    private final Limits limits;
    private final CopyOnWriteArrayList<LongConsumer> listeners = new CopyOnWriteArrayList<>();
    private volatile Admission admission = () -> { };
    private volatile WalWriter writer;
    private volatile ReplicaPosition replica;

    /** What may stand in the way of changes although this node is the primary. */
    @FunctionalInterface
    public interface Admission {
        /**
         * Returns if a change may be begun; throws {@link NotPrimaryException} or {@link
         * ReplicationStalledException}.
         */
        void check();
    }

    /** @param horizon null on a single node */
    public NodeWal(ClusterHorizon horizon, Limits limits) {
        this.horizon = horizon;
        this.limits = limits;
        if (horizon != null) {
            horizon.addListener(this::moved);
        }
    }

    /** Begins the role of the primary. */
    public void becomePrimary(WalWriter newWriter) {
        if (horizon == null) {
            newWriter.addFlushListener(this::moved);
        }
        writer = newWriter;
        replica = null;
    }

    /**
     * Begins the role of a replica. Nobody inserts any more. The writer, if there was one, is the caller's to close.
     */
    public void becomeReplica(ReplicaPosition position) {
        replica = position;
        writer = null;
    }

    /** Every change passes this check first. */
    public void setAdmission(Admission newAdmission) {
        admission = newAdmission;
    }

    private void moved(long lsn) {
        for (LongConsumer listener : listeners) {
            listener.accept(lsn);
        }
    }

    /** The writer of a primary; null on a replica. */
    public WalWriter writer() {
        return writer;
    }

    public boolean isPrimary() {
        return writer != null;
    }

    /** The cluster's horizon; null on a single node. */
    public ClusterHorizon horizon() {
        return horizon;
    }

    private WalWriter inserter() {
        WalWriter now = writer;
        if (now == null) {
            throw new NotPrimaryException();
        }
        return now;
    }

    @Override
    public void admit() {
        WalWriter now = inserter();
        if (horizon != null) {
            admission.check();
        }
        now.admit();
        if (horizon != null && isBehind(now)) {
            awaitConfirmation(now);
        }
    }

    private boolean isBehind(WalWriter now) {
        return now.insertLsn() - horizon.lsn() > limits.backlogBytesMax;
    }

    private void awaitConfirmation(WalWriter now) {
        long end = now.insertLsn();
        now.requestFlush(end);
        long deadline = Clock.SYSTEM.monotonicNanos() + TimeUnit.MILLISECONDS.toNanos(limits.stallMillis);
        if (!horizon.await(end - limits.backlogBytesMax, deadline)) {
            throw new ReplicationStalledException(end - horizon.lsn(), limits.stallMillis);
        }
    }

    @Override
    public boolean tryAdmit() {
        WalWriter now = writer;
        return now != null && now.tryAdmit() && (horizon == null || !isBehind(now));
    }

    @Override
    public long insert(WalRecordBuilder record) {
        WalWriter now = writer;
        Invariant.check(now != null, "WAL insert on a replica");
        return now.insert(record);
    }

    @Override
    public long insertLsn() {
        WalWriter now = writer;
        return now != null ? now.insertLsn() : replayedLsn();
    }

    @Override
    public long flushLsn() {
        WalWriter now = writer;
        if (now == null) {
            return replayedLsn();
        }
        return horizon == null ? now.flushLsn() : horizon.lsn();
    }

    private long replayedLsn() {
        ReplicaPosition position = replica;
        if (position != null) {
            return position.replayedLsn();
        }
        // Between the roles: a writer has just come, or nothing has been opened yet.
        WalWriter now = writer;
        return now == null ? 0 : horizon == null ? now.flushLsn() : horizon.lsn();
    }

    @Override
    public void flush(long lsn) {
        WalWriter now = writer;
        if (now == null) {
            replica.await(lsn);
        } else if (horizon == null) {
            now.flush(lsn);
        } else if (horizon.lsn() < lsn) {
            now.requestFlush(lsn);
            horizon.await(lsn);
        }
    }

    @Override
    public void requestFlush(long lsn) {
        WalWriter now = writer;
        if (now != null) {
            now.requestFlush(lsn);
        }
    }

    /** For pages: whether one with this LSN may be written now, or only after {@link #beforePageWrite} has waited. */
    public boolean mayWritePage(long lsn) {
        return horizon == null || writer == null || lsn <= horizon.lsn();
    }

    /** Returns when a page with this LSN may be written. */
    public void beforePageWrite(long lsn) {
        ReplicaPosition position = replica;
        if (position != null) {
            position.makeRecoverable(lsn);
        } else if (lsn > flushLsn()) {
            flush(lsn);
        }
    }

    @Override
    public void addFlushListener(LongConsumer listener) {
        listeners.add(listener);
    }

    public void removeFlushListener(LongConsumer listener) {
        listeners.remove(listener);
    }

    @Override
    public long redoLsn() {
        return inserter().redoLsn();
    }

    @Override
    public long startRedoPoint() {
        return inserter().startRedoPoint();
    }
}
