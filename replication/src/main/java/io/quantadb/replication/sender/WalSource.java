package io.quantadb.replication.sender;

import io.quantadb.base.FileHandle;
import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.segment.SegmentLayout;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The WAL a sender reads: that of a primary, or what a replica has received. Safe for use by many threads. */
public interface WalSource {
    SegmentLayout layout();

    /** The timeline being written, and its ancestors. */
    TimelineHistory history();

    /** Everything before it on the current timeline was durable when this WAL was opened, and has not changed since. */
    long startLsn();

    /** End of what may be sent, on the current timeline: end of a record. */
    long writtenLsn();

    /**
     * Copies bytes of the current timeline that end at or before {@link #writtenLsn} and lie in one segment out of
     * memory.
     *
     * @param target direct; filled completely or left alone
     * @return false if they must be read from the file
     */
    boolean copyFromMemory(long lsn, ByteBuffer target);

    /** Opens a segment along the history; null if it has been removed. The caller closes it. */
    FileHandle openSegment(long segment) throws IOException;
}
