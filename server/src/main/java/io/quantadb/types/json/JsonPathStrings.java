package io.quantadb.types.json;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/** Escapes in strings of the path language: those of JavaScript. Stateless. */
final class JsonPathStrings {
    private JsonPathStrings() {
    }

    static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i++);
            if (c != '\\' || i == text.length()) {
                out.append(c);
                continue;
            }
            char escaped = text.charAt(i++);
            switch (escaped) {
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'n' -> out.append('\n');
                case 'r' -> out.append('\r');
                case 't' -> out.append('\t');
                case 'v' -> out.append('\u000B');
                case 'x' -> {
                    out.append((char) hex(text, i, i + 2));
                    i += 2;
                }
                case 'u' -> {
                    int end = i < text.length() && text.charAt(i) == '{' ? text.indexOf('}', i) : i + 4;
                    int start = end == i + 4 ? i : i + 1;
                    out.appendCodePoint(hex(text, start, end));
                    i = end == i + 4 ? end : end + 1;
                }
                default -> out.append(escaped);
            }
        }
        return out.toString();
    }

    private static int hex(String text, int start, int end) {
        try {
            int code = Integer.parseInt(text.substring(start, end), 16);
            if (code == 0) {
                throw new SqlException(SqlState.UNTRANSLATABLE_CHARACTER, "unsupported Unicode escape sequence")
                        .withDetail("\\u0000 cannot be converted to text.");
            }
            return code;
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "invalid hexadecimal character sequence at or near \"\\"
                    + text.substring(Math.max(0, Math.min(start - 1, text.length()))) + "\" of jsonpath input", e);
        }
    }
}
