package io.quantadb.executor.operator;

import static io.quantadb.executor.operator.PlanFixture.call;
import static io.quantadb.executor.operator.PlanFixture.column;
import static io.quantadb.executor.operator.PlanFixture.constant;
import static io.quantadb.executor.operator.PlanFixture.test;
import static io.quantadb.types.BuiltinTypes.BOOL;
import static io.quantadb.types.BuiltinTypes.INT4;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PhysicalStatement;
import io.quantadb.planner.physical.SubPlan;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Goal: subqueries in expressions, WITH queries and recursion mean what SQL says, also when a plan runs again. */
class SubPlanTest {
    private final PlanFixture plans = new PlanFixture();

    private PhysicalPlan numbers(Object... values) {
        List<Object[]> rows = new ArrayList<>();
        for (Object value : values) {
            rows.add(new Object[] {value});
        }
        return plans.values(rows, INT4);
    }

    private static Expr parameter(int id, io.quantadb.types.PgType type) {
        return new Expr.ExecParameter(id, type, -1, 0, Origin.NONE);
    }

    private static List<List<Object>> twice(PhysicalStatement statement) {
        try (PreparedPlan prepared = new PreparedPlan(statement, PlanFixture.ENVIRONMENT, null)) {
            List<List<Object>> first = PlanFixture.run(prepared, PlanFixture.context());
            assertEquals(first, PlanFixture.run(prepared, PlanFixture.context()), "second execution");
            return first;
        }
    }

    private PhysicalStatement project(PhysicalPlan input, SubPlan subPlan, io.quantadb.types.PgType type) {
        return new PhysicalStatement(new PhysicalPlan.Project(plans.info(INT4, type), input,
                List.of(column(0, INT4), parameter(subPlan.parameterId(), type))), List.of(subPlan), List.of(), 4);
    }

    private static List<Object> row(Object... values) {
        return Arrays.asList(values);
    }

    @Test
    void shouldEvaluateCorrelatedExists() {
        PhysicalPlan inner = new PhysicalPlan.Filter(plans.info(INT4), numbers(2L, 3L, 3L),
                test("=", "int4eq", column(0, INT4), parameter(1, INT4)), null);
        SubPlan exists = new SubPlan(0, Expr.SubLinkKind.EXISTS, inner,
                List.of(new SubPlan.Binding(1, column(0, INT4))), null, List.of(), false, "SubPlan 1");
        assertEquals(List.of(row(1L, false), row(2L, true), row(3L, true), row(null, false)),
                twice(project(numbers(1L, 2L, 3L, null), exists, BOOL)));
    }

    @Test
    void shouldDistinguishUnknownInHashedAndPlainIn() {
        Expr equal = test("=", "int4eq", column(0, INT4), new Expr.SubLinkColumn(0, 1, INT4, -1, 0, Origin.NONE));
        for (boolean withNull : new boolean[] {false, true}) {
            Object[] list = withNull ? new Object[] {2L, null, 3L} : new Object[] {2L, 3L};
            Object missing = withNull ? null : (Object) false;
            for (List<Expr> keys : List.of(List.<Expr>of(), List.of(column(0, INT4)))) {
                SubPlan in = new SubPlan(0, Expr.SubLinkKind.ANY, numbers(list), List.of(), equal, keys, false, "SubPlan 1");
                assertEquals(List.of(row(1L, missing), row(2L, true), row(null, null)),
                        twice(project(numbers(1L, 2L, null), in, BOOL)), "null: " + withNull + " hashed: " + keys);
            }
        }
        SubPlan empty = new SubPlan(0, Expr.SubLinkKind.ANY, numbers(), List.of(), equal, List.of(column(0, INT4)), false,
                "SubPlan 1");
        assertEquals(List.of(row(null, false)), twice(project(numbers((Object) null), empty, BOOL)));
    }

    @Test
    void shouldRefuseSecondRowOfScalarSubquery() {
        SubPlan scalar = new SubPlan(0, Expr.SubLinkKind.SCALAR, numbers(5L), List.of(), null, List.of(), false, "InitPlan 1");
        assertEquals(List.of(row(1L, 5L)), twice(project(numbers(1L), scalar, INT4)));
        SubPlan none = new SubPlan(0, Expr.SubLinkKind.SCALAR, numbers(), List.of(), null, List.of(), false, "InitPlan 1");
        assertEquals(List.of(row(1L, null)), twice(project(numbers(1L), none, INT4)));
        SubPlan two = new SubPlan(0, Expr.SubLinkKind.SCALAR, numbers(5L, 6L), List.of(), null, List.of(), false, "InitPlan 1");
        SqlException failure = assertThrows(SqlException.class, () -> twice(project(numbers(1L), two, INT4)));
        assertEquals(SqlState.CARDINALITY_VIOLATION, failure.state());
        assertEquals("more than one row returned by a subquery used as an expression", failure.getMessage());
    }

    @Test
    void shouldCountRecursivelyAndShareCommonTables() {
        // WITH RECURSIVE r AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 2000)
        PhysicalPlan smaller = new PhysicalPlan.Filter(plans.info(INT4), new PhysicalPlan.WorkTableScan(plans.info(INT4), 7),
                test("<", "int4lt", column(0, INT4), constant(2000L, INT4)), null);
        PhysicalPlan next = new PhysicalPlan.Project(plans.info(INT4), smaller,
                List.of(call("+", "int4pl", INT4, column(0, INT4), constant(1L, INT4))));
        PhysicalPlan recursive = new PhysicalPlan.RecursiveUnion(plans.info(INT4), numbers(1L), next, true, 7);
        PhysicalPlan both = new PhysicalPlan.Append(plans.info(INT4), List.of(
                new PhysicalPlan.Limit(plans.info(INT4), new PhysicalPlan.CteScan(plans.info(INT4), 1, "r"),
                        constant(3L, io.quantadb.types.BuiltinTypes.INT8), null, List.of()),
                new PhysicalPlan.CteScan(plans.info(INT4), 1, "r")));
        PhysicalStatement statement = new PhysicalStatement(both, List.of(), List.of(
                new PhysicalStatement.CommonTablePlan(1, "r", recursive, false)), 0);
        List<List<Object>> rows = twice(statement);
        assertEquals(2003, rows.size());
        assertEquals(List.of(3L), rows.get(2));
        assertEquals(List.of(1L), rows.get(3));
        assertEquals(List.of(2000L), rows.getLast());
    }

    @Test
    void shouldStopUnionRecursionAtKnownRows() {
        // n -> (n * 2) % 9 from 1 visits 1 2 4 8 7 5 and comes back to 1.
        PhysicalPlan next = new PhysicalPlan.Project(plans.info(INT4), new PhysicalPlan.WorkTableScan(plans.info(INT4), 7),
                List.of(call("%", "int4mod", INT4, call("*", "int4mul", INT4, column(0, INT4), constant(2L, INT4)),
                        constant(9L, INT4))));
        PhysicalPlan union = new PhysicalPlan.RecursiveUnion(plans.info(INT4), numbers(1L), next, false, 7);
        assertEquals(List.of(row(1L), row(2L), row(4L), row(8L), row(7L), row(5L)),
                twice(new PhysicalStatement(union, List.of(), List.of(), 0)));
    }
}
