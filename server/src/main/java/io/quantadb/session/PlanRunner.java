package io.quantadb.session;

import io.quantadb.executor.QueryContext;
import io.quantadb.executor.vector.Batch;
import io.quantadb.planner.physical.PhysicalStatement;

/** Starts plans. The seam between sessions and the executor. */
public interface PlanRunner {
    /** Opens the plan; nothing is computed before the first {@link Execution#next}. */
    Execution start(PhysicalStatement plan, QueryContext context);

    /** A running plan; confined to its session's thread. */
    interface Execution extends AutoCloseable {
        /** The next rows, or null at the end. The batch is valid until the next call. */
        Batch next();

        /** Rows inserted, updated or deleted so far by the statement itself. */
        long affectedRows();

        @Override
        void close();
    }
}
