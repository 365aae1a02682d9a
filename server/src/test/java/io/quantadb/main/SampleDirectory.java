package io.quantadb.main;

import io.quantadb.access.btree.BTree;
import io.quantadb.access.btree.IndexEntry;
import io.quantadb.access.heap.HeapAttribute;
import io.quantadb.access.heap.HeapChange;
import io.quantadb.access.heap.HeapDescriptor;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.access.heap.TupleBuilder;
import io.quantadb.access.heap.TupleLayout;
import io.quantadb.access.heap.TupleReader;
import io.quantadb.base.Clock;
import io.quantadb.base.PosixFileSystem;
import io.quantadb.base.RelationId;
import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.cache.SearchPath;
import io.quantadb.catalog.cache.TransactionCatalog;
import io.quantadb.catalog.ddl.CatalogWriter;
import io.quantadb.catalog.ddl.NewColumn;
import io.quantadb.catalog.ddl.NewIndex;
import io.quantadb.catalog.ddl.NewRelation;
import io.quantadb.config.ServerConfig;
import io.quantadb.txn.IsolationLevel;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.TxnSession;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.txn.snapshot.Snapshot;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.PgType;
import io.quantadb.types.key.KeyBuffer;
import io.quantadb.types.key.KeyEncoder;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes a small but real data directory without SQL: table {@code sample(id int8, name text, note text)} with a unique
 * index on id and a descending one on name, after inserts, HOT and other updates, deletes and a rollback.
 */
final class SampleDirectory {
    static final int ROWS = 4000;
    private static final int SESSION = 50;

    private final Node node;
    private RelationId table;
    private RelationId idIndex;
    private RelationId nameIndex;
    private HeapRelation heap;
    private TupleLayout layout;
    private final IndexEntry entry = new IndexEntry();
    private final KeyBuffer key = new KeyBuffer();

    /** Where the sample's files are. */
    record Files(RelationId table, RelationId idIndex, RelationId nameIndex) {
    }

    /** What may be done with the open node before it is shut down. */
    interface WhileOpen {
        void run() throws Exception;
    }

    private SampleDirectory(Node node) {
        this.node = node;
    }

    /** Makes the directory, fills it, lets {@code whileOpen} look, and shuts down. */
    static Files create(Path path, WhileOpen whileOpen) throws Exception {
        ServerConfig config = ServerConfig.defaults(ServerConfig.Overrides.NONE);
        try (DataDirectory directory = DataDirectory.open(path);
                Node node = new Node(directory, config, PosixFileSystem.INSTANCE, Clock.SYSTEM, null, failure -> { })) {
            SampleDirectory sample = new SampleDirectory(node);
            sample.createTable();
            sample.fill();
            sample.change();
            node.wal.flush(node.wal.insertLsn());
            whileOpen.run();
            return new Files(sample.table, sample.idIndex, sample.nameIndex);
        }
    }

    private void createTable() {
        try (TxnSession session = node.transactions.openSession(SESSION)) {
            Transaction transaction = session.begin(IsolationLevel.READ_COMMITTED, false);
            var catalog = new TransactionCatalog(node.catalogs, CatalogIds.DATABASE_QUANTADB, transaction);
            CatalogReader reader = catalog.reader(SearchPath.DEFAULT);
            var writer = new CatalogWriter(catalog.store(), reader, transaction::dropFilesAtCommit);
            int oid = writer.relations().create(NewRelation.table(reader.schema("public").oid(), "sample", 10,
                    List.of(column("id", BuiltinTypes.INT8), column("name", BuiltinTypes.TEXT),
                            column("note", BuiltinTypes.TEXT))));
            RelationDescriptor relation = reader.relation(oid);
            table = relation.storage();
            node.storage.changes().create(table, transaction.xid(), transaction.pendingStorage(), 1);
            idIndex = createIndex(writer, transaction, oid, "sample_id_key", 1, BuiltinTypes.INT8, true);
            nameIndex = createIndex(writer, transaction, oid, "sample_name_idx", 2, BuiltinTypes.TEXT, false);
            RelationId toast = null;
            if (relation.toastOid() != 0) {
                toast = new RelationId(table.databaseOid(), relation.toastOid());
                node.storage.changes().create(toast, transaction.xid(), transaction.pendingStorage(), 1);
            }
            layout = TupleLayout.of(List.of(new HeapAttribute(BuiltinTypes.INT8), new HeapAttribute(BuiltinTypes.TEXT),
                    new HeapAttribute(BuiltinTypes.TEXT)));
            heap = node.heaps.open(new HeapDescriptor(table, "sample", layout, toast, 100, true));
            transaction.commit(true);
        }
    }

    private static NewColumn column(String name, PgType type) {
        return NewColumn.of(name, type, -1, false);
    }

    private RelationId createIndex(CatalogWriter writer, Transaction transaction, int tableOid, String name, int attnum,
            PgType type, boolean unique) {
        CatalogReader reader = writer.reader();
        int opclass = reader.defaultOperatorClass(CatalogIds.AM_BTREE, type.oid()).oid();
        int oid = writer.indexes().create(new NewIndex(tableOid, name, CatalogIds.AM_BTREE,
                List.of(new IndexColumn(attnum, null, name, type, -1, 0, opclass, 0, !unique, !unique)), List.of(),
                List.of(), unique, false, null, (char) 0, false, false, 0, null, true, true));
        RelationId storage = new RelationId(CatalogIds.DATABASE_QUANTADB, oid);
        node.storage.changes().create(storage, transaction.xid(), transaction.pendingStorage(), 1);
        BTree.create(storage, node.pool, node.wal, transaction.session().record(), transaction.xid());
        return storage;
    }

    private static String name(long id) {
        return "name of row " + id * 7919 % ROWS;
    }

    private void index(Transaction transaction, RelationId index, PgType type, Object value, boolean descending,
            long tid) {
        key.reset();
        KeyEncoder.of(type).encode(value, descending, descending, key);
        new BTree(index, node.pool, node.wal).insert(transaction.session().record(), transaction.xid(),
                entry.set(key.array(), key.length(), tid));
    }

    private void indexAll(Transaction transaction, long id, String name, long tid) {
        index(transaction, idIndex, BuiltinTypes.INT8, id, false, tid);
        index(transaction, nameIndex, BuiltinTypes.TEXT, name, true, tid);
    }

    private TupleBuilder row(long id, String name, String note) {
        return new TupleBuilder(layout).setLong(0, id).setObject(1, name).setObject(2, note);
    }

    private void fill() {
        try (TxnSession session = node.transactions.openSession(SESSION)) {
            Transaction transaction = session.begin(IsolationLevel.READ_COMMITTED, false);
            for (long id = 1; id <= ROWS; id++) {
                String note = id % 500 == 0 ? ("long note " + id + " ").repeat(2000) : "n";
                indexAll(transaction, id, name(id), heap.insert(transaction, row(id, name(id), note)));
            }
            transaction.commit(true);
        }
    }

    private interface Change {
        void apply(Transaction transaction, Snapshot snapshot, long id, long tid);
    }

    /** Applies a change to the rows of a residue class, in a transaction of its own. */
    private void changeRows(int divisor, boolean commit, Change change) {
        try (TxnSession session = node.transactions.openSession(SESSION)) {
            Transaction transaction = session.begin(IsolationLevel.READ_COMMITTED, false);
            Snapshot snapshot = transaction.takeLatestSnapshot();
            try (var scan = heap.scan(snapshot)) {
                while (scan.nextPage()) {
                    for (int i = 0; i < scan.count(); i++) {
                        long id = TupleReader.getLong(layout, scan.tupleAddress(i), 0);
                        if (id % divisor == 0) {
                            change.apply(transaction, snapshot, id, scan.tid(i));
                        }
                    }
                }
            }
            transaction.releaseSnapshot(snapshot);
            if (commit) {
                node.wal.flush(transaction.commit(true));
            } else {
                transaction.abort();
            }
        }
    }

    private void change() {
        HeapChange result = new HeapChange();
        changeRows(3, true, (transaction, snapshot, id, tid) -> {
            heap.update(transaction, snapshot, tid, row(id, name(id), "changed"), true, false, WaitPolicy.BLOCK,
                    result);
            if (!result.hot()) {
                indexAll(transaction, id, name(id), result.newestTid());
            }
        });
        changeRows(5, true, (transaction, snapshot, id, tid) -> {
            heap.update(transaction, snapshot, tid, row(id, name(id) + "x", "n"), false, false, WaitPolicy.BLOCK,
                    result);
            indexAll(transaction, id, name(id) + "x", result.newestTid());
        });
        changeRows(7, true, (transaction, snapshot, id, tid) ->
                heap.delete(transaction, snapshot, tid, WaitPolicy.BLOCK, result));
        changeRows(2, false, (transaction, snapshot, id, tid) ->
                heap.delete(transaction, snapshot, tid, WaitPolicy.BLOCK, result));
    }
}
