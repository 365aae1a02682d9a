package io.quantadb.replication.control;

import io.quantadb.base.Lsn;

/**
 * An ancestor of the current timeline.
 *
 * @param switchLsn exclusive end of the ancestor's part in the history; raw
 */
public record Fork(int timeline, long switchLsn) {
    @Override
    public String toString() {
        return timeline + "@" + Lsn.format(switchLsn);
    }
}
