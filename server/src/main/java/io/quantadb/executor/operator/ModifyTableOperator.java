package io.quantadb.executor.operator;

import io.quantadb.access.heap.ChangeStatus;
import io.quantadb.access.heap.HeapCursor;
import io.quantadb.base.Invariant;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.Instrumentation.NodeCounters;
import io.quantadb.executor.expr.ExprCompiler;
import io.quantadb.executor.expr.RowView;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.planner.physical.ModifyTable;
import io.quantadb.sql.typed.MergeAction;
import io.quantadb.txn.lock.RowLockMode;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** INSERT, UPDATE, DELETE and MERGE, row by row over the input, with ON CONFLICT and RETURNING. */
final class ModifyTableOperator extends Operator {
    private final ModifyTable plan;
    private final Operator input;
    private final TableWriter[] writers;
    private final ScalarEvaluator[] returning;
    private final ScalarEvaluator[] conflictValues;
    private final ScalarEvaluator conflictWhere;
    private final BitSet conflictAttributes = new BitSet();
    private final ScalarEvaluator[] mergeConditions;
    private final ScalarEvaluator[][] mergeValues;
    private final BitSet assigned = new BitSet();
    private final int[] assignedAttributes;
    private final int[] valueColumns;
    private TableWriter columnsReadFor;
    private BitSet columnsRead;
    private final RecheckPlan recheck;
    private final Batch batch;
    private final RowView.BatchRow inputRow = new RowView.BatchRow();
    private final RowView.ArrayRow replacement = new RowView.ArrayRow();
    private final TableRow returned = new TableRow();
    private final HeapCursor cursor = new HeapCursor();
    private List<List<IndexMaintainer>> arbiters;
    private Batch source;
    private int sourceIndex;
    private int outputRows;
    private boolean opened;
    /** Null unless EXPLAIN ANALYZE runs. */
    NodeCounters counters;

    ModifyTableOperator(List<PgType> types, ModifyTable plan, Operator input, ExprCompiler compiler,
            RecheckPlan recheck) {
        super(types);
        this.plan = plan;
        this.input = input;
        this.recheck = recheck;
        if (plan.root() != null && plan.operation() == ModifyTable.Operation.INSERT) {
            throw SqlException.notSupported("inserting into a partitioned table is not supported");
        }
        writers = plan.targets().stream().map(t -> new TableWriter(t, compiler)).toArray(TableWriter[]::new);
        returning = compiler.scalars(plan.returning());
        batch = Batch.ofTypes(types);
        plan.assignedAttributes().forEach(assigned::set);
        assignedAttributes = plan.assignedAttributes().stream().mapToInt(Integer::intValue).toArray();
        valueColumns = plan.valueColumns().stream().mapToInt(Integer::intValue).toArray();
        ModifyTable.ConflictClause conflict = plan.onConflict();
        conflictWhere = conflict == null || conflict.where() == null ? null : compiler.scalar(conflict.where());
        conflictValues = conflict == null ? null : compiler.scalars(conflict.assignments().stream()
                .map(ModifyTable.ColumnValue::value).toList());
        if (conflict != null) {
            conflict.assignments().forEach(value -> conflictAttributes.set(value.attribute()));
            arbiters = new ArrayList<>();
            for (TableWriter writer : writers) {
                arbiters.add(writer.indexes.stream().filter(i -> conflict.arbiters().isEmpty()
                        ? i.index.unique() && !i.index.deferrable()
                        : conflict.arbiters().contains(i.index.oid())).toList());
            }
        }
        int steps = plan.mergeActions().size();
        mergeConditions = new ScalarEvaluator[steps];
        mergeValues = new ScalarEvaluator[steps][];
        for (int i = 0; i < steps; i++) {
            ModifyTable.MergeStep step = plan.mergeActions().get(i);
            mergeConditions[i] = step.condition() == null ? null : compiler.scalar(step.condition());
            mergeValues[i] = compiler.scalars(step.values().stream().map(ModifyTable.ColumnValue::value).toList());
        }
    }

    @Override
    protected void doOpen() {
        for (TableWriter writer : writers) {
            writer.open(query, row);
        }
        source = null;
        sourceIndex = 0;
        columnsReadFor = null;
        opened = true;
        input.open(query);
    }

    @Override
    public Batch next() {
        batch.clear();
        outputRows = 0;
        while (true) {
            if (source == null || sourceIndex == source.size()) {
                query.checkInterrupts();
                source = input.next();
                sourceIndex = 0;
                if (source == null) {
                    break;
                }
            }
            int position = source.position(sourceIndex++);
            inputRow.at(source, position);
            modify(position);
            if (outputRows == Vector.CAPACITY) {
                break;
            }
        }
        batch.selectAll(outputRows);
        return outputRows == 0 ? null : batch;
    }

    private void modify(int position) {
        switch (plan.operation()) {
            case INSERT -> {
                Object[] values = new Object[writers[0].width()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = source.columns[i].get(position);
                }
                insert(0, values);
            }
            case UPDATE -> update(position);
            case DELETE -> delete(position);
            case MERGE -> merge(position);
        }
    }

    private int writerOf(int position) {
        if (writers.length == 1) {
            return 0;
        }
        long oid = source.columns[plan.tableOidColumn()].getLong(position);
        for (int i = 0; i < writers.length; i++) {
            if ((writers[i].relation.oid() & 0xFFFF_FFFFL) == oid) {
                return i;
            }
        }
        throw Invariant.broken("no target of ModifyTable has oid %s", oid);
    }

    private void done(TableWriter writer, Object[] values, long tid, RowView joined) {
        if (plan.canSetTag()) {
            query.affectedRows++;
        }
        if (returning.length == 0) {
            return;
        }
        returned.tableOid = writer.relation.oid();
        row.outer = returned.at(values, tid);
        row.inner = joined;
        for (int i = 0; i < returning.length; i++) {
            batch.columns[i].set(outputRows, returning[i].eval(row));
        }
        outputRows++;
    }

    // ---- INSERT

    private void insert(int writerIndex, Object[] values) {
        TableWriter writer = writers[writerIndex];
        writer.forgetRead();
        writer.prepare(values, null);
        if (plan.onConflict() == null) {
            done(writer, values, writer.insert(values, null), inputRow);
            return;
        }
        List<IndexMaintainer> candidates = arbiters.get(writerIndex);
        while (true) {
            query.checkInterrupts();
            long conflict = writer.findConflict(values, candidates);
            if (conflict < 0) {
                long tid = writer.insert(values, candidates);
                if (tid >= 0) {
                    if (counters != null) {
                        counters.insertedTuples++;
                    }
                    done(writer, values, tid, inputRow);
                    return;
                }
                continue;
            }
            if (counters != null) {
                counters.conflictingTuples++;
            }
            if (plan.onConflict().update() ? updateConflicting(writer, conflict, values)
                    : ignoreConflicting(writer, conflict)) {
                return;
            }
        }
    }

    private boolean ignoreConflicting(TableWriter writer, long conflict) {
        checkVisible(writer, conflict);
        return true;
    }

    /** With a transaction snapshot a conflict with a row the snapshot does not see cannot be serialised. */
    private void checkVisible(TableWriter writer, long tid) {
        if (!query.transaction.isolation().usesTransactionSnapshot()) {
            return;
        }
        try {
            if (!writer.heap.fetchExact(tid, query.snapshot, cursor) && writer.heap.fetchAny(tid, cursor)
                    && !query.transaction.isOwn(io.quantadb.txn.TupleHeader.xmin(cursor.tupleAddress()))) {
                throw RowRecheck.serializationFailure(query, ChangeStatus.UPDATED);
            }
        } finally {
            cursor.close();
        }
    }

    /** ON CONFLICT DO UPDATE; false if the conflicting row changed meanwhile: look again. */
    private boolean updateConflicting(TableWriter writer, long conflict, Object[] proposed) {
        ChangeStatus status = writer.heap.lock(query.transaction, query.snapshot, conflict,
                RowLockMode.NO_KEY_UPDATE, query.waitPolicy, writer.change);
        switch (status) {
            case OK -> {
            }
            case INVISIBLE, SELF_MODIFIED -> throw secondTime("ON CONFLICT DO UPDATE");
            case UPDATED, DELETED, SKIPPED -> {
                failIfSerializable(status);
                return false;
            }
        }
        checkVisible(writer, conflict);
        Object[] old = writer.read(conflict);
        TableRow existing = new TableRow().at(old, conflict);
        existing.tableOid = writer.relation.oid();
        RowView.ArrayRow excluded = new RowView.ArrayRow(proposed);
        row.outer = existing;
        row.inner = excluded;
        if (conflictWhere != null && !conflictWhere.isTrue(row)) {
            return true;
        }
        Object[] values = old.clone();
        for (int i = 0; i < conflictValues.length; i++) {
            values[plan.onConflict().assignments().get(i).attribute() - 1] = conflictValues[i].eval(row);
        }
        BitSet attributes = writer.withGenerated(conflictAttributes);
        writer.prepare(values, attributes);
        status = writer.update(conflict, old, values, attributes);
        Invariant.check(status == ChangeStatus.OK, "update of a locked row was %s, expected %s", status,
                ChangeStatus.OK);
        done(writer, values, writer.change.newestTid(), excluded);
        return true;
    }

    private static SqlException secondTime(String command) {
        SqlException error = new SqlException(SqlState.CARDINALITY_VIOLATION,
                command + " command cannot affect row a second time");
        return command.equals("MERGE")
                ? error.withHint("Ensure that not more than one source row matches any one target row.")
                : error.withHint("Ensure that no rows proposed for insertion within the same command have duplicate"
                        + " constrained values.");
    }

    private void failIfSerializable(ChangeStatus status) {
        SqlException failure = RowRecheck.serializationFailure(query, status);
        if (failure != null) {
            throw failure;
        }
    }

    // ---- UPDATE and DELETE

    private void update(int position) {
        if (source.columns[plan.rowIdColumn()].isNull(position)) {
            return;
        }
        TableWriter writer = writers[writerOf(position)];
        long tid = source.columns[plan.rowIdColumn()].getLong(position);
        RowView from = inputRow;
        BitSet attributes = writer.withGenerated(assigned);
        BitSet needed = returning.length > 0 ? null : columnsToRead(writer);
        while (true) {
            Object[] old = writer.read(tid, needed);
            Invariant.check(old != null, "row to be updated is gone: %d in file %d", tid,
                    writer.heap.id().fileNumber());
            Object[] values = old.clone();
            for (int i = 0; i < assignedAttributes.length; i++) {
                values[assignedAttributes[i] - 1] = from.get(valueColumns[i]);
            }
            writer.prepare(values, attributes);
            ChangeStatus status = writer.update(tid, old, values, attributes);
            if (status == ChangeStatus.OK) {
                done(writer, values, writer.change.newestTid(), from);
                return;
            }
            from = retry(writer, status, RowLockMode.NO_KEY_UPDATE);
            if (from == null) {
                return;
            }
            tid = from.getLong(plan.rowIdColumn());
        }
    }

    /** Asked once an execution and table. */
    private BitSet columnsToRead(TableWriter writer) {
        if (columnsReadFor != writer) {
            columnsRead = writer.columnsToRead(assigned);
            columnsReadFor = writer;
        }
        return columnsRead;
    }

    private void delete(int position) {
        if (source.columns[plan.rowIdColumn()].isNull(position)) {
            return;
        }
        TableWriter writer = writers[writerOf(position)];
        long tid = source.columns[plan.rowIdColumn()].getLong(position);
        RowView from = inputRow;
        while (true) {
            Object[] old = returning.length > 0 || writer.reportsRows() ? writer.read(tid) : null;
            ChangeStatus status = writer.delete(tid, old);
            if (status == ChangeStatus.OK) {
                done(writer, old, tid, from);
                return;
            }
            from = retry(writer, status, RowLockMode.UPDATE);
            if (from == null) {
                return;
            }
            tid = from.getLong(plan.rowIdColumn());
        }
    }

    /**
     * After a row was found changed.
     *
     * @return the input row as the newest version gives it; null to leave the row out
     */
    private RowView retry(TableWriter writer, ChangeStatus status, RowLockMode mode) {
        switch (status) {
            case SELF_MODIFIED -> {
                // A join found the row twice, or an earlier row of this command changed it: the first change stands.
                return null;
            }
            case DELETED -> {
                failIfSerializable(status);
                return null;
            }
            case UPDATED -> {
                failIfSerializable(status);
                long newest = RowRecheck.lockNewest(query, writer.heap, writer.change, mode, query.waitPolicy);
                Object[] values = newest < 0 ? null : recheck.run(query, writer.scanId, newest);
                return values == null ? null : replacement.at(values);
            }
            default -> throw Invariant.broken("change of a visible row was %s", status);
        }
    }

    // ---- MERGE

    private void merge(int position) {
        RowView from = inputRow;
        if (from.isNull(plan.rowIdColumn())) {
            mergeNotMatched(from);
            return;
        }
        TableWriter writer = writers[writerOf(position)];
        while (true) {
            long tid = from.getLong(plan.rowIdColumn());
            Object[] old = writer.read(tid);
            if (old == null) {
                return;
            }
            int action = matchingAction(true, old, tid, from);
            if (action < 0) {
                return;
            }
            ModifyTable.MergeStep step = plan.mergeActions().get(action);
            ChangeStatus status = applyMatched(writer, step, mergeValues[action], tid, old, from);
            if (status == ChangeStatus.OK) {
                return;
            }
            if (status == ChangeStatus.SELF_MODIFIED) {
                throw secondTime("MERGE");
            }
            from = retry(writer, status, RowLockMode.UPDATE);
            if (from == null) {
                return;
            }
            if (from.isNull(plan.rowIdColumn())) {
                mergeNotMatched(from);
                return;
            }
        }
    }

    private int matchingAction(boolean matched, Object[] old, long tid, RowView from) {
        row.outer = old == null ? null : returned.at(old, tid);
        row.inner = from;
        for (int i = 0; i < mergeConditions.length; i++) {
            if (plan.mergeActions().get(i).matched() == matched
                    && (mergeConditions[i] == null || mergeConditions[i].isTrue(row))) {
                return i;
            }
        }
        return -1;
    }

    private ChangeStatus applyMatched(TableWriter writer, ModifyTable.MergeStep step, ScalarEvaluator[] values,
            long tid, Object[] old, RowView from) {
        if (step.kind() == MergeAction.Kind.DO_NOTHING) {
            return ChangeStatus.OK;
        }
        if (step.kind() == MergeAction.Kind.DELETE) {
            ChangeStatus status = writer.delete(tid, old);
            if (status == ChangeStatus.OK) {
                done(writer, old, tid, from);
            }
            return status;
        }
        Object[] changed = old.clone();
        BitSet attributes = new BitSet();
        for (int i = 0; i < values.length; i++) {
            int attribute = step.values().get(i).attribute();
            attributes.set(attribute);
            changed[attribute - 1] = values[i].eval(row);
        }
        attributes = writer.withGenerated(attributes);
        writer.prepare(changed, attributes);
        ChangeStatus status = writer.update(tid, old, changed, attributes);
        if (status == ChangeStatus.OK) {
            done(writer, changed, writer.change.newestTid(), from);
        }
        return status;
    }

    private void mergeNotMatched(RowView from) {
        int action = matchingAction(false, null, -1, from);
        if (action < 0 || plan.mergeActions().get(action).kind() == MergeAction.Kind.DO_NOTHING) {
            return;
        }
        ModifyTable.MergeStep step = plan.mergeActions().get(action);
        Object[] values = new Object[writers[0].width()];
        for (int i = 0; i < step.values().size(); i++) {
            values[step.values().get(i).attribute() - 1] = mergeValues[action][i].eval(row);
        }
        insert(0, values);
    }

    @Override
    public void close() {
        cursor.close();
        for (TableWriter writer : writers) {
            writer.close();
        }
        if (opened) {
            input.close();
        }
        opened = false;
        source = null;
    }
}
