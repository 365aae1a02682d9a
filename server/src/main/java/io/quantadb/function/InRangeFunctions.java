package io.quantadb.function;

import static io.quantadb.function.Args.bool;
import static io.quantadb.function.Args.dbl;
import static io.quantadb.function.Args.interval;
import static io.quantadb.function.Args.num;
import static io.quantadb.function.Args.numeric;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.Interval;
import io.quantadb.types.Numeric;
import io.quantadb.types.TimeTz;
import io.quantadb.types.datetime.TimestampMath;

/**
 * What RANGE frames with offsets ask: whether {@code value} is at most ({@code less}) or at least {@code base} plus or
 * minus the offset. Arguments: value, base, offset, subtract, less.
 *
 * <p>Source: PostgreSQL documentation, "B-Tree Support Functions", in_range.
 */
public final class InRangeFunctions implements FunctionRegistry.Library {
    @Override
    public void register(FunctionRegistry.Builder registry) {
        for (String name : new String[] {"int8_int8", "int4_int8", "int4_int4", "int4_int2", "int2_int8", "int2_int4",
            "int2_int2"}) {
            registry.fnN("in_range_" + name, (c, a) -> integers(num(a[0]), num(a[1]), num(a[2]), bool(a[3]),
                    bool(a[4])));
        }
        registry.fnN("in_range_float8_float8", (c, a) -> doubles(dbl(a[0]), dbl(a[1]), dbl(a[2]), bool(a[3]),
                bool(a[4])));
        registry.fnN("in_range_float4_float8", (c, a) -> doubles(dbl(a[0]), dbl(a[1]), dbl(a[2]), bool(a[3]),
                bool(a[4])));
        registry.fnN("in_range_numeric_numeric", (c, a) -> numerics(numeric(a[0]), numeric(a[1]), numeric(a[2]),
                bool(a[3]), bool(a[4])));
        registry.fnN("in_range_date_interval", (c, a) -> timestamps(TimestampMath.dateToTimestamp(num(a[0])),
                TimestampMath.dateToTimestamp(num(a[1])), a));
        registry.fnN("in_range_timestamp_interval", (c, a) -> timestamps(num(a[0]), num(a[1]), a));
        registry.fnN("in_range_timestamptz_interval", (c, a) -> compared(num(a[0]), TimestampMath.addTz(num(a[1]),
                signed(a), c.text().timeZone()), a));
        registry.fnN("in_range_interval_interval", (c, a) -> {
            Interval sum = TimestampMath.addIntervals(interval(a[1]), signed(a));
            return within(interval(a[0]).compareTo(sum), a);
        });
        registry.fnN("in_range_time_interval", (c, a) -> compared(num(a[0]), clockSum(num(a[1]), a), a));
        registry.fnN("in_range_timetz_interval", (c, a) -> {
            TimeTz base = (TimeTz) a[1];
            return within(((TimeTz) a[0]).compareTo(new TimeTz(clockSum(base.micros(), a), base.zoneSeconds())), a);
        });
    }

    private static SqlException invalidSize() {
        return new SqlException(SqlState.INVALID_PRECEDING_OR_FOLLOWING_SIZE,
                "invalid preceding or following size in window function");
    }

    private static boolean within(int order, Object[] a) {
        return bool(a[4]) ? order <= 0 : order >= 0;
    }

    private static boolean compared(long value, long sum, Object[] a) {
        return within(Long.compare(value, sum), a);
    }

    private static boolean integers(long value, long base, long offset, boolean subtract, boolean less) {
        if (offset < 0) {
            throw invalidSize();
        }
        long sum = subtract ? base - offset : base + offset;
        if (subtract ? sum > base : sum < base) {
            // Beyond the type's range: every value is on this side of it.
            return subtract != less;
        }
        return less ? value <= sum : value >= sum;
    }

    private static boolean doubles(double value, double base, double offset, boolean subtract, boolean less) {
        if (Double.isNaN(offset) || offset < 0) {
            throw invalidSize();
        }
        if (Double.isNaN(value)) {
            return Double.isNaN(base) || !less;
        }
        if (Double.isNaN(base)) {
            return less;
        }
        if (Double.isInfinite(offset) && Double.isInfinite(base) && (subtract ? base > 0 : base < 0)) {
            return true;
        }
        double sum = subtract ? base - offset : base + offset;
        return less ? value <= sum : value >= sum;
    }

    private static boolean numerics(Numeric value, Numeric base, Numeric offset, boolean subtract, boolean less) {
        if (offset.isNaN() || offset.signum() < 0) {
            throw invalidSize();
        }
        if (value.isNaN()) {
            return base.isNaN() || !less;
        }
        if (base.isNaN()) {
            return less;
        }
        if (offset.isInfinite() && base.isInfinite() && (subtract ? base.signum() > 0 : base.signum() < 0)) {
            return true;
        }
        int order = value.compareTo(subtract ? base.subtract(offset) : base.add(offset));
        return less ? order <= 0 : order >= 0;
    }

    /** The offset, negated if it is to be subtracted. */
    private static Interval signed(Object[] a) {
        Interval offset = interval(a[2]);
        if (offset.compareTo(Interval.ZERO) < 0) {
            throw invalidSize();
        }
        return bool(a[3]) ? TimestampMath.negate(offset) : offset;
    }

    private static boolean timestamps(long value, long base, Object[] a) {
        return compared(value, TimestampMath.add(base, signed(a)), a);
    }

    /** Times of day do not go around midnight here; days and months of the offset do not count. */
    private static long clockSum(long base, Object[] a) {
        long offset = interval(a[2]).micros();
        if (offset < 0) {
            throw invalidSize();
        }
        long sum = bool(a[3]) ? base - offset : base + offset;
        return !bool(a[3]) && sum < base ? Long.MAX_VALUE : sum;
    }
}
