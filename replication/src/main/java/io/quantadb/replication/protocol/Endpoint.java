package io.quantadb.replication.protocol;

/**
 * Where a node can be reached for one purpose.
 *
 * @param host name or address; empty = not reachable
 */
public record Endpoint(String host, int port) {
    public static final Endpoint NONE = new Endpoint("", 0);

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
