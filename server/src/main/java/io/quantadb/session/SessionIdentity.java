package io.quantadb.session;

import java.net.SocketAddress;

/**
 * Who is connected to what. Fixed for the life of the session; SET ROLE and SET SESSION AUTHORIZATION are settings.
 *
 * @param userOid the authenticated role
 * @param client address of the peer, null for internal sessions
 * @param startMicros when the connection was accepted, microseconds since 1970
 */
public record SessionIdentity(int databaseOid, String databaseName, int userOid, String userName, boolean superuser,
        SocketAddress client, long startMicros, boolean tls) {
}
