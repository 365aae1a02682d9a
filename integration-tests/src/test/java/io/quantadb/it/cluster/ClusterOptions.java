package io.quantadb.it.cluster;

import java.util.Map;

/**
 * What kind of cluster to start.
 *
 * @param nodes 1: a single server without Raft and replication
 * @param proxied whether links can be cut; clients then go through proxies too
 * @param standardPorts 5432 and so on, at 127.0.0.1 and up; otherwise free ones
 * @param replication further keys of the section {@code replication}
 */
public record ClusterOptions(int nodes, boolean proxied, boolean standardPorts, int syncTimeoutMillis,
    int bufferPoolMegabytes, Map<String, Object> replication) {

    /** Three nodes with free ports and no proxies. */
    public static ClusterOptions three() {
        return new ClusterOptions(3, false, false, 5_000, 64, Map.of());
    }

    public ClusterOptions withNodes(int count) {
        return new ClusterOptions(count, proxied, standardPorts, syncTimeoutMillis, bufferPoolMegabytes, replication);
    }

    public ClusterOptions withProxies() {
        return new ClusterOptions(nodes, true, standardPorts, syncTimeoutMillis, bufferPoolMegabytes, replication);
    }

    public ClusterOptions withSyncTimeout(int millis) {
        return new ClusterOptions(nodes, proxied, standardPorts, millis, bufferPoolMegabytes, replication);
    }

    public ClusterOptions withBufferPool(int megabytes) {
        return new ClusterOptions(nodes, proxied, standardPorts, syncTimeoutMillis, megabytes, replication);
    }
}
