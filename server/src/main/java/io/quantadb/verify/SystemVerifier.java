package io.quantadb.verify;

import io.quantadb.access.heap.HeapAccess;
import io.quantadb.base.FileSystem;
import io.quantadb.base.ForkNumber;
import io.quantadb.base.RelationId;
import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.DatabaseDescriptor;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.cache.CatalogCaches;
import io.quantadb.catalog.cache.SearchPath;
import io.quantadb.catalog.cache.TransactionCatalog;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.catalog.table.SystemColumns.PgClass;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.buffer.VisibilityMap;
import io.quantadb.storage.file.RelationFileCheck;
import io.quantadb.txn.IsolationLevel;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.TransactionManager;
import io.quantadb.txn.TxnSession;
import io.quantadb.verify.Finding.Severity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Verifies all files, then all tables and indexes of all databases of a system that was opened for this purpose and
 * that nobody else uses. Confined to one thread.
 *
 * <p>Reading may prune pages and set hints as any reader does: whoever must not change the files puts an {@link
 * io.quantadb.base.OverlayFileSystem} between.
 */
public final class SystemVerifier {
    private static final int PROCESS_ID = 1;

    /** The parts of an opened system. */
    public record Parts(BufferPool pool, VisibilityMap visibilityMap, TransactionManager transactions, HeapAccess heaps,
            CatalogCaches catalogs) {
    }

    private final Parts parts;
    private final Report report;
    private final Set<RelationId> known = new HashSet<>();

    public SystemVerifier(Parts parts, Report report) {
        this.parts = parts;
        this.report = report;
    }

    /**
     * Checks every page of every relation file by itself; all of a system of which only the files can be used.
     *
     * @return the check that has run
     */
    public static RelationFileCheck verifyFiles(FileSystem files, Path dataDirectory, long systemId, Report report)
            throws IOException {
        var check = new RelationFileCheck(files, dataDirectory, systemId, new RelationFileCheck.Sink() {
            @Override
            public void problem(RelationId relation, String file, int block, String message) {
                report.noteDamagedBlock(relation, block);
                report.add(new Finding(Severity.DAMAGED, null, null, file, block, message));
            }

            @Override
            public void notice(RelationId relation, String file, int block, String message) {
                report.add(new Finding(Severity.NOTICE, null, null, file, block, message));
            }
        });
        check.run();
        return check;
    }

    /**
     * Checks tables and indexes of all databases.
     *
     * @param filesFound relations that have files: those the catalogs do not name are noticed
     */
    public void verifyRelations(Set<RelationId> filesFound) {
        try (TxnSession session = parts.transactions().openSession(PROCESS_ID)) {
            Transaction transaction = session.begin(IsolationLevel.REPEATABLE_READ, true);
            try {
                boolean complete = true;
                boolean shared = true;
                for (DatabaseDescriptor database : databases(transaction)) {
                    complete &= verifyDatabase(transaction, database, shared);
                    shared = false;
                }
                if (complete) {
                    noticeUnknown(filesFound);
                }
            } finally {
                transaction.abort();
            }
        }
    }

    private List<DatabaseDescriptor> databases(Transaction transaction) {
        try {
            return new TransactionCatalog(parts.catalogs(), CatalogIds.DATABASE_TEMPLATE1, transaction)
                    .reader(SearchPath.DEFAULT).databases();
        } catch (RuntimeException e) {
            report.add(new Finding(Severity.DAMAGED, null, "pg_catalog.pg_database", null, -1,
                    "the list of databases cannot be read: " + e));
            return List.of();
        }
    }

    /** False if not all relations of the database could be found. */
    private boolean verifyDatabase(Transaction transaction, DatabaseDescriptor database, boolean withShared) {
        var catalog = new TransactionCatalog(parts.catalogs(), database.oid(), transaction);
        CatalogReader reader = catalog.reader(SearchPath.DEFAULT);
        List<CatalogRow> rows;
        try {
            rows = catalog.store().scan(CatalogTables.table("pg_class"));
        } catch (RuntimeException e) {
            report.add(new Finding(Severity.DAMAGED, database.name(), "pg_catalog.pg_class", null, -1,
                    "the list of relations cannot be read: " + e));
            return false;
        }
        boolean complete = true;
        for (CatalogRow row : rows) {
            try {
                RelationDescriptor relation = reader.relation(row.integer(PgClass.OID));
                if (relation == null) {
                    complete = false;
                    report.add(new Finding(Severity.DAMAGED, database.name(), "pg_catalog.pg_class", null,
                            (int) (row.tid() >>> 16), "relation " + row.integer(PgClass.OID) + " is in the table but "
                            + "cannot be found through its index"));
                } else if (!relation.shared() || withShared) {
                    verify(transaction, reader, database.name(), relation);
                }
            } catch (RuntimeException e) {
                complete = false;
                report.add(new Finding(Severity.DAMAGED, database.name(), "with oid " + row.integer(PgClass.OID), null,
                        -1, "its description cannot be used: " + e));
            }
        }
        return complete;
    }

    private void verify(Transaction transaction, CatalogReader reader, String database, RelationDescriptor relation) {
        if (!relation.kind().hasStorage() || relation.storage() == null) {
            return;
        }
        known.add(relation.storage());
        if (relation.kind() == RelationKind.INDEX || relation.kind() == RelationKind.SEQUENCE) {
            return;
        }
        for (IndexDescriptor index : relation.indexes()) {
            known.add(index.storage());
        }
        if (!parts.pool().files().exists(relation.storage(), ForkNumber.MAIN)) {
            if (relation.kind() != RelationKind.TOAST) {
                report.add(new Finding(Severity.DAMAGED, relation.shared() ? null : database,
                        relation.schemaName() + "." + relation.name(),
                        parts.pool().files().path(relation.storage(), ForkNumber.MAIN, 0), -1, "file is missing"));
            }
            return;
        }
        report.relations++;
        new TableVerifier(parts, report, transaction, reader, relation.shared() ? null : database, relation).run();
    }

    /** A transaction that a crash ended leaves its new files behind; nothing refers to them. */
    private void noticeUnknown(Set<RelationId> filesFound) {
        filesFound.stream().filter(relation -> !known.contains(relation))
                .sorted((a, b) -> a.toString().compareTo(b.toString()))
                .forEach(relation -> report.add(new Finding(Severity.NOTICE, null, null,
                        parts.pool().files().path(relation, ForkNumber.MAIN, 0), -1,
                        "no relation has this file: an unfinished transaction has left it")));
    }
}
