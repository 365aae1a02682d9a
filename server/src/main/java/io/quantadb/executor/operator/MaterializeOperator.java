package io.quantadb.executor.operator;

import io.quantadb.executor.vector.Batch;
import io.quantadb.types.PgType;
import java.util.List;

/** Keeps its input's rows; a rescan reads them again unless slots they depend on may have changed. */
final class MaterializeOperator extends Operator {
    private final Operator input;
    /** Whether the input reads ExecParameters set outside of it. */
    private final boolean correlated;
    private RowBuffer buffer;
    private boolean complete;
    private boolean replaying;
    private boolean opened;

    MaterializeOperator(List<PgType> types, Operator input, boolean correlated) {
        super(types);
        this.input = input;
        this.correlated = correlated;
    }

    @Override
    protected void doOpen() {
        buffer = new RowBuffer(query, outputTypes(), query.workMemBytes);
        complete = false;
        replaying = false;
        opened = true;
        input.open(query);
    }

    @Override
    public Batch next() {
        if (replaying) {
            Batch batch = buffer.next();
            if (batch != null) {
                return batch;
            }
            if (complete) {
                return null;
            }
            replaying = false;
        }
        if (complete) {
            return null;
        }
        Batch batch = input.next();
        if (batch == null) {
            complete = true;
            return null;
        }
        buffer.add(batch);
        return batch;
    }

    @Override
    public void rescan() {
        if (correlated) {
            buffer.close();
            complete = false;
            replaying = false;
            input.rescan();
            return;
        }
        // A file is read from its start only once writing has ended.
        while (!complete) {
            Batch batch = input.next();
            if (batch == null) {
                complete = true;
            } else {
                buffer.add(batch);
            }
        }
        buffer.rewind();
        replaying = true;
    }

    @Override
    public void close() {
        if (opened) {
            input.close();
            buffer.close();
        }
        opened = false;
        complete = true;
        replaying = false;
    }
}
