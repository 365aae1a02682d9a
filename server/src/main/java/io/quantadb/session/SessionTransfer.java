package io.quantadb.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a client's session consists of between two transactions, as far as it can be rebuilt on another node: how a
 * switchover takes clients along. Immutable.
 *
 * @param startup parameters of the startup packet and settings of the role, by name
 * @param settings what SET has changed since, by name
 * @param statements prepared statements, the unnamed one included
 * @param channels listened to
 */
public record SessionTransfer(String user, String database, Map<String, String> startup, Map<String, String> settings,
        List<Prepared> statements, Set<String> channels) {
    /**
     * A prepared statement.
     *
     * @param name empty for the unnamed one
     * @param sql of this statement alone
     * @param parameterTypes oids
     */
    public record Prepared(String name, String sql, int[] parameterTypes) {
    }

    /**
     * Takes stock of a session that runs nothing.
     *
     * @return null if the session has what cannot be rebuilt elsewhere: temporary tables, held cursors, advisory locks
     */
    static SessionTransfer of(Session session) {
        if (session.sessionCatalog().temporarySchema() != 0 || session.statements().hasCursors()
                || session.services().transactions().locks().holdsAdvisory(session.txn().lockOwner())) {
            return null;
        }
        Map<String, String> startup = new TreeMap<>();
        Map<String, String> changed = new TreeMap<>();
        session.settings().copyChanges(startup, changed);
        List<Prepared> statements = new ArrayList<>();
        for (PreparedStatement prepared : session.statements().allPrepared()) {
            int[] types = prepared.isEmpty() ? new int[0] : prepared.compiled().parameterTypes();
            String sql = prepared.isEmpty() ? "" : prepared.parsed().text(prepared.sql());
            statements.add(new Prepared(prepared.name(), sql, types.clone()));
        }
        return new SessionTransfer(session.identity().userName(), session.identity().databaseName(),
            new LinkedHashMap<>(startup), new LinkedHashMap<>(changed), statements,
            Set.copyOf(session.services().utility().channels(session)));
    }
}
