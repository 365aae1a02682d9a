package io.quantadb.session.command;

import io.quantadb.access.btree.BTree;
import io.quantadb.access.btree.IndexEntry;
import io.quantadb.access.btree.InsertOutcome;
import io.quantadb.access.btree.UniqueProbe;
import io.quantadb.access.heap.ChangeStatus;
import io.quantadb.access.heap.DirtyResult;
import io.quantadb.access.heap.HeapBulkInsert;
import io.quantadb.access.heap.HeapChange;
import io.quantadb.access.heap.HeapCursor;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.access.heap.TupleBuilder;
import io.quantadb.access.heap.TupleLayout;
import io.quantadb.access.heap.TupleReader;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.QueryContext;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.RowView;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.sql.analyzer.ExprKind;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.txn.snapshot.Snapshot;
import io.quantadb.types.Oids;
import io.quantadb.types.TextContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Changes rows of one table outside of plans: COPY, CREATE TABLE AS, rewrites, cascades of foreign keys. Looks after generated columns,
 * NOT NULL and CHECK, index entries and row events. Confined to one thread; {@link #close} gives its pins back.
 */
final class TableStore implements AutoCloseable {
    private static final int SHOWN_BYTES_MAX = 64;

    final RelationDescriptor relation;
    final HeapRelation heap;
    private final CommandContext context;
    private final QueryContext query;
    private final Transaction transaction;
    private final RowContext row;
    private final RowView.ArrayRow view = new RowView.ArrayRow();
    private final TupleBuilder builder;
    private final List<Maintained> indexes = new ArrayList<>();
    private final ColumnDescriptor[] notNull;
    private final ConstraintDescriptor[] checkConstraints;
    private final ScalarEvaluator[] checks;
    private final int[] generatedColumns;
    private final ScalarEvaluator[] generated;
    private final BitSet indexedColumns = new BitSet();
    private final BitSet keyColumns = new BitSet();
    private final HeapCursor cursor = new HeapCursor();
    private final HeapChange change = new HeapChange();
    private final boolean reportsRows;
    // Batched insertion.
    private HeapBulkInsert bulk;
    private final List<Object[]> pendingRows = new ArrayList<>();
    private long[] tids = new long[64];
    private int tidCount;

    /** One index with its tree. */
    private static final class Maintained {
        final IndexKeys keys;
        final BTree tree;

        Maintained(IndexKeys keys, BTree tree) {
            this.keys = keys;
            this.tree = tree;
        }
    }

    /** @param maintainIndexes false during a rewrite that builds them anew afterwards */
    TableStore(CommandContext context, RelationDescriptor relation, boolean maintainIndexes) {
        this.context = context;
        this.relation = relation;
        transaction = context.transaction();
        query = context.session.execution().context(new Object[0], null);
        row = new RowContext(query);
        row.outer = view;
        heap = context.session.storage().heap(relation);
        builder = new TupleBuilder(heap.layout());
        Expressions compiler = new Expressions(context);
        if (maintainIndexes) {
            for (IndexDescriptor index : relation.indexes()) {
                if (index.ready()) {
                    addIndex(index, compiler);
                }
            }
        }
        notNull = relation.columns().stream().filter(c -> c.notNull() && !c.dropped()).toArray(ColumnDescriptor[]::new);
        checkConstraints = relation.constraints().stream().filter(ConstraintDescriptor::isCheck)
                .toArray(ConstraintDescriptor[]::new);
        checks = new ScalarEvaluator[checkConstraints.length];
        for (int i = 0; i < checks.length; i++) {
            checks[i] = compiler.compile(compiler.stored(checkConstraints[i].expression(), relation,
                    ExprKind.CHECK_CONSTRAINT, null, -1));
        }
        List<ColumnDescriptor> computed = relation.columns().stream().filter(c -> c.isGenerated() && !c.dropped()).toList();
        generatedColumns = computed.stream().mapToInt(c -> c.attnum() - 1).toArray();
        generated = computed.stream().map(c -> compiler.compile(compiler.stored(c.defaultExpression(), relation,
                ExprKind.GENERATED_COLUMN, c.type(), c.typmod()))).toArray(ScalarEvaluator[]::new);
        reportsRows = query.rowEvents.wants(relation);
    }

    private void addIndex(IndexDescriptor index, Expressions compiler) {
        indexes.add(new Maintained(new IndexKeys(relation, index, compiler), context.session.storage().btree(index)));
        boolean key = index.unique() && !index.isPartial() && !index.hasExpressions() && !index.deferrable();
        for (IndexColumn column : index.keyColumns()) {
            if (column.isExpression()) {
                Expressions.columns(compiler.stored(column.expression(), relation, ExprKind.INDEX_EXPRESSION, null, -1))
                        .forEach(indexedColumns::set);
            } else {
                indexedColumns.set(column.attnum());
                if (key) {
                    keyColumns.set(column.attnum());
                }
            }
        }
        index.includeColumns().forEach(c -> indexedColumns.set(c.attnum()));
        if (index.isPartial()) {
            Expressions.columns(compiler.stored(index.predicate(), relation, ExprKind.INDEX_PREDICATE, null, -1))
                    .forEach(indexedColumns::set);
        }
    }

    int width() {
        return relation.columns().size();
    }

    RowContext rowContext() {
        return row;
    }

    boolean hasIndexes() {
        return !indexes.isEmpty();
    }

    boolean reportsRows() {
        return reportsRows;
    }

    /** Whether rows need to exist as objects: something looks at their values. */
    boolean needsValues() {
        return !indexes.isEmpty() || checks.length > 0 || generated.length > 0 || reportsRows;
    }

    // ---- Reading

    /** The version at a TID, whoever sees it; null if it is gone. The array is new. */
    Object[] read(long tid) {
        try {
            return heap.fetchAny(tid, cursor) ? values(cursor.tupleAddress()) : null;
        } finally {
            cursor.close();
        }
    }

    /** All attributes of a version; the array is new. */
    Object[] values(long tuple) {
        TupleLayout layout = heap.layout();
        Object[] values = new Object[layout.attributeCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = TupleReader.getObject(layout, tuple, i, heap.toast());
        }
        return values;
    }

    // ---- Checking

    /** Computes generated columns and checks constraints of a row about to be stored. */
    void prepare(Object[] values) {
        view.values = values;
        for (int i = 0; i < generated.length; i++) {
            values[generatedColumns[i]] = generated[i].eval(row);
        }
        for (ColumnDescriptor column : notNull) {
            if (values[column.attnum() - 1] == null) {
                throw notNullViolation(column, values);
            }
        }
        for (int i = 0; i < checks.length; i++) {
            if (checks[i].evalLong(row) == 0 && !row.isNull) {
                throw new SqlException(SqlState.CHECK_VIOLATION, "new row for relation \"" + relation.name()
                        + "\" violates check constraint \"" + checkConstraints[i].name() + "\"")
                        .withDetail(failingRow(values)).withSchema(relation.schemaName()).withTable(relation.name())
                        .withConstraint(checkConstraints[i].name());
            }
        }
    }

    SqlException notNullViolation(ColumnDescriptor column, Object[] values) {
        return new SqlException(SqlState.NOT_NULL_VIOLATION, "null value in column \"" + column.name()
                + "\" of relation \"" + relation.name() + "\" violates not-null constraint")
                .withDetail(failingRow(values)).withSchema(relation.schemaName()).withTable(relation.name())
                .withColumn(column.name());
    }

    private String failingRow(Object[] values) {
        StringBuilder out = new StringBuilder("Failing row contains (");
        String separator = "";
        TextContext text = context.session.text();
        for (ColumnDescriptor column : relation.columns()) {
            if (!column.dropped()) {
                Object value = values[column.attnum() - 1];
                out.append(separator).append(clip(value == null ? "null" : column.type().ops().toText(value, text)));
                separator = ", ";
            }
        }
        return out.append(").").toString();
    }

    private static String clip(String value) {
        byte[] bytes = value.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        if (bytes.length <= SHOWN_BYTES_MAX) {
            return value;
        }
        int end = SHOWN_BYTES_MAX;
        while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, java.nio.charset.StandardCharsets.UTF_8) + "...";
    }

    // ---- Batched insertion

    /** Adds a prepared row to the batch, which is written when it is full. The array is kept if anything needs the values. */
    void add(Object[] values) {
        builder.clear();
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
                builder.setObject(i, values[i]);
            }
        }
        addBuilt(builder, values);
    }

    /** The builder for {@link #addBuilt}. */
    TupleBuilder builder() {
        return builder;
    }

    /** Adds the row that {@code built} holds; {@code values} are the same as objects, null if {@link #needsValues} says no. */
    void addBuilt(TupleBuilder built, Object[] values) {
        if (bulk == null) {
            bulk = heap.bulkInsert(transaction);
        }
        bulk.add(built);
        if (hasIndexes() || reportsRows) {
            pendingRows.add(values);
        }
        if (bulk.isFull()) {
            flush();
        }
    }

    /** Writes what is pending: rows, then index entries in key order, then events. */
    void flush() {
        if (bulk == null || bulk.pendingRows() == 0) {
            return;
        }
        tidCount = 0;
        changes().inserted += bulk.pendingRows();
        bulk.flush(this::collectTid);
        for (Maintained index : indexes) {
            insertEntries(index);
        }
        if (reportsRows) {
            for (int i = 0; i < pendingRows.size(); i++) {
                query.rowEvents.inserted(relation, tids[i], pendingRows.get(i));
            }
        }
        pendingRows.clear();
    }

    private void collectTid(long tid) {
        if (tidCount == tids.length) {
            tids = Arrays.copyOf(tids, tidCount * 2);
        }
        tids[tidCount++] = tid;
    }

    private record Pending(byte[] key, byte[] payload, long tid, int position) {
    }

    /** Sorted keys go to neighbouring leaves, which are then in the cache. */
    private void insertEntries(Maintained index) {
        List<Pending> entries = new ArrayList<>(pendingRows.size());
        for (int i = 0; i < pendingRows.size(); i++) {
            Object[] values = pendingRows.get(i);
            view.values = values;
            if (index.keys.compute(values, row)) {
                entries.add(new Pending(index.keys.key.toByteArray(),
                        index.keys.payload == null ? null : index.keys.payload.toByteArray(), tids[i], i));
            }
        }
        if (!index.keys.index.unique()) {
            entries.sort((a, b) -> Arrays.compareUnsigned(a.key, b.key));
        }
        for (Pending entry : entries) {
            if (index.keys.index.unique()) {
                Object[] values = pendingRows.get(entry.position);
                view.values = values;
                index.keys.compute(values, row);
                insertEntry(index, values, entry.tid);
            } else {
                index.tree.insert(context.session.txn().record(), transaction.xid(), this.entry.set(entry.key,
                        entry.key.length, entry.tid, entry.payload, entry.payload == null ? 0 : entry.payload.length));
                noteInserted(index, entry.key, entry.key.length);
            }
        }
    }

    private final IndexEntry entry = new IndexEntry();
    private final InsertOutcome outcome = new InsertOutcome();

    /** Inserts the entry whose key was computed last. */
    private void insertEntry(Maintained index, Object[] values, long tid) {
        IndexKeys keys = index.keys;
        entry.set(keys.key.array(), keys.key.length(), tid, keys.payloadArray(), keys.payloadLength());
        if (!keys.mustBeUnique()) {
            index.tree.insert(context.session.txn().record(), transaction.xid(), entry);
            noteInserted(index, keys.key.array(), keys.key.length());
            return;
        }
        UniqueProbe probe = other -> probe(other, tid);
        while (true) {
            index.tree.insertUnique(context.session.txn().record(), transaction.xid(), entry, probe, outcome);
            switch (outcome.kind()) {
                case INSERTED -> {
                    noteInserted(index, keys.key.array(), keys.key.length());
                    return;
                }
                case WAIT -> {
                    query.checkInterrupts();
                    context.session.services().transactions().locks().waitForXid(context.session.txn().lockOwner(),
                            outcome.xid(), WaitPolicy.BLOCK);
                }
                case CONFLICT -> {
                    noteInserted(index, keys.key.array(), keys.key.length());
                    if (!keys.index.deferrable()) {
                        throw keys.duplicate(context.session.text());
                    }
                    index.tree.insert(context.session.txn().record(), transaction.xid(), entry);
                    query.rowEvents.uniqueCheckDue(relation, keys.index.oid(), tid, values);
                    return;
                }
            }
        }
    }

    /** Serializable: finds who has read the place of the key. */
    private void noteInserted(Maintained index, byte[] key, int length) {
        if (transaction.serializable() != null) {
            transaction.serializable().insertsKey(BufferPool.key(index.tree.relation()), key, length);
        }
    }

    private long probe(long tid, long ownTid) {
        try {
            DirtyResult result = heap.fetchDirty(transaction, tid, cursor, change);
            return switch (result) {
                case NONE -> cursor.allDead() ? UniqueProbe.DEAD : UniqueProbe.IGNORE;
                case LIVE -> cursor.tid() == ownTid ? UniqueProbe.IGNORE : UniqueProbe.LIVE;
                case INSERT_IN_PROGRESS, DELETE_IN_PROGRESS -> change.otherXid();
            };
        } finally {
            cursor.close();
        }
    }

    // ---- Single rows

    /**
     * Replaces a row version by a prepared row.
     *
     * @return the status; after OK {@link #newTid} is the new version's place
     */
    ChangeStatus update(Snapshot snapshot, long tid, Object[] oldValues, Object[] newValues) {
        BitSet changed = new BitSet();
        builder.clear();
        if (!heap.fetchAny(tid, cursor)) {
            return ChangeStatus.INVISIBLE;
        }
        try {
            builder.copyFrom(cursor.tupleAddress());
        } finally {
            cursor.close();
        }
        for (ColumnDescriptor column : relation.columns()) {
            int i = column.attnum() - 1;
            Object before = oldValues[i];
            Object after = newValues[i];
            if (before == after) {
                continue;
            }
            builder.setObject(i, after);
            if (before == null || after == null || !isEqual(column, before, after)) {
                changed.set(column.attnum());
            }
        }
        ChangeStatus status = heap.update(transaction, snapshot, tid, builder, !changed.intersects(indexedColumns),
                changed.intersects(keyColumns), WaitPolicy.BLOCK, change);
        if (status != ChangeStatus.OK) {
            return status;
        }
        long newTid = change.newestTid();
        changes().updated++;
        changes().hotUpdated += change.hot() ? 1 : 0;
        lastTid = newTid;
        if (!change.hot()) {
            for (Maintained index : indexes) {
                view.values = newValues;
                if (index.keys.compute(newValues, row)) {
                    insertEntry(index, newValues, newTid);
                }
            }
        }
        if (reportsRows) {
            query.rowEvents.updated(relation, tid, oldValues, newTid, newValues.clone());
        }
        return status;
    }

    private static boolean isEqual(ColumnDescriptor column, Object before, Object after) {
        return column.type().oid() == Oids.JSON || column.type().oid() == Oids.XML ? before.equals(after)
                : column.type().ops().hashable() ? column.type().ops().equal(before, after) : before.equals(after);
    }

    private long lastTid;

    long newTid() {
        return lastTid;
    }

    ChangeStatus delete(Snapshot snapshot, long tid, Object[] oldValues) {
        ChangeStatus status = heap.delete(transaction, snapshot, tid, WaitPolicy.BLOCK, change);
        if (status == ChangeStatus.OK) {
            changes().deleted++;
            if (reportsRows) {
                query.rowEvents.deleted(relation, tid, oldValues);
            }
        }
        return status;
    }

    private io.quantadb.maintenance.TransactionActivity.Changes changes() {
        return query.activity.changes(relation);
    }

    HeapChange change() {
        return change;
    }

    @Override
    public void close() {
        cursor.close();
        if (bulk != null) {
            bulk.close();
            bulk = null;
        }
    }
}
