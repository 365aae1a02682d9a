package io.quantadb.replication.sender;

import io.quantadb.base.FileHandle;
import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.segment.SegmentLayout;
import io.quantadb.wal.writer.WalWriter;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The WAL of a primary. */
public final class WriterWalSource implements WalSource {
    private final WalWriter writer;
    private final TimelineHistory history;

    /** @param history of the writer's timeline */
    public WriterWalSource(WalWriter writer, TimelineHistory history) {
        this.writer = writer;
        this.history = history;
    }

    @Override
    public SegmentLayout layout() {
        return writer.segments().layout();
    }

    @Override
    public TimelineHistory history() {
        return history;
    }

    @Override
    public long startLsn() {
        return writer.startLsn();
    }

    @Override
    public long writtenLsn() {
        return writer.writtenLsn();
    }

    @Override
    public boolean copyFromMemory(long lsn, ByteBuffer target) {
        return writer.copyWritten(lsn, target);
    }

    @Override
    public FileHandle openSegment(long segment) throws IOException {
        return history.source(writer.segments()).open(segment);
    }
}
