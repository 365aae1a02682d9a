package io.quantadb.catalog.table;

import io.quantadb.access.btree.BTree;
import io.quantadb.access.btree.BTreeCursor;
import io.quantadb.access.btree.IndexEntry;
import io.quantadb.access.btree.InsertOutcome;
import io.quantadb.access.btree.KeyRange;
import io.quantadb.access.btree.UniqueProbe;
import io.quantadb.access.heap.ChangeStatus;
import io.quantadb.access.heap.DirtyResult;
import io.quantadb.access.heap.HeapChange;
import io.quantadb.access.heap.HeapCursor;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.access.heap.HeapScan;
import io.quantadb.access.heap.TupleBuilder;
import io.quantadb.access.heap.TupleLayout;
import io.quantadb.access.heap.TupleReader;
import io.quantadb.base.Invariant;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.txn.snapshot.Snapshot;
import io.quantadb.types.TypeOps;
import io.quantadb.types.key.KeyBuffer;
import io.quantadb.types.key.KeyEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The catalogs of one database as heap tables with B-trees, in one transaction. Confined to the transaction's thread.
 *
 * <p>Reads see every commit whose record is in the WAL, durable or not: a transaction that just got a table's lock
 * must see what the one before it, whose commit may still wait for its flush, did to the table (locks are released
 * early). What it then writes commits later in the WAL. Each change is visible to the next read of the same
 * transaction.
 */
public final class HeapCatalogStore implements CatalogStore {
    private final CatalogFiles files;
    private final Transaction transaction;
    private final LongSupplier latestLsn;
    private final OidAllocator oids;
    private final CatalogChangeListener listener;
    private final KeyBuffer key = new KeyBuffer();
    private final IndexEntry entry = new IndexEntry();
    private final InsertOutcome outcome = new InsertOutcome();
    private final HeapChange change = new HeapChange();

    /**
     * @param latestLsn end of the WAL: inserted on a primary, replayed on a replica
     * @param oids null on a replica
     */
    public HeapCatalogStore(CatalogFiles files, Transaction transaction, LongSupplier latestLsn, OidAllocator oids,
            CatalogChangeListener listener) {
        this.files = files;
        this.transaction = transaction;
        this.latestLsn = latestLsn;
        this.oids = oids;
        this.listener = listener;
    }

    private Snapshot snapshot() {
        return new Snapshot(latestLsn.getAsLong(), transaction.session().manager().commits().settledXid(),
                transaction.commandId(), transaction);
    }

    @Override
    public List<CatalogRow> find(CatalogIndex index, Object... keyPrefix) {
        KeyEncoder[] encoders = files.encoders(index);
        key.reset();
        for (int i = 0; i < keyPrefix.length; i++) {
            encoders[i].encode(keyPrefix[i], false, false, key);
        }
        CatalogTable table = CatalogTables.table(index.tableOid());
        HeapRelation heap = files.heap(table);
        Snapshot snapshot = snapshot();
        List<CatalogRow> rows = new ArrayList<>(2);
        try (BTreeCursor cursor = files.tree(index).cursor(); HeapCursor version = new HeapCursor()) {
            cursor.seek(KeyRange.prefix(key.array(), key.length()), true, false);
            while (cursor.nextBatch()) {
                for (int i = 0; i < cursor.count(); i++) {
                    if (heap.fetch(cursor.tid(i), snapshot, version)) {
                        CatalogRow row = read(table, heap, version.tupleAddress(), version.tid());
                        if (matches(table, index, row.values(), keyPrefix)) {
                            rows.add(row);
                        }
                    }
                }
            }
        }
        return rows;
    }

    /** An entry may lead to a later version with another key if one was changed back and forth. */
    private static boolean matches(CatalogTable table, CatalogIndex index, Object[] values, Object[] keyPrefix) {
        for (int i = 0; i < keyPrefix.length; i++) {
            Object value = values[index.columns()[i]];
            if (value == null || !table.columns().get(index.columns()[i]).type().ops().equal(value, keyPrefix[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public List<CatalogRow> scan(CatalogTable table) {
        HeapRelation heap = files.heap(table);
        List<CatalogRow> rows = new ArrayList<>();
        try (HeapScan scan = heap.scan(snapshot())) {
            while (scan.nextPage()) {
                for (int i = 0; i < scan.count(); i++) {
                    rows.add(read(table, heap, scan.tupleAddress(i), scan.tid(i)));
                }
            }
        }
        return rows;
    }

    private static CatalogRow read(CatalogTable table, HeapRelation heap, long tuple, long tid) {
        TupleLayout layout = heap.layout();
        Object[] values = new Object[table.columns().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = TupleReader.isNull(layout, tuple, i) ? null
                    : TupleReader.getObject(layout, tuple, i, heap.toast());
        }
        return new CatalogRow(table, tid, values);
    }

    @Override
    public void insert(CatalogTable table, Object... values) {
        checkNotNulls(table, values);
        HeapRelation heap = files.heap(table);
        long tid = heap.insert(transaction, build(heap.layout(), values));
        for (CatalogIndex index : table.indexes()) {
            insertEntry(table, heap, index, values, tid);
        }
        changed(table, null, values);
    }

    private static void checkNotNulls(CatalogTable table, Object[] values) {
        Invariant.check(values.length == table.columns().size(), "row has %d values, table has %d columns",
                values.length, table.columns().size());
        for (int i = 0; i < values.length; i++) {
            CatalogColumn column = table.columns().get(i);
            Invariant.check(values[i] != null || !column.notNull(), "NULL in column %s of %s", column.name(),
                    table.name());
        }
    }

    private static TupleBuilder build(TupleLayout layout, Object[] values) {
        TupleBuilder row = new TupleBuilder(layout).clear();
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
                row.setObject(i, values[i]);
            }
        }
        return row;
    }

    private void insertEntry(CatalogTable table, HeapRelation heap, CatalogIndex index, Object[] values, long tid) {
        BTree tree = files.tree(index);
        KeyEncoder[] encoders = files.encoders(index);
        boolean unique = index.unique();
        key.reset();
        for (int i = 0; i < encoders.length; i++) {
            Object value = values[index.columns()[i]];
            unique &= value != null;
            encoders[i].encode(value, false, false, key);
        }
        if (key.length() > BTree.MAX_ENTRY_BYTES) {
            throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "index row size " + key.length()
                    + " exceeds btree maximum " + BTree.MAX_ENTRY_BYTES + " for index \"" + index.name() + "\"");
        }
        entry.set(key.array(), key.length(), tid);
        if (!unique) {
            tree.insert(transaction.session().record(), transaction.xid(), entry);
            return;
        }
        try (HeapCursor version = new HeapCursor()) {
            UniqueProbe probe = other -> probe(heap, other, tid, version);
            while (true) {
                tree.insertUnique(transaction.session().record(), transaction.xid(), entry, probe, outcome);
                switch (outcome.kind()) {
                    case INSERTED -> {
                        return;
                    }
                    case CONFLICT -> throw UniqueErrors.duplicate(table, index, values);
                    case WAIT -> transaction.session().manager().locks()
                            .waitForXid(transaction.session().lockOwner(), outcome.xid(), WaitPolicy.BLOCK);
                }
            }
        }
    }

    private long probe(HeapRelation heap, long tid, long ownTid, HeapCursor version) {
        if (tid == ownTid) {
            return UniqueProbe.IGNORE;
        }
        DirtyResult result = heap.fetchDirty(transaction, tid, version, change);
        return switch (result) {
            case NONE -> version.allDead() ? UniqueProbe.DEAD : UniqueProbe.IGNORE;
            // The row's own new version, reached from the entry of an older one.
            case LIVE -> version.tid() == ownTid ? UniqueProbe.IGNORE : UniqueProbe.LIVE;
            case INSERT_IN_PROGRESS, DELETE_IN_PROGRESS -> change.otherXid();
        };
    }

    @Override
    public void update(CatalogRow row, Object[] values) {
        check(change(row, values), row.table());
    }

    @Override
    public boolean tryUpdate(CatalogRow row, Object[] values) {
        ChangeStatus status = change(row, values);
        if (status == ChangeStatus.UPDATED) {
            return false;
        }
        check(status, row.table());
        return true;
    }

    private ChangeStatus change(CatalogRow row, Object[] values) {
        CatalogTable table = row.table();
        checkNotNulls(table, values);
        HeapRelation heap = files.heap(table);
        boolean sameKeys = true;
        for (CatalogIndex index : table.indexes()) {
            sameKeys &= sameKey(table, index, row.values(), values);
        }
        ChangeStatus status = heap.update(transaction, snapshot(), row.tid(), build(heap.layout(), values), sameKeys,
                !sameKeys, WaitPolicy.BLOCK, change);
        if (status != ChangeStatus.OK) {
            return status;
        }
        if (!change.hot()) {
            long tid = change.newestTid();
            for (CatalogIndex index : table.indexes()) {
                insertEntry(table, heap, index, values, tid);
            }
        }
        changed(table, row.values(), values);
        return ChangeStatus.OK;
    }

    private static boolean sameKey(CatalogTable table, CatalogIndex index, Object[] before, Object[] after) {
        for (int column : index.columns()) {
            Object a = before[column];
            Object b = after[column];
            TypeOps ops = table.columns().get(column).type().ops();
            if (a == null || b == null ? a != b : !ops.equal(a, b)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void delete(CatalogRow row) {
        check(files.heap(row.table()).delete(transaction, snapshot(), row.tid(), WaitPolicy.BLOCK, change),
                row.table());
        changed(row.table(), row.values(), null);
    }

    private static void check(ChangeStatus status, CatalogTable table) {
        switch (status) {
            case OK -> {
                // As it should be.
            }
            case UPDATED -> throw new SqlException(SqlState.INTERNAL_ERROR, "tuple concurrently updated");
            case DELETED -> throw new SqlException(SqlState.INTERNAL_ERROR, "tuple concurrently deleted");
            case INVISIBLE, SELF_MODIFIED, SKIPPED -> throw Invariant.broken(
                    "a row of %s was %s when it was to be changed", table, status);
        }
    }

    private void changed(CatalogTable table, Object[] before, Object[] after) {
        transaction.nextCommand();
        listener.changed(table, before, after);
    }

    @Override
    public int newOid() {
        return oids.next();
    }

    @Override
    public int newFileNumber() {
        int number = oids.next();
        // A crash may leave files of transactions that never ended.
        while (files.exists(number)) {
            number = oids.next();
        }
        return number;
    }
}
