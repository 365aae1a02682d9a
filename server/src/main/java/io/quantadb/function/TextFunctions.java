package io.quantadb.function;

import static io.quantadb.function.Args.int4;
import static io.quantadb.function.Args.num;
import static io.quantadb.function.Args.text;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.BuiltinTypes;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * Functions of text, varchar, bpchar and name that look at characters. Positions and lengths count code points; case
 * mapping is Unicode's simple one, as the C.UTF-8 locale has it.
 */
public final class TextFunctions implements FunctionRegistry.Library {
    @Override
    public void register(FunctionRegistry.Builder registry) {
        registry.fn1("to_ascii_default", (c, a) -> {
            throw io.quantadb.error.SqlException.notSupported("encoding conversion from UTF8 to ASCII not supported");
        });
        registerMeasures(registry);
        registerParts(registry);
        registerTrims(registry);
        registerPads(registry);
        registerSplits(registry);
        registerCharacters(registry);
    }

    private static void registerMeasures(FunctionRegistry.Builder registry) {
        registry.fn1("textlen", (c, a) -> (long) Args.length(text(a)));
        registry.fn1("bpcharlen", (c, a) -> (long) Args.length(Args.trimBlanks(a)));
        registry.fn1("textoctetlen", (c, a) -> (long) Args.utf8Length(text(a)));
        registry.fn1("bpcharoctetlen", (c, a) -> (long) Args.utf8Length(text(a)));
        registry.fn2("textpos", (c, a, b) -> (long) position(text(a), text(b)));
        registry.fn1("lower", (c, a) -> lower(text(a))).fn1("upper", (c, a) -> upper(text(a)));
        registry.fn1("initcap", (c, a) -> initcap(text(a)));
        registry.fn2("text_starts_with", (c, a, b) -> text(a).startsWith(text(b)));
        registry.fn2("text_larger", (c, a, b) -> CoreComparisons.compareText(text(a), text(b)) > 0 ? a : b);
        registry.fn2("text_smaller", (c, a, b) -> CoreComparisons.compareText(text(a), text(b)) < 0 ? a : b);
        registry.fn2("bpchar_larger", (c, a, b) -> compareBlankPadded(a, b) >= 0 ? a : b);
        registry.fn2("bpchar_smaller", (c, a, b) -> compareBlankPadded(a, b) <= 0 ? a : b);
    }

    private static int compareBlankPadded(Object a, Object b) {
        return CoreComparisons.compareText(Args.trimBlanks(a), Args.trimBlanks(b));
    }

    private static int position(String text, String part) {
        int found = text.indexOf(part);
        return found < 0 ? 0 : text.codePointCount(0, found) + 1;
    }

    static String lower(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z' || c >= 128) {
                return text.codePoints().map(Character::toLowerCase).collect(StringBuilder::new,
                        StringBuilder::appendCodePoint, StringBuilder::append).toString();
            }
        }
        return text;
    }

    static String upper(String text) {
        return text.codePoints().map(Character::toUpperCase).collect(StringBuilder::new,
                StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }

    static String initcap(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean inWord = false;
        for (int i = 0; i < text.length();) {
            int c = text.codePointAt(i);
            out.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toUpperCase(c));
            inWord = Character.isLetterOrDigit(c);
            i += Character.charCount(c);
        }
        return out.toString();
    }

    private static void registerParts(FunctionRegistry.Builder registry) {
        registry.fn3("text_substr", (c, a, b, n) -> substring(text(a), num(b), num(n)));
        registry.fn2("text_substr_no_len", (c, a, b) -> substring(text(a), num(b)));
        registry.fnN("textoverlay", (c, a) -> overlay(text(a[0]), text(a[1]), num(a[2]), num(a[3])));
        registry.fn3("textoverlay_no_len", (c, a, b, s) -> overlay(text(a), text(b), num(s), Args.length(text(b))));
        registry.fn2("text_left", (c, a, n) -> left(text(a), int4(n)));
        registry.fn2("text_right", (c, a, n) -> right(text(a), int4(n)));
        registry.fn3("replace_text", (c, a, from, to) -> replace(text(a), text(from), text(to)));
        registry.fn3("translate", (c, a, from, to) -> translate(text(a), text(from), text(to)));
        registry.fn1("text_reverse", (c, a) -> new StringBuilder(text(a)).reverse().toString());
        registry.fn2("repeat", (c, a, n) -> {
            int times = Math.max(0, int4(n));
            if ((long) times * Args.utf8Length(text(a)) > Args.VALUE_BYTES_MAX) {
                throw Args.tooLarge();
            }
            return text(a).repeat(times);
        });
    }

    /** @throws SqlException 22011 if {@code length} is negative */
    static String substring(String text, long start, long length) {
        if (length < 0) {
            throw negativeLength();
        }
        long end = start + length;
        if (end > Integer.MAX_VALUE) {
            return substring(text, start);
        }
        if (end <= 1) {
            return "";
        }
        int from = Args.offset(text, Math.max(start, 1) - 1);
        int to = Args.offset(text, end - 1);
        return text.substring(from, to);
    }

    static String substring(String text, long start) {
        return start <= 1 ? text : text.substring(Args.offset(text, start - 1));
    }

    static SqlException negativeLength() {
        return new SqlException(SqlState.SUBSTRING_ERROR, "negative substring length not allowed");
    }

    private static String overlay(String text, String replacement, long start, long length) {
        if (start <= 0) {
            throw negativeLength();
        }
        if (start + length > Integer.MAX_VALUE || start + length < Integer.MIN_VALUE) {
            throw CoreArithmetic.outOfRange("integer");
        }
        return substring(text, 1, start - 1) + replacement + substring(text, start + length);
    }

    private static String left(String text, int n) {
        int wanted = n >= 0 ? n : Args.length(text) + n;
        return wanted <= 0 ? "" : text.substring(0, Args.offset(text, wanted));
    }

    private static String right(String text, int n) {
        int skipped = n >= 0 ? Args.length(text) - n : n == Integer.MIN_VALUE ? Integer.MAX_VALUE : -n;
        return skipped <= 0 ? text : text.substring(Args.offset(text, skipped));
    }

    private static String replace(String text, String from, String to) {
        return from.isEmpty() ? text : text.replace(from, to);
    }

    private static String translate(String text, String from, String to) {
        int[] sources = from.codePoints().toArray();
        int[] targets = to.codePoints().toArray();
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            for (int i = 0; i < sources.length; i++) {
                if (sources[i] == c) {
                    if (i < targets.length) {
                        out.appendCodePoint(targets[i]);
                    }
                    return;
                }
            }
            out.appendCodePoint(c);
        });
        return out.toString();
    }

    private static void registerTrims(FunctionRegistry.Builder registry) {
        registry.fn2("btrim", (c, a, set) -> trim(text(a), text(set), true, true))
                .fn2("ltrim", (c, a, set) -> trim(text(a), text(set), true, false))
                .fn2("rtrim", (c, a, set) -> trim(text(a), text(set), false, true))
                .fn1("btrim1", (c, a) -> trim(text(a), " ", true, true))
                .fn1("ltrim1", (c, a) -> trim(text(a), " ", true, false))
                .fn1("rtrim1", (c, a) -> trim(text(a), " ", false, true));
    }

    private static String trim(String text, String set, boolean left, boolean right) {
        int from = 0;
        int to = text.length();
        while (left && from < to) {
            int c = text.codePointAt(from);
            if (set.indexOf(c) < 0) {
                break;
            }
            from += Character.charCount(c);
        }
        while (right && to > from) {
            int c = text.codePointBefore(to);
            if (set.indexOf(c) < 0) {
                break;
            }
            to -= Character.charCount(c);
        }
        return text.substring(from, to);
    }

    private static void registerPads(FunctionRegistry.Builder registry) {
        registry.fn3("lpad", (c, a, n, fill) -> pad(text(a), int4(n), text(fill), true));
        registry.fn3("rpad", (c, a, n, fill) -> pad(text(a), int4(n), text(fill), false));
        registry.fn2("sql:879", (c, a, n) -> pad(text(a), int4(n), " ", true));
        registry.fn2("sql:880", (c, a, n) -> pad(text(a), int4(n), " ", false));
    }

    private static String pad(String text, int length, String fill, boolean left) {
        int wanted = Math.max(length, 0);
        if (wanted > Args.VALUE_BYTES_MAX / 4) {
            throw Args.tooLarge();
        }
        int missing = wanted - Args.length(text);
        if (missing <= 0) {
            return text.substring(0, Args.offset(text, wanted));
        }
        if (fill.isEmpty()) {
            return text;
        }
        int[] characters = fill.codePoints().toArray();
        StringBuilder padding = new StringBuilder(missing);
        for (int i = 0; i < missing; i++) {
            padding.appendCodePoint(characters[i % characters.length]);
        }
        return left ? padding.append(text).toString() : text + padding;
    }

    private static void registerSplits(FunctionRegistry.Builder registry) {
        registry.fn3("split_part", (c, a, delimiter, n) -> splitPart(text(a), text(delimiter), int4(n)));
        registry.fn2("text_to_array", (c, a, d) -> a == null ? null
                : ArrayValue.of(BuiltinTypes.TEXT, split(text(a), text(d), null)));
        registry.fn3("text_to_array_null", (c, a, d, n) -> a == null ? null
                : ArrayValue.of(BuiltinTypes.TEXT, split(text(a), text(d), text(n))));
        registry.set("text_to_table", (c, a) -> a[0] == null ? SetFunction.RowCursor.EMPTY
                : SetFunction.RowCursor.ofValues(split(text(a[0]), text(a[1]), null).iterator()));
        registry.set("text_to_table_null", (c, a) -> a[0] == null ? SetFunction.RowCursor.EMPTY
                : SetFunction.RowCursor.ofValues(split(text(a[0]), text(a[1]), text(a[2])).iterator()));
    }

    private static String splitPart(String text, String delimiter, int n) {
        if (n == 0) {
            throw Args.invalidParameter("field position must not be zero");
        }
        if (text.isEmpty()) {
            return "";
        }
        if (delimiter.isEmpty()) {
            return n == 1 || n == -1 ? text : "";
        }
        List<String> parts = split(text, delimiter, null);
        int index = n > 0 ? n - 1 : parts.size() + n;
        return index >= 0 && index < parts.size() ? parts.get(index) : "";
    }

    /** A null delimiter splits between characters, an empty one not at all; no parts of an empty text. */
    private static List<String> split(String text, String delimiter, String nullText) {
        List<String> parts = new ArrayList<>();
        if (text.isEmpty()) {
            return parts;
        }
        if (delimiter == null) {
            text.codePoints().forEach(c -> parts.add(Character.toString(c)));
        } else if (delimiter.isEmpty()) {
            parts.add(text);
        } else {
            int from = 0;
            for (int at = text.indexOf(delimiter); at >= 0; at = text.indexOf(delimiter, from)) {
                parts.add(text.substring(from, at));
                from = at + delimiter.length();
            }
            parts.add(text.substring(from));
        }
        if (nullText != null) {
            parts.replaceAll(part -> part.equals(nullText) ? null : part);
        }
        return parts;
    }

    private static void registerCharacters(FunctionRegistry.Builder registry) {
        registry.fn1("ascii", (c, a) -> text(a).isEmpty() ? 0L : (long) text(a).codePointAt(0));
        registry.fn1("chr", (c, a) -> character(int4(a)));
        registry.fn1("to_hex32", (c, a) -> Integer.toHexString(int4(a)));
        registry.fn1("to_hex64", (c, a) -> Long.toHexString(num(a)));
        registry.fn2("unicode_normalize_func", (c, a, form) -> Normalizer.normalize(text(a), form(text(form))));
        registry.fn2("unicode_is_normalized", (c, a, form) -> Normalizer.isNormalized(text(a), form(text(form))));
        registry.fn1("unistr", (c, a) -> unistr(text(a)));
    }

    private static String character(int code) {
        if (code < 0) {
            throw Args.invalidParameter("character number must be positive");
        }
        if (code == 0) {
            throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "null character not permitted");
        }
        if (code > 0x10FFFF) {
            throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED,
                    "requested character too large for encoding: " + code);
        }
        if (code >= 0xD800 && code < 0xE000) {
            throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED,
                    "requested character not valid for encoding: " + code);
        }
        return Character.toString(code);
    }

    private static Normalizer.Form form(String name) {
        return switch (name.toUpperCase(java.util.Locale.ROOT)) {
            case "NFC" -> Normalizer.Form.NFC;
            case "NFD" -> Normalizer.Form.NFD;
            case "NFKC" -> Normalizer.Form.NFKC;
            case "NFKD" -> Normalizer.Form.NFKD;
            default -> throw Args.invalidParameter("invalid normalization form: " + name);
        };
    }

    /** Escapes {@code \XXXX}, {@code \+XXXXXX}, {@code \}{@code uXXXX} and {@code \UXXXXXXXX}. */
    private static String unistr(String text) {
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            if (text.charAt(i) != '\\') {
                out.append(text.charAt(i++));
                continue;
            }
            char next = i + 1 < text.length() ? text.charAt(i + 1) : 0;
            if (next == '\\') {
                out.append('\\');
                i += 2;
                continue;
            }
            int skip = next == '+' || next == 'u' || next == 'U' ? 2 : 1;
            int digits = next == '+' ? 6 : next == 'U' ? 8 : 4;
            long code = hex(text, i + skip, digits);
            if (code < 0) {
                throw new SqlException(SqlState.SYNTAX_ERROR, "invalid Unicode escape").withHint(
                        "Unicode escapes must be \\XXXX, \\+XXXXXX, \\uXXXX, or \\UXXXXXXXX.");
            }
            if (code == 0 || code > 0x10FFFF) {
                throw Args.invalidParameter("invalid Unicode code point: " + String.format("%04X", code));
            }
            out.appendCodePoint((int) code);
            i += skip + digits;
        }
        for (int k = 0; k < out.length(); k++) {
            boolean pair = k + 1 < out.length() && Character.isSurrogatePair(out.charAt(k), out.charAt(k + 1));
            if (pair) {
                k++;
            } else if (Character.isSurrogate(out.charAt(k))) {
                throw new SqlException(SqlState.SYNTAX_ERROR, "invalid Unicode surrogate pair");
            }
        }
        return out.toString();
    }

    private static long hex(String text, int from, int digits) {
        if (from + digits > text.length()) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
