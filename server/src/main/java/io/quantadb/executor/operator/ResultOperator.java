package io.quantadb.executor.operator;

import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.executor.vector.Batch;
import io.quantadb.types.PgType;
import java.util.List;

/** One row of expressions without input, if the one-time filter allows. */
final class ResultOperator extends Operator {
    private final ScalarEvaluator[] expressions;
    private final ScalarEvaluator filter;
    private final Batch batch;
    private boolean done;

    ResultOperator(List<PgType> types, ScalarEvaluator[] expressions, ScalarEvaluator filter) {
        super(types);
        this.expressions = expressions;
        this.filter = filter;
        this.batch = Batch.ofTypes(types);
    }

    @Override
    protected void doOpen() {
        done = false;
    }

    @Override
    public Batch next() {
        if (done) {
            return null;
        }
        done = true;
        if (filter != null && !filter.isTrue(row)) {
            return null;
        }
        batch.clear();
        for (int i = 0; i < expressions.length; i++) {
            batch.columns[i].set(0, expressions[i].eval(row));
        }
        batch.selectAll(1);
        return batch;
    }

    @Override
    public void rescan() {
        done = false;
    }

    @Override
    public void close() {
        done = true;
    }
}
