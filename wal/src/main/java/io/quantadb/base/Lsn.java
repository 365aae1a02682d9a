package io.quantadb.base;

/**
 * A byte position in the WAL: the one notion of order in the system.
 *
 * <p>Used at every API edge; hot loops carry the raw {@code long}. Zero is {@link #INVALID}: no record starts there.
 *
 * @param value byte offset from the beginning of the first segment ever written, never negative
 */
public record Lsn(long value) implements Comparable<Lsn> {
    /** "No position": before every record. */
    public static final Lsn INVALID = new Lsn(0);

    public Lsn {
        Invariant.check(value >= 0, "negative LSN %d, smallest is %d", value, 0);
    }

    /** Parses PostgreSQL's form {@code 16/B374D848}. Throws {@link IllegalArgumentException} for anything else. */
    public static Lsn parse(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0 || slash > 8 || text.length() - slash - 1 < 1 || text.length() - slash - 1 > 8) {
            throw new IllegalArgumentException("not an LSN: \"" + text + "\"");
        }
        try {
            long high = Long.parseLong(text.substring(0, slash), 16);
            long low = Long.parseLong(text.substring(slash + 1), 16);
            return new Lsn(high << 32 | low);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not an LSN: \"" + text + "\"", e);
        }
    }

    public boolean isValid() {
        return value != 0;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return format(value);
    }

    /** The printed form of a raw position, for messages built in hot classes. */
    public static String format(long value) {
        return Long.toHexString(value >>> 32).toUpperCase() + "/" + Long.toHexString(value & 0xFFFFFFFFL).toUpperCase();
    }
}
