package io.quantadb.replication.failover;

import io.quantadb.base.Lsn;
import io.quantadb.replication.control.Fork;
import java.util.List;

/**
 * Whom to follow. Immutable.
 *
 * @param address {@code host:port} of the primary's port 6432
 * @param history ancestors of {@code timeline}: WAL beyond the last fork that this node shares with it is to be cut
 * @param startHorizon durable horizon at the beginning of the epoch; raw
 */
public record Upstream(String primary, String address, long epoch, int timeline, List<Fork> history,
        long startHorizon) {
    public Upstream {
        history = List.copyOf(history);
    }

    @Override
    public String toString() {
        return "Upstream[primary=" + primary + ", epoch=" + epoch + ", timeline=" + timeline + ", fork="
                + (history.isEmpty() ? "none" : history.getLast()) + ", horizon=" + Lsn.format(startHorizon) + "]";
    }
}
