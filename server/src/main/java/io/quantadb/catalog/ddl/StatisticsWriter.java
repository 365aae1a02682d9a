package io.quantadb.catalog.ddl;

import io.quantadb.catalog.ColumnStatistics;
import io.quantadb.catalog.table.CatalogIndex;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.catalog.table.SystemColumns.PgStatistic;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.BuiltinTypes;

/** Writes what ANALYZE found into {@code pg_statistic}. */
public final class StatisticsWriter {
    private static final CatalogIndex STATISTIC = CatalogTables.index("pg_statistic_relid_att_inh_index");
    private static final int SLOTS = 5;
    private static final int MOST_COMMON = 1;
    private static final int HISTOGRAM = 2;
    private static final int CORRELATION = 3;

    private final CatalogWriter writer;

    StatisticsWriter(CatalogWriter writer) {
        this.writer = writer;
    }

    /**
     * Replaces a column's statistics.
     *
     * @param statistics its arrays made by {@link io.quantadb.catalog.StoredArrays}
     * @param equalityOperator operator the most common values were compared with; {@code lessOperator} the histogram
     */
    public void replace(int relationOid, int attnum, ColumnStatistics statistics, int equalityOperator,
            int lessOperator, int collation) {
        CatalogRow old = writer.store.findOne(STATISTIC, (long) relationOid, (long) attnum, false);
        RowBuilder row = old != null ? RowBuilder.update(old) : RowBuilder.insert(PgStatistic.TABLE);
        row.set(PgStatistic.STARELID, relationOid).set(PgStatistic.STAATTNUM, attnum)
                .set(PgStatistic.STAINHERIT, false)
                .setNumber(PgStatistic.STANULLFRAC, (float) statistics.nullFraction())
                .set(PgStatistic.STAWIDTH, statistics.averageWidth())
                .setNumber(PgStatistic.STADISTINCT, (float) statistics.distinct());
        for (int slot = 0; slot < SLOTS; slot++) {
            fill(row, slot, 0, 0, 0, null, null);
        }
        int slot = 0;
        if (statistics.mostCommonValues() != null) {
            fill(row, slot++, MOST_COMMON, equalityOperator, collation, statistics.mostCommonFrequencies(),
                    statistics.mostCommonValues());
        }
        if (statistics.histogram() != null) {
            fill(row, slot++, HISTOGRAM, lessOperator, collation, null, statistics.histogram());
        }
        if (!Double.isNaN(statistics.correlation())) {
            fill(row, slot, CORRELATION, lessOperator, collation, new double[] {statistics.correlation()}, null);
        }
        row.write(writer.store);
    }

    private static void fill(RowBuilder row, int slot, int kind, int operator, int collation, double[] numbers,
            ArrayValue values) {
        Object[] floats = new Object[numbers == null ? 0 : numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (double) (float) numbers[i];
        }
        row.set(PgStatistic.STAKIND1 + slot, kind).set(PgStatistic.STAOP1 + slot, operator)
                .set(PgStatistic.STACOLL1 + slot, collation)
                .setObject(PgStatistic.STANUMBERS1 + slot,
                        numbers == null ? null : ArrayValue.of(BuiltinTypes.FLOAT4, floats))
                .setObject(PgStatistic.STAVALUES1 + slot, values);
    }
}
