package io.quantadb.maintenance;

import io.quantadb.base.Lsn;
import io.quantadb.base.TimelineId;
import io.quantadb.storage.StorageException;
import io.quantadb.wal.record.WalFormat;
import io.quantadb.wal.recovery.ControlFile;
import io.quantadb.wal.rmgr.CheckpointRecord;
import io.quantadb.wal.writer.WalInserter;
import io.quantadb.wal.writer.WalWriter;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * {@link CheckpointLog} of a primary: checkpoint records go into the WAL, the control file says where the last one is.
 * Used by the checkpointer only.
 */
public final class WalCheckpointLog implements CheckpointLog {
    /** Length of a checkpoint record in the WAL: it has no blocks, and no record straddles segments. */
    static final int RECORD_BYTES = WalFormat.align(WalFormat.HEADER_SIZE + CheckpointRecord.SIZE);

    /** Counters as of now, for the record. */
    public interface Counters {
        /** The xid that will be assigned next. */
        long nextXid();

        /** OIDs below it may have been used; unsigned 32 bits. */
        long nextOid();

        /** Oldest xid that may still be running. */
        long oldestXid();
    }

    private final WalWriter wal;
    private final WalInserter durable;
    private final ControlState control;
    private final Counters counters;
    private final List<LongSupplier> retainers;
    private final int recycleMax;

    /**
     * @param retainers each says from which LSN on somebody (slot, archiver) still needs WAL; {@code Long.MAX_VALUE} if
     *     nobody does
     * @param recycleMax old segment files kept to be written again
     */
    public WalCheckpointLog(WalWriter wal, ControlState control, Counters counters, List<LongSupplier> retainers,
        int recycleMax) {
        this(wal, wal, control, counters, retainers, recycleMax);
    }

    /** @param durable what the checkpoint's record is flushed through: the node's WAL, which waits for the horizon */
    public WalCheckpointLog(WalWriter wal, WalInserter durable, ControlState control, Counters counters,
        List<LongSupplier> retainers, int recycleMax) {
        this.wal = wal;
        this.durable = durable;
        this.control = control;
        this.counters = counters;
        this.retainers = retainers;
        this.recycleMax = recycleMax;
    }

    @Override
    public long startRedoPoint() {
        return wal.startRedoPoint();
    }

    @Override
    public long currentLsn() {
        return wal.insertLsn();
    }

    /** The counters are read after the redo point: redo of what follows it raises them further where needed. */
    @Override
    public long complete(CheckpointKind kind, long redoLsn) {
        boolean shutdown = kind == CheckpointKind.SHUTDOWN;
        TimelineId timeline = new TimelineId(wal.timeline());
        var record = new CheckpointRecord(new Lsn(redoLsn), timeline, control.get().timeline(), counters.nextXid(),
            counters.nextOid(),
            counters.oldestXid(), control.nowWallMicros(), shutdown);
        long endLsn = wal.insert(record.write(wal.newRecord()));
        durable.flush(endLsn);
        control.update(file -> next(file, kind, endLsn - RECORD_BYTES, redoLsn, timeline));
        return endLsn;
    }

    private ControlFile next(ControlFile file, CheckpointKind kind, long recordLsn, long redoLsn, TimelineId timeline) {
        ControlFile moved = file.withCheckpoint(new Lsn(recordLsn), new Lsn(redoLsn), timeline,
            control.nowWallMicros());
        return switch (kind) {
            case SHUTDOWN -> moved.withState(ControlFile.State.SHUT_DOWN, control.nowWallMicros());
            case END_OF_RECOVERY -> moved.withState(ControlFile.State.IN_PRODUCTION, control.nowWallMicros());
            case TIMED, WAL_VOLUME, REQUESTED -> moved;
        };
    }

    @Override
    public void recycle(long redoLsn) {
        long keepFrom = redoLsn;
        for (LongSupplier retainer : retainers) {
            keepFrom = Math.min(keepFrom, retainer.getAsLong());
        }
        try {
            wal.removeSegmentsBefore(keepFrom, recycleMax);
        } catch (IOException e) {
            throw StorageException.of("could not recycle WAL segments", e);
        }
    }
}
