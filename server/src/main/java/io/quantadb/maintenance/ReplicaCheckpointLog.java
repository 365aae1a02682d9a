package io.quantadb.maintenance;

import io.quantadb.base.Lsn;
import io.quantadb.storage.StorageException;
import io.quantadb.storage.buffer.DeferredRemovals;
import io.quantadb.wal.recovery.ControlFile;
import io.quantadb.wal.segment.SegmentName;
import io.quantadb.wal.segment.WalSegments;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * {@link CheckpointLog} of a replica: a restartpoint takes the redo point of a replayed checkpoint and moves the control file there. WAL
 * before it is removed unless somebody retains it. Used by the checkpointer only.
 */
public final class ReplicaCheckpointLog implements CheckpointLog {
    private final StorageRecovery storage;
    private final Replica replica;
    private final DeferredRemovals removals;
    private final List<LongSupplier> retainers;
    private Replica.Candidate chosen;
    private volatile boolean closed;

    /** @param retainers as of {@link WalCheckpointLog} */
    public ReplicaCheckpointLog(StorageRecovery storage, Replica replica, DeferredRemovals removals, List<LongSupplier> retainers) {
        this.storage = storage;
        this.replica = replica;
        this.removals = removals;
        this.retainers = retainers;
    }

    /** The node is no replica any more: WAL is recycled by its writer. */
    public void close() {
        closed = true;
    }

    @Override
    public long startRedoPoint() {
        chosen = replica.candidate(removals.oldestLsn());
        return chosen == null ? storage.control().get().redoLsn().value() : chosen.checkpoint().redoLsn().value();
    }

    /** End of the last replayed checkpoint: while it stays there is nothing to be done. */
    @Override
    public long currentLsn() {
        Replica.Candidate latest = replica.candidate(removals.oldestLsn());
        return latest == null ? storage.control().get().redoLsn().value() : latest.endLsn();
    }

    @Override
    public long complete(CheckpointKind kind, long redoLsn) {
        ControlState control = storage.control();
        Replica.Candidate point = chosen;
        if (point != null) {
            replica.makeRecoverable(point.endLsn());
        }
        control.update(file -> {
            ControlFile next = point == null || file.checkpointLsn().value() >= point.startLsn() ? file
                : file.withCheckpoint(new Lsn(point.startLsn()), new Lsn(redoLsn), file.timeline(), control.nowWallMicros());
            return kind != CheckpointKind.SHUTDOWN ? next : next.withState(ControlFile.State.SHUT_DOWN_IN_RECOVERY, control.nowWallMicros());
        });
        return point == null ? redoLsn : point.endLsn();
    }

    @Override
    public void recycle(long redoLsn) {
        long keepFrom = redoLsn;
        for (LongSupplier retainer : retainers) {
            keepFrom = Math.min(keepFrom, retainer.getAsLong());
        }
        WalSegments segments = storage.segments();
        try {
            for (SegmentName name : segments.list()) {
                if (!closed && name.number() < segments.layout().segmentOf(keepFrom)) {
                    segments.remove(name);
                }
            }
        } catch (IOException e) {
            throw StorageException.of("could not remove WAL segments", e);
        }
    }
}
