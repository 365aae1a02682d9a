package io.quantadb.catalog;

import io.quantadb.types.ArrayValue;

/**
 * What ANALYZE found out about a column: one row of {@code pg_statistic}.
 *
 * @param nullFraction 0 to 1
 * @param averageWidth bytes of non-null values
 * @param distinct positive: number of distinct values; negative: minus the fraction of rows that are distinct; 0
 * unknown
 * @param mostCommonValues null if not collected
 * @param mostCommonFrequencies fraction of all rows for each, descending
 * @param histogram bounds of equally frequent buckets of the other values, ascending; null if not collected
 * @param correlation -1 to 1 between physical and logical order; NaN if unknown
 */
public record ColumnStatistics(double nullFraction, int averageWidth, double distinct, ArrayValue mostCommonValues,
        double[] mostCommonFrequencies, ArrayValue histogram, double correlation) {
}
