package io.quantadb.types.datetime;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.Interval;
import io.quantadb.types.Numeric;
import io.quantadb.types.TimeTz;
import io.quantadb.types.TimeUnits;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * {@code extract}, {@code date_part} and {@code date_trunc}.
 *
 * <p>{@code extract} returns numeric; {@code date_part} is its {@code doubleValue}. NULL results (a field of an
 * infinite value that is not monotonic) are Java nulls.
 */
public final class DateTimeExtract {
    /** Fields by every name the functions accept. */
    public enum Field {
        MICROSECONDS, MILLISECONDS, SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER, YEAR, DECADE, CENTURY, MILLENNIUM,
        EPOCH, JULIAN, ISOYEAR, DOW, ISODOW, DOY, TIMEZONE, TIMEZONE_HOUR, TIMEZONE_MINUTE
    }

    private static final Map<String, Field> FIELDS = new HashMap<>();
    private static final int SIGNIFICANT = 10;

    static {
        put(Field.MICROSECONDS, "microsecon us usec usecond useconds usecs");
        put(Field.MILLISECONDS, "millisecon ms msec msecond mseconds msecs");
        put(Field.SECOND, "s sec second seconds secs");
        put(Field.MINUTE, "m min mins minute minutes");
        put(Field.HOUR, "h hour hours hr hrs");
        put(Field.DAY, "d day days");
        put(Field.WEEK, "w week weeks");
        put(Field.MONTH, "mon mons month months");
        put(Field.QUARTER, "qtr quarter");
        put(Field.YEAR, "y year years yr yrs");
        put(Field.DECADE, "dec decade decades decs");
        put(Field.CENTURY, "c cent centuries century");
        put(Field.MILLENNIUM, "mil millennia millennium mils");
        put(Field.EPOCH, "epoch");
        put(Field.JULIAN, "j jd julian");
        put(Field.ISOYEAR, "isoyear");
        put(Field.DOW, "dow");
        put(Field.ISODOW, "isodow");
        put(Field.DOY, "doy");
        put(Field.TIMEZONE, "timezone");
        put(Field.TIMEZONE_HOUR, "timezone_h");
        put(Field.TIMEZONE_MINUTE, "timezone_m");
    }

    private DateTimeExtract() {
    }

    private static void put(Field field, String words) {
        for (String word : words.split(" ")) {
            FIELDS.put(word, field);
        }
    }

    private static Field field(String name, String typeName) {
        String lower = name.toLowerCase(Locale.ROOT);
        Field field = FIELDS.get(lower.length() > SIGNIFICANT ? lower.substring(0, SIGNIFICANT) : lower);
        if (field == null) {
            throw notRecognized(lower, typeName);
        }
        return field;
    }

    private static SqlException notRecognized(String name, String typeName) {
        return new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                "unit \"" + name.toLowerCase(Locale.ROOT) + "\" not recognized for type " + typeName);
    }

    private static SqlException notSupported(String name, String typeName) {
        return SqlException.notSupported("unit \"" + name.toLowerCase(Locale.ROOT) + "\" not supported for type "
                + typeName);
    }

    // ---- extract

    public static Numeric fromTimestamp(String name, long timestamp) {
        return fromLocal(field(name, "timestamp without time zone"), name, "timestamp without time zone", timestamp,
                timestamp, null);
    }

    public static Numeric fromTimestampTz(String name, long timestampTz, SessionTimeZone zone) {
        return fromLocal(field(name, "timestamp with time zone"), name, "timestamp with time zone",
                TimestampMath.toLocal(timestampTz, zone), timestampTz,
                TimeUnits.isFiniteTimestamp(timestampTz) ? zone.offsetAt(timestampTz) : 0);
    }

    public static Numeric fromDate(String name, long days) {
        Field field = field(name, "date");
        switch (field) {
            case MICROSECONDS, MILLISECONDS, SECOND, MINUTE, HOUR, TIMEZONE, TIMEZONE_HOUR, TIMEZONE_MINUTE:
                throw notSupported(name, "date");
            default:
                break;
        }
        if (!TimeUnits.isFiniteDate(days)) {
            return infinite(field, days > 0);
        }
        return switch (field) {
            case EPOCH -> Numeric.of(days * 86_400 + TimeUnits.UNIX_EPOCH_SECONDS);
            case JULIAN -> Numeric.of(days + CivilDate.EPOCH_JULIAN);
            default -> Numeric.of(fromDay(field, days));
        };
    }

    private static Numeric infinite(Field field, boolean positive) {
        return switch (field) {
            case YEAR, DECADE, CENTURY, MILLENNIUM, JULIAN, ISOYEAR, EPOCH ->
                positive ? Numeric.POSITIVE_INFINITY : Numeric.NEGATIVE_INFINITY;
            default -> null;
        };
    }

    /** {@code offset} is null for types without zone. */
    private static Numeric fromLocal(Field field, String name, String typeName, long local, long epochValue,
            Integer offset) {
        if (offset == null && TimeUnits.isFiniteTimestamp(local)) {
            switch (field) {
                case TIMEZONE, TIMEZONE_HOUR, TIMEZONE_MINUTE:
                    throw notSupported(name, typeName);
                default:
                    break;
            }
        }
        if (!TimeUnits.isFiniteTimestamp(local)) {
            return infinite(field, local > 0);
        }
        long days = Math.floorDiv(local, TimeUnits.MICROS_PER_DAY);
        long micros = local - days * TimeUnits.MICROS_PER_DAY;
        return switch (field) {
            case MICROSECONDS, MILLISECONDS, SECOND, MINUTE, HOUR -> fromTimeOfDay(field, micros);
            case TIMEZONE -> Numeric.of(offset);
            case TIMEZONE_HOUR -> Numeric.of(offset / 3600);
            case TIMEZONE_MINUTE -> Numeric.of(offset / 60 % 60);
            case EPOCH -> Numeric.of(BigInteger.valueOf(epochValue).add(BigInteger.valueOf(
                    TimeUnits.UNIX_EPOCH_SECONDS * TimeUnits.MICROS_PER_SECOND)), 6);
            case JULIAN -> Numeric.of(days + CivilDate.EPOCH_JULIAN)
                    .add(Numeric.of(micros).divide(Numeric.of(TimeUnits.MICROS_PER_DAY)));
            default -> Numeric.of(fromDay(field, days));
        };
    }

    private static Numeric fromTimeOfDay(Field field, long micros) {
        long minuteMicros = micros % TimeUnits.MICROS_PER_MINUTE;
        return switch (field) {
            case MICROSECONDS -> Numeric.of(minuteMicros);
            case MILLISECONDS -> Numeric.of(minuteMicros, 3);
            case SECOND -> Numeric.of(minuteMicros, 6);
            case MINUTE -> Numeric.of(micros / TimeUnits.MICROS_PER_MINUTE % 60);
            default -> Numeric.of(micros / TimeUnits.MICROS_PER_HOUR);
        };
    }

    private static long fromDay(Field field, long days) {
        CivilDate date = CivilDate.ofDays(days);
        int year = date.year();
        return switch (field) {
            case DAY -> date.day();
            case MONTH -> date.month();
            case QUARTER -> (date.month() - 1) / 3 + 1;
            case WEEK -> CivilDate.isoWeek(days);
            case YEAR -> year > 0 ? year : year - 1;
            case DECADE -> Math.floorDiv(year, 10);
            case CENTURY -> year > 0 ? (year + 99) / 100 : -((99 - (year - 1)) / 100);
            case MILLENNIUM -> year > 0 ? (year + 999) / 1000 : -((999 - (year - 1)) / 1000);
            case ISOYEAR -> {
                int isoYear = CivilDate.isoYear(days);
                yield isoYear > 0 ? isoYear : isoYear - 1;
            }
            case DOW -> CivilDate.dayOfWeek(days);
            case ISODOW -> CivilDate.dayOfWeek(days) == 0 ? 7 : CivilDate.dayOfWeek(days);
            default -> days - CivilDate.toDays(year, 1, 1) + 1; // day of year
        };
    }

    public static Numeric fromTime(String name, long micros) {
        Field field = field(name, "time without time zone");
        return switch (field) {
            case MICROSECONDS, MILLISECONDS, SECOND, MINUTE, HOUR -> fromTimeOfDay(field, micros);
            case EPOCH -> Numeric.of(micros, 6);
            default -> throw notSupported(name, "time without time zone");
        };
    }

    public static Numeric fromTimeTz(String name, TimeTz value) {
        Field field = field(name, "time with time zone");
        return switch (field) {
            case MICROSECONDS, MILLISECONDS, SECOND, MINUTE, HOUR -> fromTimeOfDay(field, value.micros());
            case EPOCH -> Numeric.of(value.utcMicros(), 6);
            case TIMEZONE -> Numeric.of(-value.zoneSeconds());
            case TIMEZONE_HOUR -> Numeric.of(-value.zoneSeconds() / 3600);
            case TIMEZONE_MINUTE -> Numeric.of(-value.zoneSeconds() / 60 % 60);
            default -> throw notSupported(name, "time with time zone");
        };
    }

    public static Numeric fromInterval(String name, Interval value) {
        Field field = field(name, "interval");
        int years = value.months() / 12;
        return switch (field) {
            case MICROSECONDS, MILLISECONDS, SECOND, MINUTE, HOUR -> fromTimeOfDay(field, value.micros());
            case DAY -> Numeric.of(value.days());
            case MONTH -> Numeric.of(value.months() % 12);
            case QUARTER -> Numeric.of(value.months() % 12 / 3 + 1);
            case YEAR -> Numeric.of(years);
            case DECADE -> Numeric.of(years / 10);
            case CENTURY -> Numeric.of(years / 100);
            case MILLENNIUM -> Numeric.of(years / 1000);
            case EPOCH -> {
                // A year counts 365.25 days, a month 30.
                long quarterDays = 1461L * years + 120L * (value.months() % 12) + 4L * value.days();
                yield Numeric.of(BigInteger.valueOf(quarterDays).multiply(
                        BigInteger.valueOf(TimeUnits.MICROS_PER_DAY / 4)).add(BigInteger.valueOf(value.micros())), 6);
            }
            default -> throw notSupported(name, "interval");
        };
    }

    // ---- date_trunc

    /** Local timestamp cut to a field; 22023, 0A000. */
    public static long truncate(String name, long timestamp) {
        if (!TimeUnits.isFiniteTimestamp(timestamp)) {
            return timestamp; // even if there is no such unit
        }
        return truncateLocal(truncField(name, "timestamp without time zone"), timestamp);
    }

    /** timestamptz cut to a field of local time in a zone. */
    public static long truncateTz(String name, long timestampTz, SessionTimeZone zone) {
        if (!TimeUnits.isFiniteTimestamp(timestampTz)) {
            return timestampTz;
        }
        Field field = truncField(name, "timestamp with time zone");
        long local = truncateLocal(field, TimestampMath.toLocal(timestampTz, zone));
        if (field.compareTo(Field.HOUR) <= 0) {
            // Below a day the offset of the argument stays, so that repeated hours are kept apart.
            return local - zone.offsetAt(timestampTz) * TimeUnits.MICROS_PER_SECOND;
        }
        return TimestampMath.toUtc(local, zone);
    }

    private static Field truncField(String name, String typeName) {
        Field field = field(name, typeName);
        switch (field) {
            case TIMEZONE, TIMEZONE_HOUR, TIMEZONE_MINUTE:
                throw notSupported(name, typeName);
            case EPOCH, JULIAN, ISOYEAR, DOW, ISODOW, DOY:
                throw notRecognized(name, typeName);
            default:
                return field;
        }
    }

    private static long truncateLocal(Field field, long local) {
        long unit = switch (field) {
            case MICROSECONDS -> 1;
            case MILLISECONDS -> 1000;
            case SECOND -> TimeUnits.MICROS_PER_SECOND;
            case MINUTE -> TimeUnits.MICROS_PER_MINUTE;
            case HOUR -> TimeUnits.MICROS_PER_HOUR;
            case DAY -> TimeUnits.MICROS_PER_DAY;
            default -> 0;
        };
        if (unit != 0) {
            return local - Math.floorMod(local, unit);
        }
        long days = Math.floorDiv(local, TimeUnits.MICROS_PER_DAY);
        return truncateDay(field, days) * TimeUnits.MICROS_PER_DAY;
    }

    private static long truncateDay(Field field, long days) {
        CivilDate date = CivilDate.ofDays(days);
        int year = date.year();
        return switch (field) {
            case WEEK -> days - Math.floorMod(CivilDate.dayOfWeek(days) - 1, 7);
            case MONTH -> CivilDate.toDays(year, date.month(), 1);
            case QUARTER -> CivilDate.toDays(year, (date.month() - 1) / 3 * 3 + 1, 1);
            case YEAR -> CivilDate.toDays(year, 1, 1);
            case DECADE -> CivilDate.toDays(Math.floorDiv(year, 10) * 10, 1, 1);
            case CENTURY -> CivilDate.toDays(Math.floorDiv(year - 1, 100) * 100 + 1, 1, 1);
            default -> CivilDate.toDays(Math.floorDiv(year - 1, 1000) * 1000 + 1, 1, 1);
        };
    }

    /** Interval cut to a field. */
    public static Interval truncate(String name, Interval value) {
        Field field = truncField(name, "interval");
        long unit = switch (field) {
            case MICROSECONDS -> 1;
            case MILLISECONDS -> 1000;
            case SECOND -> TimeUnits.MICROS_PER_SECOND;
            case MINUTE -> TimeUnits.MICROS_PER_MINUTE;
            case HOUR -> TimeUnits.MICROS_PER_HOUR;
            default -> 0;
        };
        if (unit != 0) {
            return new Interval(value.months(), value.days(), value.micros() / unit * unit);
        }
        int months = switch (field) {
            case DAY -> 1;
            case MONTH -> 1;
            case QUARTER -> 3;
            case YEAR -> 12;
            case DECADE -> 120;
            case CENTURY -> 1200;
            case MILLENNIUM -> 12_000;
            default -> throw field == Field.WEEK
                    ? notSupported(name, "interval").withDetail("Months usually have fractional weeks.")
                    : notSupported(name, "interval");
        };
        return new Interval(value.months() / months * months, field == Field.DAY ? value.days() : 0, 0);
    }
}
