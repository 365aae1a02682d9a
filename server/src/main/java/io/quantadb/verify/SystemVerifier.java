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
import io.quantadb.catalog.SchemaDescriptor;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    /** What a relation is called; {@code database} null for shared ones. */
    public record Name(String database, String relation) {
        static final Name UNKNOWN = new Name(null, null);
    }

    private static final Logger LOG = LoggerFactory.getLogger(SystemVerifier.class);

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
     * @param names from {@link #names}; may be empty
     * @return the check that has run
     */
    public static RelationFileCheck verifyFiles(FileSystem files, Path dataDirectory, long systemId,
            Map<RelationId, Name> names, Report report) throws IOException {
        var check = new RelationFileCheck(files, dataDirectory, systemId, new RelationFileCheck.Sink() {
            @Override
            public void problem(RelationId relation, String file, int block, String message) {
                report.noteDamagedBlock(relation, block);
                add(Severity.DAMAGED, relation, file, block, message);
            }

            private void add(Severity severity, RelationId relation, String file, int block, String message) {
                Name name = names.getOrDefault(relation, Name.UNKNOWN);
                report.add(new Finding(severity, name.database(), name.relation(), file, block, message));
            }

            @Override
            public void notice(RelationId relation, String file, int block, String message) {
                add(Severity.NOTICE, relation, file, block, message);
            }
        });
        check.run();
        return check;
    }

    /** Names of the relations by their files, as far as the catalogs can be read. */
    public Map<RelationId, Name> names() {
        Map<RelationId, Name> names = new HashMap<>();
        try (TxnSession session = parts.transactions().openSession(PROCESS_ID)) {
            Transaction transaction = session.begin(IsolationLevel.REPEATABLE_READ, true);
            try {
                var shared = new TransactionCatalog(parts.catalogs(), CatalogIds.DATABASE_TEMPLATE1, transaction);
                for (DatabaseDescriptor database : shared.reader(SearchPath.DEFAULT).databases()) {
                    addNames(names, database, new TransactionCatalog(parts.catalogs(), database.oid(), transaction));
                }
            } catch (RuntimeException e) {
                LOG.debug("names of relations are not complete", e);
            } finally {
                transaction.abort();
            }
        }
        return names;
    }

    private static void addNames(Map<RelationId, Name> names, DatabaseDescriptor database, TransactionCatalog catalog) {
        CatalogReader reader = catalog.reader(SearchPath.DEFAULT);
        for (CatalogRow row : catalog.store().scan(CatalogTables.table("pg_class"))) {
            boolean shared = row.bool(PgClass.RELISSHARED);
            int file = row.integer(PgClass.RELFILENODE);
            SchemaDescriptor schema = reader.schema(row.integer(PgClass.RELNAMESPACE));
            names.put(new RelationId(shared ? 0 : database.oid(), file == 0 ? row.integer(PgClass.OID) : file),
                    new Name(shared ? null : database.name(),
                            (schema == null ? "" : schema.name() + ".") + row.text(PgClass.RELNAME)));
        }
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
