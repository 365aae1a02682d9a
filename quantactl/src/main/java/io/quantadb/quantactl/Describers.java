package io.quantadb.quantactl;

import io.quantadb.access.btree.BTreeRedo;
import io.quantadb.access.heap.HeapMaintenanceResourceManager;
import io.quantadb.access.heap.HeapResourceManager;
import io.quantadb.session.command.SequenceRedo;
import io.quantadb.storage.buffer.StorageResourceManager;
import io.quantadb.txn.TransactionResourceManager;
import io.quantadb.wal.rmgr.ResourceManagers;
import io.quantadb.wal.rmgr.XlogResourceManager;

/** The server's resource managers, able to describe only. */
final class Describers {
    private Describers() {
    }

    static ResourceManagers all() {
        return new ResourceManagers()
                .register(ResourceManagers.XLOG, XlogResourceManager.describerOnly())
                .register(ResourceManagers.TRANSACTION, new TransactionResourceManager(null, null))
                .register(ResourceManagers.STORAGE, new StorageResourceManager(null, null))
                .register(ResourceManagers.HEAP, new HeapResourceManager(null, null, null))
                .register(ResourceManagers.HEAP_MAINTENANCE, new HeapMaintenanceResourceManager(null, null))
                .register(ResourceManagers.BTREE, new BTreeRedo(null))
                .register(ResourceManagers.SEQUENCE, new SequenceRedo(null));
    }
}
