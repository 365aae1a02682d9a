package io.quantadb.function;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.ByteString;
import io.quantadb.types.Interval;
import io.quantadb.types.Numeric;
import java.nio.charset.StandardCharsets;

/** Short names for what every family does to its arguments: casts of values, and a few measures of text. */
final class Args {
    /** Largest size of one value, as in PostgreSQL. */
    static final long VALUE_BYTES_MAX = 0x3FFF_FFFFL;

    private Args() {
    }

    static String text(Object value) {
        return (String) value;
    }

    static long num(Object value) {
        return (Long) value;
    }

    /** An int4 or int2 argument. */
    static int int4(Object value) {
        return (int) (long) (Long) value;
    }

    static double dbl(Object value) {
        return (Double) value;
    }

    static boolean bool(Object value) {
        return (Boolean) value;
    }

    static Numeric numeric(Object value) {
        return (Numeric) value;
    }

    static ByteString bytes(Object value) {
        return (ByteString) value;
    }

    static ArrayValue array(Object value) {
        return (ArrayValue) value;
    }

    static Interval interval(Object value) {
        return (Interval) value;
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    static int utf8Length(String text) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Either half of a surrogate pair counts two: four bytes together.
            length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return length;
    }

    static byte[] utf8(Object text) {
        return ((String) text).getBytes(StandardCharsets.UTF_8);
    }

    /** bpchar without its padding. */
    static String trimBlanks(Object bpchar) {
        String text = (String) bpchar;
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    /** UTF-16 offset of a code point index that may be past the end. */
    static int offset(String text, long codePoints) {
        if (codePoints >= text.length()) {
            codePoints = Math.min(codePoints, length(text));
        }
        return text.offsetByCodePoints(0, (int) codePoints);
    }

    static SqlException invalidParameter(String message) {
        return new SqlException(SqlState.INVALID_PARAMETER_VALUE, message);
    }

    static SqlException tooLarge() {
        return new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "requested length too large");
    }
}
