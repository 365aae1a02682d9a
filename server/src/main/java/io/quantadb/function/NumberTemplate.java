package io.quantadb.function;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.Numeric;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A template of to_char and to_number for numbers.
 *
 * <p>Source: PostgreSQL documentation, "Template Patterns for Numeric Formatting". Immutable after parsing.
 */
final class NumberTemplate {
    private static final String[] KEYWORDS = {"EEEE", "FM", "MI", "PL", "PR", "RN", "SG", "SP", "TH", "B", "C", "D", "G",
        "L", "S", "V", "0", "9", ".", ","};

    private record Part(String keyword, String literal, boolean lower) {
    }

    private final List<Part> parts = new ArrayList<>();
    private int pre;
    private int post;
    private int multi;
    private int zeroStart;
    private int zeroEnd;
    private boolean zero;
    private boolean decimal;
    private boolean fill;
    private boolean sign;
    private boolean signAfter;
    private int preAtSign;
    private boolean minus;
    private boolean plus;
    private boolean bracket;
    private boolean roman;
    private boolean multiply;
    private boolean scientific;

    private NumberTemplate() {
    }

    /** @throws SqlException 42601 for combinations that make no sense */
    static NumberTemplate of(String format) {
        NumberTemplate template = new NumberTemplate();
        int i = 0;
        while (i < format.length()) {
            String keyword = keywordAt(format, i);
            if (keyword != null) {
                Part part = new Part(keyword, null, Character.isLowerCase(format.charAt(i)));
                template.parts.add(part);
                template.note(keyword);
                i += keyword.length();
            } else if (format.charAt(i) == '"') {
                i++;
                while (i < format.length() && format.charAt(i) != '"') {
                    i += format.charAt(i) == '\\' && i + 1 < format.length() ? 1 : 0;
                    template.parts.add(new Part(null, format.substring(i, i + 1), false));
                    i++;
                }
                i++;
            } else {
                i += format.startsWith("\\\"", i) ? 1 : 0;
                template.parts.add(new Part(null, format.substring(i, i + 1), false));
                i++;
            }
        }
        return template;
    }

    private static String keywordAt(String format, int at) {
        for (String keyword : KEYWORDS) {
            if (format.startsWith(keyword, at) || format.startsWith(keyword.toLowerCase(Locale.ROOT), at)) {
                return keyword;
            }
        }
        return null;
    }

    private static SqlException wrong(String message) {
        return new SqlException(SqlState.SYNTAX_ERROR, message);
    }

    private void note(String keyword) {
        if (scientific && !keyword.equals("EEEE")) {
            throw wrong("\"EEEE\" must be the last pattern used");
        }
        switch (keyword) {
            case "9" -> {
                if (bracket) {
                    throw wrong("\"9\" must be ahead of \"PR\"");
                }
                if (multiply) {
                    multi++;
                } else if (decimal) {
                    post++;
                } else {
                    pre++;
                }
            }
            case "0" -> {
                if (bracket) {
                    throw wrong("\"0\" must be ahead of \"PR\"");
                }
                if (!zero && !decimal) {
                    zero = true;
                    zeroStart = pre;
                }
                if (decimal) {
                    post++;
                } else {
                    pre++;
                }
                zeroEnd = pre + post;
            }
            case "D", "." -> {
                if (decimal) {
                    throw wrong("multiple decimal points");
                }
                if (multiply) {
                    throw wrong("cannot use \"V\" and decimal point together");
                }
                decimal = true;
            }
            case "S" -> {
                if (sign) {
                    throw wrong("cannot use \"S\" twice");
                }
                if (plus || minus || bracket) {
                    throw wrong("cannot use \"S\" and \"PL\"/\"MI\"/\"SG\"/\"PR\" together");
                }
                sign = true;
                signAfter = decimal;
                preAtSign = pre;
            }
            case "V" -> {
                if (decimal) {
                    throw wrong("cannot use \"V\" and decimal point together");
                }
                multiply = true;
            }
            default -> noteFlag(keyword);
        }
    }

    private void noteFlag(String keyword) {
        if (sign && (keyword.equals("MI") || keyword.equals("PL") || keyword.equals("SG"))) {
            throw wrong("cannot use \"S\" and \"" + keyword + "\" together");
        }
        switch (keyword) {
            case "FM" -> fill = true;
            case "MI" -> minus = true;
            case "PL" -> plus = true;
            case "SG" -> {
                minus = true;
                plus = true;
            }
            case "PR" -> {
                if (sign || plus || minus) {
                    throw wrong("cannot use \"PR\" and \"S\"/\"PL\"/\"MI\"/\"SG\" together");
                }
                bracket = true;
            }
            case "RN" -> roman = true;
            case "EEEE" -> {
                if (scientific) {
                    throw wrong("cannot use \"EEEE\" twice");
                }
                if (fill || sign || bracket || minus || plus || roman || multiply) {
                    throw wrong("\"EEEE\" is incompatible with other formats")
                            .withDetail("\"EEEE\" may only be used together with digit and decimal point patterns.");
                }
                scientific = true;
            }
            default -> { }
        }
    }

    // ---- to_char

    String format(Numeric value) {
        if (roman) {
            return romanText(value);
        }
        if (scientific) {
            return scientificText(value, RoundingMode.HALF_UP);
        }
        if (!value.isFinite()) {
            return run(value.signum() < 0, value.isNaN() ? "NaN" : "Infinity");
        }
        Numeric scaled = multiply ? value.multiply(Numeric.of(java.math.BigInteger.TEN.pow(multi), 0)) : value;
        BigDecimal rounded = scaled.round(post).setScale(post).toBigDecimal();
        return formatDecimal(rounded, rounded.signum() < 0);
    }

    /** Floats are rounded from their exact binary value. */
    String format(double value, int digits) {
        boolean finite = !Double.isNaN(value) && !Double.isInfinite(value);
        if (scientific) {
            return scientificText(finite ? Numeric.of(exact(value)) : Numeric.NAN, RoundingMode.HALF_EVEN);
        }
        if (roman) {
            return romanText(finite ? Numeric.fromDouble(Math.rint(value)) : Numeric.ZERO);
        }
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return run(value < 0, Double.isNaN(value) ? "NaN" : "Infinity");
        }
        BigDecimal scaled = multiply ? exact(value * Math.pow(10, multi)) : exact(value);
        int integerDigits = scaled.abs().setScale(0, RoundingMode.HALF_EVEN).precision();
        int shownPost = integerDigits >= digits ? 0 : Math.min(post, digits - integerDigits);
        return formatDecimal(scaled.setScale(shownPost, RoundingMode.HALF_EVEN), value < 0);
    }

    private static BigDecimal exact(double value) {
        BigDecimal exact = new BigDecimal(value);
        return exact.scale() < 0 ? exact.setScale(0) : exact;
    }

    private String formatDecimal(BigDecimal rounded, boolean negative) {
        String text = rounded.abs().toPlainString();
        if (post > 0 && rounded.scale() == 0 && decimal && text.indexOf('.') < 0) {
            text += ".";
        }
        return run(negative, text);
    }

    private String romanText(Numeric value) {
        Numeric rounded = value.isFinite() ? value.round(0) : Numeric.ZERO;
        long number = rounded.toInt4();
        String text;
        if (number < 1 || number > 3999) {
            text = "#".repeat(15);
        } else {
            int[] values = {1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1};
            String[] letters = {"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"};
            StringBuilder out = new StringBuilder();
            for (int i = 0; i < values.length; i++) {
                for (; number >= values[i]; number -= values[i]) {
                    out.append(letters[i]);
                }
            }
            text = out.toString();
        }
        boolean lower = parts.stream().anyMatch(part -> "RN".equals(part.keyword) && part.lower);
        String cased = lower ? text.toLowerCase(Locale.ROOT) : text;
        return fill ? cased : " ".repeat(15 - cased.length()) + cased;
    }

    private String scientificText(Numeric value, RoundingMode mode) {
        if (!value.isFinite()) {
            StringBuilder out = new StringBuilder("#".repeat(pre + post + 6));
            out.setCharAt(0, ' ');
            out.setCharAt(Math.min(out.length() - 1, pre + 1), '.');
            return out.toString();
        }
        BigDecimal number = value.toBigDecimal();
        int exponent = number.signum() == 0 ? 0 : number.precision() - number.scale() - 1;
        BigDecimal mantissa = number.movePointLeft(exponent).setScale(post, mode);
        if (mantissa.abs().compareTo(BigDecimal.TEN) >= 0) {
            exponent++;
            mantissa = number.movePointLeft(exponent).setScale(post, mode);
        }
        return (number.signum() < 0 ? "" : " ") + mantissa.toPlainString()
                + String.format("e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    /** Fills the template with the digits of a non-negative number's text. */
    private String run(boolean negative, String digits) {
        int widthBefore = pre + (multiply ? multi : 0);
        int point = digits.indexOf('.');
        int length = point < 0 ? digits.length() : point;
        String number = digits;
        int spaces = 0;
        if (length < widthBefore) {
            spaces = widthBefore - length;
        } else if (length > widthBefore) {
            number = "#".repeat(widthBefore) + (decimal || post > 0 ? "." + "#".repeat(post) : "");
        }
        return new Run(negative, number, spaces, widthBefore).all();
    }

    /** The state of filling one template. */
    private final class Run {
        private final boolean negative;
        private final String number;
        private final int spaces;
        private final int count;
        private final boolean showBracket;
        private final boolean after;
        private final StringBuilder out = new StringBuilder();
        private boolean signWritten;
        private boolean inNumber;
        private int current;
        private int place;
        private int lastRelevant = -1;

        Run(boolean negative, String number, int spaces, int widthBefore) {
            this.negative = negative;
            this.number = number;
            this.spaces = spaces;
            this.showBracket = bracket && !(fill && !negative);
            this.after = sign && (signAfter || widthBefore == preAtSign);
            signWritten = plus || minus ? !(plus && !minus) || minus : !negative && fill && !sign;
            if (plus && !minus) {
                signWritten = false;
            }
            if (fill && decimal) {
                lastRelevant = lastRelevantDigit();
            }
            count = post + widthBefore - 1 + (!signWritten && spaces == 0 ? 1 : 0);
        }

        private int lastRelevantDigit() {
            int point = number.indexOf('.');
            if (point < 0) {
                return -1;
            }
            int last = point;
            for (int i = point + 1; i < number.length(); i++) {
                if (number.charAt(i) != '0') {
                    last = i;
                }
            }
            if (zeroEnd > spaces) {
                last = Math.max(last, Math.min(number.length() - 1, zeroEnd - spaces));
            }
            return last;
        }

        private boolean lastIsPoint() {
            return lastRelevant >= 0 && number.charAt(lastRelevant) == '.';
        }

        private boolean blankZero() {
            return !zero && place == 0 && number.startsWith("0") && post != 0;
        }

        String all() {
            for (Part part : parts) {
                if (part.literal != null) {
                    out.append(part.literal);
                } else {
                    keyword(part);
                }
            }
            return out.toString();
        }

        private void keyword(Part part) {
            switch (part.keyword) {
                case "9", "0", "D", "." -> digit(part.keyword);
                case ",", "G" -> {
                    if (inNumber) {
                        out.append(',');
                    } else if (!fill) {
                        out.append(' ');
                    }
                }
                case "L" -> out.append(' ');
                case "MI" -> out.append(negative ? "-" : fill ? "" : " ");
                case "PL" -> out.append(!negative ? "+" : fill ? "" : " ");
                case "SG" -> out.append(negative ? '-' : '+');
                case "TH" -> {
                    if (!number.startsWith("#") && !negative && !decimal) {
                        out.append(DateFormatting.ordinal(number, !part.lower));
                    }
                }
                default -> { }
            }
        }

        private void writeSign() {
            boolean reached = current >= spaces || zero && zeroStart == current;
            if (signWritten || !reached || blankZero() && !lastIsPoint()) {
                return;
            }
            if (sign) {
                if (!after) {
                    out.append(negative ? '-' : '+');
                    signWritten = true;
                }
            } else if (showBracket) {
                out.append(negative ? '<' : ' ');
                signWritten = true;
            } else {
                out.append(negative ? "-" : fill ? "" : " ");
                signWritten = true;
            }
        }

        private void digit(String keyword) {
            writeSign();
            if (current < spaces && (zeroStart > current || !zero)) {
                out.append(fill ? "" : " ");
            } else if (zero && current < spaces) {
                out.append('0');
                inNumber = true;
            } else {
                fromNumber(keyword);
                if (place < number.length()) {
                    place++;
                }
            }
            int end = count + (spaces > 0 ? 1 : 0) + (decimal ? 1 : 0);
            if (lastRelevant >= 0 && lastRelevant == place) {
                end = current;
            }
            if (current + 1 == end) {
                if (signWritten && showBracket) {
                    out.append(negative ? '>' : ' ');
                } else if (after) {
                    out.append(negative ? '-' : '+');
                }
            }
            current++;
        }

        private void fromNumber(String keyword) {
            char c = place < number.length() ? number.charAt(place) : 0;
            if (c == '.') {
                out.append('.');
            } else if (lastRelevant >= 0 && place > lastRelevant && !keyword.equals("0")) {
                return;
            } else if (blankZero()) {
                out.append(!fill ? " " : lastIsPoint() ? "0" : "");
            } else if (c != 0) {
                out.append(c);
                inNumber = true;
            }
        }
    }

    // ---- to_number

    /** @throws SqlException 22P02 if the text holds no number */
    Numeric parse(String text) {
        if (roman) {
            throw SqlException.notSupported("\"RN\" not supported for input");
        }
        if (scientific) {
            throw SqlException.notSupported("\"EEEE\" not supported for input");
        }
        StringBuilder digits = new StringBuilder();
        boolean negative = false;
        boolean point = false;
        int at = 0;
        for (Part part : parts) {
            if (at >= text.length()) {
                break;
            }
            char c = text.charAt(at);
            if (part.literal != null) {
                at++;
                continue;
            }
            switch (part.keyword) {
                case "9", "0", "D", "." -> {
                    while (at < text.length() && text.charAt(at) == ' ' && digits.isEmpty()) {
                        at++;
                    }
                    c = at < text.length() ? text.charAt(at) : 0;
                    if (digits.isEmpty() && (c == '-' || c == '+' || c == '<' && bracket)) {
                        negative = c != '+';
                        at++;
                        c = at < text.length() ? text.charAt(at) : 0;
                    }
                    boolean wantsPoint = part.keyword.equals("D") || part.keyword.equals(".");
                    if (Character.isDigit(c) && !wantsPoint) {
                        digits.append(c);
                        at++;
                    } else if (c == '.' && !point) {
                        digits.append('.');
                        point = true;
                        at++;
                        if (!wantsPoint && at < text.length() && Character.isDigit(text.charAt(at))) {
                            digits.append(text.charAt(at++));
                        }
                    }
                }
                case ",", "G" -> at += c == ',' ? 1 : 0;
                case "L" -> at += Character.isDigit(c) || c == '-' || c == '+' || c == '.' ? 0 : 1;
                case "S", "MI", "PL", "SG" -> {
                    if (c == '-' || c == '+') {
                        negative |= c == '-';
                        at++;
                    } else if (c == ' ') {
                        at++;
                    }
                }
                case "TH" -> at = Math.min(text.length(), at + 2);
                default -> { }
            }
        }
        if (at < text.length() && text.charAt(at) == '-' && sign) {
            negative = true;
        }
        if (digits.isEmpty() || digits.toString().equals(".")) {
            throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type numeric: \""
                    + (text.isBlank() || digits.isEmpty() ? " " : digits) + "\"");
        }
        Numeric value = Numeric.parse(digits.toString());
        value = multiply ? value.divide(Numeric.of(java.math.BigInteger.TEN.pow(multi), 0)) : value;
        return negative ? value.negate() : value;
    }
}
