package io.quantadb.access.heap;

import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.buffer.CheckpointBarrier;
import io.quantadb.storage.buffer.FreeSpaceMap;
import io.quantadb.storage.buffer.StorageChanges;
import io.quantadb.storage.buffer.VisibilityMap;
import io.quantadb.storage.page.Page;
import io.quantadb.txn.CommitTable;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.TransactionManager;
import io.quantadb.txn.snapshot.SnapshotRegistry;
import io.quantadb.wal.record.WalRecordBuilder;
import io.quantadb.wal.writer.WalInserter;

/** What all heap relations of a server share. Safe for use by many threads. */
final class HeapContext {
    final BufferPool pool;
    final FreeSpaceMap freeSpaceMap;
    final VisibilityMap visibilityMap;
    final StorageChanges storage;
    final TransactionManager transactions;
    final CheckpointBarrier barrier;
    final CommitTable commits;
    final SnapshotRegistry snapshots;
    /** Null on a replica until it is promoted. */
    volatile WalInserter wal;

    HeapContext(BufferPool pool, FreeSpaceMap freeSpaceMap, VisibilityMap visibilityMap, StorageChanges storage,
            TransactionManager transactions) {
        this.pool = pool;
        this.freeSpaceMap = freeSpaceMap;
        this.visibilityMap = visibilityMap;
        this.storage = storage;
        this.transactions = transactions;
        this.barrier = transactions.barrier();
        this.commits = transactions.commits();
        this.snapshots = transactions.snapshots();
    }

    /** Before a change: room in the WAL, and nothing that can fail later. */
    void admit() {
        wal.admit();
    }

    /** Inserts the record of a logged relation. @return LSN for its pages, 0 if the relation is not logged */
    long log(boolean logged, WalRecordBuilder record) {
        return logged ? wal.insert(record) : 0;
    }

    /** Stamps a page; pages of relations that are not logged keep LSN 0. */
    static void stamp(long page, long lsn) {
        if (lsn != 0) {
            Page.setLsn(page, lsn);
        }
    }

    static WalRecordBuilder record(Transaction transaction) {
        return transaction.session().record();
    }
}
