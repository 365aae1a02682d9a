package io.quantadb.executor.operator;

import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.types.PgType;
import java.util.List;

/** VALUES lists. */
final class ValuesOperator extends Operator {
    private final List<ScalarEvaluator[]> rows;
    private final Batch batch;
    private int nextRow;

    ValuesOperator(List<PgType> types, List<ScalarEvaluator[]> rows) {
        super(types);
        this.rows = rows;
        this.batch = Batch.ofTypes(types);
    }

    @Override
    protected void doOpen() {
        nextRow = 0;
    }

    @Override
    public Batch next() {
        query.checkInterrupts();
        batch.clear();
        int n = 0;
        for (; nextRow < rows.size() && n < Vector.CAPACITY; n++) {
            ScalarEvaluator[] expressions = rows.get(nextRow++);
            for (int i = 0; i < expressions.length; i++) {
                batch.columns[i].set(n, expressions[i].eval(row));
            }
        }
        batch.selectAll(n);
        return n == 0 ? null : batch;
    }

    @Override
    public void rescan() {
        nextRow = 0;
    }

    @Override
    public void close() {
        nextRow = rows.size();
    }
}
