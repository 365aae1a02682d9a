package io.quantadb.executor.operator;

import static io.quantadb.executor.operator.PlanFixture.aggregate;
import static io.quantadb.executor.operator.PlanFixture.column;
import static io.quantadb.executor.operator.PlanFixture.constant;
import static io.quantadb.types.BuiltinTypes.INT4;
import static io.quantadb.types.BuiltinTypes.INT8;
import static io.quantadb.types.BuiltinTypes.TEXT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.executor.QueryContext;
import io.quantadb.planner.physical.InputRef;
import io.quantadb.planner.physical.JoinType;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.planner.physical.SubPlan;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.SetOperationTree.SetOperator;
import io.quantadb.storage.MemoryFileSystem;
import io.quantadb.types.PgType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Goal: operators give what SQL says, in memory and with so little of it that they spill. Method: random rows with
 * NULLs and
 * duplicates against naive loops; the seed is printed.
 */
class OperatorModelTest {
    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final PlanFixture plans = new PlanFixture();

    OperatorModelTest() {
        System.out.println("OperatorModelTest seed " + seed);
    }

    private static QueryContext spilling() {
        QueryContext query = PlanFixture.context();
        query.files = new MemoryFileSystem();
        query.temporaryDirectory = Path.of("/tmp-files");
        query.workMemBytes = 2000;
        return query;
    }

    private List<Object[]> rows(int count, int keys) {
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Object key = random.nextInt(10) == 0 ? null : (Object) (long) random.nextInt(keys);
            Object text = random.nextInt(10) == 0 ? null : "t" + random.nextInt(50);
            rows.add(new Object[] {key, (long) i, text});
        }
        return rows;
    }

    private static List<String> sorted(List<List<Object>> rows) {
        return rows.stream().map(Object::toString).sorted().toList();
    }

    private PhysicalPlan source(List<Object[]> rows) {
        return plans.values(rows, INT4, INT8, TEXT);
    }

    @Test
    void shouldJoinLikeNestedLoops() {
        for (int round = 0; round < 12; round++) {
            List<Object[]> left = rows(random.nextInt(1500), 1 + random.nextInt(400));
            List<Object[]> right = rows(random.nextInt(1500), 1 + random.nextInt(400));
            for (JoinType type : JoinType.values()) {
                boolean condition = random.nextBoolean();
                List<String> expected = sorted(naiveJoin(type, left, right, condition));
                QueryContext query = random.nextBoolean() ? spilling() : PlanFixture.context();
                assertEquals(expected, sorted(PlanFixture.run(hashJoin(type, left, right, condition), query)),
                        type + " hash join, seed " + seed);
                assertEquals(expected, sorted(PlanFixture.run(mergeJoin(type, left, right, condition), query)),
                        type + " merge join, seed " + seed);
                if (type != JoinType.RIGHT && type != JoinType.FULL) {
                    assertEquals(expected, sorted(PlanFixture.run(loop(type, left, right, condition), query)),
                            type + " nested loop, seed " + seed);
                }
            }
        }
    }

    private static List<Integer> projection(JoinType type) {
        return type.outputsRight() ? List.of(0, 1, 2, 3, 4, 5) : List.of(0, 1, 2);
    }

    private static List<PgType> joinTypes(JoinType type) {
        return type.outputsRight() ? List.of(INT4, INT8, TEXT, INT4, INT8, TEXT) : List.of(INT4, INT8, TEXT);
    }

    /** left.c1 < right.c1 + 700: holds for many pairs, not all. */
    private static Expr condition(boolean wanted) {
        return !wanted ? null : PlanFixture.test("<", "int8lt", column(1, INT8), PlanFixture.call("+", "int8pl", INT8,
                InputRef.inner(1, INT8), constant(700L, INT8)));
    }

    private PhysicalPlan hashJoin(JoinType type, List<Object[]> left, List<Object[]> right, boolean condition) {
        return new PhysicalPlan.HashJoin(plans.info(joinTypes(type)), type, source(left), source(right),
                List.of(column(0, INT4)), List.of(column(0, INT4)), condition(condition), projection(type));
    }

    private PhysicalPlan mergeJoin(JoinType type, List<Object[]> left, List<Object[]> right, boolean condition) {
        List<SortKey> keys = List.of(SortKey.ascending(0));
        PhysicalPlan l = new PhysicalPlan.Sort(plans.info(INT4, INT8, TEXT), source(left), keys);
        PhysicalPlan r = new PhysicalPlan.Sort(plans.info(INT4, INT8, TEXT), source(right), keys);
        return new PhysicalPlan.MergeJoin(plans.info(joinTypes(type)), type, l, r, keys, keys, condition(condition),
                projection(type));
    }

    private PhysicalPlan loop(JoinType type, List<Object[]> left, List<Object[]> right, boolean condition) {
        Expr equal = PlanFixture.test("=", "int4eq", column(0, INT4), InputRef.inner(0, INT4));
        if (random.nextBoolean()) {
            Expr both = condition ? new Expr.BoolExpr(Expr.BoolKind.AND, List.of(equal, condition(true)),
                    io.quantadb.types.BuiltinTypes.BOOL, Origin.NONE) : equal;
            return new PhysicalPlan.NestedLoop(plans.info(joinTypes(type)), type, source(left), source(right),
                    List.of(), both, projection(type));
        }
        Expr parameter = new Expr.ExecParameter(3, INT4, -1, 0, Origin.NONE);
        PhysicalPlan inner = new PhysicalPlan.Filter(plans.info(INT4, INT8, TEXT), source(right),
                PlanFixture.test("=", "int4eq", column(0, INT4), parameter), null);
        return new PhysicalPlan.NestedLoop(plans.info(joinTypes(type)), type, source(left), inner,
                List.of(new SubPlan.Binding(3, column(0, INT4))), condition(condition), projection(type));
    }

    private static List<List<Object>> naiveJoin(JoinType type, List<Object[]> left, List<Object[]> right,
            boolean condition) {
        List<List<Object>> result = new ArrayList<>();
        boolean[] rightMatched = new boolean[right.size()];
        for (Object[] l : left) {
            boolean matched = false;
            for (int j = 0; j < right.size(); j++) {
                Object[] r = right.get(j);
                boolean match = l[0] != null && l[0].equals(r[0])
                        && (!condition || (Long) l[1] < (Long) r[1] + 700);
                if (match) {
                    rightMatched[j] = true;
                    if (type.outputsRight()) {
                        result.add(concat(l, r));
                    }
                    matched = true;
                }
            }
            if (type == JoinType.SEMI && matched || type == JoinType.ANTI && !matched) {
                result.add(Arrays.asList(l));
            } else if (type.keepsLeft() && !matched) {
                result.add(concat(l, new Object[3]));
            }
        }
        for (int j = 0; j < right.size() && type.keepsRight(); j++) {
            if (!rightMatched[j]) {
                result.add(concat(new Object[3], right.get(j)));
            }
        }
        return result;
    }

    private static List<Object> concat(Object[] a, Object[] b) {
        List<Object> all = new ArrayList<>(Arrays.asList(a));
        all.addAll(Arrays.asList(b));
        return all;
    }

    @Test
    void shouldSortStablyWithNullsWhereAsked() {
        for (int round = 0; round < 20; round++) {
            List<Object[]> rows = rows(random.nextInt(5000), 1 + random.nextInt(2000));
            boolean descending = random.nextBoolean();
            boolean nullsFirst = random.nextBoolean();
            int first = random.nextBoolean() ? 0 : 2;
            List<SortKey> keys = List.of(new SortKey(first, descending, nullsFirst),
                    new SortKey(2 - first, !descending, !nullsFirst));
            Comparator<Object[]> order = byKey(first, descending, nullsFirst)
                    .thenComparing(byKey(2 - first, !descending, !nullsFirst));
            List<Object[]> expected = new ArrayList<>(rows);
            expected.sort(order);
            List<List<Object>> wanted = expected.stream().map(Arrays::asList).toList();
            PhysicalPlan sort = new PhysicalPlan.Sort(plans.info(INT4, INT8, TEXT), source(rows), keys);
            assertEquals(wanted, PlanFixture.run(sort, PlanFixture.context()), "seed " + seed);
            QueryContext query = spilling();
            assertEquals(wanted, PlanFixture.run(sort, query), "seed " + seed);
            assertTrue(rows.size() < 200 || query.temporaryBytes() > 0, "did not spill");
            int limit = random.nextInt(50);
            int offset = random.nextInt(50);
            PhysicalPlan top = new PhysicalPlan.TopN(plans.info(INT4, INT8, TEXT), source(rows), keys,
                    constant((long) limit, INT8), constant((long) offset, INT8));
            assertEquals(wanted.subList(Math.min(offset, wanted.size()), Math.min(offset + limit, wanted.size())),
                    PlanFixture.run(top, PlanFixture.context()), "top-N, seed " + seed);
            PhysicalPlan presorted = new PhysicalPlan.Sort(plans.info(INT4, INT8, TEXT), source(rows),
                    keys.subList(0, 1));
            PhysicalPlan incremental = new PhysicalPlan.IncrementalSort(plans.info(INT4, INT8, TEXT), presorted, keys,
                    1);
            assertEquals(wanted, PlanFixture.run(incremental, PlanFixture.context()), "incremental, seed " + seed);
        }
    }

    @SuppressWarnings("unchecked")
    private static Comparator<Object[]> byKey(int column, boolean descending, boolean nullsFirst) {
        Comparator<Object> value = (a, b) -> ((Comparable<Object>) a).compareTo(b);
        Comparator<Object> directed = descending ? value.reversed() : value;
        return Comparator.comparing(row -> row[column],
                nullsFirst ? Comparator.nullsFirst(directed) : Comparator.nullsLast(directed));
    }

    @Test
    void shouldAggregateByHashAndBySortedRunsInMemoryAndOnDisk() {
        for (int round = 0; round < 12; round++) {
            List<Object[]> rows = rows(random.nextInt(6000), 1 + random.nextInt(3000));
            Map<Object, long[]> groups = new HashMap<>();
            for (Object[] row : rows) {
                long[] state = groups.computeIfAbsent(row[0], key -> new long[3]);
                state[0]++;
                state[1] += (Long) row[1];
                state[2] += row[2] == null ? 0 : 1;
            }
            List<String> expected = groups.entrySet().stream().map(e -> Arrays.asList(e.getKey(), e.getValue()[0],
                    io.quantadb.types.Numeric.of(e.getValue()[1]), e.getValue()[2]).toString()).sorted().toList();
            assertEquals(expected, sorted(PlanFixture.run(aggregatePlan(source(rows), false),
                    PlanFixture.context())), "seed " + seed);
            assertEquals(expected, sorted(PlanFixture.run(aggregatePlan(source(rows), false), spilling())),
                    "spilling, seed " + seed);
            PhysicalPlan sort = new PhysicalPlan.Sort(plans.info(INT4, INT8, TEXT), source(rows),
                    List.of(SortKey.ascending(0)));
            assertEquals(expected, sorted(PlanFixture.run(aggregatePlan(sort, true), PlanFixture.context())),
                    "sorted, seed " + seed);
        }
    }

    private PhysicalPlan aggregatePlan(PhysicalPlan input, boolean sorted) {
        return new PhysicalPlan.Aggregate(plans.info(INT4, INT8, io.quantadb.types.BuiltinTypes.NUMERIC, INT8), input,
                sorted ? PhysicalPlan.AggregateStrategy.SORTED : PhysicalPlan.AggregateStrategy.HASHED, List.of(0),
                List.of(List.of(0)), List.of(aggregate("count", INT8),
                        aggregate("sum", io.quantadb.types.BuiltinTypes.NUMERIC, column(1, INT8)),
                        aggregate("count", INT8, column(2, TEXT))), false);
    }

    @Test
    void shouldComputeGroupingSets() {
        List<Object[]> rows = rows(500, 5);
        Map<String, Long> expected = new TreeMap<>();
        expected.put(Arrays.asList(null, null, 3L).toString(), (long) rows.size());
        for (Object[] row : rows) {
            expected.merge(Arrays.asList(row[0], null, 2L).toString(), 1L, Long::sum);
            expected.merge(Arrays.asList(row[0], row[2], 0L).toString(), 1L, Long::sum);
        }
        PhysicalPlan plan = new PhysicalPlan.Aggregate(plans.info(INT4, TEXT, INT8, INT4), source(rows),
                PhysicalPlan.AggregateStrategy.HASHED, List.of(0, 2), List.of(List.of(0, 1), List.of(0), List.of()),
                List.of(aggregate("count", INT8)), true);
        Map<String, Long> actual = new TreeMap<>();
        for (List<Object> row : PlanFixture.run(plan, spilling())) {
            Long before = actual.put(Arrays.asList(row.get(0), row.get(1), row.get(3)).toString(), (Long) row.get(2));
            assertEquals(null, before, "group came twice");
        }
        assertEquals(expected, actual, "seed " + seed);
    }

    @Test
    void shouldGiveOneRowForPlainAggregationOfNothing() {
        PhysicalPlan plan = new PhysicalPlan.Aggregate(plans.info(INT8, INT8), source(List.of()),
                PhysicalPlan.AggregateStrategy.PLAIN, List.of(), List.of(List.of()),
                List.of(aggregate("count", INT8), aggregate("max", INT8, column(1, INT8))), false);
        assertEquals(List.of(Arrays.asList(0L, null)), plans.run(plan));
    }

    @Test
    void shouldKeepFirstOfEachDistinctKeyAndCountSetOperations() {
        for (int round = 0; round < 10; round++) {
            List<Object[]> rows = rows(random.nextInt(3000), 1 + random.nextInt(500));
            Map<Object, Integer> first = new HashMap<>();
            rows.forEach(row -> first.merge(Arrays.asList(row[0]), 1, Integer::sum));
            PhysicalPlan distinct = new PhysicalPlan.Distinct(plans.info(INT4, INT8, TEXT), source(rows), List.of(0),
                    false);
            assertEquals(first.size(), PlanFixture.run(distinct, spilling()).size(), "seed " + seed);
            List<Object[]> other = rows(random.nextInt(500), 300);
            for (boolean all : new boolean[] {false, true}) {
                for (SetOperator operator : new SetOperator[] {SetOperator.EXCEPT, SetOperator.INTERSECT}) {
                    PhysicalPlan plan = new PhysicalPlan.SetOperation(plans.info(INT4), operator, all,
                            keysOf(rows), keysOf(other));
                    assertEquals(naiveSet(rows, other, operator, all),
                            sorted(PlanFixture.run(plan, PlanFixture.context())), operator + " seed " + seed);
                    assertEquals(naiveSet(rows, other, operator, all),
                            sorted(PlanFixture.run(plan, spilling())), operator + " on disk, seed " + seed);
                }
            }
        }
    }

    private PhysicalPlan keysOf(List<Object[]> rows) {
        return new PhysicalPlan.Project(plans.info(INT4), source(rows), List.of(column(0, INT4)));
    }

    private static List<String> naiveSet(List<Object[]> left, List<Object[]> right, SetOperator operator,
            boolean all) {
        Map<String, int[]> counts = new TreeMap<>();
        left.forEach(row -> counts.computeIfAbsent("[" + row[0] + "]", k -> new int[2])[0]++);
        right.forEach(row -> counts.computeIfAbsent("[" + row[0] + "]", k -> new int[2])[1]++);
        List<String> result = new ArrayList<>();
        counts.forEach((key, n) -> {
            int copies = operator == SetOperator.EXCEPT ? all ? n[0] - n[1] : n[0] > 0 && n[1] == 0 ? 1 : 0
                    : all ? Math.min(n[0], n[1]) : n[0] > 0 && n[1] > 0 ? 1 : 0;
            for (int i = 0; i < copies; i++) {
                result.add(key);
            }
        });
        return result;
    }

    @Test
    void shouldLimitWithTiesAndOffset() {
        List<Object[]> rows = new ArrayList<>();
        for (long i = 0; i < 3000; i++) {
            rows.add(new Object[] {i / 700, i, null});
        }
        PhysicalPlan plan = new PhysicalPlan.Limit(plans.info(INT4, INT8, TEXT), source(rows),
                constant(10L, INT8), constant(5L, INT8), List.of(SortKey.ascending(0)));
        assertEquals(695, plans.run(plan).size());
        PhysicalPlan plain = new PhysicalPlan.Limit(plans.info(INT4, INT8, TEXT), source(rows),
                constant(1500L, INT8), constant(1400L, INT8), List.of());
        List<List<Object>> result = plans.run(plain);
        assertEquals(1500, result.size());
        assertEquals(1400L, result.getFirst().get(1));
        assertEquals(2899L, result.getLast().get(1));
    }
}
