package io.quantadb.session.command;

import java.util.Arrays;

/**
 * Pairs of numbers that can be sorted by (key, value), both unsigned, without comparisons. Confined to one thread.
 *
 * <p>A radix sort from the least significant digit, over those bits only in which the numbers differ; it costs a pass per eleven such
 * bits. Pairs that were added in order are not sorted at all. Values are compared without their bit 62, which callers may use as a flag.
 */
final class LongPairs {
    /** Bytes a pair takes, with its share of the space to sort in. */
    static final int PAIR_BYTES = 32;

    private static final int DIGIT_BITS = 11;
    private static final int INSERTION_MAX = 48;
    private static final long FLAG = KeySorter.NOT_LIVE;

    long[] keys = new long[1024];
    long[] values = new long[1024];
    int count;
    private boolean ordered = true;
    private boolean valuesOrdered = true;
    private long[] spareKeys;
    private long[] spareValues;

    void add(long key, long value) {
        int n = count;
        if (n == keys.length) {
            keys = Arrays.copyOf(keys, n * 2);
            values = Arrays.copyOf(values, n * 2);
        }
        keys[n] = key;
        values[n] = value;
        if (n > 0) {
            boolean valueAscends = (values[n - 1] & ~FLAG) <= (value & ~FLAG);
            valuesOrdered &= valueAscends;
            int order = Long.compareUnsigned(keys[n - 1], key);
            ordered &= order < 0 || order == 0 && valueAscends;
        }
        count = n + 1;
    }

    void clear() {
        count = 0;
        ordered = true;
        valuesOrdered = true;
    }

    /** The keys were replaced: their order is not what was seen when they were added. */
    void keysChanged() {
        int i = 1;
        while (i < count && Long.compareUnsigned(keys[i - 1], keys[i]) <= 0) {
            i++;
        }
        ordered = i >= count && valuesOrdered;
    }

    void sort() {
        if (ordered) {
            return;
        }
        ordered = true;
        if (count <= INSERTION_MAX) {
            insertionSort();
            return;
        }
        if (spareKeys == null || spareKeys.length < count) {
            spareKeys = new long[keys.length];
            spareValues = new long[keys.length];
        }
        if (!valuesOrdered) {
            // Least significant first: by values, then by keys.
            swapRoles();
            radixSort(~FLAG);
            swapRoles();
        }
        radixSort(-1L);
    }

    private void swapRoles() {
        long[] swap = keys;
        keys = values;
        values = swap;
        swap = spareKeys;
        spareKeys = spareValues;
        spareValues = swap;
    }

    private void insertionSort() {
        for (int i = 1; i < count; i++) {
            long key = keys[i];
            long value = values[i];
            int j = i - 1;
            while (j >= 0 && isAfter(keys[j], values[j], key, value)) {
                keys[j + 1] = keys[j];
                values[j + 1] = values[j];
                j--;
            }
            keys[j + 1] = key;
            values[j + 1] = value;
        }
    }

    private static boolean isAfter(long keyA, long valueA, long keyB, long valueB) {
        int order = Long.compareUnsigned(keyA, keyB);
        return order > 0 || order == 0 && (valueA & ~FLAG) > (valueB & ~FLAG);
    }

    private void radixSort(long mask) {
        long varying = 0;
        long first = keys[0];
        for (int i = 1; i < count; i++) {
            varying |= keys[i] ^ first;
        }
        varying &= mask;
        int[] starts = new int[1 << DIGIT_BITS];
        while (varying != 0) {
            int shift = Long.numberOfTrailingZeros(varying);
            // Eleven bits where so many differ; of 23 rather eight three times than eleven, eleven and one.
            int width = 64 - Long.numberOfLeadingZeros(varying) - shift;
            int passes = (width + DIGIT_BITS - 1) / DIGIT_BITS;
            int bits = Math.min(DIGIT_BITS, (width + passes - 1) / passes);
            long digit = (1L << bits) - 1;
            pass(starts, shift, (int) (digit & mask >>> shift));
            varying &= ~(digit << shift);
        }
    }

    private void pass(int[] starts, int shift, int digit) {
        long[] k = keys;
        long[] v = values;
        long[] toKeys = spareKeys;
        long[] toValues = spareValues;
        int n = count;
        Arrays.fill(starts, 0, digit + 1, 0);
        for (int i = 0; i < n; i++) {
            starts[(int) (k[i] >>> shift) & digit]++;
        }
        int sum = 0;
        for (int i = 0; i <= digit; i++) {
            int size = starts[i];
            starts[i] = sum;
            sum += size;
        }
        for (int i = 0; i < n; i++) {
            int at = starts[(int) (k[i] >>> shift) & digit]++;
            toKeys[at] = k[i];
            toValues[at] = v[i];
        }
        keys = toKeys;
        values = toValues;
        spareKeys = k;
        spareValues = v;
    }
}
