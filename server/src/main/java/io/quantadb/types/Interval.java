package io.quantadb.types;

import java.math.BigInteger;

/**
 * A span of time in three independent parts: the value of type interval.
 *
 * <p>Order and equality are PostgreSQL's: a month counts 30 days and a day 24 hours, so {@code 1 mon} equals
 * {@code 30 days}.
 */
public record Interval(int months, int days, long micros) implements Comparable<Interval> {
    public static final Interval ZERO = new Interval(0, 0, 0);

    public static final long MICROS_PER_DAY = 86_400_000_000L;

    /** Whole days of the comparison value: months, days and the days contained in the time part. */
    private long spanDays() {
        return months * 30L + days + Math.floorDiv(micros, MICROS_PER_DAY);
    }

    private long spanMicros() {
        return Math.floorMod(micros, MICROS_PER_DAY);
    }

    @Override
    public int compareTo(Interval other) {
        int byDays = Long.compare(spanDays(), other.spanDays());
        return byDays != 0 ? byDays : Long.compare(spanMicros(), other.spanMicros());
    }

    /** The comparison value in microseconds; needs more than 64 bits at the extremes. */
    public BigInteger span() {
        return BigInteger.valueOf(spanDays()).multiply(BigInteger.valueOf(MICROS_PER_DAY))
                .add(BigInteger.valueOf(spanMicros()));
    }

    /** High part of the order-preserving form: see {@link #orderLow}. */
    public long orderHigh() {
        return spanDays();
    }

    /** Low part of the order-preserving form, 0 to one day (exclusive), microseconds. */
    public long orderLow() {
        return spanMicros();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Interval that && compareTo(that) == 0;
    }

    /** Whether all three parts are the same, which {@code equals} does not ask. */
    public boolean identical(Interval other) {
        return months == other.months && days == other.days && micros == other.micros;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(spanDays()) * 31 + Long.hashCode(spanMicros());
    }

    @Override
    public String toString() {
        return io.quantadb.types.datetime.IntervalFormat.format(this, IntervalStyle.POSTGRES);
    }
}
