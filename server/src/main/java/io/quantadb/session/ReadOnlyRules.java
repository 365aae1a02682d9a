package io.quantadb.session;

import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.typed.PermissionRequest;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.RowMark;

/**
 * Refuses what a read-only transaction, and a node in recovery, must not do. On such a node every transaction is
 * read-only, so that most refusals speak of that; commands that read-only transactions may run but a replica cannot
 * have words of their own. Stateless.
 *
 * <p>Source: PostgreSQL 15 documentation, "SET TRANSACTION" and "Hot Standby", "User's Overview".
 */
final class ReadOnlyRules {
    private ReadOnlyRules() {
    }

    static void check(Session session, UtilityCommands.Allowance allowance, String command) {
        if (allowance == UtilityCommands.Allowance.ALWAYS || !session.transaction().readOnly()) {
            return;
        }
        if (allowance == UtilityCommands.Allowance.NEVER) {
            throw refused(command);
        }
        if (session.inRecovery()) {
            throw new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute " + command + " during recovery");
        }
    }

    /** A statement with a plan: it may change temporary tables and lock their rows. */
    static void check(Session session, CompiledStatement compiled) {
        if (!session.transaction().readOnly()) {
            return;
        }
        for (TableAccess table : compiled.tables()) {
            PermissionRequest request = table.request();
            if (request != null && (request.insert() || request.update() || request.delete())) {
                RelationDescriptor relation = session.catalog().relation(table.relationOid());
                if (relation == null || !relation.isTemporary()) {
                    throw refused(command(compiled.query()));
                }
            }
        }
    }

    private static String command(Query query) {
        return switch (query.command()) {
            case SELECT -> query.rowMarks().stream().filter(mark -> !mark.pushedDown()).findFirst()
                .map(ReadOnlyRules::locking).orElse("SELECT");
            case INSERT, UPDATE, DELETE, MERGE -> query.command().name();
        };
    }

    private static String locking(RowMark mark) {
        return "SELECT FOR " + mark.strength().name().replace('_', ' ');
    }

    static SqlException refused(String command) {
        return new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute " + command
            + " in a read-only transaction");
    }
}
