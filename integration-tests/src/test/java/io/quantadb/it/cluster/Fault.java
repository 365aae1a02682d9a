package io.quantadb.it.cluster;

import java.time.Duration;
import java.util.Random;

/** What can happen to a cluster. Each is begun, and ended some time later. */
public enum Fault {
    KILL_PRIMARY, STOP_PRIMARY, CUT_WAL, CUT_RAFT, CUT_CLIENTS_OF_PRIMARY, KILL_REPLICA, STOP_REPLICA,
    SLOW_REPLICA, ONE_WAY_RAFT, ONE_WAY_WAL, ISOLATE_PRIMARY, SWITCHOVER, KILL_ALL;

    /** Whether the cluster must have been started with proxies. */
    public boolean needsProxies() {
        return switch (this) {
            case KILL_PRIMARY, STOP_PRIMARY, KILL_REPLICA, STOP_REPLICA, SWITCHOVER, KILL_ALL -> false;
            case CUT_WAL, CUT_RAFT, CUT_CLIENTS_OF_PRIMARY, SLOW_REPLICA, ONE_WAY_RAFT, ONE_WAY_WAL,
                ISOLATE_PRIMARY -> true;
        };
    }

    /** @return what ends the fault */
    public Runnable begin(Cluster cluster, Random random) {
        ClusterNode primary = cluster.awaitPrimary(Duration.ofSeconds(30));
        var replicas = cluster.nodes().stream().filter(node -> node != primary && node.isAlive()).toList();
        ClusterNode replica = replicas.isEmpty() ? primary : replicas.get(random.nextInt(replicas.size()));
        Links links = cluster.links();
        switch (this) {
            case KILL_PRIMARY -> {
                primary.kill();
                return primary::start;
            }
            case KILL_REPLICA -> {
                replica.kill();
                return replica::start;
            }
            case KILL_ALL -> {
                cluster.nodes().parallelStream().forEach(ClusterNode::kill);
                return () -> cluster.nodes().forEach(ClusterNode::start);
            }
            case STOP_PRIMARY -> {
                primary.pause();
                return primary::resume;
            }
            case STOP_REPLICA -> {
                replica.pause();
                return replica::resume;
            }
            case SWITCHOVER -> {
                try {
                    primary.post("/cluster/switchover", "{\"to\": \"" + replica.name() + "\"}",
                        Duration.ofSeconds(30));
                } catch (IllegalStateException e) {
                    // Another fault has come between: then it is one more way of failing.
                }
                return () -> { };
            }
            case CUT_WAL -> links.cut(PortKind.REPLICATION, primary.name(), cluster.othersThan(primary));
            case CUT_RAFT -> links.cut(PortKind.RAFT, primary.name(), cluster.othersThan(primary));
            case CUT_CLIENTS_OF_PRIMARY -> links.flow(PortKind.SQL, Links.CLIENT, primary.name()).reset();
            case SLOW_REPLICA -> {
                links.flow(PortKind.REPLICATION, primary.name(), replica.name()).delay(50);
                links.flow(PortKind.REPLICATION, primary.name(), replica.name()).throttle(256 << 10);
            }
            case ONE_WAY_RAFT -> cluster.othersThan(primary).forEach(other -> links.flow(PortKind.RAFT,
                primary.name(), other).hold());
            case ONE_WAY_WAL -> cluster.othersThan(primary).forEach(other -> links.flow(PortKind.REPLICATION,
                other, primary.name()).hold());
            case ISOLATE_PRIMARY -> {
                links.cut(PortKind.REPLICATION, primary.name(), cluster.othersThan(primary));
                links.cut(PortKind.RAFT, primary.name(), cluster.othersThan(primary));
            }
        }
        return links::healAll;
    }
}
