package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

import java.math.BigInteger;
import java.util.Locale;

/** Text form of {@link Numeric}. */
final class NumericText {
    private NumericText() {
    }

    static Numeric parse(String text) {
        int at = 0;
        int end = text.length();
        while (at < end && isSpace(text.charAt(at))) {
            at++;
        }
        while (end > at && isSpace(text.charAt(end - 1))) {
            end--;
        }
        if (at == end) {
            throw invalid(text);
        }
        boolean negative = text.charAt(at) == '-';
        int digitsStart = negative || text.charAt(at) == '+' ? at + 1 : at;
        if (digitsStart == end) {
            throw invalid(text);
        }
        char first = text.charAt(digitsStart);
        if ((first < '0' || first > '9') && first != '.') {
            return parseSpecial(text, text.substring(at, end).toLowerCase(Locale.ROOT));
        }
        return parseDigits(text, digitsStart, end, negative);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    private static Numeric parseSpecial(String text, String word) {
        return switch (word) {
            case "nan" -> Numeric.NAN;
            case "infinity", "+infinity", "inf", "+inf" -> Numeric.POSITIVE_INFINITY;
            case "-infinity", "-inf" -> Numeric.NEGATIVE_INFINITY;
            default -> throw invalid(text);
        };
    }

    private static Numeric parseDigits(String text, int start, int end, boolean negative) {
        long value = 0;
        int significant = 0;
        int digits = 0;
        int scale = 0;
        boolean point = false;
        int at = start;
        for (; at < end; at++) {
            char c = text.charAt(at);
            if (c >= '0' && c <= '9') {
                digits++;
                if (significant > 0 || c != '0') {
                    significant++;
                }
                if (significant <= 18) {
                    value = value * 10 + (c - '0');
                }
                if (point) {
                    scale++;
                }
            } else if (c == '.' && !point) {
                point = true;
            } else {
                break;
            }
        }
        if (digits == 0) {
            throw invalid(text);
        }
        int mantissaEnd = at;
        long exponent = 0;
        if (at < end) {
            exponent = parseExponent(text, at, end);
        }
        long finalScale = scale - exponent;
        if (finalScale > Numeric.SCALE_MAX || significant > 0 && -finalScale > Numeric.INTEGER_DIGITS_MAX) {
            throw Numeric.overflow();
        }
        if (significant == 0) {
            return Numeric.of(0, (int) Math.max(0, finalScale));
        }
        if (significant > 18) {
            String plain = text.substring(start, mantissaEnd).replace(".", "");
            BigInteger big = new BigInteger(plain);
            return Numeric.of(negative ? big.negate() : big, (int) finalScale);
        }
        long signed = negative ? -value : value;
        return finalScale >= 0 ? Numeric.of(signed, (int) finalScale)
                : Numeric.of(BigInteger.valueOf(signed), (int) finalScale);
    }

    private static long parseExponent(String text, int at, int end) {
        char e = text.charAt(at++);
        if (e != 'e' && e != 'E' || at == end) {
            throw invalid(text);
        }
        boolean negative = text.charAt(at) == '-';
        if (negative || text.charAt(at) == '+') {
            at++;
        }
        if (at == end) {
            throw invalid(text);
        }
        long exponent = 0;
        for (; at < end; at++) {
            char c = text.charAt(at);
            if (c < '0' || c > '9') {
                throw invalid(text);
            }
            exponent = Math.min(exponent * 10 + (c - '0'), Integer.MAX_VALUE);
        }
        return negative ? -exponent : exponent;
    }

    private static SqlException invalid(String text) {
        return new SqlException(SqlState.INVALID_TEXT_REPRESENTATION,
                "invalid input syntax for type numeric: \"" + text + "\"");
    }

    /**
     * Writes a compact value right-aligned into {@code buffer}, which has at least 24 + scale bytes.
     *
     * @return position of the first character
     */
    static int format(long unscaled, int scale, byte[] buffer) {
        int at = buffer.length;
        long rest = unscaled;
        int written = 0;
        while (rest != 0 || written <= scale) {
            if (written == scale && scale > 0) {
                buffer[--at] = '.';
            }
            long next = rest / 10;
            buffer[--at] = (byte) ('0' + Math.abs((int) (rest - next * 10)));
            rest = next;
            written++;
        }
        if (unscaled < 0) {
            buffer[--at] = '-';
        }
        return at;
    }
}
