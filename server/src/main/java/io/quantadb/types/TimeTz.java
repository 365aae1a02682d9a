package io.quantadb.types;

/**
 * A time of day with its own offset: the value of type timetz.
 *
 * <p>Ordered by the instant in UTC, then by zone, so values with different zones are never equal.
 *
 * @param micros local time of day, microseconds, 0 to 24 hours inclusive
 * @param zoneSeconds seconds <em>west</em> of UTC, PostgreSQL's sign (Berlin in winter is -3600)
 */
public record TimeTz(long micros, int zoneSeconds) implements Comparable<TimeTz> {
    /** Time of day in UTC, not normalised to a day. */
    public long utcMicros() {
        return micros + zoneSeconds * 1_000_000L;
    }

    @Override
    public int compareTo(TimeTz other) {
        int byInstant = Long.compare(utcMicros(), other.utcMicros());
        return byInstant != 0 ? byInstant : Integer.compare(zoneSeconds, other.zoneSeconds);
    }
}
