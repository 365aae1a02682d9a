package io.quantadb.session;

import io.quantadb.base.Clock;
import io.quantadb.base.FileSystem;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.executor.Storage;
import io.quantadb.txn.TransactionManager;
import io.quantadb.wal.writer.WalInserter;
import java.nio.file.Path;

/**
 * What all sessions share. Immutable; safe for use by many threads.
 *
 * @param temporaryDirectory where sorts and hash tables spill
 */
public record SessionServices(TransactionManager transactions, WalInserter wal, CatalogAccess catalogs, QueryCompiler compiler,
        PlanRunner runner, UtilityCommands utility, SettingCatalog settings, SessionRegistry sessions, PlanCache planCache,
        StatementStatistics statistics, Clock clock, FileSystem files, Path temporaryDirectory) {

    /** Opens what a session needs of the catalog and of storage. */
    public interface CatalogAccess {
        /** A reader for the session's current statement: its database, transaction and search path. */
        CatalogReader reader(Session session);

        /** Storage behind descriptors, with a WAL record builder of the session's own. */
        Storage storage(Session session);

        /** SET ROLE, SET SESSION AUTHORIZATION: throws 22023 (no such role) or 42501. */
        void checkRole(Session session, String setting, String role);

        /** The type a PREPARE names; throws 42704. */
        int typeOid(Session session, io.quantadb.sql.ast.TypeName name);

        /** Values of EXECUTE's arguments, converted to the statement's parameter types. */
        Object[] evaluate(Session session, java.util.List<io.quantadb.sql.ast.Expression> arguments, int[] types, String statementName);

        /** Drops the session's temporary tables. */
        void discardTemporary(Session session);
    }
}
