package io.quantadb.session.command;

import io.quantadb.catalog.ColumnStatistics;
import io.quantadb.catalog.StoredArrays;
import io.quantadb.types.PgType;
import io.quantadb.types.TypeOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sampled values of one column, and what follows from them for the whole table. Confined to one thread.
 *
 * <p>The number of distinct values is estimated by Haas and Stokes, "Estimating the number of classes in a finite population", 1998,
 * estimator Duj1. A value is a most common one if it is significantly more frequent than the others are on average, which is
 * judged by the hypergeometric distribution's variance. Values wider than {@value #WIDE_BYTES} bytes only count as distinct.
 */
final class ColumnSample {
    static final int WIDE_BYTES = 1024;

    private final PgType type;
    private final TypeOps ops;
    private final int target;
    private final List<Object> values = new ArrayList<>();
    private int rows;
    private int nulls;
    private int wide;
    private double bytes;

    /** @param target number of most common values and of histogram buckets at most */
    ColumnSample(PgType type, int target) {
        this.type = type;
        this.ops = type.ops();
        this.target = target;
    }

    /** Adds a row's value, in the order of the table; null is NULL. */
    void add(Object value) {
        if (value == null) {
            rows++;
            nulls++;
            return;
        }
        int size = type.typlen() > 0 ? type.typlen() : ops.diskSize(value) + 1;
        if (size > WIDE_BYTES) {
            addWide(size);
        } else {
            rows++;
            bytes += size;
            values.add(value);
        }
    }

    /** Adds a value that is too wide to look at. */
    void addWide(int storedBytes) {
        rows++;
        wide++;
        bytes += storedBytes;
    }

    /** Null if there are no rows. @param totalRows estimate for the table */
    ColumnStatistics compute(double totalRows) {
        if (rows == 0) {
            return null;
        }
        double nullFraction = (double) nulls / rows;
        int known = rows - nulls;
        int width = known == 0 ? Math.max(type.typlen(), 0) : (int) (bytes / known);
        if (values.isEmpty()) {
            return new ColumnStatistics(nullFraction, width, known == 0 ? 0 : -(1 - nullFraction), null, null, null, Double.NaN);
        }
        if (ops.ordered()) {
            return ordered(nullFraction, width, totalRows);
        }
        return ops.hashable() ? unordered(nullFraction, width, totalRows)
                : new ColumnStatistics(nullFraction, width, 0, null, null, null, Double.NaN);
    }

    // ---- Types with an order

    /** A value that occurs more than once: its first place in the sorted sample. */
    private record Repeated(int first, int count, Object value) {
    }

    private ColumnStatistics ordered(double nullFraction, int width, double totalRows) {
        int n = values.size();
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> {
            int c = ops.compare(values.get(a), values.get(b));
            return c != 0 ? c : Integer.compare(a, b);
        });
        List<Repeated> repeated = new ArrayList<>();
        int distinct = 0;
        double products = 0;
        for (int i = 0; i < n; ) {
            int end = i + 1;
            while (end < n && ops.compare(values.get(order[i]), values.get(order[end])) == 0) {
                end++;
            }
            distinct++;
            if (end - i > 1) {
                repeated.add(new Repeated(i, end - i, values.get(order[i])));
            }
            for (; i < end; i++) {
                products += (double) i * order[i];
            }
        }
        double estimate = distinct(distinct, repeated.size(), nullFraction, totalRows);
        List<Repeated> common = mostCommon(repeated, distinct, estimate, nullFraction, totalRows);
        return new ColumnStatistics(nullFraction, width, estimate, commonValues(common), frequencies(common),
                histogram(order, common, distinct), correlation(n, products));
    }

    private io.quantadb.types.ArrayValue histogram(Integer[] order, List<Repeated> common, int distinct) {
        int bounds = Math.min(distinct - common.size(), target + 1);
        if (bounds < 2) {
            return null;
        }
        boolean[] left = new boolean[order.length];
        for (Repeated value : common) {
            Arrays.fill(left, value.first, value.first + value.count, true);
        }
        List<Object> others = new ArrayList<>(order.length);
        for (int i = 0; i < order.length; i++) {
            if (!left[i]) {
                others.add(values.get(order[i]));
            }
        }
        List<Object> chosen = new ArrayList<>(bounds);
        for (int i = 0; i < bounds; i++) {
            chosen.add(others.get((int) ((long) i * (others.size() - 1) / (bounds - 1))));
        }
        return StoredArrays.of(type, chosen);
    }

    /** Pearson's coefficient between the position in the table and the position in sorted order; both run over 0..n-1. */
    private static double correlation(int n, double products) {
        if (n < 2) {
            return Double.NaN;
        }
        double sum = (double) n * (n - 1) / 2;
        double squares = (double) n * (n - 1) * (2.0 * n - 1) / 6;
        return (n * products - sum * sum) / (n * squares - sum * sum);
    }

    // ---- Types that know only equality

    private ColumnStatistics unordered(double nullFraction, int width, double totalRows) {
        Map<Object, int[]> counts = new HashMap<>();
        Map<Object, Object> shown = new HashMap<>();
        List<Object> found = new ArrayList<>();
        for (Object value : values) {
            Object key = ops.hashKey(value);
            int[] count = counts.get(key);
            if (count == null) {
                counts.put(key, count = new int[1]);
                shown.put(key, value);
                found.add(key);
            }
            count[0]++;
        }
        List<Repeated> repeated = new ArrayList<>();
        for (Object key : found) {
            if (counts.get(key)[0] > 1) {
                repeated.add(new Repeated(0, counts.get(key)[0], shown.get(key)));
            }
        }
        double estimate = distinct(counts.size(), repeated.size(), nullFraction, totalRows);
        List<Repeated> common = mostCommon(repeated, counts.size(), estimate, nullFraction, totalRows);
        return new ColumnStatistics(nullFraction, width, estimate, commonValues(common), frequencies(common), null, Double.NaN);
    }

    // ---- Both

    /** @return positive: a number; negative: minus the fraction of all rows */
    private double distinct(int distinct, int repeated, double nullFraction, double totalRows) {
        if (repeated == 0) {
            return -(1 - nullFraction);
        }
        double estimate;
        if (wide == 0 && repeated == distinct) {
            // Each was met again, so there are probably no others.
            estimate = distinct;
        } else {
            double once = distinct - repeated + wide;
            double different = once + repeated;
            double sampled = rows - nulls;
            double total = totalRows * (1 - nullFraction);
            double raw = total > 0 ? sampled * different / (sampled - once + once * sampled / total) : 0;
            estimate = Math.floor(Math.min(Math.max(raw, different), Math.max(total, different)) + 0.5);
        }
        return estimate > 0.1 * totalRows ? -(estimate / totalRows) : estimate;
    }

    private List<Repeated> mostCommon(List<Repeated> repeated, int distinct, double estimate, double nullFraction, double totalRows) {
        List<Repeated> sorted = new ArrayList<>(repeated);
        sorted.sort((a, b) -> Integer.compare(b.count, a.count));
        boolean complete = sorted.size() == distinct && wide == 0 && estimate > 0 && sorted.size() <= target;
        if (complete) {
            return sorted;
        }
        List<Repeated> candidates = sorted.subList(0, Math.min(target, sorted.size()));
        return candidates.subList(0, significant(candidates, estimate, nullFraction, totalRows));
    }

    /** How many of the most frequent values are more frequent than the rest would be if they were all alike. */
    private int significant(List<Repeated> candidates, double estimate, double nullFraction, double totalRows) {
        int count = candidates.size();
        if (rows >= totalRows || totalRows <= 1) {
            return count;
        }
        double distinctInTable = estimate < 0 ? -estimate * totalRows : estimate;
        double before = 0;
        for (int i = 0; i < count - 1; i++) {
            before += candidates.get(i).count;
        }
        double n = rows;
        while (count > 0) {
            int last = candidates.get(count - 1).count;
            double share = Math.clamp(1 - before / n - nullFraction, 0, 1);
            double others = distinctInTable - (count - 1);
            if (others > 1) {
                share /= others;
            }
            double expected = totalRows * last / n;
            double variance = n * expected * (totalRows - expected) * (totalRows - n) / (totalRows * totalRows * (totalRows - 1));
            if (last > share * n + 2 * Math.sqrt(variance) + 0.5) {
                break;
            }
            count--;
            if (count > 0) {
                before -= candidates.get(count - 1).count;
            }
        }
        return count;
    }

    private io.quantadb.types.ArrayValue commonValues(List<Repeated> common) {
        return common.isEmpty() ? null : StoredArrays.of(type, common.stream().map(Repeated::value).toList());
    }

    private double[] frequencies(List<Repeated> common) {
        return common.isEmpty() ? null : common.stream().mapToDouble(value -> (double) value.count / rows).toArray();
    }
}
