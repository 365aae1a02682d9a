package io.quantadb.session;

import java.util.Arrays;

/**
 * A statement of the simple protocol with its integer literals taken out, so that texts that differ in keys only share
 * one plan.
 *
 * <pre>
 * select abalance from accounts where aid = 4711   becomes   select abalance from accounts where aid = $1,  4711
 * </pre>
 *
 * <p>Only what certainly means the same with a parameter of type integer is taken: up to nine digits after an operator
 * sign, or in the VALUES of an INSERT. A text with any other literal, a quote, a comment or a clause that gives bare numbers
 * a meaning has no shape. Whoever uses a shape must fall back to the text itself when the shape does not compile.
 *
 * @param sql the text with $1, $2...
 * @param values of the parameters, as Long
 */
record LiteralShape(String sql, Object[] values) {
    private static final int LONGEST = 1000;
    private static final int MOST_LITERALS = 64;
    private static final int DIGITS_MAX = 9;

    /** Null if the text has no shape, or no literals. */
    static LiteralShape of(String sql) {
        return sql.length() > LONGEST ? null : new Scanner(sql).scan();
    }

    private static final class Scanner {
        private final String sql;
        private final StringBuilder shape;
        private Object[] values = new Object[4];
        private int count;
        private int position;
        private boolean insert;
        private boolean inValues;
        /** The character before this one, spaces left out. */
        private char previous;

        Scanner(String sql) {
            this.sql = sql;
            this.shape = new StringBuilder(sql.length() + 8);
        }

        LiteralShape scan() {
            if (!startsWell()) {
                return null;
            }
            while (position < sql.length()) {
                char c = sql.charAt(position);
                if (isLetter(c)) {
                    if (!word()) {
                        return null;
                    }
                } else if (isDigit(c)) {
                    if (!literal()) {
                        return null;
                    }
                } else if (c == ';') {
                    return sql.substring(position + 1).isBlank() ? result() : null;
                } else if (!plain(c)) {
                    return null;
                } else {
                    shape.append(c);
                    if (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
                        previous = c;
                    }
                    position++;
                }
            }
            return result();
        }

        private LiteralShape result() {
            return count == 0 ? null : new LiteralShape(shape.toString(), Arrays.copyOf(values, count));
        }

        private boolean startsWell() {
            insert = sql.regionMatches(true, 0, "insert ", 0, 7);
            return insert || sql.regionMatches(true, 0, "select ", 0, 7) || sql.regionMatches(true, 0, "update ", 0, 7)
                || sql.regionMatches(true, 0, "delete ", 0, 7);
        }

        /** Quotes, parameters, comments and what is not ASCII are left to the parser. */
        private boolean plain(char c) {
            if ((c == '-' || c == '/') && position + 1 < sql.length()) {
                char next = sql.charAt(position + 1);
                return next != (c == '-' ? '-' : '*');
            }
            return " \t\r\n(),.*=<>+-/%".indexOf(c) >= 0;
        }

        private boolean word() {
            int start = position;
            while (position < sql.length() && (isLetter(sql.charAt(position)) || isDigit(sql.charAt(position)))) {
                position++;
            }
            int length = position - start;
            // ORDER BY -1 and the like are positions in the select list.
            if (length == 2 && sql.regionMatches(true, start, "by", 0, 2)) {
                return false;
            }
            inValues |= insert && length == 6 && sql.regionMatches(true, start, "values", 0, 6);
            shape.append(sql, start, position);
            previous = 'a';
            return true;
        }

        private boolean literal() {
            boolean allowed = "=<>+-*/%".indexOf(previous) >= 0 && previous != 0
                || inValues && (previous == '(' || previous == ',');
            int start = position;
            long value = 0;
            while (position < sql.length() && isDigit(sql.charAt(position))) {
                value = value * 10 + sql.charAt(position++) - '0';
                if (position - start > DIGITS_MAX) {
                    return false;
                }
            }
            if (!allowed || count == MOST_LITERALS
                || position < sql.length() && (isLetter(sql.charAt(position)) || sql.charAt(position) == '.')) {
                return false;
            }
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
            }
            values[count++] = value;
            shape.append('$').append(count);
            previous = '0';
            return true;
        }

        private static boolean isLetter(char c) {
            return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }
    }
}
