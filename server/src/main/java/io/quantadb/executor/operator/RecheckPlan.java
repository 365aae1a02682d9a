package io.quantadb.executor.operator;

import io.quantadb.executor.QueryContext;
import io.quantadb.executor.QueryContext.Recheck;
import io.quantadb.executor.vector.Batch;
import java.util.function.Supplier;

/**
 * Runs a plan again with one table's row replaced by its newest version: READ COMMITTED's second look at a row that was
 * changed concurrently. The plan is a second set of operators, built when it is first needed.
 */
final class RecheckPlan {
    private final Supplier<Operator> factory;
    private Operator plan;

    RecheckPlan(Supplier<Operator> factory) {
        this.factory = factory;
    }

    /** The first row the plan gives with the replacement; null if the new version no longer qualifies. */
    Object[] run(QueryContext query, int scanId, long tid) {
        if (plan == null) {
            plan = factory.get();
        }
        Object[] savedParameters = query.execParameters.clone();
        Recheck savedRecheck = query.recheck;
        query.recheck = new Recheck(scanId, tid, savedRecheck);
        try {
            plan.open(query);
            Batch batch = plan.next();
            if (batch == null) {
                return null;
            }
            Object[] values = new Object[batch.columns.length];
            batch.readRow(batch.position(0), values);
            return values;
        } finally {
            plan.close();
            query.recheck = savedRecheck;
            System.arraycopy(savedParameters, 0, query.execParameters, 0, savedParameters.length);
        }
    }
}
