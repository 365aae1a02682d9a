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
import io.quantadb.maintenance.CheckpointLog;
import io.quantadb.maintenance.CheckpointOptions;
import io.quantadb.maintenance.Checkpointer;
import io.quantadb.maintenance.StorageRecovery;
import io.quantadb.maintenance.WalCheckpointLog;
import io.quantadb.session.Recovery;
import io.quantadb.session.command.SequenceRedo;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.buffer.PageWal;
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
import io.quantadb.wal.writer.ClusterHorizon;
import io.quantadb.wal.writer.HorizonClosedException;
import io.quantadb.wal.writer.NodeWal;
import io.quantadb.wal.writer.WalWriter;
import io.quantadb.wal.writer.WalWriterOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Storage, transactions and catalogs of this node. Built by the starting thread; its parts have their own thread rules.
 *
 * <p>Either a single node, recovered and open for changes when the constructor returns; or a member of a cluster
 * ({@link #openReplica}), which begins as a replica and changes its role through {@link #roles}. Can be closed and
 * opened again in one process.
 */
final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final int WAL_BUFFER_BYTES = 16 << 20;
    private static final int WRITER_DELAY_MILLIS = 200;
    private static final long ROW_LOCKS_MAX = 1_000_000;
    private static final int RECYCLED_SEGMENTS = 4;
    private static final long BACKLOG_BYTES_MIN = 4 << 20;
    /** How much of the pool, in WAL bytes, may be waiting for replicas. */
    private static final int BACKLOG_POOL_SHARE = 64;
    private static final long STALL_MILLIS = 10_000;
    private static final long SHUTDOWN_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** The session that bootstraps; clients' process ids begin higher. */
    private static final int BOOTSTRAP_PROCESS_ID = 1;

    /** A data directory and how to get at it, without a node that has it open. */
    record DirectoryAccess(Path path, FileSystem files, Clock clock) {
    }

    final Clock clock;
    final FileSystem files;
    final StorageRecovery storage;
    final BufferPool pool;
    final TransactionManager transactions;
    final HeapAccess heaps;
    final OidAllocator oids;
    final NodeWal wal;
    final CatalogCaches catalogs;
    final DatabaseBootstrap bootstrap;
    final Checkpointer checkpointer;
    final Path directory;
    private final ServerConfig config;
    private final FatalErrorHandler fatalErrors;
    private final List<LongSupplier> walRetainers = new CopyOnWriteArrayList<>();
    private final BackgroundWriter backgroundWriter;
    /** Null on a single node. */
    private final NodeRoles roles;
    private boolean closed;

    /**
     * Opens the directory as a single node, replaying the WAL if the last server did not shut down; makes the catalogs of a new one.
     *
     * @param superuserVerifier SCRAM verifier of role quantadb, for a new directory
     * @param failed told when a background thread fails for good
     */
    Node(DataDirectory directory, ServerConfig config, FileSystem files, Clock clock, String superuserVerifier, Consumer<Throwable> failed)
        throws IOException {
        this(directory, config, files, clock, superuserVerifier, failed, FatalErrorHandler.HALT, null);
    }

    /** A single node whose failures of WAL are told to {@code fatalErrors}, so that tests outlive them. */
    static Node openSingle(DataDirectory directory, ServerConfig config, FileSystem files, Clock clock, FatalErrorHandler fatalErrors,
        Consumer<Throwable> failed) throws IOException {
        return new Node(directory, config, files, clock, null, failed, fatalErrors, null);
    }

    /**
     * Opens the directory as a replica. It has been copied from a primary, or was a member of the cluster before and its WAL has been cut where
     * the cluster's history left it ({@link NodeRoles#cutWal}). Replay runs when this returns; see {@link NodeRoles#awaitConsistent}.
     */
    static Node openReplica(DataDirectory directory, ServerConfig config, FileSystem files, Clock clock, Consumer<Throwable> failed)
        throws IOException {
        return new Node(directory, config, files, clock, null, failed, FatalErrorHandler.HALT, new ClusterHorizon());
    }

    private Node(DataDirectory directory, ServerConfig config, FileSystem files, Clock clock, String superuserVerifier, Consumer<Throwable> failed,
        FatalErrorHandler fatalErrors, ClusterHorizon horizon) throws IOException {
        this.fatalErrors = fatalErrors;
        this.clock = clock;
        this.files = files;
        this.config = config;
        if (directory.isNew()) {
            directory.initialiseStorage(files, config, clock);
        }
        Path path = directory.path();
        this.directory = path;
        storage = new StorageRecovery(files, path, config.storage().bufferPoolBytes(), clock);
        pool = storage.pool();
        transactions = new TransactionManager(new TransactionManager.Options(path.resolve("pg_xact"), storage.control().get().systemId(), ROW_LOCKS_MAX),
            clock, files, storage.barrier(), storage.changes());
        oids = new OidAllocator(CatalogIds.FIRST_USER_OID);
        long backlog = Math.max(BACKLOG_BYTES_MIN, (long) pool.size() * io.quantadb.storage.page.Page.SIZE / BACKLOG_POOL_SHARE);
        wal = new NodeWal(horizon, new NodeWal.Limits(backlog, STALL_MILLIS));
        heaps = new HeapAccess(pool, storage.freeSpaceMap(), storage.visibilityMap(), storage.changes(), transactions);
        roles = horizon == null ? null : new NodeRoles(this, failed);
        catalogs = new CatalogCaches(this::openCatalog, roles == null ? wal::insertLsn : roles::catalogLsn, oids);
        bootstrap = new DatabaseBootstrap(pool, storage.changes(), wal, this::openCatalog);
        registerManagers();
        backgroundWriter = new BackgroundWriter(pool, WRITER_DELAY_MILLIS);
        if (roles == null) {
            checkpointer = openSingle(directory, superuserVerifier, failed);
        } else {
            checkpointer = newCheckpointer(roles.open(), failed);
        }
        checkpointer.start(storage.control().get().redoLsn().value());
        backgroundWriter.start();
    }

    private Checkpointer openSingle(DataDirectory directory, String superuserVerifier, Consumer<Throwable> failed) throws IOException {
        WalPosition position = storage.recover();
        noteCheckpoint(storage.lastCheckpoint());
        WalWriter writer = openWriter(position);
        wal.becomePrimary(writer);
        connectPages();
        Checkpointer opened = newCheckpointer(checkpointLog(writer), failed);
        opened.checkpointNow(CheckpointKind.END_OF_RECOVERY);
        acceptChanges();
        if (directory.isNew()) {
            makeCatalogs(superuserVerifier);
            opened.checkpointNow(CheckpointKind.REQUESTED);
            directory.finishInitialisation(files);
        }
        return opened;
    }

    /** Redo of a checkpoint's counters. */
    void noteCheckpoint(CheckpointRecord checkpoint) {
        transactions.noteXid(checkpoint.nextXid() - 1);
        oids.replayed(checkpoint.nextOid());
    }

    /** Opens the WAL for inserts, on the control file's timeline. */
    WalWriter openWriter(WalPosition position) throws IOException {
        SyncMethod method = SyncMethod.valueOf(config.wal().syncMethod().toUpperCase(Locale.ROOT));
        return storage.openWriter(position, new WalWriterOptions(WAL_BUFFER_BYTES, method, WRITER_DELAY_MILLIS, true), fatalErrors);
    }

    /** Pages wait for the node's WAL from now on. */
    void connectPages() {
        pool.setWal(PageWal.of(wal));
        storage.changes().setWal(wal);
    }

    /** The WAL is open: changes are allowed. */
    void acceptChanges() {
        LongSupplier horizon = wal::flushLsn;
        heaps.startPrimary(wal);
        oids.startPrimary(wal);
        transactions.startPrimary(wal, horizon, roles == null ? horizon : roles::primarySnapshotLsn);
    }

    private void registerManagers() {
        ResourceManagers managers = storage.resourceManagers();
        managers.register(ResourceManagers.XLOG, new XlogResourceManager(new XlogRedo()));
        managers.register(ResourceManagers.TRANSACTION, new TransactionResourceManager(transactions, storage.storageManager()::redoDrops));
        managers.register(ResourceManagers.HEAP, new HeapResourceManager(storage.redoBuffers(), storage.visibilityMap(), transactions::noteXid));
        managers.register(ResourceManagers.HEAP_MAINTENANCE, new HeapMaintenanceResourceManager(storage.redoBuffers(),
            roles == null ? lsn -> { } : roles::beforeRemoval));
        managers.register(ResourceManagers.BTREE, new BTreeRedo(storage.redoBuffers()));
        managers.register(ResourceManagers.SEQUENCE, new SequenceRedo(storage.redoBuffers()));
    }

    /** Checkpoints of a primary. */
    CheckpointLog checkpointLog(WalWriter writer) {
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
                return transactions.endedBelow();
            }
        };
        return new WalCheckpointLog(writer, wal, storage.control(), counters, walRetainers, RECYCLED_SEGMENTS);
    }

    private Checkpointer newCheckpointer(CheckpointLog log, Consumer<Throwable> failed) {
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

    /** The node's replay as sessions see it. */
    Recovery recovery() {
        return roles != null ? roles : Recovery.single(wal, storage.control().get().timeline().value());
    }

    /** What a member of a cluster can do; null on a single node. */
    NodeRoles roles() {
        return roles;
    }

    /** Each says from which LSN on somebody (slot, archive) still needs WAL; {@code Long.MAX_VALUE} if nobody does. */
    List<LongSupplier> walRetainers() {
        return walRetainers;
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

    /**
     * Shuts down with a checkpoint, so that the next start replays nothing; without one if the horizon does not get that far in a few
     * seconds.
     */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            boolean clean = roles == null || roles.prepareShutdown(SHUTDOWN_WAIT_NANOS);
            stop(clean, true);
        }
    }

    /** Lets go of everything without writing: what stands above the horizon must not reach the disk. */
    void abandon() throws IOException {
        if (!closed) {
            closed = true;
            stop(false, false);
        }
    }

    private void stop(boolean checkpoint, boolean flush) throws IOException {
        if (!checkpoint && roles != null) {
            wal.horizon().close();
        }
        Thread watch = checkpoint && roles != null && wal.isPrimary() ? Thread.ofVirtual().start(this::watchShutdown) : null;
        backgroundWriter.close();
        checkpointer.close();
        if (roles != null) {
            roles.close();
        }
        if (checkpoint) {
            lastCheckpoint();
        }
        if (watch != null) {
            LockSupport.unpark(watch);
        }
        WalWriter writer = wal.writer();
        if (writer != null && flush) {
            writer.close();
        } else if (writer != null) {
            writer.abandon();
        }
        storage.files().close();
        if (transactions.locks().owners().isEmpty()) {
            pool.close();
        } else {
            LOG.warn("the buffer pool's memory is not given back: {} sessions are still open", transactions.locks().owners().size());
        }
    }

    /** A checkpoint, the one that runs or the last, needs the replicas in a cluster: they may go away while it waits for them. */
    private void watchShutdown() {
        LockSupport.parkNanos(SHUTDOWN_WAIT_NANOS);
        wal.horizon().close();
    }

    private void lastCheckpoint() {
        try {
            checkpointer.checkpointNow(CheckpointKind.SHUTDOWN);
        } catch (HorizonClosedException e) {
            LOG.warn("stopping without a checkpoint: {}", e.getMessage());
        }
    }

    private final class XlogRedo implements XlogResourceManager.Redo {
        @Override
        public void checkpoint(CheckpointRecord checkpoint, WalRecord record) {
            noteCheckpoint(checkpoint);
            if (roles != null) {
                roles.replayedCheckpoint(checkpoint, record);
            }
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
