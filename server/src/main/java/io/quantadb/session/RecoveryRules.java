package io.quantadb.session;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.DataStatement;
import io.quantadb.sql.ast.MaintenanceStatement;
import io.quantadb.sql.ast.SessionStatement;
import io.quantadb.sql.ast.Statement;

/** Commands that a replica refuses although they are no writes of rows; texts are PostgreSQL's. */
final class RecoveryRules {
    private RecoveryRules() {
    }

    /** Throws 25006 for a command that cannot be executed during recovery. */
    static void check(Statement statement, Session session) {
        if (!session.services().recovery().isReplica()) {
            return;
        }
        String refused = switch (statement) {
            case SessionStatement.Listen s -> "LISTEN";
            case SessionStatement.Notify s -> "NOTIFY";
            case SessionStatement.LockTable lock -> lock.mode().compareTo(SessionStatement.LockMode.ROW_EXCLUSIVE) > 0 ? "LOCK TABLE" : null;
            case MaintenanceStatement.Vacuum vacuum -> vacuum.vacuum() ? "VACUUM" : "ANALYZE";
            case MaintenanceStatement.Reindex s -> "REINDEX";
            case DataStatement.Copy copy -> copy.from() ? "COPY" : null;
            default -> null;
        };
        if (refused != null) {
            throw new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute " + refused + " during recovery");
        }
    }
}
