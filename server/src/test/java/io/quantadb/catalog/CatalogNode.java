package io.quantadb.catalog;

import io.quantadb.access.btree.BTreeRedo;
import io.quantadb.access.heap.HeapAccess;
import io.quantadb.access.heap.HeapMaintenanceResourceManager;
import io.quantadb.access.heap.HeapResourceManager;
import io.quantadb.base.Clock;
import io.quantadb.base.FileSystem;
import io.quantadb.catalog.bootstrap.DatabaseBootstrap;
import io.quantadb.catalog.cache.CatalogCaches;
import io.quantadb.catalog.table.CatalogFiles;
import io.quantadb.catalog.table.OidAllocator;
import io.quantadb.maintenance.CheckpointKind;
import io.quantadb.maintenance.CheckpointOptions;
import io.quantadb.maintenance.Checkpointer;
import io.quantadb.maintenance.StorageRecovery;
import io.quantadb.maintenance.WalCheckpointLog;
import io.quantadb.storage.buffer.BufferPool;
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
import java.util.concurrent.atomic.AtomicInteger;

/** One server's catalogs over a file system, without SQL: opens (with recovery), works, is killed or shut down. */
public final class CatalogNode implements AutoCloseable {
    static final Path DATA = Path.of("/data");
    static final long SYSTEM = 0x4848;
    static final WalCheckpointLog.Counters FIRST = new WalCheckpointLog.Counters() {
        @Override
        public long nextXid() {
            return 3;
        }

        @Override
        public long nextOid() {
            return 16384;
        }

        @Override
        public long oldestXid() {
            return 3;
        }
    };

    final StorageRecovery storage;
    final BufferPool pool;
    final TransactionManager transactions;
    final HeapAccess access;
    final WalWriter wal;
    final Checkpointer checkpointer;
    final OidAllocator oids = new OidAllocator(CatalogIds.FIRST_USER_OID);
    final CatalogCaches catalogs;
    final DatabaseBootstrap bootstrap;
    private final AtomicInteger processIds = new AtomicInteger(100);

    static void initialise(FileSystem disk) throws IOException {
        initialise(disk, DATA, 1 << 20);
    }

    static void initialise(FileSystem disk, Path directory, int walSegmentBytes) throws IOException {
        StorageRecovery.initialise(disk, directory, SYSTEM, walSegmentBytes, FIRST, Clock.SYSTEM);
    }

    CatalogNode(FileSystem disk, int poolPages, boolean background) throws IOException {
        this(disk, DATA, poolPages, background);
    }

    CatalogNode(FileSystem disk, Path directory, int poolPages, boolean background) throws IOException {
        storage = new StorageRecovery(disk, directory, poolPages * 8192L, Clock.SYSTEM);
        pool = storage.pool();
        transactions = new TransactionManager(
                new TransactionManager.Options(directory.resolve("xact"), SYSTEM, 100_000),
                Clock.SYSTEM, disk, storage.barrier(), storage.changes());
        ResourceManagers managers = storage.resourceManagers();
        managers.register(ResourceManagers.TRANSACTION,
                new TransactionResourceManager(transactions, storage.storageManager()::redoDrops));
        managers.register(ResourceManagers.HEAP,
                new HeapResourceManager(storage.redoBuffers(), storage.visibilityMap(), transactions::noteXid));
        managers.register(ResourceManagers.HEAP_MAINTENANCE,
                new HeapMaintenanceResourceManager(storage.redoBuffers(), lsn -> { }));
        managers.register(ResourceManagers.BTREE, new BTreeRedo(storage.redoBuffers()));
        managers.register(ResourceManagers.XLOG, new XlogResourceManager(new Images()));
        WalPosition position = storage.recover();
        transactions.noteXid(storage.lastCheckpoint().nextXid() - 1);
        oids.replayed(storage.lastCheckpoint().nextOid());
        wal = storage.openWal(position, new WalWriterOptions(1 << 22, SyncMethod.FDATASYNC, 200, background),
                (message, cause) -> { });
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
        checkpointer = new Checkpointer(pool, new WalCheckpointLog(wal, storage.control(), counters, List.of(), 2),
                storage.barrier(), List.of(transactions), CheckpointOptions.DEFAULT, Clock.SYSTEM, e -> { });
        checkpointer.checkpointNow(CheckpointKind.END_OF_RECOVERY);
        access = new HeapAccess(pool, storage.freeSpaceMap(), storage.visibilityMap(), storage.changes(), transactions);
        access.startPrimary(wal);
        transactions.startPrimary(wal, wal::flushLsn);
        oids.startPrimary(wal);
        catalogs = new CatalogCaches(this::openFiles, wal::insertLsn, oids);
        bootstrap = new DatabaseBootstrap(pool, storage.changes(), wal, this::openFiles);
    }

    TxnSession session() {
        return transactions.openSession(processIds.incrementAndGet());
    }

    private CatalogFiles openFiles(int databaseOid) {
        return new CatalogFiles(databaseOid, access, pool, () -> wal);
    }

    void flush() {
        wal.flush(wal.insertLsn());
    }

    void checkpoint() {
        checkpointer.checkpointNow(CheckpointKind.REQUESTED);
    }

    /** Ends the process without writing anything more. */
    void kill() {
        try {
            wal.abandon();
        } catch (IOException e) {
            // The disk is off: that is what abandoning is for.
        }
        pool.close();
    }

    @Override
    public void close() throws IOException {
        checkpointer.checkpointNow(CheckpointKind.SHUTDOWN);
        wal.close();
        pool.close();
        storage.files().close();
    }

    private final class Images implements XlogResourceManager.Redo {
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
            // No settings here.
        }

        @Override
        public void endOfRecovery(int timeline, int previousTimeline, long wallMicros) {
            // One timeline.
        }
    }
}
