package io.quantadb.function;

import io.quantadb.types.Numeric;
import java.math.BigInteger;
import java.util.Arrays;

/** sum, avg and the variance family over integers, exact. */
final class LongAccumulator extends Accumulator {
    enum Kind { SUM_INT8, SUM_NUMERIC, AVG, VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP }

    private final Kind kind;
    private final LongSum sums = new LongSum();
    private long[] counts = new long[16];
    /** Sums of squares, for the variance family; 128 bits hold 2^64 squares of 32-bit values. */
    private final LongSum squares;

    LongAccumulator(Kind kind) {
        this.kind = kind;
        this.squares = kind.compareTo(Kind.VAR_POP) >= 0 ? new LongSum() : null;
    }

    @Override
    public void ensureGroups(int count) {
        if (count > counts.length) {
            counts = Arrays.copyOf(counts, Math.max(count, counts.length * 2));
        }
        sums.ensure(count);
        if (squares != null) {
            squares.ensure(count);
        }
    }

    private void addOne(int group, long value) {
        counts[group]++;
        sums.add(group, value);
        if (squares != null) {
            squares.addProduct(group, value, value);
        }
    }

    @Override
    public void add(int group, Object[] arguments) {
        if (arguments[0] != null) {
            addOne(group, (Long) arguments[0]);
        }
    }

    @Override
    public void addLongs(int[] groups, long[] values, boolean[] nulls, int[] selection, int count) {
        if (nulls == null && squares == null) {
            addRuns(groups, values, selection, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            int row = selection == null ? i : selection[i];
            if (nulls == null || !nulls[row]) {
                addOne(groups == null ? 0 : groups[i], values[row]);
            }
        }
    }

    private void addRuns(int[] groups, long[] values, int[] selection, int count) {
        int start = 0;
        while (start < count) {
            int group = groups == null ? 0 : groups[start];
            int end = groups == null ? count : LongSum.runEnd(groups, start, count);
            sums.addRun(group, values, selection, start, end);
            counts[group] += end - start;
            start = end;
        }
    }

    @Override
    public boolean canRemove() {
        return true;
    }

    @Override
    public void remove(int group, Object[] arguments) {
        if (arguments[0] != null) {
            long value = (Long) arguments[0];
            counts[group]--;
            sums.subtract(group, value);
            if (squares != null) {
                squares.subtractProduct(group, value, value);
            }
        }
    }

    @Override
    public void reset(int group) {
        counts[group] = 0;
        sums.reset(group);
        if (squares != null) {
            squares.reset(group);
        }
    }

    @Override
    public boolean canCombine() {
        return true;
    }

    @Override
    public void combine(int group, Accumulator other, int otherGroup) {
        LongAccumulator that = (LongAccumulator) other;
        counts[group] += that.counts[otherGroup];
        sums.add128(group, that.sums.low[otherGroup], that.sums.high[otherGroup]);
        if (squares != null) {
            squares.add128(group, that.squares.low[otherGroup], that.squares.high[otherGroup]);
        }
    }

    @Override
    public Object finish(int group) {
        long count = counts[group];
        if (count == 0) {
            return null;
        }
        return switch (kind) {
            case SUM_INT8 -> {
                if (!sums.fitsLong(group)) {
                    throw CoreArithmetic.outOfRange("bigint");
                }
                yield sums.low[group];
            }
            case SUM_NUMERIC -> sums.numeric(group, 0);
            case AVG -> sums.numeric(group, 0).divide(Numeric.of(count));
            default -> Variance.of(kind, count, Numeric.of(sums.value(group), 0),
                    Numeric.of(squares.value(group), 0));
        };
    }

    @Override
    public long memoryBytes() {
        return 8L * counts.length + sums.memoryBytes() + (squares == null ? 0 : squares.memoryBytes());
    }

    /** The variance family's final step, shared with numerics. */
    static final class Variance {
        private Variance() {
        }

        static Numeric of(Kind kind, long count, Numeric sum, Numeric sumOfSquares) {
            boolean sample = kind == Kind.VAR_SAMP || kind == Kind.STDDEV_SAMP;
            if (sample && count <= 1) {
                return null;
            }
            if (!sum.isFinite() || !sumOfSquares.isFinite()) {
                return Numeric.NAN;
            }
            Numeric n = Numeric.of(count);
            Numeric spread = n.multiply(sumOfSquares).subtract(sum.multiply(sum));
            if (spread.signum() <= 0) {
                return Numeric.ZERO;
            }
            Numeric variance = spread.divide(n.multiply(sample ? Numeric.of(count - 1) : n));
            return kind == Kind.VAR_POP || kind == Kind.VAR_SAMP ? variance : squareRoot(variance);
        }

        /** Rounded half up at the argument's own scale. */
        private static Numeric squareRoot(Numeric value) {
            int scale = value.scale();
            BigInteger square = value.unscaledBig().multiply(BigInteger.TEN.pow(scale));
            BigInteger[] root = square.sqrtAndRemainder();
            BigInteger rounded = root[1].compareTo(root[0]) > 0 ? root[0].add(BigInteger.ONE) : root[0];
            return Numeric.of(rounded, scale);
        }
    }
}
