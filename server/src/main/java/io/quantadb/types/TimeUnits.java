package io.quantadb.types;

/** Constants of date and time values: microseconds and days, counted from 2000-01-01. */
public final class TimeUnits {
    public static final long MICROS_PER_SECOND = 1_000_000L;
    public static final long MICROS_PER_MINUTE = 60_000_000L;
    public static final long MICROS_PER_HOUR = 3_600_000_000L;
    public static final long MICROS_PER_DAY = 86_400_000_000L;

    /** Seconds from 1970-01-01 to 2000-01-01. */
    public static final long UNIX_EPOCH_SECONDS = 946_684_800L;

    /** timestamp and timestamptz {@code -infinity}. */
    public static final long TIMESTAMP_NEGATIVE_INFINITY = Long.MIN_VALUE;
    public static final long TIMESTAMP_INFINITY = Long.MAX_VALUE;
    /** First valid timestamp, 4714-11-24 BC. */
    public static final long TIMESTAMP_MIN = -211_813_488_000_000_000L;
    /** First timestamp past the valid ones, 294277-01-01. */
    public static final long TIMESTAMP_END = 9_223_371_331_200_000_000L;

    /** date {@code -infinity}. */
    public static final long DATE_NEGATIVE_INFINITY = Integer.MIN_VALUE;
    public static final long DATE_INFINITY = Integer.MAX_VALUE;
    /** First valid date, 4714-11-24 BC. */
    public static final long DATE_MIN = -2_451_545L;
    /** First date past the valid ones, 5874898-06-04. */
    public static final long DATE_END = 2_147_483_494L - 2_451_545L;

    private TimeUnits() {
    }

    public static boolean isFiniteTimestamp(long timestamp) {
        return timestamp != TIMESTAMP_INFINITY && timestamp != TIMESTAMP_NEGATIVE_INFINITY;
    }

    public static boolean isValidTimestamp(long timestamp) {
        return timestamp >= TIMESTAMP_MIN && timestamp < TIMESTAMP_END;
    }

    public static boolean isFiniteDate(long days) {
        return days != DATE_INFINITY && days != DATE_NEGATIVE_INFINITY;
    }

    public static boolean isValidDate(long days) {
        return days >= DATE_MIN && days < DATE_END;
    }

    /** Whole seconds since 1970 of a timestamp, rounded down. */
    public static long unixSeconds(long timestamp) {
        return Math.floorDiv(timestamp, MICROS_PER_SECOND) + UNIX_EPOCH_SECONDS;
    }
}
