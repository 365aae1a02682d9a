package io.quantadb.executor.operator;

import io.quantadb.executor.vector.LongVector;
import io.quantadb.executor.vector.NumericVector;
import io.quantadb.executor.vector.Vector;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import java.util.List;

/**
 * Sort keys of integers, and of numerics of one scale, packed into one non-negative long each: every column takes as
 * many bits as the range of values seen needs, so that several columns usually fit. Order and equality of the longs are
 * those of the keys, directions and places of NULLs included.
 *
 * <p>First {@link #observe} all rows, then {@link #prepare}, then {@link #pack}. Confined to one thread.
 */
final class PackedSortKeys {
    private static final int NO_SCALE = -1;

    private final int[] columns;
    private final boolean[] descending;
    private final boolean[] nullsFirst;
    private final boolean eligible;
    private final long[] min;
    private final long[] max;
    private final boolean[] nulls;
    private final int[] scales;
    private final int[] shifts;
    private boolean packable;
    private int bits;

    PackedSortKeys(PgType[] types, List<SortKey> keys) {
        int n = keys.size();
        columns = new int[n];
        descending = new boolean[n];
        nullsFirst = new boolean[n];
        min = new long[n];
        max = new long[n];
        nulls = new boolean[n];
        scales = new int[n];
        shifts = new int[n];
        boolean all = true;
        for (int k = 0; k < n; k++) {
            SortKey key = keys.get(k);
            columns[k] = key.column();
            descending[k] = key.descending();
            nullsFirst[k] = key.nullsFirst();
            all &= isEligible(types[key.column()]);
        }
        eligible = all;
        clear();
    }

    private static boolean isEligible(PgType type) {
        return type.kind() == PhysicalKind.BOOL || type.kind() == PhysicalKind.LONG && isSignedOrder(type)
                || type.ops() == BuiltinTypes.NUMERIC.ops();
    }

    /** Whether the type's order is that of its values as signed longs. */
    static boolean isSignedOrder(PgType type) {
        return type.typtype() != 'e' && type.oid() != Oids.PG_LSN && type.oid() != Oids.XID8;
    }

    /** Forgets the rows. */
    void clear() {
        packable = eligible;
        for (int k = 0; k < columns.length; k++) {
            min[k] = Long.MAX_VALUE;
            max[k] = Long.MIN_VALUE;
            nulls[k] = false;
            scales[k] = NO_SCALE;
        }
    }

    /** Takes note of the keys at positions 0 to {@code count - 1}. */
    void observe(Vector[] vectors, int count) {
        for (int k = 0; packable && k < columns.length; k++) {
            switch (vectors[columns[k]]) {
                case LongVector longs -> observe(k, longs.values, longs.nullMask(), count);
                case NumericVector numerics -> {
                    packable = numerics.isScaled() && isScale(k, numerics);
                    if (packable) {
                        observe(k, numerics.scaled, numerics.nullMask(), count);
                    }
                }
                default -> packable = false;
            }
        }
    }

    private boolean isScale(int k, NumericVector numerics) {
        int scale = numerics.declaredScale();
        if (scale < 0) {
            return true;
        }
        if (scales[k] == NO_SCALE) {
            scales[k] = scale;
        }
        return scales[k] == scale;
    }

    private void observe(int k, long[] values, boolean[] mask, int count) {
        long low = min[k];
        long high = max[k];
        for (int i = 0; i < count; i++) {
            if (mask != null && mask[i]) {
                nulls[k] = true;
            } else {
                low = Math.min(low, values[i]);
                high = Math.max(high, values[i]);
            }
        }
        min[k] = low;
        max[k] = high;
    }

    /** Adds what another instance for the same keys has observed. */
    void observe(PackedSortKeys other) {
        packable &= other.packable;
        for (int k = 0; packable && k < columns.length; k++) {
            min[k] = Math.min(min[k], other.min[k]);
            max[k] = Math.max(max[k], other.max[k]);
            nulls[k] |= other.nulls[k];
            if (other.scales[k] != NO_SCALE) {
                packable = scales[k] == NO_SCALE || scales[k] == other.scales[k];
                scales[k] = other.scales[k];
            }
        }
    }

    /** Whether the keys observed fit into 63 bits. To be called before {@link #pack}. */
    boolean prepare() {
        bits = 0;
        for (int k = columns.length - 1; packable && k >= 0; k--) {
            long range = max[k] < min[k] ? 0 : max[k] - min[k];
            if (range < 0 || range >= Long.MAX_VALUE - 1) {
                packable = false;
                break;
            }
            shifts[k] = bits;
            bits += Long.SIZE - Long.numberOfLeadingZeros(range + (nulls[k] ? 1 : 0));
            packable = bits < Long.SIZE;
        }
        return packable;
    }

    /** Bits of the packed keys, the higher ones being zero. */
    int bits() {
        return bits;
    }

    /** Writes the packed keys of positions 0 to {@code count - 1} to {@code target[from...]}. */
    void pack(Vector[] vectors, int count, long[] target, int from) {
        for (int k = 0; k < columns.length; k++) {
            Vector vector = vectors[columns[k]];
            long[] values = vector instanceof LongVector longs ? longs.values : ((NumericVector) vector).scaled;
            boolean[] mask = vector instanceof LongVector longs ? longs.nullMask()
                    : ((NumericVector) vector).nullMask();
            pack(k, values, mask, count, target, from);
        }
    }

    private void pack(int k, long[] values, boolean[] mask, int count, long[] target, int from) {
        // A column with one value only has no bits, and perhaps a shift of 64 that must not be applied.
        int shift = shifts[k] & Long.SIZE - 1;
        long first = nulls[k] && nullsFirst[k] ? 1 : 0;
        long nullCode = nullsFirst[k] || max[k] < min[k] ? 0 : max[k] - min[k] + 1;
        for (int i = 0; i < count; i++) {
            long code = mask != null && mask[i] ? nullCode
                    : (descending[k] ? max[k] - values[i] : values[i] - min[k]) + first;
            target[from + i] = (k == 0 ? 0 : target[from + i]) | code << shift;
        }
    }
}
