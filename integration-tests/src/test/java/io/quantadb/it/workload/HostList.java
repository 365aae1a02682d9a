package io.quantadb.it.workload;

import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.wire.WireClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Connects to the first server of a list that has the wanted role, as libpq does with several hosts and {@code
 * target_session_attrs}. Immutable.
 *
 * @param connectTimeoutMillis for each server
 * @param readTimeoutMillis a server that is silent longer counts as gone
 */
public record HostList(List<Endpoint> endpoints, int connectTimeoutMillis, int readTimeoutMillis) {
    private static final int CONNECT_MILLIS = 1_000;
    private static final int READ_MILLIS = 10_000;

    public HostList {
        endpoints = List.copyOf(endpoints);
    }

    public static HostList of(List<Endpoint> endpoints) {
        return new HostList(endpoints, CONNECT_MILLIS, READ_MILLIS);
    }

    /** @param writable whether the server took writes when the connection was made */
    public record Connected(Endpoint endpoint, WireClient client, boolean writable) {
    }

    /**
     * @param first index of the server to ask first, any number
     * @return null when no server has the role now
     */
    public Connected connect(Role role, int first) {
        for (int i = 0; i < endpoints.size(); i++) {
            Endpoint endpoint = endpoints.get(Math.floorMod(first + i, endpoints.size()));
            try {
                WireClient client = WireClient.connect(endpoint, DatabaseServer.USER, Map.of(), connectTimeoutMillis,
                    readTimeoutMillis);
                boolean writable = writable(client);
                if (role == Role.ANY || writable == (role == Role.PRIMARY)) {
                    return new Connected(endpoint, client, writable);
                }
                client.close();
            } catch (IOException | RuntimeException e) {
                // Not there, or not ready: the next one may be.
            }
        }
        return null;
    }

    /** Asks once more when the server does not report its role, and closes the client when that fails. */
    private static boolean writable(WireClient client) {
        try {
            return client.queryOne("show transaction_read_only").single().equals("off");
        } catch (RuntimeException e) {
            client.abort();
            throw e;
        }
    }
}
