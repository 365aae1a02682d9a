package io.quantadb.function;

import java.util.Arrays;

/** sum, avg and the variance family over floats, by Youngs and Cramer's method as in PostgreSQL. */
final class DoubleAccumulator extends Accumulator {
    enum Kind { SUM, SUM_SINGLE, AVG, VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP }

    private final Kind kind;
    private long[] counts = new long[16];
    private double[] sums = new double[16];
    /** Sum of squared differences from the mean. */
    private double[] spreads;
    private final boolean single;

    /** @param single arguments are float4 */
    DoubleAccumulator(Kind kind, boolean single) {
        this.kind = kind;
        this.single = single;
        this.spreads = kind.compareTo(Kind.VAR_POP) >= 0 ? new double[16] : null;
    }

    @Override
    public void ensureGroups(int count) {
        if (count > counts.length) {
            int size = Math.max(count, counts.length * 2);
            counts = Arrays.copyOf(counts, size);
            sums = Arrays.copyOf(sums, size);
            if (spreads != null) {
                spreads = Arrays.copyOf(spreads, size);
            }
        }
    }

    private void addOne(int group, double x) {
        double before = sums[group];
        long n = ++counts[group];
        double sum = n == 1 ? x : before + x;
        if (kind == Kind.SUM_SINGLE) {
            float rounded = (float) sum;
            sum = rounded;
        }
        sums[group] = sum;
        if (spreads != null) {
            addSpread(group, n, x, before, sum);
        } else if (Double.isInfinite(sum) && !Double.isInfinite(before) && !Double.isInfinite(x)) {
            throw CoreArithmetic.overflow();
        }
    }

    private void addSpread(int group, long n, double x, double before, double sum) {
        if (n == 1) {
            spreads[group] = Double.isNaN(x) || Double.isInfinite(x) ? Double.NaN : 0;
            return;
        }
        double t = x * n - sum;
        spreads[group] += t * t / ((double) n * (n - 1));
        if (Double.isInfinite(sum) || Double.isInfinite(spreads[group])) {
            if (!Double.isInfinite(before) && !Double.isInfinite(x)) {
                throw CoreArithmetic.overflow();
            }
            spreads[group] = Double.NaN;
        }
    }

    @Override
    public void add(int group, Object[] arguments) {
        if (arguments[0] != null) {
            addOne(group, (Double) arguments[0]);
        }
    }

    @Override
    public void addDoubles(int[] groups, double[] values, boolean[] nulls, int[] selection, int count) {
        for (int i = 0; i < count; i++) {
            int row = selection == null ? i : selection[i];
            if (nulls == null || !nulls[row]) {
                addOne(groups == null ? 0 : groups[i], values[row]);
            }
        }
    }

    @Override
    public void reset(int group) {
        counts[group] = 0;
        sums[group] = 0;
        if (spreads != null) {
            spreads[group] = 0;
        }
    }

    @Override
    public boolean canCombine() {
        return true;
    }

    /** Chan, Golub and LeVeque's pairwise update of the sum of squared differences, as PostgreSQL combines states. */
    @Override
    public void combine(int group, Accumulator other, int otherGroup) {
        DoubleAccumulator that = (DoubleAccumulator) other;
        long n1 = counts[group];
        long n2 = that.counts[otherGroup];
        if (n2 == 0) {
            return;
        }
        double sum1 = sums[group];
        double sum2 = that.sums[otherGroup];
        double sum = n1 == 0 ? sum2 : sum1 + sum2;
        sums[group] = kind == Kind.SUM_SINGLE ? (double) (float) sum : sum;
        counts[group] = n1 + n2;
        if (Double.isInfinite(sums[group]) && !Double.isInfinite(sum1) && !Double.isInfinite(sum2)) {
            throw CoreArithmetic.overflow();
        }
        if (spreads != null) {
            double difference = n1 == 0 ? 0 : sum1 / n1 - sum2 / n2;
            spreads[group] = n1 == 0 ? that.spreads[otherGroup] : spreads[group] + that.spreads[otherGroup]
                    + (double) n1 * n2 * difference * difference / (n1 + n2);
            if (Double.isInfinite(spreads[group]) && !Double.isInfinite(sum1) && !Double.isInfinite(sum2)) {
                throw CoreArithmetic.overflow();
            }
        }
    }

    @Override
    public Object finish(int group) {
        long n = counts[group];
        if (n == 0) {
            return null;
        }
        return switch (kind) {
            case SUM, SUM_SINGLE -> sums[group];
            case AVG -> sums[group] / n;
            case VAR_POP -> spreads[group] / n;
            case VAR_SAMP -> n == 1 ? null : (Object) (spreads[group] / (n - 1));
            case STDDEV_POP -> Math.sqrt(spreads[group] / n);
            case STDDEV_SAMP -> n == 1 ? null : (Object) Math.sqrt(spreads[group] / (n - 1));
        };
    }

    @Override
    public long memoryBytes() {
        return (16L + (spreads == null ? 0 : 8)) * counts.length;
    }

    @Override
    public String toString() {
        return kind + (single ? " of float4" : " of float8");
    }
}
