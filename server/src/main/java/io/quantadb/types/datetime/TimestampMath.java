package io.quantadb.types.datetime;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.Interval;
import io.quantadb.types.TimeUnits;

/**
 * Arithmetic on timestamps, dates and intervals, with PostgreSQL's rules.
 *
 * <p>Timestamps are microseconds since 2000-01-01, local for timestamp, UTC for timestamptz; dates are days. Infinite
 * values pass through unchanged unless a method says otherwise.
 */
public final class TimestampMath {
    private TimestampMath() {
    }

    private static long checked(long timestamp) {
        if (!TimeUnits.isValidTimestamp(timestamp)) {
            throw DateTimeErrors.timestampOutOfRange();
        }
        return timestamp;
    }

    // ---- conversions

    /** timestamptz to local timestamp in a zone. */
    public static long toLocal(long timestampTz, SessionTimeZone zone) {
        return TimeUnits.isFiniteTimestamp(timestampTz)
                ? timestampTz + zone.offsetAt(timestampTz) * TimeUnits.MICROS_PER_SECOND : timestampTz;
    }

    /** Local timestamp in a zone to timestamptz; 22008. */
    public static long toUtc(long timestamp, SessionTimeZone zone) {
        return TimeUnits.isFiniteTimestamp(timestamp)
                ? checked(timestamp - zone.offsetForLocal(timestamp) * TimeUnits.MICROS_PER_SECOND) : timestamp;
    }

    /** date to timestamp at midnight; 22008. */
    public static long dateToTimestamp(long days) {
        if (!TimeUnits.isFiniteDate(days)) {
            return days > 0 ? TimeUnits.TIMESTAMP_INFINITY : TimeUnits.TIMESTAMP_NEGATIVE_INFINITY;
        }
        if (days >= TimeUnits.TIMESTAMP_END / TimeUnits.MICROS_PER_DAY) {
            throw DateTimeErrors.dateOutOfRangeForTimestamp();
        }
        return days * TimeUnits.MICROS_PER_DAY;
    }

    public static long dateToTimestampTz(long days, SessionTimeZone zone) {
        return toUtc(dateToTimestamp(days), zone);
    }

    /** The day of a local timestamp. */
    public static long timestampToDate(long timestamp) {
        if (!TimeUnits.isFiniteTimestamp(timestamp)) {
            return timestamp > 0 ? TimeUnits.DATE_INFINITY : TimeUnits.DATE_NEGATIVE_INFINITY;
        }
        return Math.floorDiv(timestamp, TimeUnits.MICROS_PER_DAY);
    }

    /** Time of day of a finite local timestamp. */
    public static long timestampToTime(long timestamp) {
        return Math.floorMod(timestamp, TimeUnits.MICROS_PER_DAY);
    }

    // ---- addition

    /** timestamp + interval: months first (day clipped to the month's end), then days, then time; 22008. */
    public static long add(long timestamp, Interval interval) {
        if (!TimeUnits.isFiniteTimestamp(timestamp)) {
            return timestamp;
        }
        try {
            long result = checked(addMonths(timestamp, interval.months()));
            long days = Math.multiplyExact((long) interval.days(), TimeUnits.MICROS_PER_DAY);
            result = checked(Math.addExact(result, days));
            return checked(Math.addExact(result, interval.micros()));
        } catch (ArithmeticException e) {
            throw DateTimeErrors.timestampOutOfRange();
        }
    }

    /** timestamptz + interval: months and days in local time of the zone, the time part in absolute time; 22008. */
    public static long addTz(long timestampTz, Interval interval, SessionTimeZone zone) {
        if (!TimeUnits.isFiniteTimestamp(timestampTz)) {
            return timestampTz;
        }
        try {
            long result = timestampTz;
            if (interval.months() != 0) {
                result = toUtc(addMonths(toLocal(result, zone), interval.months()), zone);
            }
            if (interval.days() != 0) {
                result = toUtc(Math.addExact(toLocal(result, zone),
                        Math.multiplyExact((long) interval.days(), TimeUnits.MICROS_PER_DAY)), zone);
            }
            return checked(Math.addExact(result, interval.micros()));
        } catch (ArithmeticException e) {
            throw DateTimeErrors.timestampOutOfRange();
        }
    }

    private static long addMonths(long timestamp, int months) {
        if (months == 0) {
            return timestamp;
        }
        long days = Math.floorDiv(timestamp, TimeUnits.MICROS_PER_DAY);
        CivilDate date = CivilDate.ofDays(days);
        long total = date.year() * 12L + date.month() - 1 + months;
        int year = Math.toIntExact(Math.floorDiv(total, 12L));
        int month = (int) Math.floorMod(total, 12L) + 1;
        int day = Math.min(date.day(), CivilDate.daysInMonth(year, month));
        return Math.addExact(Math.multiplyExact(CivilDate.toDays(year, month, day), TimeUnits.MICROS_PER_DAY),
                timestamp - days * TimeUnits.MICROS_PER_DAY);
    }

    /** timestamp - timestamp: days and time of day (24-hour days); 22008 for infinite arguments. */
    public static Interval subtract(long a, long b) {
        if (!TimeUnits.isFiniteTimestamp(a) || !TimeUnits.isFiniteTimestamp(b)) {
            throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "cannot subtract infinite timestamps");
        }
        return justifyHours(new Interval(0, 0, a - b));
    }

    /** date + days; 22008. */
    public static long addDays(long date, long days) {
        if (!TimeUnits.isFiniteDate(date)) {
            return date;
        }
        long result = date + days;
        if (!TimeUnits.isValidDate(result)) {
            throw DateTimeErrors.dateOutOfRange();
        }
        return result;
    }

    /** date - date in days; 22008 for infinite arguments. */
    public static long subtractDates(long a, long b) {
        if (!TimeUnits.isFiniteDate(a) || !TimeUnits.isFiniteDate(b)) {
            throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, "cannot subtract infinite dates");
        }
        return a - b;
    }

    /** time + interval, around the clock. */
    public static long addToTime(long time, Interval interval) {
        return Math.floorMod(time + interval.micros() % TimeUnits.MICROS_PER_DAY, TimeUnits.MICROS_PER_DAY);
    }

    // ---- intervals

    private static Interval interval(long months, long days, long micros) {
        if (months != (int) months || days != (int) days) {
            throw DateTimeErrors.intervalOutOfRange();
        }
        return new Interval((int) months, (int) days, micros);
    }

    public static Interval addIntervals(Interval a, Interval b) {
        try {
            return interval((long) a.months() + b.months(), (long) a.days() + b.days(),
                    Math.addExact(a.micros(), b.micros()));
        } catch (ArithmeticException e) {
            throw DateTimeErrors.intervalOutOfRange();
        }
    }

    public static Interval negate(Interval a) {
        try {
            return new Interval(Math.negateExact(a.months()), Math.negateExact(a.days()),
                    Math.negateExact(a.micros()));
        } catch (ArithmeticException e) {
            throw DateTimeErrors.intervalOutOfRange();
        }
    }

    /** Fractions of months become days, fractions of days become time. */
    public static Interval multiply(Interval a, double factor) {
        return scale(a, a.months() * factor, a.days() * factor, a.micros() * factor, factor, false);
    }

    /** 22012 for a zero divisor. */
    public static Interval divide(Interval a, double divisor) {
        if (divisor == 0) {
            throw new SqlException(SqlState.DIVISION_BY_ZERO, "division by zero");
        }
        return scale(a, a.months() / divisor, a.days() / divisor, a.micros() / divisor, divisor, true);
    }

    private static Interval scale(Interval a, double months, double days, double micros, double factor,
            boolean dividing) {
        if (Double.isNaN(months) || Math.abs(months) > Integer.MAX_VALUE || Double.isNaN(days)
                || Math.abs(days) > Integer.MAX_VALUE) {
            throw DateTimeErrors.intervalOutOfRange();
        }
        int wholeMonths = (int) months;
        int wholeDays = (int) days;
        // The parts lost above, carried down: 30 days a month, 24 hours a day, rounded to a microsecond.
        double monthRemainder = roundToMicro((months - wholeMonths) * 30);
        double extraDays = monthRemainder;
        double secondsRemainder = roundToMicro(((days - wholeDays) + extraDays - (long) extraDays) * 86_400);
        if (Math.abs(secondsRemainder) >= 86_400) {
            int carried = (int) (secondsRemainder / 86_400);
            wholeDays += carried;
            secondsRemainder -= carried * 86_400.0;
        }
        wholeDays = Math.addExact(wholeDays, (int) extraDays);
        double total = Math.rint(micros + secondsRemainder * 1_000_000);
        if (Double.isNaN(total) || Math.abs(total) >= 9.223372036854775E18) {
            throw DateTimeErrors.intervalOutOfRange();
        }
        return new Interval(wholeMonths, wholeDays, (long) total);
    }

    private static double roundToMicro(double value) {
        return Math.rint(value * 1_000_000) / 1_000_000;
    }

    /** Moves whole 24-hour spans into days, all parts of one sign. */
    public static Interval justifyHours(Interval a) {
        long wholeDays = a.micros() / TimeUnits.MICROS_PER_DAY;
        long days = a.days() + wholeDays;
        long micros = a.micros() - wholeDays * TimeUnits.MICROS_PER_DAY;
        if (days > 0 && micros < 0) {
            micros += TimeUnits.MICROS_PER_DAY;
            days--;
        } else if (days < 0 && micros > 0) {
            micros -= TimeUnits.MICROS_PER_DAY;
            days++;
        }
        return interval(a.months(), days, micros);
    }

    /** Moves whole 30-day spans into months. */
    public static Interval justifyDays(Interval a) {
        int wholeMonths = a.days() / 30;
        long months = (long) a.months() + wholeMonths;
        long days = a.days() - wholeMonths * 30L;
        if (months > 0 && days < 0) {
            days += 30;
            months--;
        } else if (months < 0 && days > 0) {
            days -= 30;
            months++;
        }
        return interval(months, days, a.micros());
    }

    /** Both of the above, with one sign over all parts. */
    public static Interval justifyInterval(Interval a) {
        long wholeDays = a.micros() / TimeUnits.MICROS_PER_DAY;
        long micros = a.micros() - wholeDays * TimeUnits.MICROS_PER_DAY;
        long days = a.days() + wholeDays;
        long wholeMonths = days / 30;
        days -= wholeMonths * 30;
        long months = a.months() + wholeMonths;
        if (months > 0 && (days < 0 || days == 0 && micros < 0)) {
            days += 30;
            months--;
        } else if (months < 0 && (days > 0 || days == 0 && micros > 0)) {
            days -= 30;
            months++;
        }
        if (days > 0 && micros < 0) {
            micros += TimeUnits.MICROS_PER_DAY;
            days--;
        } else if (days < 0 && micros > 0) {
            micros -= TimeUnits.MICROS_PER_DAY;
            days++;
        }
        return interval(months, days, micros);
    }

    /**
     * {@code age(a, b)}: years, months, days and time between two local timestamps.
     *
     * <p>22008 for -infinity, while infinity counts as the last microsecond of the 64-bit range, as in PostgreSQL 15.
     */
    public static Interval age(long a, long b) {
        if (a == TimeUnits.TIMESTAMP_NEGATIVE_INFINITY || b == TimeUnits.TIMESTAMP_NEGATIVE_INFINITY) {
            throw DateTimeErrors.timestampOutOfRange();
        }
        if (a < b) {
            return negate(agePositive(b, a));
        }
        return agePositive(a, b);
    }

    private static Interval agePositive(long late, long early) {
        CivilDate to = CivilDate.ofDays(Math.floorDiv(late, TimeUnits.MICROS_PER_DAY));
        CivilDate from = CivilDate.ofDays(Math.floorDiv(early, TimeUnits.MICROS_PER_DAY));
        long micros = timestampToTime(late) - timestampToTime(early);
        int days = to.day() - from.day();
        int months = (to.year() - from.year()) * 12 + to.month() - from.month();
        if (micros < 0) {
            micros += TimeUnits.MICROS_PER_DAY;
            days--;
        }
        while (days < 0) {
            days += CivilDate.daysInMonth(from.year(), from.month());
            months--;
        }
        return new Interval(months, days, micros);
    }

    // ---- construction

    /** {@code make_date}; negative years are BC; 22008. */
    public static long makeDate(int year, int month, int day) {
        long days = makeDateUnchecked(year, month, day);
        if (!TimeUnits.isValidDate(days)) {
            throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW,
                    String.format("date out of range: %d-%02d-%02d", year, month, day));
        }
        return days;
    }

    private static long makeDateUnchecked(int year, int month, int day) {
        int astronomical = year < 0 ? year + 1 : year;
        if (year == 0 || month < 1 || month > 12 || day < 1
                || day > CivilDate.daysInMonth(astronomical, month)) {
            throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW,
                    String.format("date field value out of range: %d-%02d-%02d", year, month, day));
        }
        return CivilDate.toDays(astronomical, month, day);
    }

    /** {@code make_time}; 22008. */
    public static long makeTime(int hour, int minute, double seconds) {
        long micros = Math.round(seconds * 1_000_000);
        boolean valid = hour >= 0 && minute >= 0 && minute < 60 && seconds >= 0 && seconds <= 60
                && (hour < 24 || hour == 24 && minute == 0 && micros == 0);
        if (!valid) {
            throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, String.format(
                    "time field value out of range: %d:%02d:%s", hour, minute, cFormat(seconds)));
        }
        return hour * TimeUnits.MICROS_PER_HOUR + minute * TimeUnits.MICROS_PER_MINUTE + micros;
    }

    private static String cFormat(double seconds) {
        String text = io.quantadb.types.FloatText.formatDouble(seconds, -9);
        return seconds < 10 && seconds >= 0 ? "0" + text : text;
    }

    /** {@code make_timestamp}, local; 22008. */
    public static long makeTimestamp(int year, int month, int day, int hour, int minute, double seconds) {
        long days = makeDateUnchecked(year, month, day);
        long time = makeTime(hour, minute, seconds);
        if (days < TimeUnits.DATE_MIN || days >= TimeUnits.TIMESTAMP_END / TimeUnits.MICROS_PER_DAY) {
            throw new SqlException(SqlState.DATETIME_FIELD_OVERFLOW, String.format(
                    "timestamp out of range: %d-%02d-%02d %d:%02d:%s", year, month, day, hour, minute,
                    cFormat(seconds)));
        }
        return days * TimeUnits.MICROS_PER_DAY + time;
    }

    /** {@code make_interval}; 22008. */
    public static Interval makeInterval(int years, int months, int weeks, int days, int hours, int minutes,
            double seconds) {
        try {
            if (Double.isNaN(seconds) || Double.isInfinite(seconds)) {
                throw DateTimeErrors.intervalOutOfRange();
            }
            return interval(years * 12L + months, weeks * 7L + days,
                    Math.addExact(hours * TimeUnits.MICROS_PER_HOUR + minutes * TimeUnits.MICROS_PER_MINUTE,
                            Math.round(seconds * 1_000_000)));
        } catch (ArithmeticException e) {
            throw DateTimeErrors.intervalOutOfRange();
        }
    }
}
