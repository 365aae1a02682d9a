package io.quantadb.function;

import static io.quantadb.function.Args.int4;
import static io.quantadb.function.Args.text;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.ByteString;
import java.util.ArrayList;
import java.util.List;

/** Matching of text: regular expressions, SIMILAR TO, LIKE with ESCAPE. */
public final class RegexFunctions implements FunctionRegistry.Library {
    @Override
    public void register(FunctionRegistry.Builder registry) {
        for (String type : new String[] {"text", "name"}) {
            registry.fn2(type + "regexeq", (c, a, p) -> Regex.of(text(p), false).matches(c, text(a)))
                    .fn2(type + "regexne", (c, a, p) -> !Regex.of(text(p), false).matches(c, text(a)))
                    .fn2(type + "icregexeq", (c, a, p) -> Regex.of(text(p), true).matches(c, text(a)))
                    .fn2(type + "icregexne", (c, a, p) -> !Regex.of(text(p), true).matches(c, text(a)));
        }
        registerPatterns(registry);
        registerReplace(registry);
        registerMatch(registry);
        registerSplit(registry);
        registerPositions(registry);
    }

    // ---- patterns of LIKE and SIMILAR TO

    private static void registerPatterns(FunctionRegistry.Builder registry) {
        registry.fn2("like_escape", (c, p, e) -> likeEscape(text(p), text(e)));
        registry.fn2("like_escape_bytea", (c, p, e) -> ByteString.wrap(latin(likeEscape(latin(p), latin(e)))));
        registry.objectTest("bytealike", (a, p) -> LikePattern.cached(latin(p)).matches(latin(a)));
        registry.objectTest("byteanlike", (a, p) -> !LikePattern.cached(latin(p)).matches(latin(a)));
        registry.fn1("similar_to_escape_1", (c, p) -> similar(text(p), "\\"));
        registry.fn2("similar_to_escape_2", (c, p, e) -> similar(text(p), text(e)));
        registry.fn2("similar_escape", (c, p, e) -> p == null ? null : similar(text(p), e == null ? "\\" : text(e)));
        registry.fn2("textregexsubstr", (c, a, p) -> substring(c, text(a), text(p)));
        registry.fn3("sql:2074", (c, a, p, e) -> substring(c, text(a), similar(text(p), text(e))));
    }

    /** Bytes as characters of the same number, so that LIKE can look at them. */
    private static String latin(Object bytea) {
        return new String(((ByteString) bytea).unsafeArray(), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static byte[] latin(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static SqlException invalidEscape() {
        return new SqlException(SqlState.INVALID_ESCAPE_SEQUENCE, "invalid escape string")
                .withHint("Escape string must be empty or one character.");
    }

    /** The pattern with backslash as its escape character. */
    private static String likeEscape(String pattern, String escape) {
        if (escape.isEmpty()) {
            return pattern.replace("\\", "\\\\");
        }
        if (Args.length(escape) != 1) {
            throw invalidEscape();
        }
        if (escape.equals("\\")) {
            return pattern;
        }
        int wanted = escape.codePointAt(0);
        StringBuilder out = new StringBuilder();
        boolean escaped = false;
        for (int c : pattern.codePoints().toArray()) {
            if (c == wanted && !escaped) {
                out.append('\\');
                escaped = true;
            } else {
                if (c == '\\' && !escaped) {
                    out.append('\\');
                }
                out.appendCodePoint(c);
                escaped = false;
            }
        }
        return out.toString();
    }

    /** A SIMILAR TO pattern as an advanced regular expression. */
    static String similar(String pattern, String escape) {
        if (Args.length(escape) > 1) {
            throw invalidEscape();
        }
        int escapeCharacter = escape.isEmpty() ? -1 : escape.codePointAt(0);
        StringBuilder out = new StringBuilder("^(?:");
        int separators = 0;
        boolean escaped = false;
        boolean inBracket = false;
        for (int c : pattern.codePoints().toArray()) {
            if (escaped) {
                if (c == '"' && !inBracket) {
                    if (separators > 1) {
                        throw new SqlException(SqlState.INVALID_USE_OF_ESCAPE_CHARACTER, "SQL regular expression may"
                                + " not contain more than two escape-double-quote separators");
                    }
                    out.append(separators++ == 0 ? "){1,1}?(" : "){1,1}(?:");
                } else {
                    out.append('\\').appendCodePoint(c);
                }
                escaped = false;
            } else if (c == escapeCharacter) {
                escaped = true;
            } else if (inBracket) {
                out.append(c == '\\' ? "\\" : "").appendCodePoint(c);
                inBracket = c != ']';
            } else {
                switch (c) {
                    case '[' -> {
                        out.append('[');
                        inBracket = true;
                    }
                    case '%' -> out.append(".*");
                    case '_' -> out.append('.');
                    case '(' -> out.append("(?:");
                    case '\\', '.', '^', '$' -> out.append('\\').appendCodePoint(c);
                    default -> out.appendCodePoint(c);
                }
            }
        }
        return out.append(")$").toString();
    }

    private static String substring(FunctionContext context, String text, String pattern) {
        Regex regex = Regex.of(pattern, "");
        Regex.Match match = regex.find(context, text, 0);
        return match == null ? null : match.group(regex.groups() > 0 ? 1 : 0);
    }

    // ---- regexp_replace

    private static void registerReplace(FunctionRegistry.Builder registry) {
        registry.fn3("textregexreplace_noopt", (c, a, p, r) -> replace(c, text(a), text(p), text(r), 1, 1, ""));
        registry.fnN("textregexreplace", (c, a) -> {
            String flags = text(a[3]);
            if (!flags.isEmpty() && flags.charAt(0) >= '0' && flags.charAt(0) <= '9') {
                throw Args.invalidParameter("invalid regular expression option: \"" + flags.charAt(0) + "\"").withHint(
                        "If you meant to use regexp_replace() with a start parameter, cast the fourth argument to"
                        + " integer explicitly.");
            }
            return replace(c, text(a[0]), text(a[1]), text(a[2]), 1, RegexOptions.parse(flags).global ? 0 : 1, flags);
        });
        registry.fnN("textregexreplace_extended_no_n", (c, a) -> replace(c, text(a[0]), text(a[1]), text(a[2]),
                start(a[3]), 1, ""));
        registry.fnN("textregexreplace_extended_no_flags", (c, a) -> replace(c, text(a[0]), text(a[1]), text(a[2]),
                start(a[3]), occurrence(a[4], 0), ""));
        registry.fnN("textregexreplace_extended", (c, a) -> replace(c, text(a[0]), text(a[1]), text(a[2]),
                start(a[3]), occurrence(a[4], 0), text(a[5])));
    }

    private static int start(Object value) {
        return atLeast("start", value, 1);
    }

    private static int occurrence(Object value, int minimum) {
        return atLeast("n", value, minimum);
    }

    private static int atLeast(String name, Object value, int minimum) {
        if (int4(value) < minimum) {
            throw Args.invalidParameter("invalid value for parameter \"" + name + "\": " + int4(value));
        }
        return int4(value);
    }

    /** @param n which match to replace, 0 for all */
    private static String replace(FunctionContext context, String text, String pattern, String replacement, int start,
            int n, String flags) {
        Regex regex = Regex.of(pattern, flags);
        StringBuilder out = new StringBuilder();
        int copied = 0;
        int from = start - 1 > Args.length(text) ? text.length() + 1 : Args.offset(text, start - 1L);
        int count = 0;
        while (from <= text.length()) {
            Regex.Match match = regex.find(context, text, from);
            if (match == null) {
                break;
            }
            count++;
            if (n == 0 || count == n) {
                out.append(text, copied, match.start());
                appendReplacement(out, replacement, match, regex.groups());
                copied = match.end();
                if (n != 0) {
                    break;
                }
            }
            from = next(text, match);
        }
        return copied == 0 && out.isEmpty() ? text : out.append(text, Math.min(copied, text.length()), text.length())
                .toString();
    }

    /** Where to look for the next match: one further after an empty one. */
    private static int next(String text, Regex.Match match) {
        if (match.end() > match.start()) {
            return match.end();
        }
        return match.end() < text.length() ? match.end() + Character.charCount(text.codePointAt(match.end()))
                : match.end() + 1;
    }

    private static void appendReplacement(StringBuilder out, String replacement, Regex.Match match, int groups) {
        for (int i = 0; i < replacement.length(); i++) {
            char c = replacement.charAt(i);
            if (c != '\\' || i + 1 == replacement.length()) {
                out.append(c);
                continue;
            }
            char next = replacement.charAt(i + 1);
            if (next >= '1' && next <= '9') {
                int group = next - '0';
                if (group <= groups && match.group(group) != null) {
                    out.append(match.group(group));
                }
                i++;
            } else if (next == '&') {
                out.append(match.group(0));
                i++;
            } else if (next == '\\') {
                out.append('\\');
                i++;
            } else {
                out.append('\\');
            }
        }
    }

    // ---- regexp_match, regexp_matches

    private static void registerMatch(FunctionRegistry.Builder registry) {
        registry.fn2("regexp_match_no_flags", (c, a, p) -> first(c, text(a), text(p), ""));
        registry.fn3("regexp_match", (c, a, p, f) -> first(c, text(a), text(p), text(f)));
        registry.set("regexp_matches_no_flags", (c, a) -> all(c, text(a[0]), text(a[1]), ""));
        registry.set("regexp_matches", (c, a) -> all(c, text(a[0]), text(a[1]), text(a[2])));
        registry.fn2("regexp_like_no_flags", (c, a, p) -> Regex.of(text(p), "").matches(c, text(a)));
        registry.fn3("regexp_like", (c, a, p, f) -> {
            refuseGlobal(text(f), "regexp_like", null);
            return Regex.of(text(p), text(f)).matches(c, text(a));
        });
    }

    private static void refuseGlobal(String flags, String function, String hint) {
        if (RegexOptions.parse(flags).global) {
            throw Args.invalidParameter(function + "() does not support the \"global\" option").withHint(hint);
        }
    }

    private static Object first(FunctionContext context, String text, String pattern, String flags) {
        refuseGlobal(flags, "regexp_match", "Use the regexp_matches function instead.");
        Regex regex = Regex.of(pattern, flags);
        Regex.Match match = regex.find(context, text, 0);
        return match == null ? null : groups(regex, match);
    }

    private static ArrayValue groups(Regex regex, Regex.Match match) {
        if (regex.groups() == 0) {
            return ArrayValue.of(BuiltinTypes.TEXT, match.group(0));
        }
        Object[] texts = new Object[regex.groups()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = match.group(i + 1);
        }
        return ArrayValue.of(BuiltinTypes.TEXT, texts);
    }

    private static SetFunction.RowCursor all(FunctionContext context, String text, String pattern, String flags) {
        Regex regex = Regex.of(pattern, flags);
        List<Object> rows = new ArrayList<>();
        matches(context, regex, text, 0, RegexOptions.parse(flags).global, false)
                .forEach(match -> rows.add(groups(regex, match)));
        return SetFunction.RowCursor.ofValues(rows.iterator());
    }

    /** @param forSplit leave out empty matches at the end and directly after another match */
    private static List<Regex.Match> matches(FunctionContext context, Regex regex, String text, int start,
            boolean global, boolean forSplit) {
        List<Regex.Match> found = new ArrayList<>();
        int previousEnd = 0;
        int from = start;
        while (from <= text.length()) {
            Regex.Match match = regex.find(context, text, from);
            if (match == null) {
                break;
            }
            if (!forSplit || match.start() < text.length() && match.end() > previousEnd) {
                found.add(match);
            }
            if (!global) {
                break;
            }
            previousEnd = match.end();
            from = next(text, match);
        }
        return found;
    }

    // ---- regexp_split_to_array, regexp_split_to_table

    private static void registerSplit(FunctionRegistry.Builder registry) {
        registry.fn2("regexp_split_to_array_no_flags", (c, a, p) -> ArrayValue.of(BuiltinTypes.TEXT,
                split(c, text(a), text(p), "", "regexp_split_to_array")));
        registry.fn3("regexp_split_to_array", (c, a, p, f) -> ArrayValue.of(BuiltinTypes.TEXT,
                split(c, text(a), text(p), text(f), "regexp_split_to_array")));
        registry.set("regexp_split_to_table_no_flags", (c, a) -> SetFunction.RowCursor.ofValues(
                split(c, text(a[0]), text(a[1]), "", "regexp_split_to_table").iterator()));
        registry.set("regexp_split_to_table", (c, a) -> SetFunction.RowCursor.ofValues(
                split(c, text(a[0]), text(a[1]), text(a[2]), "regexp_split_to_table").iterator()));
    }

    private static List<String> split(FunctionContext context, String text, String pattern, String flags,
            String function) {
        refuseGlobal(flags, function, null);
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (Regex.Match match : matches(context, Regex.of(pattern, flags), text, 0, true, true)) {
            parts.add(text.substring(from, match.start()));
            from = match.end();
        }
        parts.add(text.substring(from));
        return parts;
    }

    // ---- regexp_count, regexp_instr, regexp_substr

    private static void registerPositions(FunctionRegistry.Builder registry) {
        registry.fn2("regexp_count_no_start", (c, a, p) -> count(c, text(a), text(p), 1, ""));
        registry.fn3("regexp_count_no_flags", (c, a, p, s) -> count(c, text(a), text(p), start(s), ""));
        registry.fnN("regexp_count", (c, a) -> count(c, text(a[0]), text(a[1]), start(a[2]), text(a[3])));
        for (String suffix : new String[] {"_no_start", "_no_n", "_no_endoption", "_no_flags", "_no_subexpr", ""}) {
            registry.fnN("regexp_instr" + suffix, RegexFunctions::position);
        }
        for (String suffix : new String[] {"_no_start", "_no_n", "_no_flags", "_no_subexpr", ""}) {
            registry.fnN("regexp_substr" + suffix, RegexFunctions::part);
        }
    }

    private static Object count(FunctionContext context, String text, String pattern, int start, String flags) {
        refuseGlobal(flags, "regexp_count", null);
        int from = start - 1 > Args.length(text) ? text.length() + 1 : Args.offset(text, start - 1L);
        return (long) matches(context, Regex.of(pattern, flags), text, from, true, false).size();
    }

    private static Object position(FunctionContext context, Object[] a) {
        int start = a.length > 2 ? start(a[2]) : 1;
        int n = a.length > 3 ? occurrence(a[3], 1) : 1;
        int endOption = a.length > 4 ? int4(a[4]) : 0;
        if (endOption != 0 && endOption != 1) {
            throw Args.invalidParameter("invalid value for parameter \"endoption\": " + endOption);
        }
        String flags = a.length > 5 ? text(a[5]) : "";
        int group = a.length > 6 ? atLeast("subexpr", a[6], 0) : 0;
        refuseGlobal(flags, "regexp_instr", null);
        Regex.Match match = nth(context, text(a[0]), Regex.of(text(a[1]), flags), start, n, group);
        if (match == null || match.starts()[group] < 0) {
            return 0L;
        }
        int place = endOption == 0 ? match.starts()[group] : match.ends()[group];
        return text(a[0]).codePointCount(0, place) + 1L;
    }

    private static Object part(FunctionContext context, Object[] a) {
        int start = a.length > 2 ? start(a[2]) : 1;
        int n = a.length > 3 ? occurrence(a[3], 1) : 1;
        String flags = a.length > 4 ? text(a[4]) : "";
        int group = a.length > 5 ? atLeast("subexpr", a[5], 0) : 0;
        refuseGlobal(flags, "regexp_substr", null);
        Regex.Match match = nth(context, text(a[0]), Regex.of(text(a[1]), flags), start, n, group);
        return match == null ? null : match.group(group);
    }

    /** Null if there is no such match or the expression has not so many groups. */
    private static Regex.Match nth(FunctionContext context, String text, Regex regex, int start, int n, int group) {
        int from = start - 1 > Args.length(text) ? text.length() + 1 : Args.offset(text, start - 1L);
        Regex.Match match = null;
        for (int i = 0; i < n; i++) {
            match = from > text.length() ? null : regex.find(context, text, from);
            if (match == null) {
                return null;
            }
            from = next(text, match);
        }
        return group > regex.groups() ? null : match;
    }
}
