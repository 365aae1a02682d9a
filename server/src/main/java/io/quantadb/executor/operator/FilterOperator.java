package io.quantadb.executor.operator;

import io.quantadb.executor.Instrumentation.NodeCounters;
import io.quantadb.executor.expr.BatchFilter;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.types.PgType;
import java.util.List;

/** Keeps the rows for which a condition is true, by narrowing the selection. */
final class FilterOperator extends Operator {
    private final Operator input;
    private final BatchFilter condition;
    private final ScalarEvaluator oneTime;
    private final int[] selection = new int[Vector.CAPACITY];
    private final Batch batch;
    private boolean nothing;
    private boolean opened;
    /** Null unless EXPLAIN ANALYZE runs. */
    NodeCounters counters;

    FilterOperator(List<PgType> types, Operator input, BatchFilter condition, ScalarEvaluator oneTime) {
        super(types);
        this.input = input;
        this.condition = condition;
        this.oneTime = oneTime;
        this.batch = new Batch(new Vector[types.size()]);
    }

    @Override
    protected void doOpen() {
        nothing = oneTime != null && !oneTime.isTrue(row);
        opened = !nothing;
        if (opened) {
            input.open(query);
        }
    }

    @Override
    public Batch next() {
        while (!nothing) {
            Batch source = input.next();
            if (source == null) {
                return null;
            }
            if (condition == null) {
                return source;
            }
            int kept = condition.filter(source, source.selection(), source.size(), selection, row);
            if (counters != null) {
                counters.removedByFilter += source.size() - kept;
            }
            if (kept == 0) {
                query.checkInterrupts();
                continue;
            }
            System.arraycopy(source.columns, 0, batch.columns, 0, batch.columns.length);
            batch.selectLike(source);
            batch.select(selection, kept);
            return batch;
        }
        return null;
    }

    @Override
    public void rescan() {
        nothing = oneTime != null && !oneTime.isTrue(row);
        if (nothing) {
            return;
        }
        if (opened) {
            input.rescan();
        } else {
            opened = true;
            input.open(query);
        }
    }

    @Override
    public void close() {
        if (opened) {
            input.close();
        }
        opened = false;
    }
}
