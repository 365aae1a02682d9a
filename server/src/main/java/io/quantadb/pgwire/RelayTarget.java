package io.quantadb.pgwire;

/**
 * The node that takes over clients.
 *
 * @param nodeId for messages
 * @param host and port of its PostgreSQL listener
 * @param secret of the cluster
 */
public record RelayTarget(String nodeId, String host, int port, String secret) {
    @Override
    public String toString() {
        return nodeId + " (" + host + ":" + port + ")";
    }
}
