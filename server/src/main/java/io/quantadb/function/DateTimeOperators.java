package io.quantadb.function;

import static io.quantadb.function.Args.dbl;
import static io.quantadb.function.Args.interval;
import static io.quantadb.function.Args.num;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.Interval;
import io.quantadb.types.TimeTz;
import io.quantadb.types.TimeUnits;
import io.quantadb.types.datetime.SessionTimeZone;
import io.quantadb.types.datetime.TimestampMath;
import java.util.Comparator;
import java.util.function.IntPredicate;

/** Arithmetic, casts, comparisons across types and OVERLAPS of dates, times, timestamps and intervals. */
public final class DateTimeOperators implements FunctionRegistry.Library {
    private static final String[] SUFFIXES = {"eq", "ne", "lt", "le", "gt", "ge"};
    private static final IntPredicate[] TESTS = {o -> o == 0, o -> o != 0, o -> o < 0, o -> o <= 0, o -> o > 0,
        o -> o >= 0};

    @Override
    public void register(FunctionRegistry.Builder registry) {
        registerTimestamps(registry);
        registerTimes(registry);
        registerIntervals(registry);
        registerCasts(registry);
        registerComparisons(registry);
        registerOverlaps(registry);
    }

    private static SessionTimeZone zone(FunctionContext context) {
        return context.text().timeZone();
    }

    private static void registerTimestamps(FunctionRegistry.Builder registry) {
        registry.fn2("timestamp_pl_interval", (c, a, i) -> TimestampMath.add(num(a), interval(i)))
                .fn2("timestamp_mi_interval", (c, a, i) -> TimestampMath.add(num(a), negate(interval(i))))
                .fn2("timestamptz_pl_interval", (c, a, i) -> TimestampMath.addTz(num(a), interval(i), zone(c)))
                .fn2("timestamptz_mi_interval", (c, a, i) -> TimestampMath.addTz(num(a), negate(interval(i)), zone(c)))
                .fn2("timestamp_mi", (c, a, b) -> TimestampMath.subtract(num(a), num(b)))
                .fn2("date_pl_interval", (c, a, i) -> TimestampMath.add(TimestampMath.dateToTimestamp(num(a)),
                        interval(i)))
                .fn2("date_mi_interval", (c, a, i) -> TimestampMath.add(TimestampMath.dateToTimestamp(num(a)),
                        negate(interval(i))))
                .fn2("datetime_timestamp", (c, a, t) -> dateTime(num(a), num(t)))
                .fn2("datetimetz_timestamptz", (c, a, t) -> dateTimeTz(num(a), (TimeTz) t));
        registry.fn2("sql:1296", (c, t, a) -> dateTime(num(a), num(t)))
                .fn2("sql:1298", (c, t, a) -> dateTimeTz(num(a), (TimeTz) t))
                .fn2("sql:1176", (c, a, t) -> TimestampMath.toUtc(dateTime(num(a), num(t)), zone(c)))
                .fn2("sql:2546", (c, i, a) -> TimestampMath.add(TimestampMath.dateToTimestamp(num(a)), interval(i)))
                .fn2("sql:2548", (c, i, a) -> TimestampMath.add(num(a), interval(i)))
                .fn2("sql:2549", (c, i, a) -> TimestampMath.addTz(num(a), interval(i), zone(c)))
                .fn2("sql:2550", (c, n, a) -> TimestampMath.addDays(num(a), num(n)))
                .fn2("sql:1848", (c, i, t) -> TimestampMath.addToTime(num(t), interval(i)))
                .fn2("sql:2547", (c, i, t) -> addTo((TimeTz) t, interval(i)));
    }

    private static Interval negate(Interval interval) {
        return TimestampMath.negate(interval);
    }

    private static long checked(long timestamp) {
        if (!TimeUnits.isValidTimestamp(timestamp)) {
            throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "timestamp out of range");
        }
        return timestamp;
    }

    private static long dateTime(long date, long time) {
        long midnight = TimestampMath.dateToTimestamp(date);
        return TimeUnits.isFiniteTimestamp(midnight) ? checked(midnight + time) : midnight;
    }

    private static long dateTimeTz(long date, TimeTz time) {
        long midnight = TimestampMath.dateToTimestamp(date);
        return TimeUnits.isFiniteTimestamp(midnight) ? checked(midnight + time.utcMicros()) : midnight;
    }

    private static void registerTimes(FunctionRegistry.Builder registry) {
        registry.fn2("time_pl_interval", (c, t, i) -> TimestampMath.addToTime(num(t), interval(i)))
                .fn2("time_mi_interval", (c, t, i) -> TimestampMath.addToTime(num(t), negate(interval(i))))
                .fn2("time_mi_time", (c, a, b) -> new Interval(0, 0, num(a) - num(b)))
                .fn2("timetz_pl_interval", (c, t, i) -> addTo((TimeTz) t, interval(i)))
                .fn2("timetz_mi_interval", (c, t, i) -> addTo((TimeTz) t, negate(interval(i))));
    }

    private static TimeTz addTo(TimeTz time, Interval interval) {
        return new TimeTz(TimestampMath.addToTime(time.micros(), interval), time.zoneSeconds());
    }

    private static void registerIntervals(FunctionRegistry.Builder registry) {
        registry.fn2("interval_pl", (c, a, b) -> TimestampMath.addIntervals(interval(a), interval(b)))
                .fn2("interval_mi", (c, a, b) -> subtract(interval(a), interval(b)))
                .fn1("interval_um", (c, a) -> negate(interval(a)))
                .fn2("interval_mul", (c, a, f) -> TimestampMath.multiply(interval(a), dbl(f)))
                .fn2("mul_d_interval", (c, f, a) -> TimestampMath.multiply(interval(a), dbl(f)))
                .fn2("interval_div", (c, a, d) -> TimestampMath.divide(interval(a), dbl(d)));
    }

    private static Interval subtract(Interval a, Interval b) {
        try {
            return new Interval(Math.subtractExact(a.months(), b.months()), Math.subtractExact(a.days(), b.days()),
                    Math.subtractExact(a.micros(), b.micros()));
        } catch (ArithmeticException e) {
            throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "interval out of range", e);
        }
    }

    private static void registerCasts(FunctionRegistry.Builder registry) {
        registry.long1("date_timestamp", TimestampMath::dateToTimestamp)
                .fn1("date_timestamptz", (c, a) -> TimestampMath.dateToTimestampTz(num(a), zone(c)))
                .long1("timestamp_date", TimestampMath::timestampToDate)
                .fn1("timestamptz_date", (c, a) -> TimestampMath.timestampToDate(local(c, a)))
                .fn1("timestamp_time", (c, a) -> TimeUnits.isFiniteTimestamp(num(a))
                        ? (Long) TimestampMath.timestampToTime(num(a)) : null)
                .fn1("timestamptz_time", (c, a) -> TimeUnits.isFiniteTimestamp(num(a))
                        ? (Long) TimestampMath.timestampToTime(local(c, a)) : null)
                .fn1("timestamptz_timetz", (c, a) -> TimeUnits.isFiniteTimestamp(num(a))
                        ? new TimeTz(TimestampMath.timestampToTime(local(c, a)), -zone(c).offsetAt(num(a))) : null)
                .fn1("timestamp_timestamptz", (c, a) -> TimestampMath.toUtc(num(a), zone(c)))
                .fn1("timestamptz_timestamp", (c, a) -> local(c, a))
                .fn1("time_interval", (c, a) -> new Interval(0, 0, num(a)))
                .fn1("interval_time", (c, a) -> Math.floorMod(interval(a).micros(), TimeUnits.MICROS_PER_DAY))
                .fn1("timetz_time", (c, a) -> ((TimeTz) a).micros())
                .fn1("time_timetz", (c, a) -> {
                    // The offset is today's at that time of day.
                    long today = TimestampMath.timestampToDate(local(c, c.transactionTimestamp()));
                    int offset = zone(c).offsetForLocal(TimestampMath.dateToTimestamp(today) + num(a));
                    return new TimeTz(num(a), -offset);
                });
    }

    private static long local(FunctionContext context, Object timestampTz) {
        return TimestampMath.toLocal(num(timestampTz), zone(context));
    }

    // ---- comparisons across types

    private interface Order {
        int compare(FunctionContext context, long a, long b);
    }

    private static void registerComparisons(FunctionRegistry.Builder registry) {
        compare(registry, "date", "timestamp", (c, a, b) -> Long.compare(startOf(a), b));
        compare(registry, "date", "timestamptz", (c, a, b) -> Long.compare(startOf(a, zone(c)), b));
        compare(registry, "timestamp", "timestamptz", (c, a, b) -> Long.compare(instant(a, zone(c)), b));
    }

    /** Midnight; infinity for dates past the last timestamp. */
    private static long startOf(long date) {
        return TimeUnits.isFiniteDate(date) && date >= TimeUnits.TIMESTAMP_END / TimeUnits.MICROS_PER_DAY
                ? TimeUnits.TIMESTAMP_INFINITY : TimestampMath.dateToTimestamp(date);
    }

    private static long startOf(long date, SessionTimeZone zone) {
        return instant(startOf(date), zone);
    }

    private static long instant(long local, SessionTimeZone zone) {
        if (!TimeUnits.isFiniteTimestamp(local)) {
            return local;
        }
        long utc = local - zone.offsetForLocal(local) * TimeUnits.MICROS_PER_SECOND;
        return utc >= TimeUnits.TIMESTAMP_END ? TimeUnits.TIMESTAMP_INFINITY
                : utc < TimeUnits.TIMESTAMP_MIN ? TimeUnits.TIMESTAMP_NEGATIVE_INFINITY : utc;
    }

    private static void compare(FunctionRegistry.Builder registry, String left, String right, Order order) {
        for (int i = 0; i < SUFFIXES.length; i++) {
            IntPredicate test = TESTS[i];
            registry.fn2(left + "_" + SUFFIXES[i] + "_" + right,
                    (c, a, b) -> test.test(order.compare(c, num(a), num(b))));
            registry.fn2(right + "_" + SUFFIXES[i] + "_" + left,
                    (c, a, b) -> test.test(-order.compare(c, num(b), num(a))));
        }
        registry.fn2(left + "_cmp_" + right, (c, a, b) -> (long) order.compare(c, num(a), num(b)));
        registry.fn2(right + "_cmp_" + left, (c, a, b) -> (long) -order.compare(c, num(b), num(a)));
    }

    // ---- OVERLAPS

    private interface Adder {
        Object add(FunctionContext context, Object start, Interval length);
    }

    private static void registerOverlaps(FunctionRegistry.Builder registry) {
        Comparator<Object> byNumber = (a, b) -> Long.compare((Long) a, (Long) b);
        Comparator<Object> byTimeTz = (a, b) -> ((TimeTz) a).compareTo((TimeTz) b);
        registry.fnN("overlaps_timestamp", (c, a) -> overlaps(byNumber, a[0], a[1], a[2], a[3]));
        registry.fnN("overlaps_time", (c, a) -> overlaps(byNumber, a[0], a[1], a[2], a[3]));
        registry.fnN("overlaps_timetz", (c, a) -> overlaps(byTimeTz, a[0], a[1], a[2], a[3]));
        Adder withZone = (c, start, length) -> TimestampMath.addTz(num(start), length, zone(c));
        Adder plain = (c, start, length) -> TimestampMath.add(num(start), length);
        Adder clock = (c, start, length) -> TimestampMath.addToTime(num(start), length);
        spans(registry, byNumber, withZone, "sql:1307", "sql:1305", "sql:1306");
        spans(registry, byNumber, plain, "sql:2044", "sql:2042", "sql:2043");
        spans(registry, byNumber, clock, "sql:1311", "sql:1309", "sql:1310");
    }

    /** The forms in which the first, both, or the second period are given as start and length. */
    private static void spans(FunctionRegistry.Builder registry, Comparator<Object> order, Adder adder, String first,
            String both, String second) {
        registry.fnN(first, (c, a) -> overlaps(order, a[0], end(adder, c, a[0], a[1]), a[2], a[3]));
        registry.fnN(both, (c, a) -> overlaps(order, a[0], end(adder, c, a[0], a[1]), a[2], end(adder, c, a[2], a[3])));
        registry.fnN(second, (c, a) -> overlaps(order, a[0], a[1], a[2], end(adder, c, a[2], a[3])));
    }

    private static Object end(Adder adder, FunctionContext context, Object start, Object length) {
        return start == null || length == null ? null : adder.add(context, start, (Interval) length);
    }

    private static Boolean overlaps(Comparator<Object> order, Object a, Object b, Object c, Object d) {
        Object start1 = a == null ? b : a;
        Object end1 = a == null ? null : b;
        Object start2 = c == null ? d : c;
        Object end2 = c == null ? null : d;
        if (start1 == null || start2 == null) {
            return null;
        }
        if (end1 != null && order.compare(start1, end1) > 0) {
            Object swap = start1;
            start1 = end1;
            end1 = swap;
        }
        if (end2 != null && order.compare(start2, end2) > 0) {
            Object swap = start2;
            start2 = end2;
            end2 = swap;
        }
        int compared = order.compare(start1, start2);
        if (compared == 0) {
            return end1 == null || end2 == null ? null : true;
        }
        Object later = compared > 0 ? start1 : start2;
        Object laterEnd = compared > 0 ? end1 : end2;
        Object earlierEnd = compared > 0 ? end2 : end1;
        if (earlierEnd == null) {
            return null;
        }
        if (order.compare(later, earlierEnd) < 0) {
            return true;
        }
        return laterEnd == null ? null : false;
    }
}
