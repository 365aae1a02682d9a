package io.quantadb.executor.operator;

import io.quantadb.access.btree.BTree;
import io.quantadb.access.heap.HeapAccess;
import io.quantadb.access.heap.HeapAttribute;
import io.quantadb.access.heap.HeapDescriptor;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.access.heap.TupleLayout;
import io.quantadb.base.Clock;
import io.quantadb.base.FatalErrorHandler;
import io.quantadb.base.ForkNumber;
import io.quantadb.base.RelationId;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationHandle;
import io.quantadb.catalog.RelationKind;
import io.quantadb.executor.QueryContext;
import io.quantadb.executor.Storage;
import io.quantadb.maintenance.StorageRecovery;
import io.quantadb.maintenance.WalCheckpointLog;
import io.quantadb.storage.MemoryFileSystem;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.TransactionManager;
import io.quantadb.txn.TxnSession;
import io.quantadb.txn.lock.LockManager;
import io.quantadb.wal.record.WalRecordBuilder;
import io.quantadb.wal.record.WalRecordEncoder;
import io.quantadb.wal.rmgr.ResourceManagers;
import io.quantadb.wal.rmgr.XlogResourceManager;
import io.quantadb.wal.writer.WalWriter;
import io.quantadb.wal.writer.WalWriterOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Real heaps, indexes and transactions over a file system in memory, without catalog or SQL. */
final class TableNode implements AutoCloseable {
    private static final Path DATA = Path.of("/data");

    final MemoryFileSystem disk = new MemoryFileSystem();
    final TransactionManager transactions;
    private final StorageRecovery storage;
    private final HeapAccess access;
    private final WalWriter wal;
    private final Map<Integer, HeapRelation> heaps = new HashMap<>();
    private final Map<Integer, BTree> trees = new HashMap<>();
    private final WalRecordEncoder record = new WalRecordEncoder();
    private int nextOid = 20000;

    TableNode(int poolPages) throws IOException {
        WalCheckpointLog.Counters counters = new WalCheckpointLog.Counters() {
            @Override
            public long nextXid() {
                return 3;
            }

            @Override
            public long oldestXid() {
                return 3;
            }

            @Override
            public long nextOid() {
                return 16384;
            }
        };
        StorageRecovery.initialise(disk, DATA, 4711, 16 << 20, counters, Clock.SYSTEM);
        storage = new StorageRecovery(disk, DATA, poolPages * 8192L, Clock.SYSTEM);
        transactions = new TransactionManager(new TransactionManager.Options(DATA.resolve("xact"), 4711, 100_000),
                Clock.SYSTEM, disk, storage.barrier(), storage.changes());
        storage.resourceManagers().register(ResourceManagers.XLOG, new XlogResourceManager(new Nothing()));
        wal = storage.openWal(storage.recover(), WalWriterOptions.DEFAULT, FatalErrorHandler.HALT);
        access = new HeapAccess(storage.pool(), storage.freeSpaceMap(), storage.visibilityMap(), storage.changes(),
                transactions);
        access.startPrimary(wal);
        transactions.startPrimary(wal, wal::flushLsn);
    }

    TxnSession session() {
        return transactions.openSession(nextOid++);
    }

    /** @param uniqueColumns attribute number of each single-column unique index */
    RelationDescriptor table(String name, List<ColumnDescriptor> columns, int... uniqueColumns) throws IOException {
        int oid = nextOid++;
        RelationId file = new RelationId(5, oid);
        storage.files().create(file, ForkNumber.MAIN);
        List<IndexDescriptor> indexes = new ArrayList<>();
        for (int attnum : uniqueColumns) {
            indexes.add(index(name + "_" + columns.get(attnum - 1).name() + "_key", oid, columns.get(attnum - 1), true));
        }
        return describe(oid, name, file, columns, indexes);
    }

    IndexDescriptor index(String name, int tableOid, ColumnDescriptor column, boolean unique) throws IOException {
        int oid = nextOid++;
        RelationId file = new RelationId(5, oid);
        storage.files().create(file, ForkNumber.MAIN);
        BTree.create(file, storage.pool(), wal, record, 3);
        IndexColumn key = new IndexColumn(column.attnum(), null, column.name(), column.type(), column.typmod(), 0, 0, 0,
                false, false);
        return new IndexDescriptor(oid, name, 2200, tableOid, file, 403, List.of(key), List.of(), unique, false, false,
                false, false, false, false, null, 0, true, true, 0, null);
    }

    private static RelationDescriptor describe(int oid, String name, RelationId file, List<ColumnDescriptor> columns,
            List<IndexDescriptor> indexes) {
        return new RelationDescriptor(oid, "public", 2200, name, RelationKind.TABLE, file, 0, 0, 2, 0, columns, indexes,
                List.of(), List.of(), 0, 10, null, 'p', false, 'd', false, false, false, false, false, true, false,
                List.of(), null, null, 0, -1, 0, new RelationHandle());
    }

    final Storage access(TxnSession session) {
        WalRecordEncoder sessionRecord = new WalRecordEncoder();
        return new Storage() {
            @Override
            public HeapRelation heap(RelationDescriptor relation) {
                return heaps.computeIfAbsent(relation.oid(), oid -> access.open(new HeapDescriptor(relation.storage(),
                        relation.name(), TupleLayout.of(relation.columns().stream()
                                .map(c -> new HeapAttribute(c.type())).toList()), null, 100, true)));
            }

            @Override
            public BTree btree(IndexDescriptor index) {
                return trees.computeIfAbsent(index.oid(), oid -> new BTree(index.storage(), storage.pool(), wal));
            }

            @Override
            public LockManager locks() {
                return transactions.locks();
            }

            @Override
            public WalRecordBuilder walRecord() {
                return sessionRecord;
            }
        };
    }

    /** A statement of the session's transaction. */
    QueryContext statement(TxnSession session) {
        QueryContext query = PlanFixture.context();
        Transaction transaction = session.current();
        query.transaction = transaction;
        wal.flush(wal.insertLsn());
        query.snapshot = transaction.takeSnapshot();
        query.storage = access(session);
        query.files = disk;
        query.temporaryDirectory = Path.of("/tmp-files");
        return query;
    }

    void end(QueryContext query) {
        query.transaction.releaseSnapshot(query.snapshot);
        query.transaction.nextCommand();
    }

    void flush() {
        wal.flush(wal.insertLsn());
    }

    @Override
    public void close() throws IOException {
        wal.close();
        storage.pool().close();
    }

    /** A fresh data directory has nothing to redo but its first checkpoint. */
    private static final class Nothing implements XlogResourceManager.Redo {
        @Override
        public void checkpoint(io.quantadb.wal.rmgr.CheckpointRecord checkpoint,
                io.quantadb.wal.record.WalRecord walRecord) {
        }

        @Override
        public void nextOid(long next) {
        }

        @Override
        public void fullPageImages(io.quantadb.wal.record.WalRecord walRecord) {
        }

        @Override
        public void parameterChange(io.quantadb.wal.record.WalRecord walRecord) {
        }

        @Override
        public void endOfRecovery(int timeline, int previousTimeline, long wallMicros) {
        }
    }

    long pinsHeld() {
        return storage.pool().pinsHeld();
    }
}
