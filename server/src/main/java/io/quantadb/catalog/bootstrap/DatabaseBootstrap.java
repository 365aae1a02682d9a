package io.quantadb.catalog.bootstrap;

import io.quantadb.access.btree.BTree;
import io.quantadb.base.ForkNumber;
import io.quantadb.base.RelationId;
import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.table.CatalogFiles;
import io.quantadb.catalog.table.CatalogIndex;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.CatalogTable;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.catalog.table.HeapCatalogStore;
import io.quantadb.catalog.table.MemoryCatalogStore;
import io.quantadb.catalog.table.SystemColumns.PgAuthid;
import io.quantadb.catalog.table.SystemColumns.PgClass;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.buffer.StorageChanges;
import io.quantadb.storage.page.Page;
import io.quantadb.txn.Transaction;
import io.quantadb.wal.writer.WalInserter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Makes the catalogs of a new data directory, and the files of a new database by copying its template's.
 *
 * <p>Both log everything they do and belong to the transaction they are given: a crash or abort leaves nothing that
 * counts.
 */
public final class DatabaseBootstrap {
    private static final int COPY_BATCH = 16;

    private final BufferPool pool;
    private final StorageChanges storage;
    private final WalInserter wal;
    private final IntFunction<CatalogFiles> opener;

    /** @param opener opens a database's catalogs, which need not exist yet */
    public DatabaseBootstrap(BufferPool pool, StorageChanges storage, WalInserter wal,
            IntFunction<CatalogFiles> opener) {
        this.pool = pool;
        this.storage = storage;
        this.wal = wal;
        this.opener = opener;
    }

    /**
     * Fills an empty data directory: shared catalogs and the four databases.
     *
     * @param superuserPassword SCRAM verifier of role quantadb, null for none
     */
    public void createAll(Transaction transaction, String superuserPassword) {
        MemoryCatalogStore facts = BootstrapRows.newStore();
        createFiles(transaction, true, 0);
        createFiles(transaction, false, CatalogIds.DATABASE_TEMPLATE1);
        CatalogFiles files = opener.apply(CatalogIds.DATABASE_TEMPLATE1);
        HeapCatalogStore store = new HeapCatalogStore(files, transaction, wal::insertLsn, null,
                (table, before, after) -> {
                });
        for (CatalogTable table : CatalogTables.all()) {
            for (CatalogRow row : facts.scan(table)) {
                Object[] values = row.copyValues();
                if (table.oid() == PgAuthid.TABLE
                        && (Long) values[PgAuthid.OID] == CatalogIds.BOOTSTRAP_ROLE) {
                    values[PgAuthid.ROLPASSWORD] = superuserPassword;
                }
                store.insert(table, values);
            }
        }
        for (int database : new int[] {CatalogIds.DATABASE_TEMPLATE0, CatalogIds.DATABASE_POSTGRES,
                CatalogIds.DATABASE_QUANTADB}) {
            copy(transaction, store, CatalogIds.DATABASE_TEMPLATE1, database);
        }
    }

    private void createFiles(Transaction transaction, boolean shared, int databaseOid) {
        for (CatalogTable table : CatalogTables.all()) {
            if (table.shared() != shared) {
                continue;
            }
            create(transaction, table.storage(databaseOid));
            for (CatalogIndex index : table.indexes()) {
                createIndex(transaction, table.indexStorage(index, databaseOid));
            }
            if (table.toastOid() != 0) {
                create(transaction, new RelationId(databaseOid, table.toastOid()));
                createIndex(transaction, new RelationId(databaseOid, table.toastIndexOid()));
            }
        }
    }

    private void create(Transaction transaction, RelationId relation) {
        storage.create(relation, transaction.xid(), transaction.pendingStorage(), transaction.storageLevel());
    }

    private void createIndex(Transaction transaction, RelationId relation) {
        create(transaction, relation);
        BTree.create(relation, pool, wal, transaction.session().record(), transaction.xid());
    }

    /**
     * Copies all relations of a template into a new database: CREATE DATABASE, for which the caller adds the row of
     * pg_database and keeps everybody out of the template.
     *
     * @param template a store over the template's catalogs, in the same transaction
     */
    public void copy(Transaction transaction, HeapCatalogStore template, int templateOid, int newOid) {
        for (CatalogRow row : template.scan(CatalogTables.table(PgClass.TABLE))) {
            int file = row.integer(PgClass.RELFILENODE);
            if (file != 0 && !row.bool(PgClass.RELISSHARED)) {
                copyRelation(transaction, new RelationId(templateOid, file), new RelationId(newOid, file));
            }
        }
    }

    /** Copies the main fork with logged images. The maps are left out: they are hints that grow again. */
    private void copyRelation(Transaction transaction, RelationId source, RelationId target) {
        create(transaction, target);
        int blocks = pool.blockCount(source, ForkNumber.MAIN);
        List<Integer> batch = new ArrayList<>(COPY_BATCH);
        for (int block = 0; block < blocks; block++) {
            wal.admit();
            int from = pool.pin(source, ForkNumber.MAIN, block);
            int to = pool.extend(target, ForkNumber.MAIN);
            pool.latchShared(from);
            io.quantadb.base.Memory.copy(pool.address(from), pool.address(to), Page.SIZE);
            pool.releaseShared(from);
            pool.markDirty(to);
            batch.add(to);
            if (batch.size() == COPY_BATCH || block == blocks - 1) {
                logAndRelease(batch, transaction.xid());
            }
        }
    }

    private void logAndRelease(List<Integer> batch, long xid) {
        int[] buffers = batch.stream().mapToInt(Integer::intValue).toArray();
        storage.logImages(buffers, buffers.length, xid);
        for (int buffer : buffers) {
            pool.releaseExclusive(buffer);
        }
        batch.clear();
    }
}
