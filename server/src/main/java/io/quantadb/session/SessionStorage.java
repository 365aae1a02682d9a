package io.quantadb.session;

import io.quantadb.access.btree.BTree;
import io.quantadb.access.heap.HeapAttribute;
import io.quantadb.access.heap.HeapDescriptor;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.access.heap.TupleLayout;
import io.quantadb.base.RelationId;
import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.executor.Storage;
import io.quantadb.txn.lock.LockManager;
import io.quantadb.wal.record.WalRecordBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Opens heaps and indexes for a session's statements. Confined to the session's thread.
 *
 * <p>An open heap hangs on its relation's handle, so that all sessions share it; it is opened anew when storage or
 * columns have changed since.
 */
public final class SessionStorage implements Storage {
    private static final int BTREE_CACHE_LIMIT = 4096;

    /** What hangs on a handle: good for this descriptor only. */
    private record Opened(RelationDescriptor descriptor, HeapRelation heap) {
    }

    private final Session session;
    private final Map<Integer, BTree> trees = new HashMap<>();

    SessionStorage(Session session) {
        this.session = session;
    }

    @Override
    public HeapRelation heap(RelationDescriptor relation) {
        if (relation.handle().access instanceof Opened opened && opened.descriptor() == relation) {
            return opened.heap();
        }
        HeapRelation heap = open(relation);
        relation.handle().access = new Opened(relation, heap);
        return heap;
    }

    private HeapRelation open(RelationDescriptor relation) {
        List<HeapAttribute> attributes = new ArrayList<>(relation.columns().size());
        for (ColumnDescriptor column : relation.columns()) {
            attributes.add(new HeapAttribute(column.type(), column.hasMissing(), column.missingValue()));
        }
        RelationId toast = relation.toastOid() == 0 ? null : toastStorage(relation);
        return session.services().heaps().open(new HeapDescriptor(relation.storage(), relation.name(), TupleLayout.of(attributes), toast,
            relation.fillFactor(), true));
    }

    private RelationId toastStorage(RelationDescriptor relation) {
        RelationDescriptor toast = session.catalog().relation(relation.toastOid());
        return toast == null ? new RelationId(relation.storage().databaseOid(), relation.toastOid()) : toast.storage();
    }

    @Override
    public BTree btree(IndexDescriptor index) {
        if (index.accessMethod() != CatalogIds.AM_BTREE) {
            throw SqlException.notSupported("index access methods other than btree are not supported");
        }
        BTree tree = trees.get(index.oid());
        if (tree == null || !tree.relation().equals(index.storage())) {
            if (trees.size() >= BTREE_CACHE_LIMIT) {
                trees.clear();
            }
            tree = new BTree(index.storage(), session.services().pool(), session.services().wal());
            trees.put(index.oid(), tree);
        }
        return tree;
    }

    @Override
    public LockManager locks() {
        return session.services().transactions().locks();
    }

    @Override
    public WalRecordBuilder walRecord() {
        return session.txn().record();
    }
}
