package io.quantadb.wal.writer;

/**
 * Positions and counters of a writer, read one after the other (not one atomic picture).
 *
 * @param insertLsn exclusive end of everything inserted
 * @param writtenLsn exclusive end of what has been handed to the kernel
 * @param flushLsn exclusive end of what is durable
 * @param writes calls that wrote to a segment, since the start
 * @param syncs syncs since the start
 * @param syncNanos time spent in them, nanoseconds
 */
public record WalStatistics(long insertLsn, long writtenLsn, long flushLsn, long writes, long syncs, long syncNanos) {
}
