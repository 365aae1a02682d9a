package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

import java.nio.charset.StandardCharsets;

/** Text form of integers. */
public final class IntegerText {
    private static final byte[] MIN_VALUE = "-9223372036854775808".getBytes(StandardCharsets.US_ASCII);

    private IntegerText() {
    }

    /**
     * Parses with PostgreSQL's rules: blanks around, an optional sign, digits.
     *
     * @param typeName as in the messages: integer, smallint...
     * @throws SqlException 22P02 or 22003
     */
    public static long parse(String text, long min, long max, String typeName) {
        int end = text.length();
        int at = 0;
        while (at < end && isSpace(text.charAt(at))) {
            at++;
        }
        boolean negative = false;
        if (at < end && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
            negative = text.charAt(at) == '-';
            at++;
        }
        int firstDigit = at;
        long value = 0; // accumulated negatively, since the negative range is larger
        while (at < end && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            int digit = text.charAt(at++) - '0';
            if (value < Long.MIN_VALUE / 10 || value * 10 < Long.MIN_VALUE + digit) {
                throw outOfRange(text, typeName);
            }
            value = value * 10 - digit;
            if (value < min && value < -max) {
                throw outOfRange(text, typeName);
            }
        }
        if (at == firstDigit) {
            throw invalid(text, typeName);
        }
        while (at < end && isSpace(text.charAt(at))) {
            at++;
        }
        if (at < end) {
            throw invalid(text, typeName);
        }
        if (negative ? value < min : value < -max) {
            throw outOfRange(text, typeName);
        }
        return negative ? value : -value;
    }

    /** Blank, tab, newline, vertical tab, form feed, carriage return: C's isspace. */
    public static boolean isSpace(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    /** Strips what {@link #isSpace} accepts from both ends. */
    public static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    static SqlException outOfRange(String text, String typeName) {
        return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
                "value \"" + text + "\" is out of range for type " + typeName);
    }

    static SqlException invalid(String text, String typeName) {
        return new SqlException(SqlState.INVALID_TEXT_REPRESENTATION,
                "invalid input syntax for type " + typeName + ": \"" + text + "\"");
    }

    /** Writes the decimal digits without making a string. */
    public static void write(long value, ByteSink out) {
        if (value >= 0 && value < 10) {
            out.writeByte('0' + (int) value);
            return;
        }
        if (value == Long.MIN_VALUE) {
            out.writeBytes(MIN_VALUE);
            return;
        }
        byte[] buffer = new byte[20];
        int at = buffer.length;
        long rest = Math.abs(value);
        while (rest >= 10) {
            long next = rest / 10;
            buffer[--at] = (byte) ('0' + (int) (rest - next * 10));
            rest = next;
        }
        buffer[--at] = (byte) ('0' + (int) rest);
        if (value < 0) {
            buffer[--at] = '-';
        }
        out.writeBytes(buffer, at, buffer.length - at);
    }
}
