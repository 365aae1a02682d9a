package io.quantadb.function;

import io.quantadb.types.Numeric;
import java.math.BigInteger;
import java.util.Arrays;

/** 128-bit sums of 64-bit integers, one for each group: exact whatever the input. */
final class LongSum {
    private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);

    long[] low = new long[16];
    long[] high = new long[16];

    void ensure(int count) {
        if (count > low.length) {
            int size = Math.max(count, low.length * 2);
            low = Arrays.copyOf(low, size);
            high = Arrays.copyOf(high, size);
        }
    }

    void add(int group, long value) {
        long sum = low[group] + value;
        high[group] += (value >> 63) + (Long.compareUnsigned(sum, value) < 0 ? 1 : 0);
        low[group] = sum;
    }

    /** End of the run of equal groups that begins at {@code start}. */
    static int runEnd(int[] groups, int start, int count) {
        int group = groups[start];
        int end = start + 1;
        while (end < count && groups[end] == group) {
            end++;
        }
        return end;
    }

    /**
     * Adds rows {@code start} to {@code end - 1} of a batch to one group: plain 64-bit additions of the two halves
     * cannot overflow within a batch.
     */
    void addRun(int group, long[] values, int[] selection, int start, int end) {
        if (end - start < 4) {
            for (int i = start; i < end; i++) {
                add(group, values[selection == null ? i : selection[i]]);
            }
            return;
        }
        long upper = 0;
        long lower = 0;
        for (int i = start; i < end; i++) {
            long value = values[selection == null ? i : selection[i]];
            upper += value >> 32;
            lower += value & 0xFFFF_FFFFL;
        }
        add128(group, upper << 32, upper >> 32);
        add(group, lower);
    }

    void subtract(int group, long value) {
        high[group] -= (value >> 63) + (Long.compareUnsigned(low[group], value) < 0 ? 1 : 0);
        low[group] -= value;
    }

    void addProduct(int group, long a, long b) {
        add128(group, a * b, Math.multiplyHigh(a, b));
    }

    void subtractProduct(int group, long a, long b) {
        long l = a * b;
        long h = Math.multiplyHigh(a, b);
        high[group] -= h + (Long.compareUnsigned(low[group], l) < 0 ? 1 : 0);
        low[group] -= l;
    }

    void add128(int group, long l, long h) {
        long sum = low[group] + l;
        high[group] += h + (Long.compareUnsigned(sum, l) < 0 ? 1 : 0);
        low[group] = sum;
    }

    void reset(int group) {
        low[group] = 0;
        high[group] = 0;
    }

    boolean isZero(int group) {
        return low[group] == 0 && high[group] == 0;
    }

    boolean fitsLong(int group) {
        return high[group] == low[group] >> 63;
    }

    BigInteger value(int group) {
        if (fitsLong(group)) {
            return BigInteger.valueOf(low[group]);
        }
        BigInteger unsignedLow = BigInteger.valueOf(low[group]);
        if (unsignedLow.signum() < 0) {
            unsignedLow = unsignedLow.add(TWO_64);
        }
        return BigInteger.valueOf(high[group]).shiftLeft(64).add(unsignedLow);
    }

    Numeric numeric(int group, int scale) {
        return fitsLong(group) ? Numeric.of(low[group], scale) : Numeric.of(value(group), scale);
    }

    long memoryBytes() {
        return 16L * low.length;
    }
}
