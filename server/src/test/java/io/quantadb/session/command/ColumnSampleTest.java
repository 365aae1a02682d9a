package io.quantadb.session.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.catalog.ColumnStatistics;
import io.quantadb.types.BuiltinTypes;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Goal: statistics are those PostgreSQL would store for the same sample. Method: columns computed from the row number, analysed whole;
 * the expected values are from pg_stats of a PostgreSQL 15 table filled with the same rows. Where the sample is a part of the table,
 * the estimate is compared with the truth.
 */
class ColumnSampleTest {
    private static final int ROWS = 10_000;
    private static final double EXACT = 1e-6;

    @Test
    void shouldTellUniqueColumnByNegativeDistinct() {
        ColumnSample sample = new ColumnSample(BuiltinTypes.INT4, 100);
        for (long g = 1; g <= ROWS; g++) {
            sample.add(g * 7919 % 10007);
        }
        ColumnStatistics found = sample.compute(ROWS);
        assertEquals(-1, found.distinct());
        assertEquals(4, found.averageWidth());
        assertNull(found.mostCommonValues());
        assertEquals(101, found.histogram().size());
        assertEquals(1L, found.histogram().get(0));
        assertEquals(100L, found.histogram().get(1));
        assertEquals(300L, found.histogram().get(3));
        assertEquals(-0.0010619035, found.correlation(), EXACT);
    }

    @Test
    void shouldListAllValuesOfSmallDomain() {
        ColumnSample sample = new ColumnSample(BuiltinTypes.FLOAT8, 100);
        for (long g = 1; g <= ROWS; g++) {
            sample.add((double) (g % 50));
        }
        ColumnStatistics found = sample.compute(ROWS);
        assertEquals(50, found.distinct());
        assertEquals(50, found.mostCommonValues().size());
        assertEquals(0.02, found.mostCommonFrequencies()[0], EXACT);
        assertNull(found.histogram());
        assertEquals(0.0244095, found.correlation(), EXACT);
    }

    @Test
    void shouldSeparateCommonValueFromHistogram() {
        ColumnSample sample = new ColumnSample(BuiltinTypes.TEXT, 100);
        for (long g = 1; g <= ROWS; g++) {
            sample.add(g % 10 < 6 ? "common" : "v" + g);
        }
        ColumnStatistics found = sample.compute(ROWS);
        assertEquals(1, found.mostCommonValues().size());
        assertEquals("common", found.mostCommonValues().get(0));
        assertEquals(0.6, found.mostCommonFrequencies()[0], EXACT);
        assertEquals(101, found.histogram().size());
        assertEquals(-0.4001, found.distinct(), EXACT);
        assertEquals(6, found.averageWidth());
        assertEquals("v1006", found.histogram().get(0));
        assertEquals("v1277", found.histogram().get(3));
    }

    @Test
    void shouldCountNullsApart() {
        ColumnSample sample = new ColumnSample(BuiltinTypes.INT4, 100);
        for (long g = 1; g <= ROWS; g++) {
            sample.add(g % 4 == 0 ? null : (Object) (g / 3));
        }
        ColumnStatistics found = sample.compute(ROWS);
        assertEquals(0.25, found.nullFraction(), EXACT);
        assertEquals(-0.3334, found.distinct(), 1e-4);
        assertEquals(3L, found.mostCommonValues().get(0));
        assertEquals(7L, found.mostCommonValues().get(1));
        assertEquals(100, found.mostCommonValues().size());
        assertEquals(94L, found.histogram().get(2));
        assertEquals(1, found.correlation(), EXACT);
    }

    @Test
    void shouldEstimateDistinctValuesOfLargerTable() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        ColumnSample sample = new ColumnSample(BuiltinTypes.INT4, 100);
        for (int i = 0; i < 30_000; i++) {
            sample.add((long) random.nextInt(20_000));
        }
        double found = sample.compute(1_000_000).distinct();
        assertTrue(found > 15_000 && found < 25_000, "20,000 values were estimated as " + found);
    }

    @Test
    void shouldNotLookAtWideValues() {
        ColumnSample sample = new ColumnSample(BuiltinTypes.TEXT, 100);
        for (int i = 0; i < 10; i++) {
            sample.add("x".repeat(2000));
            sample.addWide(18);
        }
        ColumnStatistics found = sample.compute(20);
        assertEquals(-1, found.distinct());
        assertEquals((2001 + 18) / 2, found.averageWidth());
        assertNull(found.mostCommonValues());
        assertNull(found.histogram());
    }

    @Test
    void shouldSayNothingAboutNoRows() {
        assertNull(new ColumnSample(BuiltinTypes.TEXT, 100).compute(0));
    }
}
