package io.quantadb.session;

import io.quantadb.executor.QueryContext;
import io.quantadb.executor.expr.ExprEnvironment;
import io.quantadb.executor.operator.PreparedPlan;
import io.quantadb.executor.vector.Batch;
import io.quantadb.planner.physical.PhysicalStatement;
import java.util.function.Function;

/**
 * Starts plans. Safe for use by many threads.
 *
 * <p>Building operators costs more than running a point statement, so those of quick statements are kept in the
 * statement's {@link PlanPool} and used again, by whichever session comes next.
 */
public final class PlanRunner {
    private final Function<Session, ExprEnvironment> environments;

    /** @param environments what compiling expressions looks up, for a session */
    public PlanRunner(Function<Session, ExprEnvironment> environments) {
        this.environments = environments;
    }

    /** A running plan; confined to its session's thread. */
    public interface Execution extends AutoCloseable {
        /** The next rows, or null at the end. The batch is valid until the next call. */
        Batch next();

        /** Rows inserted, updated or deleted so far by the statement itself. */
        long affectedRows();

        @Override
        void close();
    }

    /** Opens the plan of a compiled statement; nothing is computed before the first {@link Execution#next}. */
    Execution start(CompiledStatement statement, QueryContext context, Session session) {
        PlanPool pool = statement.inline() ? statement.pool() : null;
        PreparedPlan plan = pool == null ? null : pool.take();
        return open(plan == null ? build(statement.plan(), session) : plan, pool, context);
    }

    /** Opens any plan. */
    public Execution start(PhysicalStatement statement, QueryContext context, Session session) {
        return open(build(statement, session), null, context);
    }

    /** Makes operators, for those who run a plan themselves (EXPLAIN ANALYZE). */
    public PreparedPlan build(PhysicalStatement statement, Session session) {
        return new PreparedPlan(statement, environments.apply(session), null);
    }

    /** What compiling expressions looks up. */
    public ExprEnvironment environment(Session session) {
        return environments.apply(session);
    }

    private static Execution open(PreparedPlan plan, PlanPool pool, QueryContext context) {
        try {
            plan.open(context);
        } catch (Throwable e) {
            plan.close();
            throw e;
        }
        return new Running(plan, pool);
    }

    private static final class Running implements Execution {
        private final PlanPool pool;
        private PreparedPlan plan;
        private long affectedRows;
        private boolean finished;

        Running(PreparedPlan plan, PlanPool pool) {
            this.plan = plan;
            this.pool = pool;
        }

        @Override
        public Batch next() {
            Batch batch = plan.next();
            finished = batch == null;
            return batch;
        }

        @Override
        public long affectedRows() {
            return plan == null ? affectedRows : plan.affectedRows();
        }

        @Override
        public void close() {
            if (plan == null) {
                return;
            }
            affectedRows = plan.affectedRows();
            plan.close();
            // After an error operators are in no defined state.
            if (finished && pool != null) {
                pool.give(plan);
            }
            plan = null;
        }
    }
}
