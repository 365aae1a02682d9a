package io.quantadb.it.workload;

import io.quantadb.it.process.DatabaseServer;

/**
 * An address where a server may be: what clients of a cluster know of a node. Immutable.
 *
 * @param name of the node, as histories show it
 */
public record Endpoint(String name, String host, int port) implements DatabaseServer {
    /** The address of a server that is managed elsewhere. */
    public static Endpoint of(DatabaseServer server) {
        return new Endpoint(server.name(), server.host(), server.port());
    }

    @Override
    public long residentBytes() {
        return 0;
    }

    @Override
    public void close() {
        // Only an address.
    }
}
