package io.quantadb.replication.control;

import io.quantadb.base.Invariant;
import java.nio.file.Path;

/**
 * Settings of a node's part in the Raft group.
 *
 * @param nodeId of this node
 * @param groupSecret names the group: nodes with another one are refused. Not empty; derived from the cluster's secret
 * @param directory for Raft's log and snapshots; only this group uses it
 * @param listenHost where to listen
 * @param listenPort where to listen
 * @param advertisedAddress {@code host:port} under which others reach this node
 * @param timeoutMinMillis shortest time without a heartbeat after which a follower stands for election
 * @param timeoutMaxMillis longest; also the time after which a leader without majority steps down
 * @param tls null = without encryption
 */
public record ControlGroupOptions(String nodeId, String groupSecret, Path directory, String listenHost, int listenPort,
        String advertisedAddress, int timeoutMinMillis, int timeoutMaxMillis, Tls tls) {
    /** PEM files; with {@code mutual} each side shows a certificate that the authority has signed. */
    public record Tls(Path keyFile, Path certificateFile, Path authorityFile, boolean mutual) {
    }

    public ControlGroupOptions {
        Invariant.check(timeoutMinMillis > 0 && timeoutMinMillis < timeoutMaxMillis,
                "election timeouts %d to %d ms are no range", timeoutMinMillis, timeoutMaxMillis);
        Invariant.check(!groupSecret.isEmpty(), "the group's secret is empty");
    }

    /**
     * How long after a majority's answer nobody else can be elected; shorter than the shortest election timeout, so
     * that clocks may differ by a tenth in speed.
     */
    public long leaseMillis() {
        return timeoutMinMillis * 9L / 10;
    }
}
