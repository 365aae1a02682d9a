package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * Text form of floating-point numbers.
 *
 * <p>With {@code extra_float_digits} above 0 the shortest digits that read back exactly; otherwise as C's
 * {@code %.*g} with 15 (6 for real) plus that many digits.
 */
public final class FloatText {
    /** From here on a number of at most 17 digits can lie exactly between two doubles: 2^54. */
    private static final double DOUBLE_MIDPOINTS_FROM = 0x1p54;
    /** The same for floats and 9 digits. */
    private static final float FLOAT_MIDPOINTS_FROM = 0x1p25f;

    private FloatText() {
    }

    public static String formatDouble(double value, int extraFloatDigits) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "Infinity" : "-Infinity";
        }
        if (extraFloatDigits <= 0) {
            return rounded(value, 15 + extraFloatDigits);
        }
        if (value == (int) value && (value != 0 || 1 / value > 0)) {
            return Integer.toString((int) value);
        }
        if (Math.abs(value) >= DOUBLE_MIDPOINTS_FROM && Math.abs(value) < 1e41) {
            String strict = avoidMidpoint(new BigDecimal(value), new BigDecimal(Double.toString(value)),
                    new BigDecimal(Math.nextUp(value)), new BigDecimal(Math.nextDown(value)), 17, 15);
            if (strict != null) {
                return strict;
            }
        }
        return fromJava(Double.toString(value), 15, digits -> Double.parseDouble(digits) == value);
    }

    public static String formatFloat(float value, int extraFloatDigits) {
        if (Float.isNaN(value)) {
            return "NaN";
        }
        if (Float.isInfinite(value)) {
            return value > 0 ? "Infinity" : "-Infinity";
        }
        if (extraFloatDigits <= 0) {
            return rounded(value, 6 + extraFloatDigits);
        }
        if (Math.abs(value) >= FLOAT_MIDPOINTS_FROM && Math.abs(value) < 1e21f) {
            String strict = avoidMidpoint(new BigDecimal(value), new BigDecimal(Float.toString(value)),
                    new BigDecimal(Math.nextUp(value)), new BigDecimal(Math.nextDown(value)), 9, 6);
            if (strict != null) {
                return strict;
            }
        }
        return fromJava(Float.toString(value), 6, digits -> Float.parseFloat(digits) == value);
    }

    /**
     * Replaces a shortest text that lies exactly between two numbers: Java accepts it when it reads back by rounding to
     * even, PostgreSQL does not and prints more digits.
     *
     * @return null if the text is not such a midpoint
     */
    private static String avoidMidpoint(BigDecimal exact, BigDecimal shortest, BigDecimal above, BigDecimal below,
            int digitsMax, int fixedDigitsMax) {
        BigDecimal doubled = shortest.multiply(BigDecimal.TWO);
        if (doubled.compareTo(exact.add(above)) != 0 && doubled.compareTo(exact.add(below)) != 0) {
            return null;
        }
        int digits = shortest.stripTrailingZeros().precision();
        BigDecimal candidate = shortest;
        while (digits < digitsMax && candidate.subtract(exact).abs().compareTo(shortest.subtract(exact).abs()) >= 0) {
            digits++;
            candidate = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
        }
        int exponent = candidate.precision() - candidate.scale() - 1;
        return layout(exact.signum() < 0, candidate.stripTrailingZeros().unscaledValue().abs().toString(), exponent,
                exponent >= fixedDigitsMax);
    }

    /** Tests whether a candidate text still denotes the value. */
    private interface Exact {
        boolean test(String digits);
    }

    /** Rewrites Java's shortest form, {@code 1.5E-7} or {@code 100.0}, into PostgreSQL's. */
    private static String fromJava(String java, int fixedDigitsMax, Exact exact) {
        boolean negative = java.charAt(0) == '-';
        int start = negative ? 1 : 0;
        int e = java.indexOf('E');
        int point = java.indexOf('.');
        int mantissaEnd = e < 0 ? java.length() : e;
        String digits = java.substring(start, point) + java.substring(point + 1, mantissaEnd);
        int exponent = (e < 0 ? 0 : Integer.parseInt(java.substring(e + 1))) + point - start - 1;
        int leading = 0;
        while (leading < digits.length() - 1 && digits.charAt(leading) == '0') {
            leading++;
        }
        exponent -= leading;
        int end = digits.length();
        while (end > leading + 1 && digits.charAt(end - 1) == '0') {
            end--;
        }
        digits = digits.substring(leading, end);
        if (digits.equals("0")) {
            return negative ? "-0" : "0";
        }
        if (digits.length() == 2) {
            // Java always prints two digits; where one is enough it may have printed a closer second one.
            int rounded = Integer.parseInt(digits) + 5;
            String one = rounded >= 100 ? "10" : Integer.toString(rounded / 10);
            if (exact.test((negative ? "-" : "") + one + "e" + exponent)) {
                digits = rounded >= 100 ? "1" : one;
                exponent += rounded >= 100 ? 1 : 0;
            }
        }
        return layout(negative, digits, exponent, exponent < -4 || exponent >= fixedDigitsMax);
    }

    /** As {@code %.*g}: rounded to some digits, without trailing zeros. */
    private static String rounded(double value, int wantedDigits) {
        int digits = Math.max(wantedDigits, 1);
        boolean negative = value < 0 || value == 0 && 1 / value < 0;
        if (value == 0) {
            return negative ? "-0" : "0";
        }
        BigDecimal number = new BigDecimal(Math.abs(value)).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = number.precision() - number.scale() - 1;
        String text = number.stripTrailingZeros().unscaledValue().toString();
        return layout(negative, text, exponent, exponent < -4 || exponent >= digits);
    }

    /** Places {@code d.ddd * 10^exponent}. */
    private static String layout(boolean negative, String digits, int exponent, boolean scientific) {
        StringBuilder out = new StringBuilder(26);
        if (negative) {
            out.append('-');
        }
        if (scientific) {
            out.append(digits.charAt(0));
            if (digits.length() > 1) {
                out.append('.').append(digits, 1, digits.length());
            }
            int magnitude = Math.abs(exponent);
            return out.append('e').append(exponent < 0 ? '-' : '+').append(magnitude < 10 ? "0" : "")
                    .append(magnitude).toString();
        }
        if (exponent < 0) {
            return out.append("0.").append("0".repeat(-exponent - 1)).append(digits).toString();
        }
        if (digits.length() <= exponent + 1) {
            return out.append(digits).append("0".repeat(exponent + 1 - digits.length())).toString();
        }
        return out.append(digits, 0, exponent + 1).append('.').append(digits, exponent + 1, digits.length()).toString();
    }

    /** 22P02, 22003. */
    public static double parseDouble(String text) {
        String word = IntegerText.trim(text);
        if (!isDecimal(word)) {
            return parseSpecial(word, text, "double precision");
        }
        double value = Double.parseDouble(word);
        if (Double.isInfinite(value) || value == 0 && hasNonZeroDigit(word)) {
            throw outOfRange(word, "double precision");
        }
        return value;
    }

    /** 22P02, 22003. */
    public static float parseFloat(String text) {
        String word = IntegerText.trim(text);
        if (!isDecimal(word)) {
            return (float) parseSpecial(word, text, "real");
        }
        float value = Float.parseFloat(word);
        if (Float.isInfinite(value) || value == 0 && hasNonZeroDigit(word)) {
            throw outOfRange(word, "real");
        }
        return value;
    }

    private static SqlException outOfRange(String text, String typeName) {
        return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
                "\"" + text + "\" is out of range for type " + typeName);
    }

    private static double parseSpecial(String word, String text, String typeName) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "nan", "+nan", "-nan" -> Double.NaN;
            case "infinity", "+infinity", "inf", "+inf" -> Double.POSITIVE_INFINITY;
            case "-infinity", "-inf" -> Double.NEGATIVE_INFINITY;
            default -> {
                if (!word.matches("[+-]?0[xX]([0-9a-fA-F]+\\.?[0-9a-fA-F]*|\\.[0-9a-fA-F]+)([pP][+-]?[0-9]+)?")) {
                    throw IntegerText.invalid(text, typeName);
                }
                yield Double.parseDouble(word.matches(".*[pP].*") ? word : word + "p0");
            }
        };
    }

    /** Guards Java's parser, which also accepts suffixes and hexadecimal forms. */
    private static boolean isDecimal(String word) {
        int at = 0;
        int end = word.length();
        if (at < end && (word.charAt(at) == '-' || word.charAt(at) == '+')) {
            at++;
        }
        int digits = 0;
        boolean point = false;
        for (; at < end; at++) {
            char c = word.charAt(at);
            if (c >= '0' && c <= '9') {
                digits++;
            } else if (c == '.' && !point) {
                point = true;
            } else {
                break;
            }
        }
        if (digits == 0 || at == end) {
            return digits > 0;
        }
        if (word.charAt(at) != 'e' && word.charAt(at) != 'E') {
            return false;
        }
        at++;
        if (at < end && (word.charAt(at) == '-' || word.charAt(at) == '+')) {
            at++;
        }
        return at < end && OidOps.allDigits(word, at);
    }

    private static boolean hasNonZeroDigit(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == 'e' || c == 'E') {
                return false;
            }
            if (c >= '1' && c <= '9') {
                return true;
            }
        }
        return false;
    }
}
