package io.quantadb.catalog.table;

import io.quantadb.access.btree.BTree;
import io.quantadb.access.heap.HeapAccess;
import io.quantadb.access.heap.HeapAttribute;
import io.quantadb.access.heap.HeapDescriptor;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.access.heap.TupleLayout;
import io.quantadb.base.ForkNumber;
import io.quantadb.base.RelationId;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.types.key.KeyEncoder;
import io.quantadb.wal.writer.WalInserter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The open heaps and indexes of one database's catalogs. Their files exist from bootstrap to the end of the database
 * under fixed numbers. Safe for use by many threads.
 */
public final class CatalogFiles {
    private static final int FILL_FACTOR_PERCENT = 90;

    private final int databaseOid;
    private final HeapAccess heapAccess;
    private final BufferPool pool;
    private final Supplier<WalInserter> wal;
    private final Map<Integer, HeapRelation> heaps = new ConcurrentHashMap<>();
    private final Map<Integer, BTree> trees = new ConcurrentHashMap<>();
    private final Map<Integer, KeyEncoder[]> encoders = new ConcurrentHashMap<>();

    /** @param wal where changes go; asked when an index is first used, null on a replica */
    public CatalogFiles(int databaseOid, HeapAccess heapAccess, BufferPool pool, Supplier<WalInserter> wal) {
        this.databaseOid = databaseOid;
        this.heapAccess = heapAccess;
        this.pool = pool;
        this.wal = wal;
    }

    public int databaseOid() {
        return databaseOid;
    }

    HeapRelation heap(CatalogTable table) {
        HeapRelation heap = heaps.get(table.oid());
        return heap != null ? heap : heaps.computeIfAbsent(table.oid(), oid -> heapAccess.open(descriptor(table)));
    }

    private HeapDescriptor descriptor(CatalogTable table) {
        RelationId storage = table.storage(databaseOid);
        RelationId toast = table.toastOid() == 0 ? null : new RelationId(storage.databaseOid(), table.toastOid());
        return new HeapDescriptor(storage, table.name(), layout(table), toast, FILL_FACTOR_PERCENT, true);
    }

    /** The row format of a catalog. */
    public static TupleLayout layout(CatalogTable table) {
        List<HeapAttribute> attributes = table.columns().stream().map(c -> new HeapAttribute(c.type())).toList();
        return TupleLayout.of(attributes);
    }

    BTree tree(CatalogIndex index) {
        BTree tree = trees.get(index.oid());
        return tree != null ? tree : trees.computeIfAbsent(index.oid(), oid -> new BTree(
                CatalogTables.table(index.tableOid()).indexStorage(index, databaseOid), pool, wal.get()));
    }

    KeyEncoder[] encoders(CatalogIndex index) {
        KeyEncoder[] found = encoders.get(index.oid());
        return found != null ? found : encoders.computeIfAbsent(index.oid(), oid -> {
            CatalogTable table = CatalogTables.table(index.tableOid());
            KeyEncoder[] made = new KeyEncoder[index.columns().length];
            for (int i = 0; i < made.length; i++) {
                made[i] = KeyEncoder.of(table.columns().get(index.columns()[i]).type());
            }
            return made;
        });
    }

    boolean exists(int fileNumber) {
        return pool.files().exists(new RelationId(databaseOid, fileNumber), ForkNumber.MAIN);
    }

    /** Forgets everything open: this node was promoted, so that changes need the WAL, or its files were replaced. */
    public void reopen() {
        heaps.clear();
        trees.clear();
    }
}
