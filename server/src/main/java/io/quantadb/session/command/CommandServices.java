package io.quantadb.session.command;

import io.quantadb.error.SqlException;
import io.quantadb.session.Session;
import io.quantadb.sql.ast.MaintenanceStatement;
import io.quantadb.storage.buffer.StorageChanges;
import java.util.List;

/**
 * What commands need of the server beside what every session has. Immutable; safe for use by many threads.
 *
 * @param storage creates and deletes files
 */
public record CommandServices(StorageChanges storage, Explainer explainer) {

    /** EXPLAIN, which knows planner and executor. */
    @FunctionalInterface
    public interface Explainer {
        Explainer NONE = (explain, sql, parameters, session) -> {
            throw SqlException.notSupported("EXPLAIN is not supported");
        };

        /** The lines to show. */
        List<String> explain(MaintenanceStatement.Explain explain, String sql, Object[] parameters, Session session);
    }
}
