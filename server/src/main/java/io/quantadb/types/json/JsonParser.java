package io.quantadb.types.json;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.Numeric;

import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Parses and validates JSON text (RFC 8259) with PostgreSQL's error reports.
 *
 * <p>Recursive descent. Nesting is bounded so that no walk over a document, interpreted or compiled, can exhaust the
 * stack of a thread of default size. Validation for type json builds nothing; parsing builds a {@link JsonValue}.
 *
 * <p>Differs from PostgreSQL: the limit is 1000 levels, there it is about 6000 with its default settings.
 */
public final class JsonParser {
    private static final int DEPTH_MAX = 1000;
    private static final int CONTEXT_CHARS = 50;

    private final String text;
    private final boolean building;
    private int at;
    private int tokenStart;
    private int depth;
    /** Whether the last character was the first half of a surrogate pair written as an escape. */
    private boolean pendingHigh;

    private JsonParser(String text, boolean building) {
        this.text = text;
        this.building = building;
    }

    /** Builds a document; 22P02, or 22P05 for an escape that jsonb cannot hold. */
    public static JsonValue parse(String text) {
        return new JsonParser(text, true).document();
    }

    /** Checks the text for type json; 22P02. */
    public static void validate(String text) {
        new JsonParser(text, false).document();
    }

    private JsonValue document() {
        JsonValue value = value();
        skipSpaces();
        if (at < text.length()) {
            throw expected("end of input");
        }
        return value;
    }

    private void skipSpaces() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
                break;
            }
            at++;
        }
        tokenStart = at;
    }

    private JsonValue value() {
        skipSpaces();
        if (at >= text.length()) {
            throw ended();
        }
        char c = text.charAt(at);
        return switch (c) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> {
                String string = string();
                yield building ? new JsonValue.Str(string) : null;
            }
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            case '}', ']', ':', ',' -> throw expected("JSON value");
            default -> word();
        };
    }

    private void enter() {
        if (++depth > DEPTH_MAX) {
            throw new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded")
                    .withDetail("JSON documents can be nested " + DEPTH_MAX + " levels deep.");
        }
        at++;
    }

    private JsonValue object() {
        enter();
        List<Map.Entry<String, JsonValue>> members = building ? new ArrayList<>() : null;
        skipSpaces();
        if (peek() == '}') {
            at++;
        } else {
            boolean first = true;
            char next;
            do {
                skipSpaces();
                if (peek() != '"') {
                    throw expected(first ? "string or \"}\"" : "string");
                }
                first = false;
                String key = string();
                skipSpaces();
                if (peek() != ':') {
                    throw expected("\":\"");
                }
                at++;
                JsonValue value = value();
                if (building) {
                    members.add(new AbstractMap.SimpleImmutableEntry<>(key, value));
                }
                skipSpaces();
                next = peek();
                if (next != ',' && next != '}') {
                    throw expected("\",\" or \"}\"");
                }
                at++;
            } while (next == ',');
        }
        depth--;
        return building ? JsonValue.Obj.of(members) : null;
    }

    private JsonValue array() {
        enter();
        List<JsonValue> elements = building ? new ArrayList<>() : null;
        skipSpaces();
        if (peek() == ']') {
            at++;
        } else {
            char next;
            do {
                JsonValue value = value();
                if (building) {
                    elements.add(value);
                }
                skipSpaces();
                next = peek();
                if (next != ',' && next != ']') {
                    throw expected("\",\" or \"]\"");
                }
                at++;
            } while (next == ',');
        }
        depth--;
        return building ? new JsonValue.Arr(elements) : null;
    }

    private char peek() {
        if (at >= text.length()) {
            throw ended();
        }
        return text.charAt(at);
    }

    private JsonValue word() {
        int start = at;
        while (at < text.length() && isWordPart(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            at += Character.charCount(text.codePointAt(at));
            throw invalidToken(text.substring(start, at));
        }
        return switch (text.substring(start, at)) {
            case "true" -> JsonValue.TRUE;
            case "false" -> JsonValue.FALSE;
            case "null" -> JsonValue.NULL;
            default -> throw invalidToken(text.substring(start, at));
        };
    }

    private static boolean isWordPart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c >= 128;
    }

    private JsonValue number() {
        int start = at;
        boolean valid = true;
        if (text.charAt(at) == '-') {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '0') {
            at++;
        } else {
            valid = digits();
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            valid &= digits();
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            valid &= digits();
        }
        int end = at;
        while (at < text.length() && isWordPart(text.charAt(at))) {
            at++;
        }
        if (!valid || at > end) {
            throw invalidToken(text.substring(start, at));
        }
        return building ? new JsonValue.Num(Numeric.parse(text.substring(start, end))) : null;
    }

    private boolean digits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at > start;
    }

    /** Reads from the opening quote; returns the content if building. */
    private String string() {
        tokenStart = at;
        int start = ++at;
        int end = at;
        while (end < text.length() && text.charAt(end) != '"' && text.charAt(end) != '\\' && text.charAt(end) >= ' ') {
            end++;
        }
        if (end < text.length() && text.charAt(end) == '"') {
            at = end + 1;
            return building ? text.substring(start, end) : "";
        }
        StringBuilder out = new StringBuilder().append(text, start, end);
        at = end;
        while (true) {
            if (at >= text.length()) {
                throw invalidToken(text.substring(tokenStart));
            }
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            if (c < ' ') {
                throw invalid(String.format("Character with value 0x%02x must be escaped.", (int) c));
            }
            if (c == '\\') {
                escape(out);
            } else {
                out.append(c);
            }
        }
    }

    private void escape(StringBuilder out) {
        if (at >= text.length()) {
            throw invalidToken(text.substring(tokenStart));
        }
        char c = text.charAt(at++);
        switch (c) {
            case '"', '\\', '/' -> append(c, out);
            case 'b' -> append('\b', out);
            case 'f' -> append('\f', out);
            case 'n' -> append('\n', out);
            case 'r' -> append('\r', out);
            case 't' -> append('\t', out);
            case 'u' -> append(unicode(), out);
            default -> {
                at += Character.isHighSurrogate(c) && at < text.length() ? 1 : 0;
                throw invalid("Escape sequence \"\\" + text.substring(at - Character.charCount(
                        text.codePointBefore(at)), at) + "\" is invalid.");
            }
        }
    }

    /** Keeps surrogate pairs intact: a low half is only valid behind a high one, and a high one must be followed. */
    private void append(char c, StringBuilder out) {
        boolean pending = pendingHigh;
        pendingHigh = false;
        if (!building) {
            return;
        }
        if (Character.isHighSurrogate(c)) {
            if (pending) {
                throw invalid("Unicode high surrogate must not follow a high surrogate.");
            }
            if (!text.startsWith("\\u", at)) {
                throw invalid("Unicode low surrogate must follow a high surrogate.");
            }
            pendingHigh = true;
        } else if (Character.isLowSurrogate(c) != pending) {
            throw invalid("Unicode low surrogate must follow a high surrogate.");
        }
        out.append(c);
    }

    private char unicode() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < text.length() && text.charAt(at) < 128 ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0) {
                throw invalid("\"\\u\" must be followed by four hexadecimal digits.");
            }
            at++;
            value = value << 4 | digit;
        }
        if (value == 0 && building) {
            throw withContext(new SqlException(SqlState.UNTRANSLATABLE_CHARACTER, "unsupported Unicode escape sequence")
                    .withDetail("\\u0000 cannot be converted to text."));
        }
        return (char) value;
    }

    // ---- errors

    private SqlException ended() {
        at = text.length();
        return invalid("The input string ended unexpectedly.");
    }

    /** Complains about the token at {@code tokenStart}. */
    private SqlException expected(String what) {
        if (at >= text.length()) {
            return ended();
        }
        return invalid("Expected " + what + ", but found \"" + token() + "\".");
    }

    /** The whole token at the current place; complains instead if it is not a valid one. */
    private String token() {
        int start = at;
        char c = text.charAt(at);
        if (c == '"') {
            string();
        } else if (c == '-' || c >= '0' && c <= '9') {
            number();
        } else if ("{}[]:,".indexOf(c) >= 0) {
            at++;
        } else {
            word();
        }
        return text.substring(start, at);
    }

    private SqlException invalidToken(String token) {
        return invalid("Token \"" + token + "\" is invalid.");
    }

    private SqlException invalid(String detail) {
        return withContext(new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type json")
                .withDetail(detail));
    }

    /** Adds the line of the error up to the place where it was found. */
    private SqlException withContext(SqlException error) {
        int lineStart = 0;
        int line = 1;
        for (int i = 0; i < at && i < text.length(); i++) {
            if (text.charAt(i) == '\n') {
                lineStart = i + 1;
                line++;
            }
        }
        int from = Math.max(lineStart, 0);
        String prefix = "";
        if (at - from >= CONTEXT_CHARS) {
            from = at - CONTEXT_CHARS + 1;
            prefix = "...";
            if (from - lineStart <= 3) {
                from = lineStart;
                prefix = "";
            }
        }
        String suffix = at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r' ? "..." : "";
        return error.addWhere("JSON data, line " + line + ": " + prefix + text.substring(Math.min(from, at), at)
                + suffix);
    }
}
