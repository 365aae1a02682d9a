package io.quantadb.replication.failover;

import io.quantadb.base.Lsn;
import io.quantadb.replication.control.Fork;
import java.util.List;

/**
 * What a node must know to be primary. Immutable.
 *
 * @param timeline of the WAL it inserts from now on
 * @param history ancestors of {@code timeline}; the last one ends where the node's own WAL is to be cut. Empty when a
 * cluster begins
 * @param startHorizon durable horizon at the beginning: snapshots stand at it until the replicas have more; raw
 * @param lossy whether an operator forced this, so that commits may have been lost
 */
public record Reign(long epoch, int timeline, List<Fork> history, long startHorizon, boolean lossy) {
    public Reign {
        history = List.copyOf(history);
    }

    /** The LSN at which the new WAL begins; 0 = where the old one ends. */
    public long forkLsn() {
        return history.isEmpty() ? 0 : history.getLast().switchLsn();
    }

    @Override
    public String toString() {
        return "Reign[epoch=" + epoch + ", timeline=" + timeline + ", fork=" + Lsn.format(forkLsn()) + ", horizon="
                + Lsn.format(startHorizon) + (lossy ? ", lossy]" : "]");
    }
}
