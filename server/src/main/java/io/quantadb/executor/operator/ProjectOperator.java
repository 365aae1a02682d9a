package io.quantadb.executor.operator;

import io.quantadb.executor.expr.VectorEvaluator;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.types.PgType;
import java.util.List;

/** Computes expressions over its input; plain columns are passed on without copying. */
final class ProjectOperator extends Operator {
    private final Operator input;
    private final VectorEvaluator[] expressions;
    private final Batch batch;

    ProjectOperator(List<PgType> types, Operator input, VectorEvaluator[] expressions) {
        super(types);
        this.input = input;
        this.expressions = expressions;
        this.batch = new Batch(new Vector[expressions.length]);
    }

    @Override
    protected void doOpen() {
        input.open(query);
    }

    @Override
    public Batch next() {
        Batch source = input.next();
        if (source == null) {
            return null;
        }
        row.beginBatch(source.selection(), source.size());
        for (int i = 0; i < expressions.length; i++) {
            batch.columns[i] = expressions[i].eval(source, source.selection(), source.size(), row);
        }
        batch.selectLike(source);
        return batch;
    }

    @Override
    public void rescan() {
        input.rescan();
    }

    @Override
    public void close() {
        input.close();
    }
}
