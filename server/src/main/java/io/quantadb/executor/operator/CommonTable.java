package io.quantadb.executor.operator;

import io.quantadb.executor.QueryContext;
import io.quantadb.executor.vector.Batch;

/** One WITH query in execution: run as far as its readers want, its rows kept for all of them. */
final class CommonTable {
    private final Operator plan;
    private final boolean modifies;
    private QueryContext query;
    private RowStore rows;
    private boolean open;
    private boolean complete;

    CommonTable(Operator plan, boolean modifies) {
        this.plan = plan;
        this.modifies = modifies;
    }

    void start(QueryContext context) {
        query = context;
        rows = new RowStore(plan.outputTypes()).payBy(context);
        rows.spillTo(context, context.workMemBytes);
        open = false;
        complete = false;
    }

    /** Makes more rows; false at the end. */
    boolean more() {
        if (complete) {
            return false;
        }
        if (!open) {
            open = true;
            plan.open(query);
        }
        Batch batch = plan.next();
        if (batch == null) {
            complete = true;
            return false;
        }
        if (batch.columns.length > 0) {
            rows.appendAll(batch);
        }
        return true;
    }

    RowStore rows() {
        return rows;
    }

    /** Runs a data-modifying query to its end, whoever reads it. */
    void finish() {
        while (modifies && more()) {
            query.checkInterrupts();
        }
    }

    void close() {
        if (open) {
            plan.close();
        }
        open = false;
        if (rows != null) {
            rows.clear();
        }
        rows = null;
    }
}
