package io.quantadb.types;

/** Packing of type modifiers; -1 means none. Interval's are in {@code datetime.IntervalRange}. */
public final class Typmods {
    /** PostgreSQL adds the size of its length word to the modifiers of numeric and character types. */
    private static final int OFFSET = 4;

    private Typmods() {
    }

    /** numeric(precision, scale); the scale may be negative. */
    public static int numeric(int precision, int scale) {
        return (precision << 16 | scale & 0x7FF) + OFFSET;
    }

    public static int numericPrecision(int typmod) {
        return typmod - OFFSET >> 16 & 0xFFFF;
    }

    public static int numericScale(int typmod) {
        return ((typmod - OFFSET & 0x7FF) ^ 1024) - 1024;
    }

    /** varchar(length) and char(length). */
    public static int character(int length) {
        return length + OFFSET;
    }

    /** Declared length in characters of a varchar or char modifier. */
    public static int characterLength(int typmod) {
        return typmod - OFFSET;
    }
}
