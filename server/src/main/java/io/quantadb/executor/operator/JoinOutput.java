package io.quantadb.executor.operator;

import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.RowView;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.types.PgType;
import java.util.List;

/** Collects a join's result rows and evaluates its extra condition on pairs of rows. */
final class JoinOutput {
    private final Batch batch;
    /** For each output column: its column in the side it comes from. */
    private final int[] columns;
    private final boolean[] fromRight;
    private final ScalarEvaluator condition;
    private final RowView.BatchRow left = new RowView.BatchRow();
    private final RowView.BatchRow right = new RowView.BatchRow();
    private int rows;

    JoinOutput(List<PgType> types, int leftWidth, List<Integer> projection, ScalarEvaluator condition) {
        this.batch = Batch.ofTypes(types);
        this.columns = new int[projection.size()];
        this.fromRight = new boolean[projection.size()];
        this.condition = condition;
        for (int i = 0; i < columns.length; i++) {
            int column = projection.get(i);
            fromRight[i] = column >= leftWidth;
            columns[i] = fromRight[i] ? column - leftWidth : column;
        }
    }

    void clear() {
        batch.clear();
        rows = 0;
    }

    boolean isFull() {
        return rows == Vector.CAPACITY;
    }

    int rows() {
        return rows;
    }

    boolean hasCondition() {
        return condition != null;
    }

    /** Whether the extra condition holds for a pair of rows. */
    boolean matches(Batch leftBatch, int leftPosition, Batch rightBatch, int rightPosition, RowContext context) {
        if (condition == null) {
            return true;
        }
        context.outer = left.at(leftBatch, leftPosition);
        context.inner = right.at(rightBatch, rightPosition);
        return condition.isTrue(context);
    }

    /** Adds a pair; a side is NULL-extended if its batch is null. */
    void add(Batch leftBatch, int leftPosition, Batch rightBatch, int rightPosition) {
        for (int i = 0; i < columns.length; i++) {
            Batch side = fromRight[i] ? rightBatch : leftBatch;
            if (side == null) {
                batch.columns[i].setNull(rows);
            } else {
                batch.columns[i].copy(rows, side.columns[columns[i]], fromRight[i] ? rightPosition : leftPosition);
            }
        }
        rows++;
    }

    /** The collected rows, null if there are none. */
    Batch take() {
        batch.selectAll(rows);
        return rows == 0 ? null : batch;
    }
}
