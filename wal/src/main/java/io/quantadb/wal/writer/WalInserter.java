package io.quantadb.wal.writer;

import io.quantadb.wal.record.WalRecordBuilder;
import java.util.function.LongConsumer;

/**
 * What changes of pages need from the WAL. Implemented by the WAL writer; safe for use by many threads.
 *
 * <p>LSNs are raw positions here because every method is on a hot path.
 */
public interface WalInserter {
    /** A new builder for {@link #insert}: large, so keep one a thread or session and reuse it. */
    default WalRecordBuilder newRecord() {
        return new io.quantadb.wal.record.WalRecordEncoder();
    }

    /**
     * Fails early when the WAL cannot take more: called before a change begins, never inside one.
     *
     * @throws io.quantadb.wal.writer.WalFullException if no preallocated space is left and the volume is full
     */
    void admit();

    /**
     * As {@link #admit}, but never waits and does not fail: for work that can as well be left undone, and callers
     * that hold
     * latches.
     *
     * @return false if the change must not begin
     */
    default boolean tryAdmit() {
        try {
            admit();
            return true;
        } catch (WalFullException e) {
            return false;
        }
    }

    /**
     * Inserts the record. Not durable until {@link #flush} or {@link #flushLsn()} reaches the result.
     *
     * <p>The caller holds the exclusive latches of all pages named by the record and stamps them with the result. A
     * page whose LSN is at or below the redo point gets a full image into the record (unless it is declared as
     * initialised by it).
     *
     * @return the exclusive end LSN of the record
     */
    long insert(WalRecordBuilder record);

    /** Exclusive end of everything inserted so far. */
    long insertLsn();

    /** Exclusive end of the WAL that is on stable storage. */
    long flushLsn();

    /** Returns after all WAL before {@code lsn} is on stable storage. Parks the calling (virtual) thread. */
    void flush(long lsn);

    /** Asks the flusher to go on up to {@code lsn} and returns at once. */
    void requestFlush(long lsn);

    /** Registers a listener that the flusher calls with the new flush LSN after each sync; it must not block. */
    void addFlushListener(LongConsumer listener);

    /** Where recovery would start now: pages with an LSN at or below it need a full image at their next change. */
    long redoLsn();

    /**
     * Begins a checkpoint: atomically with respect to inserts, makes the current insert position the redo point.
     *
     * @return the new redo LSN
     */
    long startRedoPoint();
}
