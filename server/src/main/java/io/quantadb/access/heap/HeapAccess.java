package io.quantadb.access.heap;

import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.buffer.FreeSpaceMap;
import io.quantadb.storage.buffer.StorageChanges;
import io.quantadb.storage.buffer.VisibilityMap;
import io.quantadb.txn.TransactionManager;
import io.quantadb.wal.writer.WalInserter;

/** Opens heap relations; one per server. Safe for use by many threads. */
public final class HeapAccess {
    private final HeapContext context;

    public HeapAccess(BufferPool pool, FreeSpaceMap freeSpaceMap, VisibilityMap visibilityMap, StorageChanges storage,
            TransactionManager transactions) {
        context = new HeapContext(pool, freeSpaceMap, visibilityMap, storage, transactions);
    }

    /**
     * Allows changes: recovery is over, or this replica is promoted. Call it before
     * {@code TransactionManager.startPrimary} lets sessions write.
     */
    public void startPrimary(WalInserter wal) {
        context.wal = wal;
    }

    /** Ends changes: this primary becomes a replica. Returns when no reader prunes any more. */
    public void stopPrimary() {
        context.wal = null;
        context.barrier.awaitEntered();
    }

    /**
     * The relation's files exist already (see {@code StorageChanges.create}). Costs little; descriptors cache the
     * result.
     */
    public HeapRelation open(HeapDescriptor descriptor) {
        return new HeapRelation(context, descriptor);
    }

    HeapContext context() {
        return context;
    }
}
