package io.quantadb.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.base.RelationId;
import io.quantadb.base.SimDisk;
import io.quantadb.catalog.bootstrap.BootstrapRows;
import io.quantadb.catalog.cache.SearchPath;
import io.quantadb.catalog.cache.TransactionCatalog;
import io.quantadb.catalog.ddl.CatalogWriter;
import io.quantadb.catalog.ddl.NewColumn;
import io.quantadb.catalog.ddl.NewIndex;
import io.quantadb.catalog.ddl.NewRelation;
import io.quantadb.catalog.ddl.ObjectAddress;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.CatalogTable;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.catalog.table.HeapCatalogStore;
import io.quantadb.catalog.table.MemoryCatalogStore;
import io.quantadb.txn.IsolationLevel;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.TxnSession;
import io.quantadb.types.BuiltinTypes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Goal: the catalogs in files hold what the bootstrap facts say, in every database, after restart and crash; and
 * sessions see each other's committed changes, and only those. Method: a node over a simulated disk.
 */
class CatalogBootstrapTest {
    private static final int POOL_PAGES = 8192;
    private static final int DATABASE = CatalogIds.DATABASE_QUANTADB;

    private final SimDisk disk = new SimDisk(1);
    private CatalogNode node;

    @BeforeEach
    void bootstrap() throws Exception {
        CatalogNode.initialise(disk);
        node = new CatalogNode(disk, POOL_PAGES, true);
        try (TxnSession session = node.session()) {
            Transaction transaction = session.begin(IsolationLevel.READ_COMMITTED, false);
            node.bootstrap.createAll(transaction, "secret");
            transaction.commit(true);
        }
        node.flush();
    }

    @AfterEach
    void close() throws Exception {
        node.close();
    }

    private void restart() throws Exception {
        node.close();
        node = new CatalogNode(disk, POOL_PAGES, true);
    }

    private void crash() throws Exception {
        node.kill();
        disk.crash();
        node = new CatalogNode(disk, POOL_PAGES, true);
    }

    private static List<List<String>> rows(List<CatalogRow> rows, boolean withoutPassword) {
        List<List<String>> result = new ArrayList<>();
        for (CatalogRow row : rows) {
            Object[] values = row.copyValues();
            if (withoutPassword) {
                values[io.quantadb.catalog.table.SystemColumns.PgAuthid.ROLPASSWORD] = null;
            }
            result.add(java.util.Arrays.stream(values).map(String::valueOf).toList());
        }
        // Rows go where there is room, not always behind the one before.
        result.sort(java.util.Comparator.comparing(Object::toString));
        return result;
    }

    private void checkAllRows() {
        MemoryCatalogStore facts = BootstrapRows.newStore();
        for (int database : new int[] {CatalogIds.DATABASE_TEMPLATE0, CatalogIds.DATABASE_QUANTADB}) {
            try (TxnSession session = node.session()) {
                Transaction transaction = session.begin(IsolationLevel.READ_COMMITTED, true);
                TransactionCatalog catalog = new TransactionCatalog(node.catalogs, database, transaction);
                for (CatalogTable table : CatalogTables.all()) {
                    boolean roles = table.name().equals("pg_authid");
                    List<List<String>> expected = rows(facts.scan(table), roles);
                    List<List<String>> actual = rows(catalog.store().scan(table), roles);
                    assertEquals(expected.size(), actual.size(), table.name());
                    for (int i = 0; i < expected.size(); i++) {
                        assertEquals(expected.get(i), actual.get(i), table.name());
                    }
                }
                transaction.commit(true);
            }
        }
    }

    @Test
    void shouldHoldTheFactsInEveryDatabaseAfterRestart() throws Exception {
        checkAllRows();
        restart();
        checkAllRows();
    }

    @Test
    void shouldHoldTheFactsAfterPowerLoss() throws Exception {
        crash();
        checkAllRows();
    }

    @Test
    void shouldFindEveryRowThroughEveryIndex() {
        try (TxnSession session = node.session()) {
            Transaction transaction = session.begin(IsolationLevel.READ_COMMITTED, true);
            TransactionCatalog catalog = new TransactionCatalog(node.catalogs, DATABASE, transaction);
            for (CatalogTable table : CatalogTables.all()) {
                List<CatalogRow> all = catalog.store().scan(table);
                for (int at = 0; at < all.size(); at += 1 + all.size() / 50) {
                    CatalogRow row = all.get(at);
                    for (var index : table.indexes()) {
                        Object[] key = java.util.Arrays.stream(index.columns()).mapToObj(row::value).toArray();
                        assertTrue(catalog.store().find(index, key).stream()
                                .anyMatch(found -> found.tid() == row.tid()), index + " of row " + at);
                    }
                }
            }
            transaction.commit(true);
        }
    }

    private int createTable(TransactionCatalog catalog, Transaction transaction, String name) {
        CatalogReader reader = catalog.reader(SearchPath.DEFAULT);
        CatalogWriter writer = new CatalogWriter(catalog.store(), reader, transaction::dropFilesAtCommit);
        return writer.relations().create(NewRelation.table(CatalogIds.PUBLIC_SCHEMA, name, CatalogIds.BOOTSTRAP_ROLE,
                List.of(NewColumn.of("a", BuiltinTypes.INT4, -1, true),
                        NewColumn.of("b", BuiltinTypes.TEXT, -1, false))));
    }

    @Test
    void shouldShowNewTableToOthersOnlyAfterCommit() throws Exception {
        int oid;
        try (TxnSession writing = node.session(); TxnSession reading = node.session()) {
            Transaction writer = writing.begin(IsolationLevel.READ_COMMITTED, false);
            TransactionCatalog own = new TransactionCatalog(node.catalogs, DATABASE, writer);
            Transaction other = reading.begin(IsolationLevel.READ_COMMITTED, true);
            CatalogReader others = new TransactionCatalog(node.catalogs, DATABASE, other).reader(SearchPath.DEFAULT);
            assertNull(others.relation(null, "t"));
            long version = others.version();
            oid = createTable(own, writer, "t");
            CatalogReader ownReader = own.reader(SearchPath.DEFAULT);
            assertEquals(oid, ownReader.relation(null, "t").oid());
            assertNull(others.relation(null, "t"));
            assertEquals(version, others.version());
            writer.commit(true);
            assertEquals(oid, others.relation(null, "t").oid());
            assertTrue(others.version() != version);
            other.commit(true);
        }
        node.flush();
        crash();
        try (TxnSession session = node.session()) {
            Transaction transaction = session.begin(IsolationLevel.READ_COMMITTED, false);
            TransactionCatalog catalog = new TransactionCatalog(node.catalogs, DATABASE, transaction);
            RelationDescriptor table = catalog.reader(SearchPath.DEFAULT).relation("public", "t");
            assertEquals(new RelationId(DATABASE, oid), table.storage());
            assertEquals(List.of("a", "b"), table.columns().stream().map(ColumnDescriptor::name).toList());
            int next = createTable(catalog, transaction, "u");
            assertTrue(next > oid, next + " after " + oid);
            transaction.abort();
        }
    }

    @Test
    void shouldForgetWhatASavepointTookBack() {
        try (TxnSession session = node.session()) {
            Transaction transaction = session.begin(IsolationLevel.READ_COMMITTED, false);
            TransactionCatalog catalog = new TransactionCatalog(node.catalogs, DATABASE, transaction);
            CatalogReader reader = catalog.reader(SearchPath.DEFAULT);
            createTable(catalog, transaction, "kept");
            int level = transaction.beginSubtransaction();
            createTable(catalog, transaction, "lost");
            assertNotNull(reader.relation(null, "lost"));
            transaction.rollbackSubtransaction(level);
            assertNull(reader.relation(null, "lost"));
            assertNotNull(reader.relation(null, "kept"));
            createTable(catalog, transaction, "lost");
            transaction.commit(true);
        }
        try (TxnSession session = node.session()) {
            Transaction transaction = session.begin(IsolationLevel.READ_COMMITTED, true);
            CatalogReader reader = new TransactionCatalog(node.catalogs, DATABASE, transaction)
                    .reader(SearchPath.DEFAULT);
            assertNotNull(reader.relation(null, "kept"));
            assertNotNull(reader.relation(null, "lost"));
            assertArrayEquals(new int[] {23, 25}, reader.relation(null, "lost").columns().stream()
                    .mapToInt(c -> c.type().oid()).toArray());
            transaction.commit(true);
        }
    }

    @Test
    void shouldKeepMissingValuesAndStatisticsOfAnyType() {
        try (TxnSession session = node.session()) {
            Transaction transaction = session.begin(IsolationLevel.READ_COMMITTED, false);
            TransactionCatalog catalog = new TransactionCatalog(node.catalogs, DATABASE, transaction);
            CatalogReader reader = catalog.reader(SearchPath.DEFAULT);
            CatalogWriter writer = new CatalogWriter(catalog.store(), reader, transaction::dropFilesAtCommit);
            int mood = writer.types().createEnum(CatalogIds.PUBLIC_SCHEMA, "mood", CatalogIds.BOOTSTRAP_ROLE,
                    List.of("sad", "ok"));
            int pair = writer.types().createComposite(CatalogIds.PUBLIC_SCHEMA, "pair", CatalogIds.BOOTSTRAP_ROLE,
                    List.of(NewColumn.of("x", BuiltinTypes.INT4, -1, false)));
            int domain = writer.types().createDomain(CatalogIds.PUBLIC_SCHEMA, "positive",
                    CatalogIds.BOOTSTRAP_ROLE, 23, -1, 0, false, null);
            int t = createTable(catalog, transaction, "t");
            long label = reader.type(mood).enumLabels().get(1).oid();
            Object row = reader.pgType(pair).ops().fromText("(7)", -1, io.quantadb.types.TextContext.DEFAULT);
            writer.relations().addColumn(t, NewColumn.of("m", reader.pgType(mood), -1, false), true, label);
            writer.relations().addColumn(t, NewColumn.of("p", reader.pgType(pair), -1, false), true, row);
            writer.relations().addColumn(t, NewColumn.of("d", reader.pgType(domain), -1, false), true, 5L);
            writer.relations().addColumn(t, NewColumn.of("e", BuiltinTypes.TEXT, -1, false), true, "missing");
            RelationDescriptor table = reader.relation(t);
            assertEquals(label, table.column("m").missingValue());
            assertEquals("(7)", reader.pgType(pair).ops().toText(table.column("p").missingValue(),
                    io.quantadb.types.TextContext.DEFAULT));
            assertEquals(5L, table.column("d").missingValue());
            assertEquals("missing", table.column("e").missingValue());
            writer.statistics().replace(t, 1, new ColumnStatistics(0.25, 4, -1,
                    StoredArrays.of(BuiltinTypes.INT4, List.of(7L, 8L)), new double[] {0.5, 0.25},
                    StoredArrays.of(BuiltinTypes.INT4, List.of(1L, 2L, 3L)), 0.5), 96, 97, 0);
            ColumnStatistics statistics = reader.columnStatistics(t, 1);
            assertEquals(0.25, statistics.nullFraction());
            assertEquals("{7,8}", statistics.mostCommonValues().toString());
            assertArrayEquals(new double[] {0.5, 0.25}, statistics.mostCommonFrequencies());
            assertEquals("{1,2,3}", statistics.histogram().toString());
            assertEquals(0.5, statistics.correlation());
            transaction.commit(true);
        }
    }

    @Test
    void shouldShowRenamedIndexInItsTable() {
        try (TxnSession session = node.session(); TxnSession watching = node.session()) {
            Transaction other = watching.begin(IsolationLevel.READ_COMMITTED, true);
            CatalogReader others = new TransactionCatalog(node.catalogs, DATABASE, other).reader(SearchPath.DEFAULT);
            Transaction transaction = session.begin(IsolationLevel.READ_COMMITTED, false);
            TransactionCatalog catalog = new TransactionCatalog(node.catalogs, DATABASE, transaction);
            CatalogWriter writer = new CatalogWriter(catalog.store(), catalog.reader(SearchPath.DEFAULT),
                    transaction::dropFilesAtCommit);
            int t = createTable(catalog, transaction, "t");
            int index = writer.indexes().create(new NewIndex(t, "t_a", CatalogIds.AM_BTREE,
                    List.of(new IndexColumn(1, null, "a", BuiltinTypes.INT4, -1, 0, 1978, 0, true, true)), List.of(),
                    List.of(), false, false, null, (char) 0, false, false, 0, null, true, true));
            transaction.commit(true);
            assertEquals("t_a", others.relation(t).indexes().getFirst().name());
            assertTrue(others.relation(t).indexes().getFirst().keyColumns().getFirst().descending());
            transaction = session.begin(IsolationLevel.READ_COMMITTED, false);
            catalog = new TransactionCatalog(node.catalogs, DATABASE, transaction);
            writer = new CatalogWriter(catalog.store(), catalog.reader(SearchPath.DEFAULT),
                    transaction::dropFilesAtCommit);
            writer.objects().rename(ObjectAddress.relation(index), "t_b");
            transaction.commit(true);
            assertEquals("t_b", others.relation(t).indexes().getFirst().name());
            other.commit(true);
        }
    }

    @Test
    void shouldCopyADatabaseWithItsTables() throws Exception {
        try (TxnSession session = node.session()) {
            Transaction transaction = session.begin(IsolationLevel.READ_COMMITTED, false);
            TransactionCatalog template = new TransactionCatalog(node.catalogs, DATABASE, transaction);
            int oid = createTable(template, transaction, "t");
            RelationDescriptor table = template.reader(SearchPath.DEFAULT).relation(oid);
            for (int file : new int[] {oid, table.toastOid()}) {
                node.storage.changes().create(new RelationId(DATABASE, file), transaction.xid(),
                        transaction.pendingStorage(), transaction.storageLevel());
            }
            transaction.commit(true);
        }
        int copy;
        try (TxnSession session = node.session()) {
            Transaction transaction = session.begin(IsolationLevel.READ_COMMITTED, false);
            TransactionCatalog catalog = new TransactionCatalog(node.catalogs, CatalogIds.DATABASE_POSTGRES,
                    transaction);
            CatalogReader reader = catalog.reader(SearchPath.DEFAULT);
            CatalogWriter writer = new CatalogWriter(catalog.store(), reader, transaction::dropFilesAtCommit);
            DatabaseDescriptor source = reader.database(DATABASE);
            copy = writer.shared().createDatabase(new DatabaseDescriptor(0, "copy", source.ownerOid(),
                    source.encoding(), false, true, -1, source.tablespaceOid(), source.collate(), source.ctype(),
                    null));
            node.bootstrap.copy(transaction, (HeapCatalogStore) new TransactionCatalog(node.catalogs, DATABASE,
                    transaction).store(), DATABASE, copy);
            transaction.commit(true);
        }
        node.flush();
        crash();
        try (TxnSession session = node.session()) {
            Transaction transaction = session.begin(IsolationLevel.READ_COMMITTED, true);
            CatalogReader reader = new TransactionCatalog(node.catalogs, copy, transaction)
                    .reader(SearchPath.DEFAULT);
            assertEquals("copy", reader.databaseName());
            RelationDescriptor table = reader.relation("public", "t");
            assertEquals(new RelationId(copy, table.oid()), table.storage());
            assertNotNull(reader.relation(null, "pg_roles").viewDefinition());
            transaction.commit(true);
        }
    }

    @Test
    void shouldLetOnlyOneOfTwoSessionsCreateAName() throws Exception {
        try (TxnSession first = node.session(); TxnSession second = node.session()) {
            Transaction winner = first.begin(IsolationLevel.READ_COMMITTED, false);
            createTable(new TransactionCatalog(node.catalogs, DATABASE, winner), winner, "t");
            var result = new java.util.concurrent.CompletableFuture<String>();
            Thread other = Thread.ofVirtual().start(() -> {
                Transaction loser = second.begin(IsolationLevel.READ_COMMITTED, false);
                try {
                    createTable(new TransactionCatalog(node.catalogs, DATABASE, loser), loser, "t");
                    result.complete("created");
                } catch (io.quantadb.error.SqlException e) {
                    result.complete(e.code() + " " + e.constraint());
                } finally {
                    loser.abort();
                }
            });
            Thread.sleep(100);
            assertTrue(!result.isDone());
            winner.commit(true);
            // The row type's name is taken first, as in PostgreSQL.
            assertEquals("23505 pg_type_typname_nsp_index", result.get(20, java.util.concurrent.TimeUnit.SECONDS));
            other.join();
        }
    }
}
