package io.quantadb.executor.operator;

import io.quantadb.executor.vector.Batch;
import io.quantadb.types.PgType;
import java.util.List;

/** One input after the other. Inputs are opened when they are reached. */
final class AppendOperator extends Operator {
    private final Operator[] inputs;
    private int current;
    private boolean open;

    AppendOperator(List<PgType> types, Operator[] inputs) {
        super(types);
        this.inputs = inputs;
    }

    @Override
    protected void doOpen() {
        current = 0;
        open = false;
    }

    @Override
    public Batch next() {
        while (current < inputs.length) {
            if (!open) {
                inputs[current].open(query);
                open = true;
            }
            Batch batch = inputs[current].next();
            if (batch != null) {
                return batch;
            }
            inputs[current].close();
            open = false;
            current++;
        }
        return null;
    }

    @Override
    public void close() {
        if (open) {
            inputs[current].close();
        }
        open = false;
        current = inputs.length;
    }
}
