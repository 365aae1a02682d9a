package io.quantadb.replication.protocol;

/** What a node says of itself when it connects or is connected to. */
public record NodeInfo(String nodeId, String clusterName, Endpoint sql, Endpoint replication, Endpoint raft,
        Endpoint api) {
    public NodeInfo(String nodeId, String clusterName) {
        this(nodeId, clusterName, Endpoint.NONE, Endpoint.NONE, Endpoint.NONE, Endpoint.NONE);
    }
}
