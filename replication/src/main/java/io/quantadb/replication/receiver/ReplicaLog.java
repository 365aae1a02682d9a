package io.quantadb.replication.receiver;

import io.quantadb.base.Clock;
import io.quantadb.base.FatalErrorHandler;
import io.quantadb.base.FileHandle;
import io.quantadb.base.FileSystem;
import io.quantadb.replication.protocol.Histories;
import io.quantadb.replication.sender.WalSource;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.segment.SegmentLayout;
import io.quantadb.wal.segment.SegmentSource;
import io.quantadb.wal.segment.SyncMethod;
import io.quantadb.wal.segment.WalSegments;
import io.quantadb.wal.writer.ReceivedWal;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/**
 * A replica's WAL with its timeline history: what the receiver writes, redo reads, and other replicas may be sent from.
 *
 * <p>Redo reads with a {@link io.quantadb.wal.reader.WalReader} over {@link #source}, limited to the horizon, and
 * closes the reader (which then opens its segment anew) after {@link #switchTimeline} and {@link #truncate}.
 */
public final class ReplicaLog implements ReceivedLog, WalSource, Closeable {
    private final FileSystem files;
    private final WalSegments segments;
    private final ReceivedWal wal;
    private final long openedLsn;
    private volatile TimelineHistory history;

    /**
     * Continues at {@code position} of the history's timeline.
     *
     * @param background false: no threads, for simulations
     */
    public ReplicaLog(FileSystem files, WalSegments segments, TimelineHistory history, WalPosition position,
            SyncMethod syncMethod, Clock clock, FatalErrorHandler fatalErrors, boolean background) throws IOException {
        this.files = files;
        this.segments = segments;
        this.history = history;
        this.openedLsn = position.endLsn().value();
        this.wal = new ReceivedWal(segments, history.timeline().value(), position, syncMethod, clock, fatalErrors,
                background);
    }

    /** The bytes themselves: positions, listeners, counters. */
    public ReceivedWal wal() {
        return wal;
    }

    @Override
    public SegmentLayout layout() {
        return segments.layout();
    }

    @Override
    public TimelineHistory history() {
        return history;
    }

    /** Segments along the history as it is at each opening. */
    public SegmentSource source() {
        return this::openSegment;
    }

    @Override
    public FileHandle openSegment(long segment) throws IOException {
        return history.source(segments).open(segment);
    }

    @Override
    public long startLsn() {
        return openedLsn;
    }

    @Override
    public long writtenLsn() {
        return wal.writeLsn();
    }

    @Override
    public long writeLsn() {
        return wal.writeLsn();
    }

    @Override
    public long flushLsn() {
        return wal.flushLsn();
    }

    @Override
    public long lastRecordLsn() {
        return wal.lastRecordLsn();
    }

    @Override
    public int lastRecordCrc() {
        return wal.lastRecordCrc();
    }

    @Override
    public boolean copyFromMemory(long lsn, ByteBuffer target) {
        return false;
    }

    public void addFlushListener(LongConsumer listener) {
        wal.addFlushListener(listener);
    }

    public void addWriteListener(LongConsumer listener) {
        wal.addWriteListener(listener);
    }

    @Override
    public void append(ByteBuffer bytes, long lsn) throws IOException {
        wal.append(bytes, lsn);
    }

    @Override
    public void forgetPartial() {
        wal.forgetPartial();
    }

    @Override
    public void requestFlush() {
        wal.requestFlush();
    }

    @Override
    public void switchTimeline(TimelineHistory newHistory, long switchLsn) throws IOException {
        newHistory.write(files, segments.directory());
        wal.switchTimeline(newHistory.timeline().value(), switchLsn);
        history = newHistory;
    }

    /**
     * Cuts the WAL at a fork, which lies on this history, and wipes what stands behind it. Durable on return. Redo has
     * not passed the fork and reads nothing behind it.
     */
    public void truncate(int timeline, long forkLsn) throws IOException {
        TimelineHistory cut = Histories.upTo(history, timeline);
        wal.truncate(timeline, forkLsn);
        history = cut;
    }

    @Override
    public void close() throws IOException {
        wal.close();
    }
}
