package io.quantadb.executor.operator;

import static io.quantadb.executor.operator.PlanFixture.call;
import static io.quantadb.executor.operator.PlanFixture.column;
import static io.quantadb.executor.operator.PlanFixture.constant;
import static io.quantadb.types.BuiltinTypes.INT4;
import static io.quantadb.types.BuiltinTypes.INT8;
import static io.quantadb.types.BuiltinTypes.TEXT;

import com.sun.management.ThreadMXBean;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.executor.QueryContext;
import io.quantadb.executor.vector.Batch;
import io.quantadb.planner.physical.InputRef;
import io.quantadb.planner.physical.ModifyTable;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PhysicalStatement;
import io.quantadb.planner.physical.ScanTarget;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import io.quantadb.txn.IsolationLevel;
import io.quantadb.txn.TxnSession;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Nanoseconds and allocated bytes of one execution of a prepared lookup, and of an update, by primary key: open, next,
 * close of one operator tree again and again. Run main; not a test.
 */
final class PointBenchmark {
    private static final int ROWS = 100_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final PlanFixture plans = new PlanFixture();
    private final Random random = new Random(3);
    private RelationDescriptor table;

    public static void main(String[] args) throws Exception {
        new PointBenchmark().run();
    }

    private void run() throws Exception {
        try (TableNode node = new TableNode(40_000)) {
            TxnSession session = node.session();
            table = node.table("accounts", List.of(ColumnDescriptor.plain("aid", 1, INT4, -1, true),
                    ColumnDescriptor.plain("bid", 2, INT4, -1, true),
                    ColumnDescriptor.plain("abalance", 3, INT4, -1, true),
                    ColumnDescriptor.plain("filler", 4, TEXT, -1, true)), 1);
            load(node, session);
            session.begin(IsolationLevel.REPEATABLE_READ, false);
            QueryContext query = node.statement(session);
            query.parameters = new Object[1];
            PreparedPlan lookup = plan(lookup());
            for (int round = 0; round < 6; round++) {
                lookups(lookup, query);
            }
            node.end(query);
            session.current().commit(true);
            PreparedPlan update = plan(update());
            for (int round = 0; round < 6; round++) {
                updates(update, node, session);
            }
        }
    }

    private void load(TableNode node, TxnSession session) {
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(new Object[] {(long) i, 1L, 0L, "x".repeat(84)});
        }
        session.begin(IsolationLevel.READ_COMMITTED, false);
        QueryContext query = node.statement(session);
        PlanFixture.run(new ModifyTable(plans.info(), plans.values(rows, INT4, INT4, INT4, TEXT),
                ModifyTable.Operation.INSERT, List.of(target(0)), null, -1, -1, List.of(), List.of(), null, List.of(),
                List.of(), true), query);
        node.end(query);
        session.current().commit(true);
        node.flush();
    }

    private ModifyTable.Target target(int scanId) {
        return new ModifyTable.Target(scanId, table, List.of(), List.of(), List.of(), table.indexes().stream()
                .map(i -> new ModifyTable.IndexTarget(i, Collections.singletonList(null), null)).toList());
    }

    private static PreparedPlan plan(PhysicalPlan plan) {
        return new PreparedPlan(new PhysicalStatement(plan, List.of(), List.of(), 0), PlanFixture.ENVIRONMENT, null);
    }

    private PhysicalPlan byKey(List<Integer> attributes, Expr... expressions) {
        Expr key = new Expr.Parameter(1, INT4, -1, 0, Origin.NONE);
        return new PhysicalPlan.PointLookup(plans.info(List.of(expressions).stream().map(Expr::type).toList()),
                new ScanTarget(1, table, null, attributes, attributes.size()), table.indexes().getFirst(),
                List.of(key), null, List.of(expressions));
    }

    private PhysicalPlan lookup() {
        return byKey(List.of(3), column(0, INT4));
    }

    private PhysicalPlan update() {
        PhysicalPlan input = byKey(List.of(InputRef.ROW_ID, 3), column(0, INT8),
                call("+", "int4pl", INT4, column(1, INT4), constant(7L, INT4)));
        return new ModifyTable(plans.info(), input, ModifyTable.Operation.UPDATE, List.of(target(1)), null, 0, -1,
                List.of(3), List.of(1), null, List.of(), List.of(), true);
    }

    private void lookups(PreparedPlan plan, QueryContext query) {
        int n = 400_000;
        Object[] keys = new Object[1024];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = (long) random.nextInt(ROWS);
        }
        long sum = 0;
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        for (int i = 0; i < n; i++) {
            query.parameters[0] = keys[i & 1023];
            plan.open(query);
            for (Batch batch = plan.next(); batch != null; batch = plan.next()) {
                sum += batch.columns[0].getLong(batch.position(0));
            }
            plan.close();
        }
        report("lookup", n, System.nanoTime() - start, THREADS.getCurrentThreadAllocatedBytes() - allocated);
        if (sum != 0) {
            throw new IllegalStateException("balances add up to " + sum);
        }
    }

    /** Each update in a transaction of its own, committed without waiting for the log; only execution is measured. */
    private void updates(PreparedPlan plan, TableNode node, TxnSession session) {
        int n = 10_000;
        long nanos = 0;
        long bytes = 0;
        for (int i = 0; i < n; i++) {
            session.begin(IsolationLevel.READ_COMMITTED, false);
            QueryContext query = node.statement(session);
            query.parameters = new Object[] {(long) random.nextInt(ROWS)};
            long allocated = THREADS.getCurrentThreadAllocatedBytes();
            long start = System.nanoTime();
            plan.open(query);
            Batch none = plan.next();
            plan.close();
            nanos += System.nanoTime() - start;
            bytes += THREADS.getCurrentThreadAllocatedBytes() - allocated;
            if (none != null || query.affectedRows != 1) {
                throw new IllegalStateException("updated " + query.affectedRows + " rows");
            }
            node.end(query);
            session.current().commit(false);
        }
        report("update", n, nanos, bytes);
    }

    private static void report(String what, int n, long nanos, long bytes) {
        System.out.printf("%s: %d ns, %d bytes%n", what, nanos / n, bytes / n);
    }
}
