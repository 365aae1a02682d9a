package io.quantadb.executor.operator;

import static io.quantadb.executor.operator.PlanFixture.column;
import static io.quantadb.executor.operator.PlanFixture.constant;
import static io.quantadb.types.BuiltinTypes.INT4;
import static io.quantadb.types.BuiltinTypes.INT8;
import static io.quantadb.types.BuiltinTypes.NUMERIC;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.WindowClause.Bound;
import io.quantadb.sql.typed.WindowClause.Exclusion;
import io.quantadb.sql.typed.WindowClause.Frame;
import io.quantadb.sql.typed.WindowClause.Unit;
import io.quantadb.types.Numeric;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Goal: every kind of frame holds the rows the standard says. Method: random partitions against a loop over all rows.
 */
class WindowFrameTest {
    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final PlanFixture plans = new PlanFixture();

    @Test
    void shouldSumAndCountOverEveryKindOfFrame() {
        System.out.println("WindowFrameTest seed " + seed);
        for (Unit unit : new Unit[] {Unit.ROWS, Unit.GROUPS, Unit.RANGE}) {
            for (Bound start : Bound.values()) {
                for (Bound end : Bound.values()) {
                    boolean offsets = start.name().startsWith("OFFSET") || end.name().startsWith("OFFSET");
                    if (start == Bound.UNBOUNDED_FOLLOWING || end == Bound.UNBOUNDED_PRECEDING
                            || unit == Unit.RANGE && offsets || start.compareTo(end) > 0) {
                        continue;
                    }
                    for (Exclusion exclusion : Exclusion.values()) {
                        check(unit, start, end, exclusion);
                    }
                }
            }
        }
    }

    private void check(Unit unit, Bound start, Bound end, Exclusion exclusion) {
        int a = random.nextInt(4);
        int b = random.nextInt(4);
        List<Object[]> rows = new ArrayList<>();
        for (long p = 0; p < 5; p++) {
            long order = 0;
            for (int i = random.nextInt(30); i > 0; i--) {
                order += random.nextInt(2);
                rows.add(new Object[] {p, order, (long) random.nextInt(100)});
            }
        }
        Frame frame = new Frame(true, false, unit, start, constant((long) a, INT8), end, constant((long) b, INT8),
                exclusion, null, null, 0, true, false);
        PhysicalPlan plan = new PhysicalPlan.WindowAggregate(plans.info(INT4, INT4, INT8, NUMERIC, INT8, INT8),
                plans.values(rows, INT4, INT4, INT8), List.of(0), List.of(SortKey.ascending(1)), frame,
                List.of(call("sum", null, NUMERIC, column(2, INT8)), call("first_value", "window_first_value", INT8,
                        column(2, INT8)), call("last_value", "window_last_value", INT8, column(2, INT8))));
        List<List<Object>> actual = plans.run(plan);
        String what = unit + " " + start + " " + a + " " + end + " " + b + " " + exclusion + ", seed " + seed;
        assertEquals(rows.size(), actual.size(), what);
        for (int i = 0; i < rows.size(); i++) {
            List<Object> values = naive(rows, i, unit, start, a, end, b, exclusion);
            Numeric sum = values.isEmpty() ? null
                    : Numeric.of(values.stream().mapToLong(v -> (Long) v).sum());
            assertEquals(sum, actual.get(i).get(3), what + " row " + i);
            assertEquals(values.isEmpty() ? null : values.getFirst(), actual.get(i).get(4), what + " row " + i);
            assertEquals(values.isEmpty() ? null : values.getLast(), actual.get(i).get(5), what + " row " + i);
        }
    }

    private static Expr.WindowCall call(String name, String prosrc, io.quantadb.types.PgType type, Expr argument) {
        return new Expr.WindowCall(PlanFixture.function(name, prosrc == null ? "aggregate_dummy" : prosrc),
                List.of(argument), null, 1, false, prosrc == null, false, type, 0, 0, Origin.NONE);
    }

    private static List<Object> naive(List<Object[]> rows, int current, Unit unit, Bound start, int a, Bound end, int b,
            Exclusion exclusion) {
        Object partition = rows.get(current)[0];
        List<Object> result = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            if (!Objects.equals(rows.get(i)[0], partition)) {
                continue;
            }
            long distance = unit == Unit.ROWS ? i - current : groupDistance(rows, current, i);
            boolean inside = distance >= low(start, a) && distance <= high(end, b);
            boolean peer = rows.get(i)[1].equals(rows.get(current)[1]);
            boolean excluded = switch (exclusion) {
                case NO_OTHERS -> false;
                case CURRENT_ROW -> i == current;
                case GROUP -> peer;
                case TIES -> peer && i != current;
            };
            if (inside && !excluded) {
                result.add(rows.get(i)[2]);
            }
        }
        return result;
    }

    /** Peer groups between two rows of a partition, negative backwards. */
    private static long groupDistance(List<Object[]> rows, int from, int to) {
        long distance = 0;
        for (int i = Math.min(from, to); i < Math.max(from, to); i++) {
            distance += rows.get(i)[1].equals(rows.get(i + 1)[1]) ? 0 : 1;
        }
        return from <= to ? distance : -distance;
    }

    private static long low(Bound bound, int offset) {
        return switch (bound) {
            case UNBOUNDED_PRECEDING -> Long.MIN_VALUE;
            case OFFSET_PRECEDING -> -offset;
            case CURRENT_ROW -> 0;
            case OFFSET_FOLLOWING -> offset;
            case UNBOUNDED_FOLLOWING -> Long.MAX_VALUE;
        };
    }

    private static long high(Bound bound, int offset) {
        return low(bound, offset);
    }
}
