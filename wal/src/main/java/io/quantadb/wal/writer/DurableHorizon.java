package io.quantadb.wal.writer;

import java.util.function.LongConsumer;

/**
 * Up to where the WAL is safe: a snapshot may stand there, a reply may leave, a page may be written. On a single node
 * that is the
 * local flush position; in a cluster the position that every member of the in-sync set has flushed too. Never falls.
 * Safe for use by many threads.
 */
public interface DurableHorizon {
    /** Exclusive end of the safe WAL. One volatile read. */
    long lsn();

    /**
     * Returns when the horizon has reached {@code lsn}. Parks the calling (virtual) thread.
     *
     * @throws HorizonClosedException if the node stops or is deposed meanwhile
     */
    void await(long lsn);

    /**
     * As {@link #await(long)}, at most until a {@code System.nanoTime} value.
     *
     * @return whether the horizon has reached {@code lsn}
     */
    boolean await(long lsn, long deadlineNanos);

    /** Called with the new position after each advance, on the thread that moves the horizon; must not block. */
    void addListener(LongConsumer listener);
}
