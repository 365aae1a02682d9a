package io.quantadb.main;

import io.quantadb.access.btree.BTreeRedo;
import io.quantadb.access.heap.HeapAccess;
import io.quantadb.access.heap.HeapMaintenanceResourceManager;
import io.quantadb.access.heap.HeapResourceManager;
import io.quantadb.base.Clock;
import io.quantadb.base.FatalErrorHandler;
import io.quantadb.base.FileSystem;
import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.bootstrap.DatabaseBootstrap;
import io.quantadb.catalog.cache.CatalogCaches;
import io.quantadb.catalog.table.CatalogFiles;
import io.quantadb.catalog.table.HeapCatalogStore;
import io.quantadb.catalog.table.OidAllocator;
import io.quantadb.config.ServerConfig;
import io.quantadb.maintenance.BackgroundWriter;
import io.quantadb.maintenance.CheckpointKind;
import io.quantadb.maintenance.CheckpointOptions;
import io.quantadb.maintenance.Checkpointer;
import io.quantadb.maintenance.StorageRecovery;
import io.quantadb.maintenance.WalCheckpointLog;
import io.quantadb.session.command.SequenceRedo;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.txn.IsolationLevel;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.TransactionManager;
import io.quantadb.txn.TransactionResourceManager;
import io.quantadb.txn.TxnSession;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.rmgr.CheckpointRecord;
import io.quantadb.wal.rmgr.ResourceManagers;
import io.quantadb.wal.rmgr.XlogResourceManager;
import io.quantadb.wal.segment.SyncMethod;
import io.quantadb.wal.writer.WalWriter;
import io.quantadb.wal.writer.WalWriterOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Storage, transactions and catalogs of this node, opened and recovered. Built by the starting thread; its parts have
 * their own thread rules.
 */
final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final int WAL_BUFFER_BYTES = 16 << 20;
    private static final int WRITER_DELAY_MILLIS = 200;
    private static final long ROW_LOCKS_MAX = 1_000_000;
    /** The session that bootstraps; clients' process ids begin higher. */
    private static final int BOOTSTRAP_PROCESS_ID = 1;

    final Clock clock;
    final FileSystem files;
    final StorageRecovery storage;
    final BufferPool pool;
    final TransactionManager transactions;
    final HeapAccess heaps;
    final OidAllocator oids;
    final WalWriter wal;
    final CatalogCaches catalogs;
    final DatabaseBootstrap bootstrap;
    final Checkpointer checkpointer;
    private final BackgroundWriter backgroundWriter;

    /**
     * Opens the directory, replaying the WAL if the last server did not shut down; makes the catalogs of a new one.
     *
     * @param superuserVerifier SCRAM verifier of role quantadb, for a new directory
     * @param failed told when a background thread fails for good
     */
    Node(DataDirectory directory, ServerConfig config, FileSystem files, Clock clock, String superuserVerifier, Consumer<Throwable> failed)
        throws IOException {
        this.clock = clock;
        this.files = files;
        if (directory.isNew()) {
            directory.initialiseStorage(files, config, clock);
        }
        Path path = directory.path();
        storage = new StorageRecovery(files, path, config.storage().bufferPoolBytes(), clock);
        pool = storage.pool();
        transactions = new TransactionManager(new TransactionManager.Options(path.resolve("pg_xact"), storage.control().get().systemId(), ROW_LOCKS_MAX),
            clock, files, storage.barrier(), storage.changes());
        oids = new OidAllocator(CatalogIds.FIRST_USER_OID);
        registerManagers();
        WalPosition position = storage.recover();
        transactions.noteXid(storage.lastCheckpoint().nextXid() - 1);
        oids.replayed(storage.lastCheckpoint().nextOid());
        SyncMethod method = SyncMethod.valueOf(config.wal().syncMethod().toUpperCase(Locale.ROOT));
        wal = storage.openWal(position, new WalWriterOptions(WAL_BUFFER_BYTES, method, WRITER_DELAY_MILLIS, true), FatalErrorHandler.HALT);
        checkpointer = newCheckpointer(config, failed);
        checkpointer.checkpointNow(CheckpointKind.END_OF_RECOVERY);
        heaps = new HeapAccess(pool, storage.freeSpaceMap(), storage.visibilityMap(), storage.changes(), transactions);
        heaps.startPrimary(wal);
        transactions.startPrimary(wal, wal::flushLsn);
        oids.startPrimary(wal);
        catalogs = new CatalogCaches(this::openCatalog, wal::insertLsn, oids);
        bootstrap = new DatabaseBootstrap(pool, storage.changes(), wal, this::openCatalog);
        if (directory.isNew()) {
            makeCatalogs(superuserVerifier);
            checkpointer.checkpointNow(CheckpointKind.REQUESTED);
            directory.finishInitialisation(files);
        }
        backgroundWriter = new BackgroundWriter(pool, WRITER_DELAY_MILLIS);
        checkpointer.start(storage.control().get().redoLsn().value());
        backgroundWriter.start();
    }

    private void registerManagers() {
        ResourceManagers managers = storage.resourceManagers();
        managers.register(ResourceManagers.XLOG, new XlogResourceManager(new XlogRedo()));
        managers.register(ResourceManagers.TRANSACTION, new TransactionResourceManager(transactions, storage.storageManager()::redoDrops));
        managers.register(ResourceManagers.HEAP, new HeapResourceManager(storage.redoBuffers(), storage.visibilityMap(), transactions::noteXid));
        managers.register(ResourceManagers.HEAP_MAINTENANCE, new HeapMaintenanceResourceManager(storage.redoBuffers(), lsn -> { }));
        managers.register(ResourceManagers.BTREE, new BTreeRedo(storage.redoBuffers()));
        managers.register(ResourceManagers.SEQUENCE, new SequenceRedo(storage.redoBuffers()));
    }

    private Checkpointer newCheckpointer(ServerConfig config, Consumer<Throwable> failed) {
        var counters = new WalCheckpointLog.Counters() {
            @Override
            public long nextXid() {
                return transactions.nextXid();
            }

            @Override
            public long nextOid() {
                return oids.limit();
            }

            @Override
            public long oldestXid() {
                return transactions.oldestRunningXid();
            }
        };
        var log = new WalCheckpointLog(wal, storage.control(), counters, List.of(), 4);
        var options = new CheckpointOptions(config.storage().checkpointIntervalMillis(), config.storage().maxWalBytes(),
            config.wal().checkpointCompletionTarget());
        return new Checkpointer(pool, log, storage.barrier(), List.of(transactions), options, clock, failed::accept);
    }

    private CatalogFiles openCatalog(int databaseOid) {
        return new CatalogFiles(databaseOid, heaps, pool, () -> wal);
    }

    /** The catalogs of any database, read in the given transaction. */
    HeapCatalogStore catalogStore(int databaseOid, Transaction transaction) {
        return new HeapCatalogStore(openCatalog(databaseOid), transaction, wal::insertLsn, null, (table, before, after) -> { });
    }

    private void makeCatalogs(String superuserVerifier) {
        LOG.info("creating the databases of a new system");
        try (TxnSession session = transactions.openSession(BOOTSTRAP_PROCESS_ID)) {
            Transaction transaction = session.begin(IsolationLevel.READ_COMMITTED, false);
            try {
                bootstrap.createAll(transaction, superuserVerifier);
                wal.flush(transaction.commit(true));
            } catch (RuntimeException e) {
                transaction.abort();
                throw e;
            }
        }
    }

    /** Shuts down with a checkpoint, so that the next start replays nothing. */
    @Override
    public void close() throws IOException {
        backgroundWriter.close();
        checkpointer.close();
        checkpointer.checkpointNow(CheckpointKind.SHUTDOWN);
        wal.close();
        storage.files().close();
    }

    private final class XlogRedo implements XlogResourceManager.Redo {
        @Override
        public void checkpoint(CheckpointRecord checkpoint, WalRecord record) {
            transactions.noteXid(checkpoint.nextXid() - 1);
            oids.replayed(checkpoint.nextOid());
        }

        @Override
        public void nextOid(long nextOid) {
            oids.replayed(nextOid);
        }

        @Override
        public void fullPageImages(WalRecord record) {
            storage.redoBuffers().restoreImages(record);
        }

        @Override
        public void parameterChange(WalRecord record) {
            // Parameters are read from the configuration; the record is for replicas.
        }

        @Override
        public void endOfRecovery(int timeline, int previousTimeline, long wallMicros) {
            // Timelines come from the control file and the segments' names.
        }
    }
}
