package io.quantadb.replication.control;

import io.quantadb.base.Lsn;

/**
 * How much WAL a node has. A position on a later timeline is the higher one, whatever its LSN.
 *
 * @param timeline of its last byte of WAL
 * @param lsn exclusive end of its last complete record that is on stable storage; raw
 */
public record Position(int timeline, long lsn) implements Comparable<Position> {
    @Override
    public int compareTo(Position other) {
        return timeline != other.timeline ? Integer.compare(timeline, other.timeline) : Long.compare(lsn, other.lsn);
    }

    @Override
    public String toString() {
        return timeline + ":" + Lsn.format(lsn);
    }
}
