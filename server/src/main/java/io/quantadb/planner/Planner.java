package io.quantadb.planner;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.planner.logical.ParamScope;
import io.quantadb.planner.logical.Rel;
import io.quantadb.planner.physical.PhysicalStatement;
import io.quantadb.sql.typed.Query;

/**
 * Turns a typed query into a physical plan.
 *
 * <p>Stateless; each call is confined to its thread and to the context's catalog reader. The result is immutable
 * and may
 * be cached as long as {@code CatalogReader.version()} stays the same. Errors: 0A000 for what cannot be planned, 54001
 * for queries nested too deeply.
 */
public final class Planner {
    private Planner() {
    }

    /** @param query any Query, views already expanded */
    public static PhysicalStatement plan(Query query, PlannerContext context) {
        StatementState state = new StatementState(context);
        try {
            QueryPlanner planner = new QueryPlanner(state, null, new ParamScope(state::nextParam));
            Rel rel = planner.plan(query, true);
            return new PhysicalStatement(rel.plan(), java.util.List.copyOf(state.subPlans),
                    java.util.List.copyOf(state.commonTables), state.paramCount());
        } catch (StackOverflowError e) {
            throw new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded", e)
                    .withHint("Simplify the statement: its expressions or queries are nested too deeply.");
        }
    }
}
