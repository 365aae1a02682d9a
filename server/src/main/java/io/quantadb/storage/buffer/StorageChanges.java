package io.quantadb.storage.buffer;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.RelationId;
import io.quantadb.storage.StorageException;
import io.quantadb.storage.file.RelationFiles;
import io.quantadb.storage.page.Page;
import io.quantadb.wal.record.WalRecordBuilder;
import io.quantadb.wal.rmgr.ResourceManagers;
import io.quantadb.wal.rmgr.XlogKind;
import io.quantadb.wal.writer.WalInserter;
import java.util.List;

/**
 * Changes of whole relation files, logged: create, truncate, drop, and images of pages that were built without logging.
 * Safe for use by many threads; the caller has the relation to itself (an access exclusive lock, or nobody knows it
 * yet).
 */
public final class StorageChanges {
    /** Blocks that one record can carry images of: the limit of block references. */
    public static final int IMAGES_PER_RECORD = 32;

    private final BufferPool pool;
    private final RelationFiles files;
    private final FreeSpaceMap freeSpaceMap;
    private final CheckpointBarrier barrier;
    private final DeferredRemovals removals = new DeferredRemovals(this);
    private volatile WalInserter wal;
    private volatile boolean deferring;

    /** @param wal null while recovery runs, when only redo uses this object; see {@link #setWal} */
    public StorageChanges(BufferPool pool, FreeSpaceMap freeSpaceMap, CheckpointBarrier barrier, WalInserter wal) {
        this.pool = pool;
        this.files = pool.files();
        this.freeSpaceMap = freeSpaceMap;
        this.barrier = barrier;
        this.wal = wal;
    }

    public void setWal(WalInserter wal) {
        this.wal = wal;
    }

    /**
     * From now on files are not deleted when a record says so, but by {@link DeferredRemovals#run}. For nodes of a
     * cluster.
     */
    public void deferRemovals() {
        deferring = true;
    }

    public DeferredRemovals removals() {
        return removals;
    }

    /**
     * Creates the main fork, to be deleted again if the transaction aborts. Maps are created when first written.
     *
     * @throws io.quantadb.storage.StorageException 58P02 if the file exists: a crash may leave files of transactions
     *     that never ended, so whoever assigns file numbers passes over those for which {@link RelationFiles#exists}
     *     says yes
     */
    public void create(RelationId relation, long xid, PendingStorage pending, int nestingLevel) {
        if (files.exists(relation, ForkNumber.MAIN)) {
            throw StorageException.fileExists(files.path(relation, ForkNumber.MAIN, 0));
        }
        wal.admit();
        pending.dropAtAbort(relation, nestingLevel);
        WalRecordBuilder record =
            wal.newRecord().begin(StorageRecords.RESOURCE_MANAGER, StorageRecords.CREATE, xid).mainData();
        StorageRecords.putRelation(record, relation);
        record.putByte(ForkNumber.MAIN.id());
        int ticket = barrier.enter();
        try {
            wal.insert(record);
            files.create(relation, ForkNumber.MAIN);
        } finally {
            barrier.leave(ticket);
        }
    }

    /**
     * Cuts the relation down to {@code blocks} blocks, for good: not undone by an abort, so what is cut off is empty of
     * rows anybody can see. The record is durable before the file is cut; a checkpoint that begins in between waits, so
     * that its redo point is never between the two.
     */
    public void truncate(RelationId relation, int blocks, long xid) {
        wal.admit();
        WalRecordBuilder record =
            wal.newRecord().begin(StorageRecords.RESOURCE_MANAGER, StorageRecords.TRUNCATE, xid).mainData();
        StorageRecords.putRelation(record, relation);
        record.putInt(blocks);
        int ticket = barrier.enter();
        try {
            wal.flush(wal.insert(record));
            truncateFiles(relation, blocks);
        } finally {
            barrier.leave(ticket);
        }
    }

    /**
     * Logs and deletes the database's directory. Nobody is connected to it; not undone by an abort, so done after the
     * commit.
     */
    public void dropDatabase(int databaseOid, long xid) {
        wal.admit();
        WalRecordBuilder record =
            wal.newRecord().begin(StorageRecords.RESOURCE_MANAGER, StorageRecords.DROP_DATABASE, xid).mainData();
        StorageRecords.putRelation(record, new RelationId(databaseOid, 0));
        int ticket = barrier.enter();
        try {
            long endLsn = wal.insert(record);
            if (deferring) {
                removals.addDatabase(endLsn, databaseOid);
                return;
            }
            wal.flush(endLsn);
            dropDatabaseFiles(databaseOid);
        } finally {
            barrier.leave(ticket);
        }
    }

    /**
     * Deletes relations whose drop has been committed (or creation aborted) by the record that ends at {@code endLsn}
     * and names them. Returns after that record is durable and the files are gone: files never go before the decision
     * is certain. Of a cluster's primary: returns at once, see {@link #deferRemovals}. The caller stays in the {@link
     * CheckpointBarrier} section in which it inserted the record: a redo
     * point between record and deletion would leave the files behind for ever after a crash.
     */
    public void dropAfter(long endLsn, List<RelationId> relations) {
        if (relations.isEmpty()) {
            return;
        }
        if (deferring) {
            removals.add(endLsn, relations);
            wal.requestFlush(endLsn);
            return;
        }
        wal.flush(endLsn);
        for (RelationId relation : relations) {
            dropFiles(relation);
        }
    }

    /**
     * Logs and deletes relations that a subtransaction created and rolled back: see {@link PendingStorage#subAbort}.
     */
    public void dropNow(List<RelationId> relations, long xid) {
        if (relations.isEmpty()) {
            return;
        }
        wal.admit();
        WalRecordBuilder record =
            wal.newRecord().begin(StorageRecords.RESOURCE_MANAGER, StorageRecords.DROP, xid).mainData();
        StorageRecords.putRelations(record, relations);
        int ticket = barrier.enter();
        try {
            dropAfter(wal.insert(record), relations);
        } finally {
            barrier.leave(ticket);
        }
    }

    /**
     * Logs full images of pinned, exclusively latched, dirty pages and stamps them: for index builds and bulk loads.
     */
    public void logImages(int[] buffers, int count, long xid) {
        for (int from = 0; from < count; from += IMAGES_PER_RECORD) {
            WalRecordBuilder record = wal.newRecord().begin(ResourceManagers.XLOG, XlogKind.FULL_PAGE_IMAGE, xid);
            int to = Math.min(count, from + IMAGES_PER_RECORD);
            for (int i = from; i < to; i++) {
                record.block(pool.relation(buffers[i]), pool.fork(buffers[i]), pool.blockNumber(buffers[i]),
                    pool.address(buffers[i]),
                    WalRecordBuilder.FORCE_IMAGE);
            }
            long endLsn = wal.insert(record);
            for (int i = from; i < to; i++) {
                Page.setLsn(pool.address(buffers[i]), endLsn);
            }
        }
    }

    // ---- Without logging: shared with redo

    void redoDrop(long endLsn, List<RelationId> relations) {
        if (deferring) {
            removals.add(endLsn, relations);
        } else {
            relations.forEach(this::dropFiles);
        }
    }

    void redoDropDatabase(long endLsn, int databaseOid) {
        if (deferring) {
            removals.addDatabase(endLsn, databaseOid);
        } else {
            dropDatabaseFiles(databaseOid);
        }
    }

    void truncateFiles(RelationId relation, int blocks) {
        cut(relation, ForkNumber.MAIN, blocks);
        VisibilityMap.truncate(pool, relation, blocks);
        cut(relation, ForkNumber.VISIBILITY_MAP, VisibilityMap.mapBlocks(blocks));
        freeSpaceMap.truncate(relation, blocks);
        cut(relation, ForkNumber.FREE_SPACE_MAP, FreeSpaceMap.mapBlocks(blocks));
    }

    private void cut(RelationId relation, ForkNumber fork, int blocks) {
        pool.dropBlocks(relation, fork, blocks);
        files.truncate(relation, fork, blocks);
    }

    void dropFiles(RelationId relation) {
        freeSpaceMap.forget(relation);
        pool.dropRelation(relation);
        files.drop(relation);
    }

    void dropDatabaseFiles(int databaseOid) {
        freeSpaceMap.forgetDatabase(databaseOid);
        pool.invalidateDatabase(databaseOid);
        files.dropDatabase(databaseOid);
    }
}
