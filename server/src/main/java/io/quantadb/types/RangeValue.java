package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A range of values: the value of the range types.
 *
 * <p>A null bound is infinite and never inclusive. Discrete ranges (integer, bigint, date) are kept in their canonical
 * form
 * {@code [lower,upper)}. Ordered like PostgreSQL: empty first, then by lower bound, then by upper bound. Immutable.
 */
public final class RangeValue implements Comparable<RangeValue> {
    private final PgType subtype;
    private final Object lower;
    private final Object upper;
    private final boolean lowerInclusive;
    private final boolean upperInclusive;
    private final boolean empty;

    private RangeValue(PgType subtype, Object lower, boolean lowerInclusive, Object upper, boolean upperInclusive,
            boolean empty) {
        this.subtype = subtype;
        this.lower = lower;
        this.upper = upper;
        this.lowerInclusive = lowerInclusive;
        this.upperInclusive = upperInclusive;
        this.empty = empty;
    }

    public static RangeValue empty(PgType subtype) {
        return new RangeValue(subtype, null, false, null, false, true);
    }

    /** Brings the bounds into canonical form; 22000 if the lower one is above the upper one, 22003. */
    public static RangeValue of(PgType subtype, Object lower, boolean lowerInclusive, Object upper,
            boolean upperInclusive) {
        if (lower != null && upper != null && subtype.ops().compare(lower, upper) > 0) {
            throw new SqlException(SqlState.DATA_EXCEPTION,
                    "range lower bound must be less than or equal to range upper bound");
        }
        Object low = lower;
        Object high = upper;
        boolean lowIn = lowerInclusive && lower != null;
        boolean highIn = upperInclusive && upper != null;
        if (isDiscrete(subtype) && !isEmpty(subtype, low, lowIn, high, highIn)) {
            if (low != null && !lowIn && isFinite(subtype, (Long) low)) {
                low = next(subtype, (Long) low);
                lowIn = true;
            }
            if (highIn && isFinite(subtype, (Long) high)) {
                high = next(subtype, (Long) high);
                highIn = false;
            }
        }
        return isEmpty(subtype, low, lowIn, high, highIn) ? empty(subtype)
                : new RangeValue(subtype, low, lowIn, high, highIn, false);
    }

    private static boolean isEmpty(PgType subtype, Object low, boolean lowIn, Object high, boolean highIn) {
        if (low == null || high == null) {
            return false;
        }
        int order = subtype.ops().compare(low, high);
        return order > 0 || order == 0 && !(lowIn && highIn);
    }

    private static boolean isDiscrete(PgType subtype) {
        return subtype.oid() == Oids.INT4 || subtype.oid() == Oids.INT8 || subtype.oid() == Oids.DATE;
    }

    private static boolean isFinite(PgType subtype, long value) {
        return subtype.oid() != Oids.DATE || TimeUnits.isFiniteDate(value);
    }

    private static Object next(PgType subtype, long value) {
        boolean last = switch (subtype.oid()) {
            case Oids.INT4 -> value == Integer.MAX_VALUE;
            case Oids.INT8 -> value == Long.MAX_VALUE;
            default -> !TimeUnits.isValidDate(value + 1);
        };
        if (last) {
            throw subtype.oid() == Oids.DATE
                    ? new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "date out of range")
                    : new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
                            subtype.ops().displayName() + " out of range");
        }
        return value + 1;
    }

    public PgType subtype() {
        return subtype;
    }

    public boolean isEmpty() {
        return empty;
    }

    /** Null if infinite (or the range is empty). */
    public Object lower() {
        return lower;
    }

    /** Null if infinite (or the range is empty). */
    public Object upper() {
        return upper;
    }

    public boolean lowerInclusive() {
        return lowerInclusive;
    }

    public boolean upperInclusive() {
        return upperInclusive;
    }

    /** Whether a non-null value of the subtype lies inside. */
    public boolean contains(Object value) {
        if (empty) {
            return false;
        }
        int below = lower == null ? 1 : subtype.ops().compare(value, lower);
        int above = upper == null ? -1 : subtype.ops().compare(value, upper);
        return (below > 0 || below == 0 && lowerInclusive) && (above < 0 || above == 0 && upperInclusive);
    }

    // ---- Set operations. A bound is compared as the place just before or just after its value.

    private int lowerSide() {
        return lowerInclusive ? 0 : 1;
    }

    private int upperSide() {
        return upperInclusive ? 1 : 0;
    }

    /** Compares places: a value, infinite if null in the direction given, and 0 for before it or 1 for after it. */
    private int comparePlaces(Object a, int aInfinite, int aSide, Object b, int bInfinite, int bSide) {
        if (a == null || b == null) {
            int left = a == null ? aInfinite : 0;
            int right = b == null ? bInfinite : 0;
            return Integer.compare(left, right);
        }
        int order = subtype.ops().compare(a, b);
        return order != 0 ? order : Integer.compare(aSide, bSide);
    }

    /** Order of the lower bounds; neither range is empty. */
    public int compareLower(RangeValue other) {
        return comparePlaces(lower, -1, lowerSide(), other.lower, -1, other.lowerSide());
    }

    /** Order of the upper bounds; neither range is empty. */
    public int compareUpper(RangeValue other) {
        return comparePlaces(upper, 1, upperSide(), other.upper, 1, other.upperSide());
    }

    /** Negative or zero if this range ends where the other begins, or before; neither range is empty. */
    public int compareUpperToLower(RangeValue other) {
        return comparePlaces(upper, 1, upperSide(), other.lower, -1, other.lowerSide());
    }

    public boolean overlaps(RangeValue other) {
        return !empty && !other.empty && compareUpperToLower(other) > 0 && other.compareUpperToLower(this) > 0;
    }

    public boolean containsRange(RangeValue other) {
        return other.empty || !empty && compareLower(other) <= 0 && compareUpper(other) >= 0;
    }

    public boolean isBefore(RangeValue other) {
        return !empty && !other.empty && compareUpperToLower(other) <= 0;
    }

    /** Whether one ends exactly where the other begins. */
    public boolean isAdjacent(RangeValue other) {
        return !empty && !other.empty && (touches(other) || other.touches(this));
    }

    private boolean touches(RangeValue next) {
        return upper != null && next.lower != null && compareUpperToLower(next) == 0;
    }

    /** The smallest range that has both inside. */
    public RangeValue merge(RangeValue other) {
        if (empty || other.empty) {
            return empty ? other : this;
        }
        RangeValue low = compareLower(other) <= 0 ? this : other;
        RangeValue high = compareUpper(other) >= 0 ? this : other;
        return new RangeValue(subtype, low.lower, low.lowerInclusive, high.upper, high.upperInclusive, false);
    }

    public RangeValue intersect(RangeValue other) {
        if (!overlaps(other)) {
            return empty(subtype);
        }
        RangeValue low = compareLower(other) >= 0 ? this : other;
        RangeValue high = compareUpper(other) <= 0 ? this : other;
        return of(subtype, low.lower, low.lowerInclusive, high.upper, high.upperInclusive);
    }

    /** What is left of this range without the other: nothing, one range or two. */
    public List<RangeValue> remainders(RangeValue other) {
        if (empty) {
            return List.of();
        }
        if (!overlaps(other)) {
            return List.of(this);
        }
        List<RangeValue> result = new ArrayList<>();
        if (compareLower(other) < 0) {
            result.add(of(subtype, lower, lowerInclusive, other.lower, !other.lowerInclusive));
        }
        if (compareUpper(other) > 0) {
            result.add(of(subtype, other.upper, !other.upperInclusive, upper, upperInclusive));
        }
        return result;
    }

    @Override
    public int compareTo(RangeValue other) {
        if (empty || other.empty) {
            return Boolean.compare(other.empty, empty);
        }
        int order = compareBounds(lower, other.lower, -1);
        if (order == 0) {
            order = Boolean.compare(other.lowerInclusive, lowerInclusive);
        }
        if (order == 0) {
            order = compareBounds(upper, other.upper, 1);
        }
        return order != 0 ? order : Boolean.compare(upperInclusive, other.upperInclusive);
    }

    /** {@code infinite} is the sign of a missing bound. */
    private int compareBounds(Object a, Object b, int infinite) {
        if (a == null || b == null) {
            return a == b ? 0 : a == null ? infinite : -infinite;
        }
        return subtype.ops().compare(a, b);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RangeValue that && compareTo(that) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(empty, lowerInclusive, upperInclusive, lower == null ? null : subtype.ops().hashKey(lower),
                upper == null ? null : subtype.ops().hashKey(upper));
    }

    @Override
    public String toString() {
        return RangeOps.format(this, TextContext.DEFAULT);
    }
}
