package io.quantadb.executor.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.executor.vector.Batch;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.Interval;
import io.quantadb.types.Numeric;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Goal: however keys are packed or encoded, rows come in the order of {@link RowComparator}, stably, and keys of sorted
 * runs compare alike. Method: random types, ranges, directions and NULLs against a stable sort; the seed is printed.
 */
class RowSorterTest {
    private static final PgType[] TYPES = {BuiltinTypes.INT8, BuiltinTypes.INT4, BuiltinTypes.NUMERIC,
        BuiltinTypes.FLOAT8, BuiltinTypes.TEXT, BuiltinTypes.BPCHAR, BuiltinTypes.BOOL, BuiltinTypes.INTERVAL};
    private static final int ROUNDS = 400;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    RowSorterTest() {
        System.out.println("RowSorterTest seed " + seed);
    }

    /** @param style what the values of a column look like, the same for its rows */
    private Object value(PgType type, int style) {
        if (style % 3 == 0 && random.nextInt(8) == 0) {
            return null;
        }
        int small = random.nextInt(5);
        if (type == BuiltinTypes.INT4) {
            return (long) (style < 3 ? small : random.nextInt());
        }
        if (type == BuiltinTypes.INT8) {
            return switch (style) {
                case 0, 1 -> (long) small;
                case 2 -> random.nextLong();
                case 3 -> Long.MIN_VALUE + small;
                case 4 -> random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE;
                default -> random.nextLong(-1000, 1000);
            };
        }
        if (type == BuiltinTypes.NUMERIC) {
            int scale = style < 3 ? 2 : random.nextInt(3);
            return Numeric.of(random.nextInt(-300, 300), scale);
        }
        if (type == BuiltinTypes.FLOAT8) {
            return List.of(0.0, -0.0, Double.NaN, -1.5, Double.NEGATIVE_INFINITY, random.nextDouble()).get(
                    random.nextInt(6));
        }
        if (type == BuiltinTypes.BOOL) {
            return random.nextBoolean();
        }
        if (type == BuiltinTypes.INTERVAL) {
            return new Interval(small, random.nextInt(40), random.nextInt(3));
        }
        String common = style < 3 ? "the same beginning " : "";
        return common + List.of("", "a", "ab", "a  ", "\u00e9\ud83d\ude00", "\ufffd", "longer than eight" + small)
                .get(random.nextInt(7));
    }

    private record Case(PgType[] types, List<SortKey> keys, int[] styles) {
    }

    private Case newCase() {
        int columns = 1 + random.nextInt(3);
        PgType[] types = new PgType[columns];
        int[] styles = new int[columns];
        for (int c = 0; c < columns; c++) {
            types[c] = TYPES[random.nextInt(TYPES.length)];
            styles[c] = random.nextInt(6);
        }
        List<SortKey> keys = new ArrayList<>();
        for (int c = columns - 1; c >= 0; c--) {
            if (keys.isEmpty() || random.nextBoolean()) {
                keys.add(new SortKey(c, random.nextBoolean(), random.nextBoolean()));
            }
        }
        return new Case(types, keys, styles);
    }

    private RowStore rows(Case test, int[] styles, int count) {
        RowStore rows = new RowStore(test.types);
        for (int r = 0; r < count; r++) {
            Object[] row = new Object[styles.length];
            for (int c = 0; c < styles.length; c++) {
                row[c] = value(test.types[c], styles[c]);
            }
            rows.append(row);
        }
        return rows;
    }

    @Test
    void shouldSortAsTheComparatorSays() {
        for (int round = 0; round < ROUNDS; round++) {
            Case test = newCase();
            RowStore rows = rows(test, test.styles, random.nextInt(round % 10 == 0 ? 3000 : 40));
            RowSorter sorter = new RowSorter(test.types, test.keys);
            RowComparator comparator = sorter.comparator();
            List<Integer> expected = IntStream.range(0, rows.count()).boxed().sorted((Comparator<Integer>) (a, b) ->
                    comparator.compare(rows.batchOf(a).columns, RowStore.position(a), rows.batchOf(b).columns,
                            RowStore.position(b))).toList();
            List<Integer> actual = IntStream.of(sorter.sort(rows, PlanFixture.context())).boxed().toList();
            assertEquals(expected, actual, "round " + round + ", seed " + seed);
        }
    }

    @Test
    void shouldCompareKeysOfRunsAsTheComparatorSays() {
        for (int round = 0; round < ROUNDS; round++) {
            Case test = newCase();
            RowSorter sorter = new RowSorter(test.types, test.keys);
            sorter.forget();
            List<Batch> runs = new ArrayList<>();
            List<RowSorter.RunKeys> keys = new ArrayList<>();
            for (int run = 0; run < 4; run++) {
                // Runs of one sort may look so different that they are sorted in different ways.
                int[] styles = random.nextBoolean() ? test.styles : random.ints(test.styles.length, 0, 6).toArray();
                RowStore rows = rows(test, styles, 1 + random.nextInt(20));
                sorter.sort(rows, PlanFixture.context());
                runs.add(rows.chunk(0));
            }
            for (Batch run : runs) {
                RowSorter.RunKeys runKeys = sorter.newRunKeys();
                runKeys.load(run);
                keys.add(runKeys);
            }
            for (int pair = 0; pair < 100; pair++) {
                int a = random.nextInt(runs.size());
                int b = (a + 1 + random.nextInt(runs.size() - 1)) % runs.size();
                assertSameOrder(sorter, runs.get(a), keys.get(a), runs.get(b), keys.get(b), "round " + round);
            }
        }
    }

    private void assertSameOrder(RowSorter sorter, Batch a, RowSorter.RunKeys aKeys, Batch b, RowSorter.RunKeys bKeys,
            String message) {
        int i = random.nextInt(a.size());
        int j = random.nextInt(b.size());
        aKeys.moveTo(i);
        bKeys.moveTo(j);
        int order = Long.compare(aKeys.prefix, bKeys.prefix);
        order = order != 0 ? order : aKeys.compareRest(bKeys);
        int expected = sorter.comparator().compare(a.columns, i, b.columns, j);
        assertEquals(Integer.signum(expected), Integer.signum(order), message + ", seed " + seed);
        assertTrue(order == 0 || expected != 0, message);
    }
}
