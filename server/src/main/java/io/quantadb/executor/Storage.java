package io.quantadb.executor;

import io.quantadb.access.btree.BTree;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.txn.lock.LockManager;
import io.quantadb.wal.record.WalRecordBuilder;

/** Finds the storage behind descriptors. Implemented by the composition root or session; thread-confined like it. */
public interface Storage {
    HeapRelation heap(RelationDescriptor relation);

    /** @throws io.quantadb.error.SqlException 0A000 for access methods other than btree */
    BTree btree(IndexDescriptor index);

    LockManager locks();

    /** The session's builder of WAL records. */
    WalRecordBuilder walRecord();
}
