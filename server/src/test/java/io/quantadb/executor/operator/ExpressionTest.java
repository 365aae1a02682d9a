package io.quantadb.executor.operator;

import static io.quantadb.executor.operator.PlanFixture.aggregate;
import static io.quantadb.executor.operator.PlanFixture.call;
import static io.quantadb.executor.operator.PlanFixture.column;
import static io.quantadb.executor.operator.PlanFixture.constant;
import static io.quantadb.executor.operator.PlanFixture.test;
import static io.quantadb.types.BuiltinTypes.BOOL;
import static io.quantadb.types.BuiltinTypes.FLOAT8;
import static io.quantadb.types.BuiltinTypes.INT4;
import static io.quantadb.types.BuiltinTypes.INT8;
import static io.quantadb.types.BuiltinTypes.INTERVAL;
import static io.quantadb.types.BuiltinTypes.NUMERIC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.function.LikePattern;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.Numeric;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import io.quantadb.types.TextContext;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Goal: expressions mean what they mean in PostgreSQL 15, row at a time, over vectors and as filters. Method: truth
 * tables,
 * random values in both forms, and answers PostgreSQL gave (resources executor/*.golden and literals here).
 */
class ExpressionTest {
    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final PlanFixture plans = new PlanFixture();

    ExpressionTest() {
        System.out.println("ExpressionTest seed " + seed);
    }

    private List<List<Object>> project(List<Object[]> rows, PgType[] types, Expr... exprs) {
        return plans.run(new PhysicalPlan.Project(plans.info(Arrays.stream(exprs).map(Expr::type).toList()),
                plans.values(rows, types), List.of(exprs)));
    }

    /** The same expressions, one row at a time: as the fields of a VALUES row. */
    private List<Object> scalar(Object[] row, PgType[] types, Expr expr) {
        return project(List.<Object[]>of(row), types, new Expr.Coalesce(List.of(expr), expr.type(), 0, Origin.NONE)).getFirst();
    }

    @Test
    void shouldKeepThreeValuedLogicInFiltersAndValues() {
        Object[] values = {true, false, null};
        List<Object[]> rows = new ArrayList<>();
        for (Object a : values) {
            for (Object b : values) {
                rows.add(new Object[] {a, b});
            }
        }
        PgType[] types = {BOOL, BOOL};
        Expr a = column(0, BOOL);
        Expr b = column(1, BOOL);
        for (Expr.BoolKind kind : new Expr.BoolKind[] {Expr.BoolKind.AND, Expr.BoolKind.OR}) {
            Expr expr = new Expr.BoolExpr(kind, List.of(a, b), BOOL, Origin.NONE);
            Expr not = new Expr.BoolExpr(Expr.BoolKind.NOT, List.of(expr), BOOL, Origin.NONE);
            List<List<Object>> actual = project(rows, types, expr, not);
            List<List<Object>> kept = new ArrayList<>();
            List<List<Object>> keptByNot = new ArrayList<>();
            for (int i = 0; i < rows.size(); i++) {
                Boolean expected = logic(kind, (Boolean) rows.get(i)[0], (Boolean) rows.get(i)[1]);
                assertEquals(Arrays.asList(expected, expected == null ? null : !expected), actual.get(i));
                if (Boolean.TRUE.equals(expected)) {
                    kept.add(Arrays.asList(rows.get(i)));
                } else if (expected != null) {
                    keptByNot.add(Arrays.asList(rows.get(i)));
                }
            }
            assertEquals(kept, filter(rows, types, expr));
            assertEquals(keptByNot, filter(rows, types, not));
        }
    }

    private static Boolean logic(Expr.BoolKind kind, Boolean a, Boolean b) {
        Boolean decisive = kind == Expr.BoolKind.OR;
        if (decisive.equals(a) || decisive.equals(b)) {
            return decisive;
        }
        return a == null || b == null ? null : (Boolean) !decisive;
    }

    private List<List<Object>> filter(List<Object[]> rows, PgType[] types, Expr condition) {
        return plans.run(new PhysicalPlan.Filter(plans.info(types), plans.values(rows, types), condition, null));
    }

    @Test
    void shouldReportOverflowAndDivisionByZero() {
        assertError("integer out of range", SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
                call("+", "int4pl", INT4, constant(2147483647L, INT4), column(0, INT4)), 1L);
        assertError("integer out of range", SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
                call("*", "int4mul", INT4, column(0, INT4), column(0, INT4)), 65536L);
        assertError("bigint out of range", SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
                call("-", "int8mi", INT8, column(0, INT4), constant(Long.MAX_VALUE, INT8)), -2L);
        assertError("division by zero", SqlState.DIVISION_BY_ZERO,
                call("/", "int4div", INT4, constant(1L, INT4), column(0, INT4)), 0L);
        // Rows that do not reach the division must not fail.
        Expr guarded = new Expr.CaseExpr(null, List.of(new Expr.CaseBranch(test("<>", "int4ne", column(0, INT4),
                constant(0L, INT4)), call("/", "int4div", INT4, constant(10L, INT4), column(0, INT4)))),
                constant(null, INT4), INT4, 0, Origin.NONE);
        assertEquals(List.of(List.of(5L), Arrays.asList((Object) null)), project(
                List.of(new Object[] {2L}, new Object[] {0L}), new PgType[] {INT4}, guarded));
    }

    private void assertError(String message, SqlState state, Expr expr, Object value) {
        List<Object[]> rows = List.<Object[]>of(new Object[] {value});
        SqlException vector = assertThrows(SqlException.class, () -> project(rows, new PgType[] {INT4}, expr));
        SqlException scalar = assertThrows(SqlException.class, () -> scalar(rows.getFirst(), new PgType[] {INT4}, expr));
        for (SqlException e : List.of(vector, scalar)) {
            assertEquals(message, e.getMessage());
            assertEquals(state, e.state());
        }
    }

    @Test
    void shouldComputeNumericsAlikeInVectorsAndRows() {
        PgType[] types = {NUMERIC, NUMERIC};
        for (int round = 0; round < 30; round++) {
            List<Object[]> rows = new ArrayList<>();
            int scales = 1 + random.nextInt(2);
            boolean large = random.nextInt(4) == 0;
            for (int i = 0; i < 300; i++) {
                rows.add(new Object[] {number(scales, large), number(scales, large)});
            }
            for (String function : new String[] {"numeric_add", "numeric_sub", "numeric_mul"}) {
                Expr expr = call("?", function, NUMERIC, column(0, NUMERIC), column(1, NUMERIC));
                List<List<Object>> actual = project(rows, types, expr);
                for (int i = 0; i < rows.size(); i++) {
                    Numeric a = (Numeric) rows.get(i)[0];
                    Numeric b = (Numeric) rows.get(i)[1];
                    Object expected = a == null || b == null ? null : switch (function) {
                        case "numeric_add" -> a.add(b).toString();
                        case "numeric_sub" -> a.subtract(b).toString();
                        default -> a.multiply(b).toString();
                    };
                    Object value = actual.get(i).getFirst();
                    assertEquals(expected, value == null ? null : value.toString(), "seed " + seed);
                }
            }
            Numeric limit = number(scales, large);
            if (limit != null) {
                List<List<Object>> kept = filter(rows, types, test("<", "numeric_lt", column(0, NUMERIC),
                        constant(limit, NUMERIC)));
                assertEquals(rows.stream().filter(r -> r[0] != null && ((Numeric) r[0]).compareTo(limit) < 0).count(),
                        kept.size(), "seed " + seed);
            }
        }
    }

    private Numeric number(int scales, boolean large) {
        if (random.nextInt(20) == 0) {
            return null;
        }
        long unscaled = large ? random.nextLong() : random.nextInt(2_000_000) - 1_000_000;
        return Numeric.of(unscaled, 2 + random.nextInt(scales));
    }

    @Test
    void shouldMatchLikeAsPostgresDoes() throws Exception {
        try (var stream = getClass().getResourceAsStream("/executor/like.golden")) {
            assertNotNull(stream);
            BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
            int count = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine(), count++) {
                String[] parts = line.split("\t");
                assertEquals(parts[2].equals("t"), LikePattern.compile(parts[1]).matches(parts[0]), line);
            }
            assertEquals(600, count);
        }
    }

    @Test
    void shouldFindValuesInListsWithAndWithoutNulls() {
        List<Object[]> rows = new ArrayList<>();
        for (long i = 0; i < 40; i++) {
            rows.add(new Object[] {i % 10 == 9 ? null : (Object) i});
        }
        List<Object> list = new ArrayList<>();
        for (long i = 0; i < 40; i += 3) {
            list.add(i);
        }
        for (boolean withNull : new boolean[] {false, true}) {
            if (withNull) {
                list.add(null);
            }
            ArrayValue array = ArrayValue.of(INT4, list);
            Expr values = constant(array, BuiltinTypes.get(Oids.INT4_ARRAY));
            Expr in = arrayOp("=", "int4eq", true, values);
            Expr notIn = arrayOp("<>", "int4ne", false, values);
            List<List<Object>> answers = project(rows, new PgType[] {INT4}, in, notIn);
            int found = 0;
            for (int i = 0; i < rows.size(); i++) {
                Object value = rows.get(i)[0];
                Object expected = value == null ? null : list.contains(value) ? (Object) true : withNull ? null : false;
                assertEquals(expected, answers.get(i).getFirst());
                assertEquals(expected == null ? null : !(Boolean) expected, answers.get(i).get(1));
                found += Boolean.TRUE.equals(expected) ? 1 : 0;
            }
            assertEquals(found, filter(rows, new PgType[] {INT4}, in).size());
        }
    }

    private static Expr arrayOp(String name, String prosrc, boolean any, Expr array) {
        Expr.OperatorCall call = (Expr.OperatorCall) test(name, prosrc, column(0, INT4), column(0, INT4));
        return new Expr.ScalarArrayOp(call.operator(), any, column(0, INT4), array, BOOL, 0, Origin.NONE);
    }

    /** Expected values: PostgreSQL 15, the same queries over VALUES. */
    @Test
    void shouldAggregateLikePostgres() {
        List<Object[]> rows = new ArrayList<>();
        for (Object x : new Object[] {1L, 2L, 2L, 5L, 9L, null}) {
            rows.add(new Object[] {x, x == null ? null : (Object) Numeric.of((Long) x),
                x == null ? null : (Object) (double) (Long) x});
        }
        assertEquals("[6, 19, 3.8000000000000000, 10.7000000000000000, 2.9257477676655587, 10.7000000000000000, "
                + "3.271085446759225, 1, 9]", aggregates(rows, new PgType[] {INT4, NUMERIC, FLOAT8},
                aggregate("count", INT8), aggregate("sum", INT8, column(0, INT4)),
                aggregate("avg", NUMERIC, column(0, INT4)), aggregate("var_samp", NUMERIC, column(0, INT4)),
                aggregate("stddev_pop", NUMERIC, column(0, INT4)), aggregate("variance", NUMERIC, column(1, NUMERIC)),
                aggregate("stddev", FLOAT8, column(2, FLOAT8)), aggregate("min", INT4, column(0, INT4)),
                aggregate("max", INT4, column(0, INT4))));
        rows.clear();
        rows.add(new Object[] {Numeric.parse("1.10")});
        rows.add(new Object[] {Numeric.parse("2.345")});
        rows.add(new Object[] {Numeric.parse("-3.5")});
        assertEquals("[-0.01833333333333333333, -0.055, 3.0787998202762929, 6.3193388888888889]",
                aggregates(rows, new PgType[] {NUMERIC}, aggregate("avg", NUMERIC, column(0, NUMERIC)),
                        aggregate("sum", NUMERIC, column(0, NUMERIC)), aggregate("stddev", NUMERIC, column(0, NUMERIC)),
                        aggregate("var_pop", NUMERIC, column(0, NUMERIC))));
        rows.clear();
        rows.add(new Object[] {Long.MAX_VALUE});
        rows.add(new Object[] {Long.MAX_VALUE});
        assertEquals("[18446744073709551614, 9223372036854775807]", aggregates(rows, new PgType[] {INT8},
                aggregate("sum", NUMERIC, column(0, INT8)), aggregate("avg", NUMERIC, column(0, INT8))));
        rows.clear();
        for (String text : new String[] {"1 mon 3 days", "2 days 05:00", "7 mon 11 days 01:02:03"}) {
            rows.add(new Object[] {INTERVAL.ops().fromText(text, -1, TextContext.DEFAULT)});
        }
        assertEquals("[2 mons 25 days 10:00:41, 8 mons 16 days 06:02:03]", aggregates(rows, new PgType[] {INTERVAL},
                aggregate("avg", INTERVAL, column(0, INTERVAL)), aggregate("sum", INTERVAL, column(0, INTERVAL))));
    }

    private String aggregates(List<Object[]> rows, PgType[] types, Expr.AggregateCall... calls) {
        PhysicalPlan plan = new PhysicalPlan.Aggregate(plans.info(Arrays.stream(calls).map(Expr::type).toList()),
                plans.values(rows, types), PhysicalPlan.AggregateStrategy.PLAIN, List.of(), List.of(List.of()),
                List.of(calls), false);
        List<String> shown = new ArrayList<>();
        List<Object> row = plans.run(plan).getFirst();
        for (int i = 0; i < row.size(); i++) {
            shown.add(calls[i].type().ops().toText(row.get(i), TextContext.DEFAULT));
        }
        return shown.toString();
    }
}
