package io.quantadb.wal.recovery;

import io.quantadb.base.Clock;
import io.quantadb.base.Lsn;
import io.quantadb.wal.reader.WalEnd;
import io.quantadb.wal.reader.WalReader;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.rmgr.CheckpointRecord;
import io.quantadb.wal.rmgr.ResourceManagers;
import io.quantadb.wal.segment.SegmentLayout;
import io.quantadb.wal.segment.SegmentSource;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Replays WAL from a redo point to a target and says where the WAL goes on. Confined to one thread.
 *
 * <p>Redo is serial here; {@link Dispatcher} is the seam behind which records may be spread over threads by block.
 */
public final class RecoveryDriver {
    /** Takes records in WAL order and has replayed them all when {@link #finish} returns. */
    public interface Dispatcher {
        /** The record is valid only during the call. */
        void dispatch(WalRecord record);

        void finish();
    }

    /** Calls redo on the calling thread. */
    public record SerialDispatcher(ResourceManagers managers) implements Dispatcher {
        @Override
        public void dispatch(WalRecord record) {
            managers.get(record.resourceManager()).redo(record);
        }

        @Override
        public void finish() {
        }
    }

    /** Told about the progress at least once and then every few seconds. */
    @FunctionalInterface
    public interface ProgressListener {
        void progress(Lsn replayedLsn, long records, long elapsedMillis);
    }

    /**
     * @param position where the WAL goes on: the writer starts there
     * @param end why replay stopped
     * @param records number of records replayed
     */
    public record Result(WalPosition position, WalEnd end, long records) {
    }

    /** Redo of one record failed: the page or the record is not what it should be. */
    public static final class RedoException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RedoException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int RECORDS_PER_CLOCK = 1024;

    private final SegmentLayout layout;
    private final SegmentSource source;
    private final ResourceManagers managers;
    private final Dispatcher dispatcher;
    private final Clock clock;
    private final ProgressListener listener;

    public RecoveryDriver(SegmentLayout layout, SegmentSource source, ResourceManagers managers, Clock clock,
            ProgressListener listener) {
        this(layout, source, managers, new SerialDispatcher(managers), clock, listener);
    }

    public RecoveryDriver(SegmentLayout layout, SegmentSource source, ResourceManagers managers, Dispatcher dispatcher,
            Clock clock, ProgressListener listener) {
        this.layout = layout;
        this.source = source;
        this.managers = managers;
        this.dispatcher = dispatcher;
        this.clock = clock;
        this.listener = listener;
    }

    /** Reads the checkpoint that the control file names; throws IOException if there is none. */
    public CheckpointRecord readCheckpoint(Lsn checkpointLsn) throws IOException {
        try (WalReader reader = new WalReader(layout, source, checkpointLsn)) {
            WalRecord record = reader.next();
            if (record == null || record.startLsn() != checkpointLsn.value()
                    || !CheckpointRecord.isCheckpoint(record)) {
                throw new IOException("no checkpoint record at " + checkpointLsn
                        + (record == null ? ": " + reader.end().detail() : ""));
            }
            return CheckpointRecord.read(record);
        }
    }

    /**
     * Replays all records from {@code redoLsn} that start before the target.
     *
     * @param targetLsn exclusive; null = the end of the WAL
     * @param requiredLsn the WAL must reach this far (the checkpoint's record, a replica's minimum recovery LSN):
     * ending before it is an error
     * @param damageCheck ON where this node inserted the records itself ({@link ControlFile.State#wroteWal})
     * @throws io.quantadb.wal.reader.WalCorruptionException if the WAL is damaged before its end
     * @throws RedoException naming the record whose redo failed
     */
    public Result run(Lsn redoLsn, Lsn targetLsn, Lsn requiredLsn, WalReader.DamageCheck damageCheck)
            throws IOException {
        long begin = clock.monotonicNanos();
        long nextReport = begin + PROGRESS_NANOS;
        long records = 0;
        try (WalReader reader = new WalReader(layout, source, redoLsn, null, damageCheck)) {
            if (targetLsn != null) {
                reader.limit(targetLsn);
            }
            WalRecord record;
            while ((record = reader.next()) != null) {
                replay(record);
                records++;
                if (records % RECORDS_PER_CLOCK == 0 && clock.monotonicNanos() - nextReport >= 0) {
                    nextReport = clock.monotonicNanos() + PROGRESS_NANOS;
                    report(reader.position().endLsn(), records, begin);
                }
            }
            dispatcher.finish();
            report(reader.position().endLsn(), records, begin);
            if (reader.position().endLsn().compareTo(requiredLsn) < 0) {
                throw new IOException("the WAL ends at " + reader.end().endLsn() + " (" + reader.end().detail()
                        + "), but recovery needs it up to " + requiredLsn);
            }
            return new Result(withLastRecord(reader, redoLsn), reader.end(), records);
        }
    }

    private void replay(WalRecord record) {
        try {
            dispatcher.dispatch(record);
        } catch (RuntimeException e) {
            throw new RedoException("redo of the WAL record at " + Lsn.format(record.startLsn()) + " failed: "
                    + managers.resourceManagerName(record.resourceManager()) + " " + managers.describe(record), e);
        }
    }

    private void report(Lsn replayedLsn, long records, long beginNanos) {
        listener.progress(replayedLsn, records, TimeUnit.NANOSECONDS.toMillis(clock.monotonicNanos() - beginNanos));
    }

    private static WalPosition withLastRecord(WalReader reader, Lsn redoLsn) throws IOException {
        WalPosition position = reader.position();
        if (!position.lastRecordLsn().isValid() && position.endLsn().compareTo(redoLsn) > 0) {
            throw new IOException("no record before " + position.endLsn());
        }
        return position;
    }
}
