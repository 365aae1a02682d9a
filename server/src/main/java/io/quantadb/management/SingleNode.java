package io.quantadb.management;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A server that belongs to no cluster. Immutable. */
public record SingleNode(ServerStatus status, String sqlAddress, String apiAddress) implements ClusterAdministration {
    private static final String NO_CLUSTER = "this server is a single node: its configuration has no section \"cluster\"";

    @Override
    public ClusterView view() {
        String state = status.isReady() ? "running" : "starting";
        var self = new ClusterView.Member(status.nodeId(), "primary", "data", 0, true, true, sqlAddress, null, null,
            apiAddress);
        return new ClusterView(status.nodeId(), "primary", state, 0, status.timeline(), status.nodeId(), null,
            List.of(status.nodeId()), 1, status.isReady(), 0, 0, List.of(self));
    }

    @Override
    public List<ClusterView.Replica> replicas() {
        return List.of();
    }

    @Override
    public ClusterView.Upstream upstream() {
        return null;
    }

    @Override
    public CompletableFuture<Outcome> switchover(String target) {
        return refused();
    }

    @Override
    public CompletableFuture<Outcome> removeNode(String nodeId, boolean graceful) {
        return refused();
    }

    @Override
    public CompletableFuture<Outcome> forceLeader() {
        return refused();
    }

    @Override
    public CompletableFuture<Outcome> setPaused(boolean paused) {
        return refused();
    }

    private static CompletableFuture<Outcome> refused() {
        return CompletableFuture.completedFuture(new Outcome(409, NO_CLUSTER));
    }
}
