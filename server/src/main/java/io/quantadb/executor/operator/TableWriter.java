package io.quantadb.executor.operator;

import io.quantadb.access.heap.ChangeStatus;
import io.quantadb.access.heap.HeapChange;
import io.quantadb.access.heap.HeapCursor;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.access.heap.TupleBuilder;
import io.quantadb.access.heap.TupleReader;
import io.quantadb.base.Invariant;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.executor.QueryContext;
import io.quantadb.executor.expr.ExprCompiler;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.RowView;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.maintenance.TransactionActivity;
import io.quantadb.planner.physical.InputRef;
import io.quantadb.planner.physical.ModifyTable.Target;
import io.quantadb.txn.TupleHeader;
import io.quantadb.txn.snapshot.Snapshot;
import java.util.BitSet;
import java.util.List;

/**
 * Inserts, updates and deletes rows of one table with everything that hangs on them: generated columns, NOT NULL and
 * CHECK,
 * index entries, row events. What to do about concurrent changes is the caller's decision. Confined to one thread.
 */
final class TableWriter {
    final RelationDescriptor relation;
    final int scanId;
    private final Target target;
    private final ScalarEvaluator[] generated;
    private final int[] generatedAttributes;
    private final BitSet[] generatedInputs;
    private final ScalarEvaluator[] checks;
    private final ScalarEvaluator[] checkOptions;
    private final ColumnDescriptor[] notNull;
    final List<IndexMaintainer> indexes;
    private final BitSet indexedColumns = new BitSet();
    private final BitSet keyColumns = new BitSet();
    private final TableRow view = new TableRow();
    private final HeapCursor cursor = new HeapCursor();
    final HeapChange change = new HeapChange();
    private TupleBuilder builder;
    HeapRelation heap;
    private QueryContext query;
    private RowContext row;
    private boolean reportsRows;
    private TransactionActivity.Changes changes;
    /** While a row that was read in part is changed: its version, else -1. */
    private long partlyReadTid = -1;
    private BitSet partlyRead;
    private final BitSet changed = new BitSet();

    TableWriter(Target target, ExprCompiler compiler) {
        this.target = target;
        this.relation = target.relation();
        this.scanId = target.scanId();
        int n = target.generated().size();
        generated = new ScalarEvaluator[n];
        generatedAttributes = new int[n];
        generatedInputs = new BitSet[n];
        for (int i = 0; i < n; i++) {
            generated[i] = compiler.scalar(target.generated().get(i).value());
            generatedAttributes[i] = target.generated().get(i).attribute();
            generatedInputs[i] = ExprColumns.of(target.generated().get(i).value(), InputRef.OUTER);
        }
        checks = target.checks().stream().map(c -> compiler.scalar(c.condition())).toArray(ScalarEvaluator[]::new);
        checkOptions = target.checkOptions().stream().map(c -> compiler.scalar(c.condition()))
                .toArray(ScalarEvaluator[]::new);
        notNull = relation.columns().stream().filter(c -> c.notNull() && !c.dropped())
                .toArray(ColumnDescriptor[]::new);
        indexes = IndexMaintainer.all(relation, target.indexes(), compiler);
        for (IndexMaintainer index : indexes) {
            indexedColumns.or(index.columns());
            if (index.isKey()) {
                keyColumns.or(index.columns());
            }
        }
    }

    void open(QueryContext context, RowContext rowContext) {
        query = context;
        row = rowContext;
        HeapRelation opened = context.storage.heap(relation);
        if (opened != heap) {
            heap = opened;
            builder = new TupleBuilder(heap.layout());
        }
        for (IndexMaintainer index : indexes) {
            index.open(context, heap);
        }
        reportsRows = context.rowEvents.wants(relation);
        changes = context.activity == null ? new TransactionActivity.Changes() : context.activity.changes(relation);
        partlyReadTid = -1;
        view.tableOid = relation.oid();
    }

    int width() {
        return relation.columns().size();
    }

    /**
     * Attributes of the old version that an update of the given ones needs, null for all: with checks, generated
     * columns or listeners anybody may look at any of them.
     */
    BitSet columnsToRead(BitSet assigned) {
        if (generated.length + checks.length + checkOptions.length > 0 || reportsRows) {
            return null;
        }
        BitSet columns = (BitSet) indexedColumns.clone();
        columns.or(assigned);
        return columns;
    }

    /** As {@link #read(long)} for some attributes only, null for all; the others are null in the array. */
    Object[] read(long tid, BitSet columns) {
        partlyReadTid = -1;
        if (columns == null) {
            return read(tid);
        }
        try {
            if (!heap.fetchAny(tid, cursor)) {
                return null;
            }
            Object[] values = new Object[width()];
            long tuple = cursor.tupleAddress();
            for (int a = columns.nextSetBit(1); a >= 0; a = columns.nextSetBit(a + 1)) {
                values[a - 1] = TupleReader.getObject(heap.layout(), tuple, a - 1, heap.toast());
            }
            view.xmin = TupleHeader.xmin(tuple);
            partlyReadTid = tid;
            partlyRead = columns;
            return values;
        } finally {
            cursor.close();
        }
    }

    /** The whole row, for error messages. */
    private Object[] complete(Object[] values) {
        if (partlyReadTid < 0) {
            return values;
        }
        Object[] whole = read(partlyReadTid);
        for (int a = partlyRead.nextSetBit(1); a >= 0; a = partlyRead.nextSetBit(a + 1)) {
            whole[a - 1] = values[a - 1];
        }
        return whole;
    }

    /** Reads the version at a TID whoever sees it; null if it is gone. The array is new. */
    Object[] read(long tid) {
        partlyReadTid = -1;
        try {
            if (!heap.fetchAny(tid, cursor)) {
                return null;
            }
            return readTuple(cursor.tupleAddress());
        } finally {
            cursor.close();
        }
    }

    private Object[] readTuple(long tuple) {
        Object[] values = new Object[width()];
        for (int i = 0; i < values.length; i++) {
            values[i] = TupleReader.getObject(heap.layout(), tuple, i, heap.toast());
        }
        view.xmin = TupleHeader.xmin(tuple);
        return values;
    }

    /** The view over a row's values that expressions of this table see. */
    TableRow view(Object[] values, long tid) {
        return view.at(values, tid);
    }

    /** Before a row that does not come from the last read is prepared. */
    void forgetRead() {
        partlyReadTid = -1;
    }

    /** Computes generated columns and checks constraints of a row about to be stored. */
    void prepare(Object[] values, BitSet assigned) {
        RowView saved = row.outer;
        row.outer = view.at(values, -1);
        for (int i = 0; i < generated.length; i++) {
            if (assigned == null || assigned.intersects(generatedInputs[i])) {
                values[generatedAttributes[i] - 1] = generated[i].eval(row);
            }
        }
        for (ColumnDescriptor column : notNull) {
            if (values[column.attnum() - 1] == null && (partlyReadTid < 0 || partlyRead.get(column.attnum()))) {
                throw ConstraintErrors.notNull(relation, column, complete(values), query.functions.text());
            }
        }
        for (int i = 0; i < checks.length; i++) {
            if (checks[i].evalLong(row) == 0 && !row.isNull) {
                throw ConstraintErrors.check(relation, target.checks().get(i).name(), values, query.functions.text());
            }
        }
        for (int i = 0; i < checkOptions.length; i++) {
            if (!checkOptions[i].isTrue(row)) {
                var option = target.checkOptions().get(i);
                throw ConstraintErrors.checkOption(relation, option.viewName(), option.policyName(), values,
                        query.functions.text());
            }
        }
        row.outer = saved;
    }

    /**
     * Inserts a prepared row.
     *
     * @param arbiters indexes whose duplicates are not errors, null for none
     * @return packed TID; -1 if an arbiter refused: nothing remains of the row
     */
    long insert(Object[] values, List<IndexMaintainer> arbiters) {
        partlyReadTid = -1;
        builder.clear();
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
                builder.setObject(i, values[i]);
            }
        }
        long tid = heap.insert(query.transaction, builder);
        if (!insertEntries(values, tid, arbiters)) {
            // The row was ours alone so far: take it back.
            Snapshot sees = query.snapshot.withCommandId(query.transaction.commandId() + 1);
            ChangeStatus status = heap.delete(query.transaction, sees, tid, query.waitPolicy, change);
            Invariant.check(status == ChangeStatus.OK, "speculative row was %s, expected %s", status, ChangeStatus.OK);
            return -1;
        }
        changes.inserted++;
        if (reportsRows) {
            query.rowEvents.inserted(relation, tid, values.clone());
        }
        return tid;
    }

    private boolean insertEntries(Object[] values, long tid, List<IndexMaintainer> arbiters) {
        RowView saved = row.outer;
        row.outer = view.at(values, tid);
        boolean done = true;
        if (arbiters != null) {
            // Arbiters first: a refusal then leaves the fewest entries behind.
            for (IndexMaintainer index : arbiters) {
                if (index.compute(values, row) && !index.insert(tid, values, true)) {
                    done = false;
                    break;
                }
            }
        }
        for (int i = 0; done && i < indexes.size(); i++) {
            IndexMaintainer index = indexes.get(i);
            if ((arbiters == null || !arbiters.contains(index)) && index.compute(values, row)) {
                index.insert(tid, values, false);
            }
        }
        row.outer = saved;
        return done;
    }

    /**
     * Looks for a row that conflicts with a prepared one in an arbiter index.
     *
     * @return packed TID of the conflicting version, -1 if there is none
     */
    long findConflict(Object[] values, List<IndexMaintainer> arbiters) {
        RowView saved = row.outer;
        row.outer = view.at(values, -1);
        long found = -1;
        for (int i = 0; found < 0 && i < arbiters.size(); i++) {
            IndexMaintainer index = arbiters.get(i);
            if (index.compute(values, row) && index.canConflict()) {
                found = index.findConflict();
            }
        }
        row.outer = saved;
        return found;
    }

    /**
     * Replaces a row version.
     *
     * @param assigned attributes that may differ from the old version
     * @return the status; after OK {@link #change} has the new TID
     */
    ChangeStatus update(long tid, Object[] oldValues, Object[] newValues, BitSet assigned) {
        changed.clear();
        for (int a = assigned.nextSetBit(0); a >= 0; a = assigned.nextSetBit(a + 1)) {
            Object before = oldValues[a - 1];
            Object after = newValues[a - 1];
            if (before != after && (before == null || after == null
                    || !relation.column(a).type().ops().equal(before, after))) {
                changed.set(a);
            }
        }
        builder.clear();
        try {
            if (!heap.fetchAny(tid, cursor)) {
                return ChangeStatus.INVISIBLE;
            }
            builder.copyFrom(cursor.tupleAddress());
            for (int a = assigned.nextSetBit(0); a >= 0; a = assigned.nextSetBit(a + 1)) {
                if (newValues[a - 1] == null) {
                    builder.setNull(a - 1);
                } else if (newValues[a - 1] != oldValues[a - 1]) {
                    builder.setObject(a - 1, newValues[a - 1]);
                }
            }
        } finally {
            cursor.close();
        }
        ChangeStatus status = heap.update(query.transaction, query.snapshot, tid, builder,
                !changed.intersects(indexedColumns), changed.intersects(keyColumns), query.waitPolicy, change);
        if (status != ChangeStatus.OK) {
            return status;
        }
        long newTid = change.newestTid();
        changes.updated++;
        if (change.hot()) {
            changes.hotUpdated++;
        } else {
            insertEntries(newValues, newTid, null);
        }
        if (reportsRows) {
            query.rowEvents.updated(relation, tid, oldValues, newTid, newValues.clone());
        }
        return status;
    }

    ChangeStatus delete(long tid, Object[] oldValues) {
        ChangeStatus status = heap.delete(query.transaction, query.snapshot, tid, query.waitPolicy, change);
        if (status == ChangeStatus.OK) {
            changes.deleted++;
            if (reportsRows) {
                query.rowEvents.deleted(relation, tid, oldValues);
            }
        }
        return status;
    }

    /** Whether the values of a row to be deleted are needed although RETURNING does not ask for them. */
    boolean reportsRows() {
        return reportsRows;
    }

    /** Generated columns that depend on the assigned ones, together with these. */
    BitSet withGenerated(BitSet assigned) {
        if (generated.length == 0) {
            return assigned;
        }
        BitSet all = (BitSet) assigned.clone();
        for (int i = 0; i < generated.length; i++) {
            if (all.intersects(generatedInputs[i])) {
                all.set(generatedAttributes[i]);
            }
        }
        return all;
    }

    void close() {
        cursor.close();
    }
}
