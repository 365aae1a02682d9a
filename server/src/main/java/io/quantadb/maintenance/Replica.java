package io.quantadb.maintenance;

import io.quantadb.base.Lsn;
import io.quantadb.wal.recovery.ControlFile;
import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.recovery.WalReplay;
import io.quantadb.wal.rmgr.CheckpointRecord;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.writer.ClusterHorizon;
import io.quantadb.wal.writer.ReplicaPosition;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A node's time as a replica: its replay, from where on it is consistent, and from where it would have to begin again after a
 * restart. Safe for use by many threads.
 *
 * <p><b>Minimum recovery LSN.</b> Before a page is written, the control file says that the data files are consistent only behind the
 * page's LSN. It is set to the current replay limit, so that it has to be written once in a while and not for each page; what lies
 * before the limit is stored here, so a restart gets there without help.
 *
 * <p><b>Consistent</b> is a replica that was copied or stopped as one when it has replayed that far. One that died as a primary does not know
 * how far the horizon was when it wrote its last page; but the horizon never falls, so the first one it is told is enough.
 */
public final class Replica implements ReplicaPosition, AutoCloseable {
    private static final long UNKNOWN = Long.MAX_VALUE;
    private static final long FOREVER_NANOS = TimeUnit.DAYS.toNanos(365);
    private static final int CANDIDATES_MAX = 64;

    /** A replayed checkpoint record: redo could begin at it if everything before its redo point is in the files. */
    record Candidate(CheckpointRecord checkpoint, long startLsn, long endLsn) {
    }

    private final StorageRecovery storage;
    private final WalReplay replay;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock recovering = new ReentrantLock();
    private final ArrayDeque<Candidate> candidates = new ArrayDeque<>();
    private volatile long recoverableLsn;
    private volatile long consistentLsn;
    private volatile boolean missingChecked;

    Replica(StorageRecovery storage, WalReplay replay, ControlFile file, Lsn storedEnd) {
        this.storage = storage;
        this.replay = replay;
        recoverableLsn = file.minimumRecoveryLsn().value();
        boolean knows = switch (file.state()) {
            case SHUT_DOWN, SHUT_DOWN_IN_RECOVERY, IN_ARCHIVE_RECOVERY, STARTING -> true;
            case SHUTTING_DOWN, IN_CRASH_RECOVERY, IN_PRODUCTION -> false;
        };
        long checkpointEnd = file.checkpointLsn().value() + WalCheckpointLog.RECORD_BYTES;
        consistentLsn = knows ? Math.max(recoverableLsn, checkpointEnd) : UNKNOWN;
        replay.received(storedEnd.value());
        // What was replayed or confirmed before may be replayed again. A checkpoint is complete only when its record is confirmed.
        replay.limit(Math.max(recoverableLsn, checkpointEnd));
    }

    public void start() {
        replay.start();
    }

    public WalReplay replay() {
        return replay;
    }

    /** The primary announces the horizon; 0: nothing is known of it yet. */
    public void limit(long horizonLsn) {
        if (consistentLsn == UNKNOWN && horizonLsn > 0) {
            consistentLsn = horizonLsn;
        }
        replay.limit(horizonLsn);
    }

    /** Whether snapshots may be taken. */
    public boolean isConsistent() {
        boolean consistent = replay.drainedLsn() >= consistentLsn;
        if (consistent && !missingChecked) {
            storage.redoBuffers().checkNothingMissing();
            missingChecked = true;
        }
        return consistent;
    }

    /** The largest value while unknown. */
    public long consistentLsn() {
        return consistentLsn;
    }

    @Override
    public long replayedLsn() {
        return replay.replayedLsn();
    }

    @Override
    public void await(long lsn) {
        if (!replay.awaitReplayed(lsn, System.nanoTime() + FOREVER_NANOS)) {
            throw ClusterHorizon.closed(lsn, replay.replayedLsn());
        }
    }

    @Override
    public void makeRecoverable(long lsn) {
        if (lsn <= recoverableLsn) {
            return;
        }
        recovering.lock();
        try {
            if (lsn > recoverableLsn) {
                long target = Math.max(lsn, replay.limit());
                storage.control().update(file -> file.withMinimumRecoveryLsn(new Lsn(target), storage.control().nowWallMicros()));
                recoverableLsn = target;
            }
        } finally {
            recovering.unlock();
        }
    }

    /** Redo of a checkpoint record. */
    public void noteCheckpoint(CheckpointRecord checkpoint, WalRecord record) {
        lock.lock();
        try {
            candidates.add(new Candidate(checkpoint, record.startLsn(), record.endLsn()));
            if (candidates.size() > CANDIDATES_MAX) {
                candidates.removeFirst();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The latest replayed checkpoint whose redo point is not behind {@code removalsFrom}, where files still wait for their deletion; null: none. */
    Candidate candidate(long removalsFrom) {
        lock.lock();
        try {
            Candidate best = null;
            for (Candidate candidate : candidates) {
                if (candidate.checkpoint.redoLsn().value() <= removalsFrom) {
                    best = candidate;
                }
            }
            return best;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The primary has another history now; see {@link WalReplay#follow}. WAL that is stored here and is not in it is removed. Durable on return.
     * Nobody writes WAL into the directory meanwhile.
     */
    public void follow(TimelineHistory history) throws IOException {
        TimelineHistory old = replay.history();
        long stored = replay.receivedLsn();
        replay.follow(history);
        long common = old.commonEnd(history).value();
        if (stored > common) {
            storage.segments().wipeFrom(old.timelineOf(new Lsn(common - 1)).value(), common);
        }
        history.write(storage.fileSystem(), storage.segments().directory());
        storage.control().update(file -> file.withTimeline(history.timeline(), storage.control().nowWallMicros()));
    }

    /** Ends replay. */
    @Override
    public void close() {
        replay.close();
    }
}
