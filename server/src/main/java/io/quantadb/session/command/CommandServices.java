package io.quantadb.session.command;

import io.quantadb.catalog.cache.TransactionCatalog;
import io.quantadb.function.FunctionRegistry;
import io.quantadb.session.Session;
import io.quantadb.sql.ast.MaintenanceStatement;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.buffer.StorageChanges;
import io.quantadb.wal.writer.WalInserter;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What commands need of the server beside what every session has. Immutable; safe for use by many threads.
 *
 * @param wal where changes go; asked at each use, because a promoted replica gets one later
 * @param catalogs the view of the catalogs that belongs to the session's running transaction: the same object that the session's
 *     {@code CatalogReader} reads from, so that it sees what commands change
 * @param functions implementations of built-in functions, for defaults, checks and index expressions
 */
public record CommandServices(BufferPool pool, StorageChanges storage, Supplier<WalInserter> wal,
        Function<Session, TransactionCatalog> catalogs, FunctionRegistry functions, ServerActions server) {

    /** What commands ask of other parts of the server. The defaults refuse. */
    public interface ServerActions {
        /** CHECKPOINT: returns when it is done. */
        default void checkpoint() {
            throw io.quantadb.error.SqlException.notSupported("CHECKPOINT is not supported here");
        }

        /**
         * CREATE DATABASE: copies the files of a template, in the session's transaction. The row of pg_database exists already.
         */
        default void copyDatabase(Session session, int templateOid, int newOid) {
            throw io.quantadb.error.SqlException.notSupported("CREATE DATABASE is not supported here");
        }

        /** DROP DATABASE has been committed: the files may go. */
        default void dropDatabaseFiles(int databaseOid) {
            throw io.quantadb.error.SqlException.notSupported("DROP DATABASE is not supported here");
        }

        /** EXPLAIN: the lines to show. */
        default List<String> explain(MaintenanceStatement.Explain explain, String sql, Object[] parameters, Session session) {
            throw io.quantadb.error.SqlException.notSupported("EXPLAIN is not supported here");
        }
    }
}
