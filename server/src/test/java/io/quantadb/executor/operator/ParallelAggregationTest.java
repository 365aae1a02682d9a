package io.quantadb.executor.operator;

import static io.quantadb.executor.operator.PlanFixture.aggregate;
import static io.quantadb.executor.operator.PlanFixture.call;
import static io.quantadb.executor.operator.PlanFixture.column;
import static io.quantadb.executor.operator.PlanFixture.constant;
import static io.quantadb.executor.operator.PlanFixture.test;
import static io.quantadb.types.BuiltinTypes.FLOAT8;
import static io.quantadb.types.BuiltinTypes.INT4;
import static io.quantadb.types.BuiltinTypes.INT8;
import static io.quantadb.types.BuiltinTypes.NUMERIC;
import static io.quantadb.types.BuiltinTypes.TEXT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.access.heap.HeapBulkInsert;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.access.heap.TupleBuilder;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.QueryContext;
import io.quantadb.planner.physical.JoinType;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PhysicalStatement;
import io.quantadb.planner.physical.ScanTarget;
import io.quantadb.sql.typed.Expr;
import io.quantadb.txn.IsolationLevel;
import io.quantadb.txn.TxnSession;
import io.quantadb.types.Numeric;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Goal: several threads give the answer of one, and errors, cancellation and lack of memory end as with one. Method: the
 * same plan with and without helpers over a table of a few hundred pages; one helper on a machine with two processors.
 */
class ParallelAggregationTest {
    private static final int ROWS = 40_000;

    private final PlanFixture plans = new PlanFixture();
    private TableNode node;
    private TxnSession session;
    private RelationDescriptor table;

    @BeforeEach
    void start() throws Exception {
        node = new TableNode(4000);
        session = node.session();
        table = node.table("t", List.of(ColumnDescriptor.plain("k", 1, INT4, -1, false),
                ColumnDescriptor.plain("n", 2, NUMERIC, -1, false), ColumnDescriptor.plain("f", 3, FLOAT8, -1, false),
                ColumnDescriptor.plain("s", 4, TEXT, -1, false)));
        session.begin(IsolationLevel.READ_COMMITTED, false);
        HeapRelation heap = node.access(session).heap(table);
        TupleBuilder row = new TupleBuilder(heap.layout());
        try (HeapBulkInsert bulk = heap.bulkInsert(session.current())) {
            for (int i = 0; i < ROWS; i++) {
                row.clear().setLong(0, i).setObject(1, Numeric.of(i % 1000, i % 7 == 0 ? 3 : 2)).setDouble(2, i)
                        .setObject(3, i % 5 == 0 ? "a text too long to pack " + i % 3 : "s" + i % 11);
                if (i % 13 == 0) {
                    row.setNull(3);
                }
                bulk.add(row);
                if (bulk.isFull()) {
                    bulk.flush(tid -> { });
                }
            }
            bulk.flush(tid -> { });
        }
        session.current().commit(true);
        node.flush();
        session.begin(IsolationLevel.READ_COMMITTED, false);
    }

    @AfterEach
    void stop() throws Exception {
        session.current().commit(true);
        assertEquals(0, node.pinsHeld(), "pins leaked");
        node.close();
    }

    private PhysicalPlan scan(Expr filter, Integer... attributes) {
        List<Integer> list = List.of(attributes);
        return new PhysicalPlan.SeqScan(plans.info(list.stream().map(a -> table.column(a).type()).toList()),
                new ScanTarget(1, table, null, list, list.size()), filter);
    }

    private PhysicalPlan group(PhysicalPlan input, List<Integer> columns, Expr.AggregateCall... calls) {
        List<io.quantadb.types.PgType> types = new ArrayList<>();
        columns.forEach(c -> types.add(input.output().get(c).type()));
        for (Expr.AggregateCall aggregate : calls) {
            types.add(aggregate.type());
        }
        List<Integer> members = java.util.stream.IntStream.range(0, columns.size()).boxed().toList();
        return new PhysicalPlan.Aggregate(plans.info(types), input, columns.isEmpty()
                ? PhysicalPlan.AggregateStrategy.PLAIN : PhysicalPlan.AggregateStrategy.HASHED, columns,
                List.of(members), List.of(calls), false);
    }

    private List<List<Object>> run(PhysicalPlan plan, int workers, long workMem) {
        QueryContext query = node.statement(session);
        query.parallelWorkers = workers;
        query.minParallelTableScanBytes = 0;
        query.workMemBytes = workMem;
        try (PreparedPlan prepared = prepare(plan)) {
            List<List<Object>> first = PlanFixture.run(prepared, query);
            List<List<Object>> second = PlanFixture.run(prepared, query);
            first.sort(ORDER);
            second.sort(ORDER);
            assertEquals(first, second, "second execution of the same operators");
            return first;
        } finally {
            node.end(query);
        }
    }

    private static final Comparator<List<Object>> ORDER =
            Comparator.comparing(row -> Objects.toString(row.getFirst()));

    private static PreparedPlan prepare(PhysicalPlan plan) {
        return new PreparedPlan(new PhysicalStatement(plan, List.of(), List.of(), 0), PlanFixture.ENVIRONMENT, null);
    }

    private void shouldAgree(PhysicalPlan plan, int rows) {
        List<List<Object>> alone = run(plan, 0, 4 << 20);
        assertEquals(rows, alone.size());
        for (int i = 0; i < 5; i++) {
            assertEquals(alone, run(plan, 2, 4 << 20));
        }
    }

    @Test
    void shouldAgreeWithOneThread() {
        Expr.AggregateCall[] calls = {aggregate("count", INT8), aggregate("sum", NUMERIC, column(1, NUMERIC)),
            aggregate("avg", NUMERIC, column(1, NUMERIC)), aggregate("sum", FLOAT8, column(2, FLOAT8)),
            aggregate("max", TEXT, column(0, TEXT)), aggregate("count", INT8, column(0, TEXT))};
        shouldAgree(group(scan(null, 4, 2, 3), List.of(0), calls), 11 + 3 + 1);
        shouldAgree(group(scan(null, 4, 2, 3), List.of(), calls), 1);
        shouldAgree(group(scan(test(">=", "int4ge", column(3, INT4), constant(39_990L, INT4)), 4, 2, 3, 1), List.of(3),
                aggregate("count", INT8)), 10);
    }

    @Test
    void shouldProbeOneTableWithSeveralThreads() {
        List<Object[]> small = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            small.add(new Object[] {(long) i * 3, "joined " + i % 4});
        }
        PhysicalPlan join = new PhysicalPlan.HashJoin(plans.info(INT4, TEXT), JoinType.INNER, scan(null, 1),
                plans.values(small, INT4, TEXT), List.of(column(0, INT4)), List.of(column(0, INT4)), null,
                List.of(0, 2));
        shouldAgree(group(join, List.of(1), aggregate("count", INT8), aggregate("sum", INT8, column(0, INT4))), 4);
    }

    @Test
    void shouldStartAgainAloneWhenGroupsNeedTooMuchMemory() {
        PhysicalPlan plan = group(scan(null, 1), List.of(0), aggregate("count", INT8));
        List<List<Object>> groups = run(plan, 2, 64 << 10);
        assertEquals(ROWS, groups.size());
        assertTrue(groups.stream().allMatch(row -> row.get(1).equals(1L)));
    }

    @Test
    void shouldReportErrorsOfAnyThread() {
        Expr quotient = call("/", "int4div", INT4, constant(1L, INT4),
                call("-", "int4mi", INT4, column(0, INT4), constant(20_000L, INT4)));
        PhysicalPlan plan = group(scan(null, 1), List.of(), aggregate("sum", INT8, quotient));
        for (int i = 0; i < 20; i++) {
            SqlException error = assertThrows(SqlException.class, () -> run(plan, 2, 4 << 20));
            assertEquals(SqlState.DIVISION_BY_ZERO, error.state());
        }
    }

    @Test
    void shouldStopHelpersWhenCancelled() {
        PhysicalPlan plan = group(scan(null, 1), List.of(), aggregate("count", INT8));
        QueryContext query = node.statement(session);
        query.minParallelTableScanBytes = 0;
        query.interrupts = () -> {
            throw new SqlException(SqlState.QUERY_CANCELED, "canceling statement due to user request");
        };
        try (PreparedPlan prepared = prepare(plan)) {
            prepared.open(query);
            assertThrows(SqlException.class, prepared::next);
        }
        node.end(query);
    }
}
