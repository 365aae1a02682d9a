package io.quantadb.function;

import static io.quantadb.function.Args.dbl;
import static io.quantadb.function.Args.int4;
import static io.quantadb.function.Args.interval;
import static io.quantadb.function.Args.num;
import static io.quantadb.function.Args.text;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.FloatText;
import io.quantadb.types.Interval;
import io.quantadb.types.Numeric;
import io.quantadb.types.TimeTz;
import io.quantadb.types.TimeUnits;
import io.quantadb.types.datetime.CivilDate;
import io.quantadb.types.datetime.DateTimeExtract;
import io.quantadb.types.datetime.SessionTimeZone;
import io.quantadb.types.datetime.TimestampMath;
import java.util.Locale;

/** Current time, fields, truncation, construction, ages and time zones. Operators are in {@link DateTimeOperators}. */
public final class DateTimeFunctions implements FunctionRegistry.Library {
    private static final String[] DAYS = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    private static final String[] MONTHS = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
        "Nov", "Dec"};
    private static final long SLEEP_SLICE_MILLIS = 10;

    @Override
    public void register(FunctionRegistry.Builder registry) {
        registerCurrent(registry);
        registerFields(registry);
        registerTruncation(registry);
        registerConstruction(registry);
        registerIntervals(registry);
        registerZones(registry);
        registerSleep(registry);
    }

    private static void registerCurrent(FunctionRegistry.Builder registry) {
        registry.fn0("now", c -> c.transactionTimestamp());
        registry.fn0("statement_timestamp", c -> c.statementTimestamp());
        registry.fn0("clock_timestamp", c -> c.clockTimestamp());
        registry.fn0("timeofday", c -> {
            long now = c.clockTimestamp();
            SessionTimeZone zone = c.text().timeZone();
            long local = TimestampMath.toLocal(now, zone);
            long days = TimestampMath.timestampToDate(local);
            long micros = TimestampMath.timestampToTime(local);
            CivilDate date = CivilDate.ofDays(days);
            return String.format("%s %s %02d %02d:%02d:%02d.%06d %04d %s", DAYS[CivilDate.dayOfWeek(days)],
                    MONTHS[date.month() - 1], date.day(), micros / TimeUnits.MICROS_PER_HOUR,
                    micros / TimeUnits.MICROS_PER_MINUTE % 60, micros / TimeUnits.MICROS_PER_SECOND % 60,
                    micros % TimeUnits.MICROS_PER_SECOND, date.year(), zone.abbreviationAt(now));
        });
        registry.long1("timestamp_finite", a -> TimeUnits.isFiniteTimestamp(a) ? 1 : 0);
        registry.long1("date_finite", a -> TimeUnits.isFiniteDate(a) ? 1 : 0);
        registry.fn1("interval_finite", (c, a) -> true);
    }

    // ---- extract and date_part

    private interface Extractor {
        Numeric extract(FunctionContext context, String field, Object value);
    }

    private static void registerFields(FunctionRegistry.Builder registry) {
        field(registry, "timestamp", (c, f, a) -> DateTimeExtract.fromTimestamp(f, num(a)));
        field(registry, "timestamptz", (c, f, a) -> DateTimeExtract.fromTimestampTz(f, num(a), c.text().timeZone()));
        field(registry, "time", (c, f, a) -> DateTimeExtract.fromTime(f, num(a)));
        field(registry, "timetz", (c, f, a) -> DateTimeExtract.fromTimeTz(f, (TimeTz) a));
        field(registry, "interval", (c, f, a) -> DateTimeExtract.fromInterval(f, interval(a)));
        registry.fn2("extract_date", (c, f, a) -> DateTimeExtract.fromDate(text(f), num(a)));
        registry.fn2("sql:1384", (c, f, a) -> toDouble(DateTimeExtract.fromTimestamp(text(f),
                TimestampMath.dateToTimestamp(num(a)))));
    }

    private static void field(FunctionRegistry.Builder registry, String type, Extractor extractor) {
        registry.fn2("extract_" + type, (c, f, a) -> extractor.extract(c, text(f), a));
        registry.fn2(type + "_part", (c, f, a) -> toDouble(extractor.extract(c, text(f), a)));
    }

    private static Object toDouble(Numeric value) {
        return value == null ? null : (Object) value.doubleValue();
    }

    // ---- date_trunc and date_bin

    private static void registerTruncation(FunctionRegistry.Builder registry) {
        registry.fn2("timestamp_trunc", (c, f, a) -> DateTimeExtract.truncate(text(f), num(a)));
        registry.fn2("timestamptz_trunc", (c, f, a) -> DateTimeExtract.truncateTz(text(f), num(a),
                c.text().timeZone()));
        registry.fn3("timestamptz_trunc_zone", (c, f, a, zone) -> DateTimeExtract.truncateTz(text(f), num(a),
                Zones.find(text(zone), num(a))));
        registry.fn2("interval_trunc", (c, f, a) -> DateTimeExtract.truncate(text(f), interval(a)));
        registry.fn3("timestamp_bin", (c, stride, a, origin) -> bin(interval(stride), num(a), num(origin)));
        registry.fn3("timestamptz_bin", (c, stride, a, origin) -> bin(interval(stride), num(a), num(origin)));
    }

    private static long bin(Interval stride, long timestamp, long origin) {
        if (!TimeUnits.isFiniteTimestamp(timestamp)) {
            return timestamp;
        }
        if (!TimeUnits.isFiniteTimestamp(origin)) {
            throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "origin out of range");
        }
        if (stride.months() != 0) {
            throw SqlException.notSupported("timestamps cannot be binned into intervals containing months or years");
        }
        try {
            long micros = Math.addExact(stride.micros(),
                    Math.multiplyExact((long) stride.days(), TimeUnits.MICROS_PER_DAY));
            if (micros <= 0) {
                throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "stride must be greater than zero");
            }
            long distance = Math.subtractExact(timestamp, origin);
            return origin + distance - Math.floorMod(distance, micros);
        } catch (ArithmeticException e) {
            throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "interval out of range", e);
        }
    }

    // ---- make_..., to_timestamp(double), age

    private static void registerConstruction(FunctionRegistry.Builder registry) {
        registry.fn3("make_date", (c, y, m, d) -> TimestampMath.makeDate(int4(y), int4(m), int4(d)));
        registry.fn3("make_time", (c, h, m, s) -> TimestampMath.makeTime(int4(h), int4(m), dbl(s)));
        registry.fnN("make_timestamp", (c, a) -> makeTimestamp(a));
        registry.fnN("make_timestamptz", (c, a) -> TimestampMath.toUtc(makeTimestamp(a), c.text().timeZone()));
        registry.fnN("make_timestamptz_at_timezone", (c, a) -> {
            long local = makeTimestamp(a);
            return TimestampMath.toUtc(local, Zones.findForInput(text(a[6]), local));
        });
        registry.fnN("make_interval", (c, a) -> TimestampMath.makeInterval(int4(a[0]), int4(a[1]), int4(a[2]),
                int4(a[3]), int4(a[4]), int4(a[5]), dbl(a[6])));
        registry.fn1("float8_timestamptz", (c, a) -> fromEpoch(dbl(a)));
        registry.fn2("timestamp_age", (c, a, b) -> TimestampMath.age(num(a), num(b)));
        registry.fn2("timestamptz_age", (c, a, b) -> TimestampMath.age(TimestampMath.toLocal(num(a),
                c.text().timeZone()), TimestampMath.toLocal(num(b), c.text().timeZone())));
        registry.fn1("sql:2059", (c, a) -> TimestampMath.age(today(c), num(a)));
        registry.fn1("sql:1386", (c, a) -> TimestampMath.age(today(c), TimestampMath.toLocal(num(a),
                c.text().timeZone())));
    }

    /** Midnight of the transaction's day, local. */
    private static long today(FunctionContext context) {
        long local = TimestampMath.toLocal(context.transactionTimestamp(), context.text().timeZone());
        return TimestampMath.dateToTimestamp(TimestampMath.timestampToDate(local));
    }

    private static long makeTimestamp(Object[] a) {
        return TimestampMath.makeTimestamp(int4(a[0]), int4(a[1]), int4(a[2]), int4(a[3]), int4(a[4]), dbl(a[5]));
    }

    private static long fromEpoch(double seconds) {
        if (Double.isNaN(seconds)) {
            throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "timestamp cannot be NaN");
        }
        if (Double.isInfinite(seconds)) {
            return seconds > 0 ? TimeUnits.TIMESTAMP_INFINITY : TimeUnits.TIMESTAMP_NEGATIVE_INFINITY;
        }
        double micros = Math.rint((seconds - TimeUnits.UNIX_EPOCH_SECONDS) * 1_000_000.0);
        if (!(micros >= TimeUnits.TIMESTAMP_MIN && micros < TimeUnits.TIMESTAMP_END)) {
            throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "timestamp out of range: \""
                    + FloatText.formatDouble(seconds, -9) + "\"");
        }
        return (long) micros;
    }

    private static void registerIntervals(FunctionRegistry.Builder registry) {
        registry.fn1("interval_justify_hours", (c, a) -> TimestampMath.justifyHours(interval(a)));
        registry.fn1("interval_justify_days", (c, a) -> TimestampMath.justifyDays(interval(a)));
        registry.fn1("interval_justify_interval", (c, a) -> TimestampMath.justifyInterval(interval(a)));
    }

    // ---- AT TIME ZONE

    private static void registerZones(FunctionRegistry.Builder registry) {
        registry.fn2("timestamp_zone", (c, zone, a) -> TimestampMath.toUtc(num(a), Zones.find(text(zone), num(a))));
        registry.fn2("timestamptz_zone", (c, zone, a) -> TimestampMath.toLocal(num(a), Zones.find(text(zone),
                num(a))));
        registry.fn2("timestamp_izone", (c, zone, a) -> TimestampMath.toUtc(num(a), offset(interval(zone))));
        registry.fn2("timestamptz_izone", (c, zone, a) -> TimestampMath.toLocal(num(a), offset(interval(zone))));
        registry.fn2("timetz_zone", (c, zone, a) -> {
            long now = c.transactionTimestamp();
            return inZone((TimeTz) a, Zones.find(text(zone), now).offsetAt(now));
        });
        registry.fn2("timetz_izone", (c, zone, a) -> inZone((TimeTz) a, offset(interval(zone)).offsetAt(0)));
    }

    private static SessionTimeZone offset(Interval zone) {
        if (zone.months() != 0 || zone.days() != 0) {
            throw Args.invalidParameter("interval time zone \"" + zone + "\" must not include months or days");
        }
        return SessionTimeZone.ofOffset((int) (zone.micros() / TimeUnits.MICROS_PER_SECOND));
    }

    private static TimeTz inZone(TimeTz time, int offsetSeconds) {
        return new TimeTz(Math.floorMod(time.utcMicros() + offsetSeconds * TimeUnits.MICROS_PER_SECOND,
                TimeUnits.MICROS_PER_DAY), -offsetSeconds);
    }

    // ---- pg_sleep

    private static void registerSleep(FunctionRegistry.Builder registry) {
        registry.fn1("pg_sleep", (c, a) -> sleep(c, dbl(a)));
        registry.fn1("sql:3935", (c, a) -> {
            long now = c.clockTimestamp();
            return sleep(c, (TimestampMath.addTz(now, interval(a), c.text().timeZone()) - now) / 1e6);
        });
        registry.fn1("sql:3936", (c, a) -> sleep(c, (num(a) - c.clockTimestamp()) / 1e6));
    }

    private static Object sleep(FunctionContext context, double seconds) {
        long end = System.nanoTime() + (long) Math.min(seconds * 1e9, Long.MAX_VALUE / 4.0);
        context.checkInterrupts();
        while (true) {
            long left = end - System.nanoTime();
            if (!(left > 0)) {
                return "";
            }
            try {
                Thread.sleep(Math.min(SLEEP_SLICE_MILLIS, left / 1_000_000), (int) (left % 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                context.checkInterrupts();
                throw new SqlException(SqlState.QUERY_CANCELED, "canceling statement due to user request", e);
            }
            context.checkInterrupts();
        }
    }

    /** Time zones by the names SQL functions take: abbreviations, IANA names, POSIX specifications. */
    static final class Zones {
        private Zones() {
        }

        /** @throws SqlException 22023 */
        static SessionTimeZone find(String name, long timestamp) {
            var abbreviation = io.quantadb.types.datetime.ZoneAbbreviations.forInput(name.toLowerCase(Locale.ROOT));
            if (abbreviation != null) {
                return SessionTimeZone.ofOffset(abbreviation.offset());
            }
            // An offset without letters counts like one of POSIX: positive to the west.
            boolean offset = !name.isEmpty() && "+-".indexOf(name.charAt(0)) >= 0;
            SessionTimeZone zone = SessionTimeZone.find(offset ? "<" + name + ">" + name : name);
            if (zone == null) {
                throw Args.invalidParameter("time zone \"" + name + "\" not recognized");
            }
            return zone;
        }

        /** As {@link #find}, also for offsets with sign such as {@code +05:30}. */
        static SessionTimeZone findForInput(String name, long timestamp) {
            if (!name.isEmpty() && Character.isDigit(name.charAt(0))) {
                throw Args.invalidParameter("invalid input syntax for type numeric time zone: \"" + name + "\"")
                        .withHint("Numeric time zones must have \"-\" or \"+\" as first character.");
            }
            if (name.matches("[+-]\\d{1,2}(:?\\d{2}(:?\\d{2})?)?")) {
                String digits = name.substring(1).replace(":", "");
                String padded = digits.length() % 2 == 1 ? "0" + digits : digits;
                int seconds = 0;
                int unit = 3600;
                for (int i = 0; i < padded.length(); i += 2) {
                    seconds += Integer.parseInt(padded.substring(i, i + 2)) * unit;
                    unit /= 60;
                }
                if (seconds >= 16 * 3600) {
                    throw Args.invalidParameter("numeric time zone \"" + name + "\" out of range");
                }
                return SessionTimeZone.ofOffset(name.charAt(0) == '-' ? -seconds : seconds);
            }
            return find(name, timestamp);
        }
    }
}
