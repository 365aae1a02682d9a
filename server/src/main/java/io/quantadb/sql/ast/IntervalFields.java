package io.quantadb.sql.ast;

/** Bits of the first type modifier of INTERVAL, as the catalogs store them (PostgreSQL: atttypmod of an interval). */
public final class IntervalFields {
    public static final int MONTH = 1 << 1;
    public static final int YEAR = 1 << 2;
    public static final int DAY = 1 << 3;
    public static final int HOUR = 1 << 10;
    public static final int MINUTE = 1 << 11;
    public static final int SECOND = 1 << 12;
    /** No restriction; written when only a precision was given. */
    public static final int FULL_RANGE = 0x7FFF;

    private IntervalFields() {
    }
}
