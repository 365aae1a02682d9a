package io.quantadb.function;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Parses PostgreSQL's advanced regular expressions (ARE), extended ones (ERE) and literals.
 *
 * <p>Source: PostgreSQL documentation, "POSIX Regular Expressions". Confined to one call of {@link #parse}.
 *
 * <p>Differs from PostgreSQL: basic regular expressions (option b) are not supported, nor are collating elements of more
 * than one character.
 */
final class RegexParser {
    /** The set of word characters in java.util.regex's language. */
    static final String WORD = "[\\p{IsAlphabetic}\\p{IsDigit}_]";
    private static final String SPACE = " \\t-\\r\\x{85}\\x{1680}\\x{2000}-\\x{2006}\\x{2008}-\\x{200A}\\x{2028}"
            + "\\x{2029}\\x{205F}\\x{3000}";
    private static final int REPETITIONS_MAX = 255;

    private final String text;
    private final RegexOptions options;
    private int at;
    private int groups;

    private RegexParser(String text, RegexOptions options) {
        this.text = text;
        this.options = options;
    }

    /** @param options after parsing they include the ones embedded in the pattern */
    record Result(RegexNode root, int groups, RegexOptions options) {
    }

    /** @throws SqlException 2201B, or 22023 for unknown embedded options */
    static Result parse(String pattern, RegexOptions given) {
        RegexOptions options = given.copy();
        String text = pattern;
        if (text.startsWith("***=")) {
            options.literal = true;
            text = text.substring(4);
        } else if (text.startsWith("***:")) {
            text = text.substring(4);
        } else if (text.startsWith("***")) {
            throw error("quantifier operand invalid");
        }
        if (!options.literal && !options.extended && text.startsWith("(?") && text.length() > 2
                && Character.isLetter(text.charAt(2))) {
            int end = text.indexOf(')');
            if (end < 0) {
                throw error("invalid embedded option");
            }
            for (char c : text.substring(2, end).toCharArray()) {
                if (!options.set(c)) {
                    throw error("invalid embedded option");
                }
            }
            text = text.substring(end + 1);
        }
        RegexParser parser = new RegexParser(text, options);
        RegexNode root = options.literal ? parser.literals() : parser.choice(0);
        if (parser.at < text.length()) {
            throw error("parentheses () not balanced");
        }
        return new Result(root, parser.groups, options);
    }

    private static SqlException error(String what) {
        return new SqlException(SqlState.INVALID_REGULAR_EXPRESSION, "invalid regular expression: " + what);
    }

    private RegexNode literals() {
        List<RegexNode> parts = new ArrayList<>();
        text.codePoints().forEach(c -> parts.add(literal(c)));
        at = text.length();
        return new RegexNode.Sequence(parts);
    }

    private boolean more() {
        if (options.expanded) {
            skipComments();
        }
        return at < text.length();
    }

    private void skipComments() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                while (at < text.length() && text.charAt(at) != '\n') {
                    at++;
                }
            } else if (Character.isWhitespace(c)) {
                at++;
            } else {
                return;
            }
        }
    }

    private RegexNode choice(int depth) {
        if (depth > 500) {
            throw error("regular expression is too complex");
        }
        List<RegexNode> branches = new ArrayList<>();
        branches.add(sequence(depth));
        while (more() && text.charAt(at) == '|') {
            at++;
            branches.add(sequence(depth));
        }
        return branches.size() == 1 ? branches.getFirst() : new RegexNode.Choice(branches);
    }

    private RegexNode sequence(int depth) {
        List<RegexNode> parts = new ArrayList<>();
        while (more()) {
            char c = text.charAt(at);
            if (c == '|' || c == ')' && (depth > 0 || !options.extended)) {
                break;
            }
            RegexNode atom = atom(depth);
            if (atom != null) {
                parts.add(quantified(atom));
            }
        }
        return parts.size() == 1 ? parts.getFirst() : new RegexNode.Sequence(parts);
    }

    // ---- atoms

    private RegexNode atom(int depth) {
        int c = text.codePointAt(at);
        switch (c) {
            case '(':
                return group(depth);
            case '[':
                return wordBoundaryOrBracket();
            case '.':
                at++;
                return options.dotSkipsNewline ? new RegexNode.Chars(x -> x != '\n', "[^\\n]")
                        : new RegexNode.Chars(x -> true, "(?s:.)");
            case '^':
                at++;
                return new RegexNode.At(options.multiline ? RegexNode.Anchor.LINE_START : RegexNode.Anchor.START);
            case '$':
                at++;
                return new RegexNode.At(options.multiline ? RegexNode.Anchor.LINE_END : RegexNode.Anchor.END);
            case '*', '+', '?':
                throw error("quantifier operand invalid");
            case '{':
                if (isQuantifierBrace()) {
                    throw error("quantifier operand invalid");
                }
                at++;
                return literal(c);
            case '\\':
                return escape();
            default:
                at += Character.charCount(c);
                return literal(c);
        }
    }

    private boolean isQuantifierBrace() {
        return at + 1 < text.length() && Character.isDigit(text.charAt(at + 1));
    }

    private RegexNode group(int depth) {
        at++;
        int number = 0;
        if (text.startsWith("?", at) && !options.extended) {
            if (text.startsWith("?:", at)) {
                at += 2;
            } else if (text.startsWith("?#", at)) {
                int end = text.indexOf(')', at);
                if (end < 0) {
                    throw error("parentheses () not balanced");
                }
                at = end + 1;
                return null;
            } else {
                return look(depth);
            }
        } else {
            number = ++groups;
        }
        RegexNode content = choice(depth + 1);
        closeParenthesis();
        return new RegexNode.Group(content, number);
    }

    private RegexNode look(int depth) {
        boolean behind = text.startsWith("?<", at);
        int kind = at + (behind ? 2 : 1);
        char sign = kind < text.length() ? text.charAt(kind) : 0;
        if (sign != '=' && sign != '!') {
            throw error("quantifier operand invalid");
        }
        at = kind + 1;
        int before = groups;
        RegexNode content = choice(depth + 1);
        groups = before; // groups inside constraints do not capture
        closeParenthesis();
        return new RegexNode.Look(uncapturing(content), !behind, sign == '!');
    }

    private static RegexNode uncapturing(RegexNode node) {
        return switch (node) {
            case RegexNode.Group group -> new RegexNode.Group(uncapturing(group.content()), 0);
            case RegexNode.Sequence s -> new RegexNode.Sequence(s.parts().stream().map(RegexParser::uncapturing)
                    .toList());
            case RegexNode.Choice c -> new RegexNode.Choice(c.branches().stream().map(RegexParser::uncapturing)
                    .toList());
            case RegexNode.Repeat r -> new RegexNode.Repeat(uncapturing(r.operand()), r.min(), r.max(), r.greedy(),
                    r.fixed());
            default -> node;
        };
    }

    private void closeParenthesis() {
        if (at >= text.length() || text.charAt(at) != ')') {
            throw error("parentheses () not balanced");
        }
        at++;
    }

    private RegexNode quantified(RegexNode atom) {
        if (!more()) {
            return atom;
        }
        int min;
        int max;
        boolean fixed = false;
        switch (text.charAt(at)) {
            case '*' -> {
                min = 0;
                max = -1;
                at++;
            }
            case '+' -> {
                min = 1;
                max = -1;
                at++;
            }
            case '?' -> {
                min = 0;
                max = 1;
                at++;
            }
            case '{' -> {
                if (!isQuantifierBrace() && !options.extended) {
                    return atom;
                }
                at++;
                min = number();
                max = min;
                fixed = true;
                if (at < text.length() && text.charAt(at) == ',') {
                    at++;
                    fixed = false;
                    max = at < text.length() && Character.isDigit(text.charAt(at)) ? number() : -1;
                }
                if (at >= text.length() || text.charAt(at) != '}') {
                    throw error(at >= text.length() ? "braces {} not balanced" : "invalid repetition count(s)");
                }
                at++;
                if (max >= 0 && max < min) {
                    throw error("invalid repetition count(s)");
                }
            }
            default -> {
                return atom;
            }
        }
        if (atom instanceof RegexNode.At || atom instanceof RegexNode.Look) {
            throw error("quantifier operand invalid");
        }
        boolean greedy = true;
        if (!options.extended && at < text.length() && text.charAt(at) == '?') {
            greedy = false;
            at++;
        }
        if (more() && (text.charAt(at) == '*' || text.charAt(at) == '+' || text.charAt(at) == '?'
                || text.charAt(at) == '{' && isQuantifierBrace())) {
            throw error("quantifier operand invalid");
        }
        return new RegexNode.Repeat(atom, min, max, greedy, fixed);
    }

    private int number() {
        int value = 0;
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            value = value * 10 + text.charAt(at++) - '0';
            if (value > REPETITIONS_MAX) {
                throw error("invalid repetition count(s)");
            }
        }
        if (at == start) {
            throw error("invalid repetition count(s)");
        }
        return value;
    }

    // ---- characters

    private RegexNode.Chars literal(int c) {
        IntPredicate test = x -> x == c;
        return new RegexNode.Chars(options.ignoreCase ? foldingCase(test) : test, quoted(c));
    }

    private static String quoted(int c) {
        return String.format("\\x{%X}", c);
    }

    private static IntPredicate foldingCase(IntPredicate test) {
        return x -> test.test(x) || test.test(Character.toLowerCase(x)) || test.test(Character.toUpperCase(x));
    }

    private static boolean isWord(int c) {
        return c == '_' || Character.isLetterOrDigit(c) || Character.isAlphabetic(c);
    }

    private static boolean isSpace(int c) {
        return c >= 9 && c <= 13 || c == 32 || c == 0x85 || c == 0x1680 || c >= 0x2000 && c <= 0x200A && c != 0x2007
                || c == 0x2028 || c == 0x2029 || c == 0x205F || c == 0x3000;
    }

    /** A named set: members and their spelling inside a Java bracket. */
    private record CharSet(IntPredicate test, String java) {
    }

    private static CharSet named(String name) {
        return switch (name) {
            case "alnum" -> new CharSet(c -> Character.isLetterOrDigit(c) || Character.isAlphabetic(c),
                    "\\p{IsAlphabetic}\\p{IsDigit}");
            case "alpha" -> new CharSet(Character::isAlphabetic, "\\p{IsAlphabetic}");
            case "blank" -> new CharSet(c -> c == ' ' || c == '\t', " \\t");
            case "cntrl" -> new CharSet(Character::isISOControl, "\\x00-\\x1F\\x7F-\\x{9F}");
            case "digit" -> new CharSet(c -> c >= '0' && c <= '9', "0-9");
            case "graph" -> new CharSet(c -> c > 32 && !isSpace(c) && !Character.isISOControl(c),
                    "[^\\p{Cntrl}" + SPACE + "]");
            case "lower" -> new CharSet(Character::isLowerCase, "\\p{Ll}");
            case "print" -> new CharSet(c -> c >= 32 && !Character.isISOControl(c), "[^\\x00-\\x1F\\x7F-\\x{9F}]");
            case "punct" -> new CharSet(c -> c > 32 && !isSpace(c) && !Character.isISOControl(c)
                    && !Character.isLetterOrDigit(c) && !Character.isAlphabetic(c), "\\p{P}\\p{S}");
            case "space" -> new CharSet(RegexParser::isSpace, SPACE);
            case "upper" -> new CharSet(Character::isUpperCase, "\\p{Lu}");
            case "xdigit" -> new CharSet(c -> c < 128 && Character.digit(c, 16) >= 0, "0-9A-Fa-f");
            case "word" -> new CharSet(RegexParser::isWord, "\\p{IsAlphabetic}\\p{IsDigit}_");
            default -> throw error("invalid character class");
        };
    }

    private RegexNode.Chars set(CharSet set, boolean negated) {
        IntPredicate test = options.ignoreCase ? foldingCase(set.test) : set.test;
        return negated ? new RegexNode.Chars(test.negate(), "[^" + set.java + "]")
                : new RegexNode.Chars(test, "[" + set.java + "]");
    }

    // ---- escapes

    private RegexNode escape() {
        if (at + 1 >= text.length()) {
            throw error("invalid escape \\ sequence");
        }
        char c = text.charAt(at + 1);
        if (options.extended || !(c < 128 && Character.isLetterOrDigit(c))) {
            int literal = text.codePointAt(at + 1);
            at += 1 + Character.charCount(literal);
            return literal(literal);
        }
        at += 2;
        switch (c) {
            case 'd', 'D':
                return set(named("digit"), c == 'D');
            case 's', 'S':
                return set(named("space"), c == 'S');
            case 'w', 'W':
                return set(named("word"), c == 'W');
            case 'A':
                return new RegexNode.At(RegexNode.Anchor.START);
            case 'Z':
                return new RegexNode.At(RegexNode.Anchor.END);
            case 'm':
                return new RegexNode.At(RegexNode.Anchor.WORD_START);
            case 'M':
                return new RegexNode.At(RegexNode.Anchor.WORD_END);
            case 'y':
                return new RegexNode.At(RegexNode.Anchor.WORD_EDGE);
            case 'Y':
                return new RegexNode.At(RegexNode.Anchor.NOT_WORD_EDGE);
            default:
                break;
        }
        if (c >= '1' && c <= '9') {
            int number = c - '0';
            while (at < text.length() && Character.isDigit(text.charAt(at)) && number * 10 + text.charAt(at) - '0'
                    <= groups) {
                number = number * 10 + text.charAt(at++) - '0';
            }
            if (number > groups) {
                throw error("invalid backreference number");
            }
            return new RegexNode.Back(number);
        }
        return literal(characterEscape(c));
    }

    /** Value of an escape that stands for one character; {@code at} is after its letter. */
    private int characterEscape(char c) {
        return switch (c) {
            case 'a' -> 7;
            case 'b' -> 8;
            case 'B' -> '\\';
            case 'c' -> {
                if (at >= text.length()) {
                    throw error("invalid escape \\ sequence");
                }
                yield text.charAt(at++) & 31;
            }
            case 'e' -> 27;
            case 'f' -> 12;
            case 'n' -> 10;
            case 'r' -> 13;
            case 't' -> 9;
            case 'v' -> 11;
            case 'u' -> hexadecimal(4, 4);
            case 'U' -> hexadecimal(8, 8);
            case 'x' -> hexadecimal(1, 255);
            case '0' -> {
                int value = 0;
                for (int i = 0; i < 2 && at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '7'; i++) {
                    value = value * 8 + text.charAt(at++) - '0';
                }
                yield value;
            }
            default -> throw error("invalid escape \\ sequence");
        };
    }

    private int hexadecimal(int min, int max) {
        long value = 0;
        int count = 0;
        while (count < max && at < text.length() && text.charAt(at) < 128
                && Character.digit(text.charAt(at), 16) >= 0) {
            value = value << 4 | Character.digit(text.charAt(at++), 16);
            count++;
            if (value > 0x10FFFF) {
                throw error("invalid escape \\ sequence");
            }
        }
        if (count < min) {
            throw error("invalid escape \\ sequence");
        }
        return (int) value;
    }

    // ---- brackets

    private RegexNode wordBoundaryOrBracket() {
        if (text.startsWith("[[:<:]]", at)) {
            at += 7;
            return new RegexNode.At(RegexNode.Anchor.WORD_START);
        }
        if (text.startsWith("[[:>:]]", at)) {
            at += 7;
            return new RegexNode.At(RegexNode.Anchor.WORD_END);
        }
        at++;
        boolean negated = text.startsWith("^", at);
        if (negated) {
            at++;
        }
        List<IntPredicate> tests = new ArrayList<>();
        StringBuilder java = new StringBuilder();
        boolean first = true;
        while (true) {
            if (at >= text.length()) {
                throw error("brackets [] not balanced");
            }
            if (text.charAt(at) == ']' && !first) {
                at++;
                break;
            }
            bracketItem(tests, java);
            first = false;
        }
        IntPredicate any = x -> {
            for (IntPredicate test : tests) {
                if (test.test(x)) {
                    return true;
                }
            }
            return false;
        };
        IntPredicate folded = options.ignoreCase ? foldingCase(any) : any;
        if (!negated) {
            return new RegexNode.Chars(folded, "[" + java + "]");
        }
        boolean skipNewline = options.dotSkipsNewline;
        return new RegexNode.Chars(x -> !folded.test(x) && !(skipNewline && x == '\n'),
                "[^" + java + (skipNewline ? "\\n" : "") + "]");
    }

    private void bracketItem(List<IntPredicate> tests, StringBuilder java) {
        if (text.startsWith("[:", at)) {
            String name = delimited(":]");
            if (options.ignoreCase && (name.equals("lower") || name.equals("upper"))) {
                name = "alpha";
            }
            add(named(name), false, tests, java);
            return;
        }
        if (text.charAt(at) == '\\' && !options.extended && at + 1 < text.length()) {
            char c = text.charAt(at + 1);
            String name = switch (Character.toLowerCase(c)) {
                case 'd' -> "digit";
                case 's' -> "space";
                case 'w' -> "word";
                default -> null;
            };
            if (name != null) {
                at += 2;
                add(named(name), Character.isUpperCase(c), tests, java);
                return;
            }
        }
        int from = bracketCharacter();
        int to = from;
        if (at + 1 < text.length() && text.charAt(at) == '-' && text.charAt(at + 1) != ']') {
            at++;
            if (text.startsWith("[:", at)) {
                throw error("invalid character range");
            }
            to = bracketCharacter();
            if (to < from) {
                throw error("invalid character range");
            }
        }
        int low = from;
        int high = to;
        tests.add(x -> x >= low && x <= high);
        java.append(quoted(low)).append(low == high ? "" : "-" + quoted(high));
    }

    private static void add(CharSet set, boolean negated, List<IntPredicate> tests, StringBuilder java) {
        tests.add(negated ? set.test.negate() : set.test);
        java.append(negated ? "[^" + set.java + "]" : set.java);
    }

    private String delimited(String end) {
        int close = text.indexOf(end, at + 2);
        if (close < 0) {
            throw error("brackets [] not balanced");
        }
        String name = text.substring(at + 2, close);
        at = close + 2;
        return name;
    }

    private int bracketCharacter() {
        if (text.startsWith("[.", at) || text.startsWith("[=", at)) {
            String name = delimited(text.startsWith("[.", at) ? ".]" : "=]");
            if (name.codePointCount(0, name.length()) != 1) {
                throw error("invalid collating element");
            }
            return name.codePointAt(0);
        }
        int c = text.codePointAt(at);
        at += Character.charCount(c);
        if (c != '\\' || options.extended) {
            return c;
        }
        if (at >= text.length()) {
            throw error("invalid escape \\ sequence");
        }
        int next = text.codePointAt(at);
        at += Character.charCount(next);
        return next < 128 && Character.isLetterOrDigit(next) ? characterEscape((char) next) : next;
    }
}
