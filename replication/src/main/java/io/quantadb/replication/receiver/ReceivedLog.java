package io.quantadb.replication.receiver;

import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.segment.SegmentLayout;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where a receiver stores WAL. The methods that change it are for the receiver's thread; positions may be read by
 * anybody.
 */
public interface ReceivedLog {
    SegmentLayout layout();

    /** The timeline being received, and its ancestors. */
    TimelineHistory history();

    /** End of the last complete record that can be read. */
    long writeLsn();

    /** End of the last complete record that is durable. */
    long flushLsn();

    /** Start of the last complete record; -1 if unknown. */
    long lastRecordLsn();

    /** Its checksum; 0 if unknown. */
    int lastRecordCrc();

    /**
     * Stores bytes that continue what was received.
     *
     * @throws io.quantadb.wal.writer.WalStreamException if they do not
     * @throws IOException if there is no room; nothing has changed
     */
    void append(ByteBuffer bytes, long lsn) throws IOException;

    /** Forgets an incomplete record at the end. */
    void forgetPartial();

    /** Asks for a sync of what has been written; returns at once. */
    void requestFlush();

    /** Goes on at the end of what was received, on a new timeline. Durable on return. */
    void switchTimeline(TimelineHistory newHistory, long switchLsn) throws IOException;
}
