package io.quantadb.function;

import io.quantadb.types.Numeric;
import java.util.Arrays;

/**
 * sum, avg and the variance family over numerics (and over int8 for the variances, whose squares need more than 128
 * bits).
 *
 * <p>Values of the scale seen first are added up as 128-bit integers; everything else goes through Numeric.
 */
final class NumericAccumulator extends Accumulator {
    private final LongAccumulator.Kind kind;
    private final LongSum sums = new LongSum();
    private long[] counts = new long[16];
    private long[] scaledCounts = new long[16];
    private Numeric[] others = new Numeric[16];
    private Numeric[] squares;
    private int scale = -1;
    /** Rows of each scale added minus removed, to keep the result's scale right in moving windows. */
    private boolean sawOtherScale;

    NumericAccumulator(LongAccumulator.Kind kind) {
        this.kind = kind;
        this.squares = kind.compareTo(LongAccumulator.Kind.VAR_POP) >= 0 ? new Numeric[16] : null;
    }

    @Override
    public void ensureGroups(int count) {
        if (count > counts.length) {
            int size = Math.max(count, counts.length * 2);
            counts = Arrays.copyOf(counts, size);
            scaledCounts = Arrays.copyOf(scaledCounts, size);
            others = Arrays.copyOf(others, size);
            if (squares != null) {
                squares = Arrays.copyOf(squares, size);
            }
        }
        sums.ensure(count);
    }

    private void addNumeric(int group, Numeric value) {
        counts[group]++;
        if (value.isCompact() && (scale < 0 || scale == value.scale())) {
            scale = value.scale();
            scaledCounts[group]++;
            sums.add(group, value.unscaledLong());
        } else {
            sawOtherScale = true;
            others[group] = others[group] == null ? value : others[group].add(value);
        }
        if (squares != null) {
            Numeric square = value.multiply(value);
            squares[group] = squares[group] == null ? square : squares[group].add(square);
        }
    }

    @Override
    public void add(int group, Object[] arguments) {
        Object value = arguments[0];
        if (value != null) {
            addNumeric(group, value instanceof Long l ? Numeric.of(l) : (Numeric) value);
        }
    }

    @Override
    public void addScaled(int[] groups, long[] values, int valueScale, boolean[] nulls, int[] selection, int count) {
        if (squares != null || scale >= 0 && scale != valueScale) {
            super.addScaled(groups, values, valueScale, nulls, selection, count);
            return;
        }
        scale = valueScale;
        if (nulls == null) {
            addRuns(groups, values, selection, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            int row = selection == null ? i : selection[i];
            if (!nulls[row]) {
                int group = groups == null ? 0 : groups[i];
                counts[group]++;
                scaledCounts[group]++;
                sums.add(group, values[row]);
            }
        }
    }

    /** Neighbours of one group are added up before they touch its state; see {@link LongSum#addRun}. */
    private void addRuns(int[] groups, long[] values, int[] selection, int count) {
        int start = 0;
        while (start < count) {
            int group = groups == null ? 0 : groups[start];
            int end = groups == null ? count : LongSum.runEnd(groups, start, count);
            sums.addRun(group, values, selection, start, end);
            counts[group] += end - start;
            scaledCounts[group] += end - start;
            start = end;
        }
    }

    @Override
    public boolean canRemove() {
        return !sawOtherScale && squares == null;
    }

    @Override
    public void remove(int group, Object[] arguments) {
        if (arguments[0] != null) {
            counts[group]--;
            scaledCounts[group]--;
            sums.subtract(group, ((Numeric) arguments[0]).unscaledLong());
        }
    }

    @Override
    public void reset(int group) {
        counts[group] = 0;
        scaledCounts[group] = 0;
        others[group] = null;
        sums.reset(group);
        if (squares != null) {
            squares[group] = null;
        }
    }

    private Numeric sum(int group) {
        if (scaledCounts[group] == 0) {
            return others[group];
        }
        Numeric scaled = sums.numeric(group, scale);
        return others[group] == null ? scaled : others[group].add(scaled);
    }

    @Override
    public boolean canCombine() {
        return true;
    }

    @Override
    public void combine(int group, Accumulator other, int otherGroup) {
        NumericAccumulator that = (NumericAccumulator) other;
        if (that.counts[otherGroup] == 0) {
            return;
        }
        counts[group] += that.counts[otherGroup];
        Numeric sum = that.sum(otherGroup);
        others[group] = others[group] == null ? sum : others[group].add(sum);
        sawOtherScale = true;
        if (squares != null) {
            squares[group] = squares[group] == null ? that.squares[otherGroup]
                    : squares[group].add(that.squares[otherGroup]);
        }
    }

    @Override
    public Object finish(int group) {
        long count = counts[group];
        if (count == 0) {
            return null;
        }
        Numeric sum = sum(group);
        return switch (kind) {
            case SUM_INT8, SUM_NUMERIC -> sum;
            case AVG -> sum.divide(Numeric.of(count));
            default -> LongAccumulator.Variance.of(kind, count, sum, squares[group]);
        };
    }

    @Override
    public long memoryBytes() {
        return (8L + 8 + 4 + (squares == null ? 0 : 36)) * counts.length + sums.memoryBytes();
    }
}
