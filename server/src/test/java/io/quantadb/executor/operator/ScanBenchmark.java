package io.quantadb.executor.operator;

import static io.quantadb.executor.operator.PlanFixture.aggregate;
import static io.quantadb.executor.operator.PlanFixture.call;
import static io.quantadb.executor.operator.PlanFixture.column;
import static io.quantadb.executor.operator.PlanFixture.constant;
import static io.quantadb.executor.operator.PlanFixture.test;
import static io.quantadb.types.BuiltinTypes.BOOL;
import static io.quantadb.types.BuiltinTypes.BPCHAR;
import static io.quantadb.types.BuiltinTypes.DATE;
import static io.quantadb.types.BuiltinTypes.INT4;
import static io.quantadb.types.BuiltinTypes.INT8;
import static io.quantadb.types.BuiltinTypes.NUMERIC;
import static io.quantadb.types.BuiltinTypes.TEXT;

import io.quantadb.access.heap.HeapBulkInsert;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.access.heap.HeapVacuum;
import io.quantadb.access.heap.TupleBuilder;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.executor.QueryContext;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PhysicalStatement;
import io.quantadb.planner.physical.ScanTarget;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import io.quantadb.txn.IsolationLevel;
import io.quantadb.txn.TxnSession;
import io.quantadb.types.Numeric;
import io.quantadb.types.PgType;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Nanoseconds a row of TPC-H's Q6 and Q1 over one thread, to compare with the bounds measured for the design (batches:
 * Q6
 * 16, Q1 33, with a stand-in for everything but decoding and arithmetic). Run main; not a test.
 */
final class ScanBenchmark {
    private static final int ROWS = 400_000;

    private final PlanFixture plans = new PlanFixture();
    private RelationDescriptor table;

    public static void main(String[] args) throws Exception {
        new ScanBenchmark().run();
    }

    private void run() throws Exception {
        try (TableNode node = new TableNode(16_000)) {
            TxnSession session = node.session();
            load(node, session);
            runAll(node, session, "");
            // As after autovacuum: no row has to be checked.
            new HeapVacuum(node.access(session).heap(table), null).run(() -> true, true);
            runAll(node, session, "all visible, ");
        }
    }

    private void runAll(TableNode node, TxnSession session, String note) {
        session.begin(IsolationLevel.REPEATABLE_READ, false);
        measure(note + "Q6", q6(), node, session);
        measure(note + "Q1", q1(), node, session);
        measure(note + "LIKE '%x%'", like(), node, session);
        measure(note + "count(*)", new PhysicalPlan.Aggregate(plans.info(INT8), scan(List.of(), null),
                    PhysicalPlan.AggregateStrategy.PLAIN, List.of(), List.of(List.of()),
                    List.of(aggregate("count", INT8)), false), node, session);
        session.current().commit(true);
    }

    private PhysicalPlan like() {
        Expr filter = test("~~", "textlike", column(0, TEXT), constant("%length 99%", TEXT));
        return new PhysicalPlan.Aggregate(plans.info(INT8), scan(List.of(9), filter),
                PhysicalPlan.AggregateStrategy.PLAIN, List.of(), List.of(List.of()),
                List.of(aggregate("count", INT8)), false);
    }


    private void load(TableNode node, TxnSession session) throws Exception {
        String[] names = {"orderkey", "quantity", "extendedprice", "discount", "tax", "returnflag", "linestatus",
            "shipdate", "comment"};
        PgType[] types = {INT4, NUMERIC, NUMERIC, NUMERIC, NUMERIC, BPCHAR, BPCHAR, DATE, TEXT};
        List<ColumnDescriptor> columns = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            columns.add(ColumnDescriptor.plain(names[i], i + 1, types[i], -1, true));
        }
        table = node.table("lineitem", columns);
        session.begin(IsolationLevel.READ_COMMITTED, false);
        HeapRelation heap = node.access(session).heap(table);
        TupleBuilder row = new TupleBuilder(heap.layout());
        Random random = new Random(7);
        try (HeapBulkInsert bulk = heap.bulkInsert(session.current())) {
            for (int i = 0; i < ROWS; i++) {
                row.clear().setLong(0, i / 4).setObject(1, Numeric.of((1 + random.nextInt(50)) * 100, 2))
                        .setObject(2, Numeric.of(90_000 + random.nextInt(10_000_000), 2))
                        .setObject(3, Numeric.of(random.nextInt(11), 2)).setObject(4, Numeric.of(random.nextInt(9), 2))
                        .setObject(5, random.nextInt(4) < 2 ? "N" : random.nextBoolean() ? "R" : "A")
                        .setObject(6, random.nextBoolean() ? "O" : "F")
                        .setLong(7, -2922 + random.nextInt(2526)).setObject(8, "comment of moderate length " + i);
                bulk.add(row);
                if (bulk.isFull()) {
                    bulk.flush(tid -> { });
                }
            }
            bulk.flush(tid -> { });
        }
        session.current().commit(true);
        node.flush();
    }

    private PhysicalPlan scan(List<Integer> attributes, Expr filter) {
        return new PhysicalPlan.SeqScan(plans.info(attributes.stream().map(a -> table.column(a).type()).toList()),
                new ScanTarget(1, table, null, attributes, attributes.size()), filter);
    }

    private static Expr number(String text) {
        return constant(Numeric.parse(text), NUMERIC);
    }

    private PhysicalPlan q6() {
        Expr date = column(0, DATE);
        Expr discount = column(1, NUMERIC);
        Expr filter = new Expr.BoolExpr(Expr.BoolKind.AND, List.of(test(">=", "date_ge", date, constant(-2191L, DATE)),
                test("<", "date_lt", date, constant(-1826L, DATE)), test(">=", "numeric_ge", discount, number("0.05")),
                test("<=", "numeric_le", discount, number("0.07")),
                test("<", "numeric_lt", column(2, NUMERIC), number("24"))), BOOL, Origin.NONE);
        return new PhysicalPlan.Aggregate(plans.info(NUMERIC), scan(List.of(8, 4, 2, 3), filter),
                PhysicalPlan.AggregateStrategy.PLAIN, List.of(), List.of(List.of()), List.of(aggregate("sum", NUMERIC,
                        call("*", "numeric_mul", NUMERIC, column(3, NUMERIC), discount))), false);
    }

    private PhysicalPlan q1() {
        Expr quantity = column(2, NUMERIC);
        Expr price = column(3, NUMERIC);
        Expr discount = column(4, NUMERIC);
        Expr reduced = call("*", "numeric_mul", NUMERIC, price,
                call("-", "numeric_sub", NUMERIC, number("1"), discount));
        Expr charge = call("*", "numeric_mul", NUMERIC, reduced,
                call("+", "numeric_add", NUMERIC, number("1"), column(5, NUMERIC)));
        PhysicalPlan scan = scan(List.of(6, 7, 2, 3, 4, 5, 8),
                test("<=", "date_le", column(6, DATE), constant(-486L, DATE)));
        return new PhysicalPlan.Aggregate(plans.info(BPCHAR, BPCHAR, NUMERIC, NUMERIC, NUMERIC, NUMERIC, NUMERIC, NUMERIC,
                NUMERIC, INT8), scan, PhysicalPlan.AggregateStrategy.HASHED, List.of(0, 1), List.of(List.of(0, 1)),
                List.of(aggregate("sum", NUMERIC, quantity), aggregate("sum", NUMERIC, price),
                        aggregate("sum", NUMERIC, reduced), aggregate("sum", NUMERIC, charge),
                        aggregate("avg", NUMERIC, quantity), aggregate("avg", NUMERIC, price),
                        aggregate("avg", NUMERIC, discount), aggregate("count", INT8)), false);
    }

    /** Least time passed and CPU time of this thread, ns. */
    private static long[] best(PreparedPlan prepared, QueryContext query) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long[] best = {Long.MAX_VALUE, Long.MAX_VALUE};
        for (int i = 0; i < 30; i++) {
            long cpu = threads.getCurrentThreadCpuTime();
            long start = System.nanoTime();
            PlanFixture.run(prepared, query);
            best[0] = Math.min(best[0], System.nanoTime() - start);
            best[1] = Math.min(best[1], threads.getCurrentThreadCpuTime() - cpu);
        }
        return best;
    }

    private static void measure(String name, PhysicalPlan plan, TableNode node, TxnSession session) {
        QueryContext query = node.statement(session);
        PreparedPlan prepared = new PreparedPlan(new PhysicalStatement(plan, List.of(), List.of(), 0),
                PlanFixture.ENVIRONMENT, null);
        query.parallelWorkers = 0;
        long[] alone = best(prepared, query);
        query.parallelWorkers = 1;
        long[] helped = best(prepared, query);
        System.out.printf("%s: %.1f ns a row (%.1f of CPU), with a helper %.1f%n", name, (double) alone[0] / ROWS,
                (double) alone[1] / ROWS, (double) helped[0] / ROWS);
        node.end(query);
    }
}
