package io.quantadb.wal.segment;

import io.quantadb.base.FileHandle;
import io.quantadb.base.Invariant;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes bytes at LSNs into existing segments of one timeline, in any sizes, mostly in ascending order. Confined to one
 * thread.
 *
 * <p>A segment is synced before the next one is begun, so at most one open segment has unsynced bytes. After an
 * exception the state of the file is unknown: the caller must not go on (never retry a failed sync: the kernel may have
 * dropped the dirty pages).
 */
public final class SegmentAppender implements Closeable {
    private final WalSegments segments;
    private final int timeline;
    private final SyncMethod syncMethod;
    private FileHandle handle;
    private long openSegment = -1;
    private boolean dirty;

    public SegmentAppender(WalSegments segments, int timeline, SyncMethod syncMethod) {
        this.segments = segments;
        this.timeline = timeline;
        this.syncMethod = syncMethod;
    }

    /**
     * Writes all remaining bytes so that the first one lands at {@code lsn}; crosses segment boundaries, headers
     * included.
     */
    public void write(ByteBuffer source, long lsn) throws IOException {
        SegmentLayout layout = segments.layout();
        long at = lsn;
        int limit = source.limit();
        while (source.position() < limit) {
            int offset = layout.offsetOf(at);
            int count = Math.min(limit - source.position(), layout.sizeBytes() - offset);
            moveTo(layout.segmentOf(at));
            source.limit(source.position() + count);
            dirty = true;
            handle.write(source, offset);
            Invariant.check(!source.hasRemaining(), "%d of %d bytes not written", source.remaining(), count);
            source.limit(limit);
            at += count;
        }
    }

    private void moveTo(long segment) throws IOException {
        if (segment == openSegment) {
            return;
        }
        sync();
        close();
        handle = segments.openForWriting(timeline, segment, syncMethod == SyncMethod.OPEN_DATASYNC);
        openSegment = segment;
    }

    /** Returns after everything written is on stable storage. */
    public void sync() throws IOException {
        if (dirty) {
            switch (syncMethod) {
                case FSYNC -> handle.sync(true);
                case FDATASYNC -> handle.sync(false);
                case OPEN_DATASYNC -> { }
            }
            dirty = false;
        }
    }

    /** Closes the open file without syncing it. */
    @Override
    public void close() throws IOException {
        openSegment = -1;
        if (handle != null) {
            FileHandle closing = handle;
            handle = null;
            closing.close();
        }
    }
}
