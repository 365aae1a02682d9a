package io.quantadb.executor.operator;

import io.quantadb.executor.QueryContext;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.vector.Batch;
import io.quantadb.types.PgType;
import java.util.List;

/**
 * A running plan node. Pulled by its parent; confined to one thread at a time.
 *
 * <p>Life: {@link #open}, any number of {@link #next} and {@link #rescan}, {@link #close}; then open may be called
 * again
 * with another query context, so that the operators of a cached plan are built once. Close is safe at any time, also
 * twice.
 */
public abstract class Operator {
    private final PgType[] outputTypes;
    protected QueryContext query;
    /** For expressions of this node. */
    protected final RowContext row = new RowContext();

    protected Operator(List<PgType> outputTypes) {
        this.outputTypes = outputTypes.toArray(PgType[]::new);
    }

    public final PgType[] outputTypes() {
        return outputTypes;
    }

    /** Starts an execution. */
    public final void open(QueryContext context) {
        query = context;
        row.query = context;
        doOpen();
    }

    /** Prepares; opens the inputs, if they are always needed. */
    protected abstract void doOpen();

    /**
     * Produces more rows.
     *
     * @return a batch with at least one selected row, valid until the next call; null at the end
     */
    public abstract Batch next();

    /** Starts again from the first row, after slots of parameters may have changed. */
    public void rescan() {
        QueryContext context = query;
        close();
        open(context);
    }

    /** Releases pins, files and memory. */
    public abstract void close();
}
