package io.quantadb.executor.operator;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.QueryContext;
import io.quantadb.executor.expr.ExprCompiler;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.planner.physical.SubPlan;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.PgType;
import io.quantadb.types.RowValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Runs a subquery of an expression, correlated or not, and makes its value. Confined to one thread. */
final class SubPlanEvaluator extends ScalarEvaluator {
    private final SubPlan plan;
    private final Operator operator;
    private final int[] bindingIds;
    private final ScalarEvaluator[] bindingValues;
    private final ScalarEvaluator test;
    private final ScalarEvaluator[] hashKeys;
    /** Slots the plan reads that others set: what a kept result depends on. */
    private final int[] freeSlots;
    private final Object[] keptSlots;
    private boolean open;
    private boolean kept;
    private Object value;
    private RowStore rows;
    private KeyTable table;
    private boolean tableHasNulls;
    private Vector[] probe;

    SubPlanEvaluator(SubPlan plan, Operator operator, ExprCompiler compiler, int[] freeSlots) {
        this.plan = plan;
        this.operator = operator;
        this.bindingIds = plan.bindings().stream().mapToInt(SubPlan.Binding::parameterId).toArray();
        this.bindingValues = compiler.scalars(plan.bindings().stream().map(SubPlan.Binding::value).toList());
        this.test = plan.test() == null ? null : compiler.scalar(plan.test());
        this.hashKeys = compiler.scalars(plan.hashKeys());
        this.freeSlots = freeSlots;
        this.keptSlots = new Object[freeSlots.length];
    }

    /** Forgets results of the execution before. */
    void start() {
        kept = false;
    }

    void close() {
        if (open) {
            operator.close();
        }
        open = false;
        kept = false;
        rows = null;
        table = null;
        value = null;
    }

    @Override
    public Object eval(RowContext row) {
        QueryContext query = row.query;
        for (int i = 0; i < bindingIds.length; i++) {
            query.execParameters[bindingIds[i]] = bindingValues[i].eval(row);
        }
        boolean keepsRows = test != null && bindingIds.length == 0;
        boolean keepsValue = test == null
                && (bindingIds.length == 0 || plan.kind() == io.quantadb.sql.typed.Expr.SubLinkKind.MULTI_ASSIGN);
        if ((keepsRows || keepsValue) && isCurrent(query)) {
            return keepsValue ? value : hashKeys.length > 0 ? probe(row) : testKept(row);
        }
        if (open) {
            operator.rescan();
        } else {
            operator.open(query);
            open = true;
        }
        if (keepsRows) {
            keepRows();
            remember(query);
            return hashKeys.length > 0 ? probe(row) : testKept(row);
        }
        value = run(row);
        if (keepsValue) {
            remember(query);
        }
        return value;
    }

    private boolean isCurrent(QueryContext query) {
        if (!kept) {
            return false;
        }
        for (int i = 0; i < freeSlots.length; i++) {
            if (!Objects.equals(keptSlots[i], query.execParameters[freeSlots[i]])) {
                return false;
            }
        }
        return true;
    }

    private void remember(QueryContext query) {
        kept = true;
        for (int i = 0; i < freeSlots.length; i++) {
            keptSlots[i] = query.execParameters[freeSlots[i]];
        }
    }

    private Object run(RowContext row) {
        return switch (plan.kind()) {
            case EXISTS -> operator.next() != null;
            case SCALAR -> {
                Object[] only = onlyRow();
                yield only == null ? null : only[0];
            }
            case MULTI_ASSIGN -> {
                Object[] only = onlyRow();
                PgType[] types = operator.outputTypes();
                yield new RowValue(types, only == null ? new Object[types.length] : only);
            }
            case ARRAY -> collect();
            case ROW_COMPARE -> {
                Object[] only = onlyRow();
                yield only == null ? null : testRow(row, only);
            }
            case ANY, ALL -> testStream(row);
        };
    }

    private Object[] onlyRow() {
        Batch batch = operator.next();
        if (batch == null) {
            return null;
        }
        Object[] values = new Object[batch.columns.length];
        batch.readRow(batch.position(0), values);
        if (batch.size() > 1 || operator.next() != null) {
            throw new SqlException(SqlState.CARDINALITY_VIOLATION,
                    "more than one row returned by a subquery used as an expression");
        }
        return values;
    }

    private ArrayValue collect() {
        PgType element = operator.outputTypes()[0];
        List<Object> values = new ArrayList<>();
        long booked = 0;
        try {
            for (Batch batch = operator.next(); batch != null; batch = operator.next()) {
                long bytes = 8L * batch.size();
                for (int i = 0; i < batch.size(); i++) {
                    Object value = batch.columns[0].get(batch.position(i));
                    bytes += RowStore.sizeOf(value);
                    values.add(value);
                }
                operator.query.memory.add(bytes);
                booked += bytes;
            }
        } finally {
            operator.query.memory.add(-booked);
        }
        if (element.isArray()) {
            throw SqlException.notSupported("ARRAY(subquery) over arrays is not supported");
        }
        return ArrayValue.of(element, values);
    }

    private Boolean testRow(RowContext row, Object[] values) {
        Object[] saved = row.swapSubLinkRow(values);
        Object result = test.eval(row);
        row.swapSubLinkRow(saved);
        return (Boolean) result;
    }

    private boolean isAny() {
        return plan.kind() == io.quantadb.sql.typed.Expr.SubLinkKind.ANY;
    }

    private Boolean testStream(RowContext row) {
        boolean unknown = false;
        Object[] values = new Object[operator.outputTypes().length];
        for (Batch batch = operator.next(); batch != null; batch = operator.next()) {
            for (int i = 0; i < batch.size(); i++) {
                batch.readRow(batch.position(i), values);
                Boolean result = testRow(row, values);
                if (result == null) {
                    unknown = true;
                } else if (result == isAny()) {
                    return result;
                }
            }
        }
        return unknown ? null : (Boolean) !isAny();
    }

    private void keepRows() {
        PgType[] types = operator.outputTypes();
        if (rows != null) {
            rows.clear();
        }
        if (table != null) {
            table.clear();
        }
        rows = hashKeys.length > 0 ? null : new RowStore(types).payBy(operator.query);
        table = hashKeys.length > 0 ? new KeyTable(types).payBy(operator.query) : null;
        tableHasNulls = false;
        int[] groups = new int[Vector.CAPACITY];
        for (Batch batch = operator.next(); batch != null; batch = operator.next()) {
            if (rows != null) {
                rows.appendAll(batch);
                continue;
            }
            table.assign(batch.columns, batch.selection(), batch.size(), groups);
            for (int i = 0; i < batch.size() && !tableHasNulls; i++) {
                tableHasNulls = table.keys().anyNull(batch.columns, batch.position(i));
            }
        }
        if (table != null && probe == null) {
            probe = new Vector[types.length];
            for (int i = 0; i < types.length; i++) {
                probe[i] = Vector.of(types[i]);
            }
        }
    }

    private Boolean testKept(RowContext row) {
        boolean unknown = false;
        Object[] values = new Object[rows.types().length];
        row.query.checkInterrupts();
        for (int r = 0; r < rows.count(); r++) {
            rows.read(r, values);
            Boolean result = testRow(row, values);
            if (result == null) {
                unknown = true;
            } else if (result == isAny()) {
                return result;
            }
        }
        return unknown ? null : (Boolean) !isAny();
    }

    private Boolean probe(RowContext row) {
        if (table.count() == 0) {
            return false;
        }
        boolean anyNull = false;
        for (int i = 0; i < hashKeys.length; i++) {
            Object key = hashKeys[i].eval(row);
            anyNull |= key == null;
            probe[i].reset();
            probe[i].set(0, key);
        }
        if (!anyNull) {
            long[] hash = new long[1];
            table.keys().hash(probe, FIRST, 1, hash);
            if (table.find(probe, 0, hash[0]) >= 0) {
                return true;
            }
        }
        if (!anyNull && !tableHasNulls || plan.unknownEqualsFalse()) {
            return false;
        }
        return hashKeys.length == 1 ? null : mayMatch() ? null : (Boolean) false;
    }

    private static final int[] FIRST = {0};

    /** Several columns, some NULL: whether some row equals the key wherever both are not NULL. */
    private boolean mayMatch() {
        RowStore stored = table.store();
        for (int r = 0; r < stored.count(); r++) {
            boolean possible = true;
            for (int c = 0; c < probe.length && possible; c++) {
                Object mine = probe[c].get(0);
                Object theirs = stored.get(r, c);
                possible = mine == null || theirs == null || stored.types()[c].ops().equal(mine, theirs);
            }
            if (possible) {
                return true;
            }
        }
        return false;
    }
}
