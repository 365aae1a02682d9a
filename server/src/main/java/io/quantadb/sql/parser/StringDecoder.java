package io.quantadb.sql.parser;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Resolves the escapes of E'' and U&'' strings.
 *
 * <p>Octal and hexadecimal escapes give bytes, which must form valid UTF-8 among themselves; Unicode escapes may give
 * surrogate pairs. Confined to its lexer. Errors: 42601, 22025, 22021.
 */
final class StringDecoder {
    private final String sql;
    private final StringBuilder out = new StringBuilder();
    private final byte[] bytes = new byte[4];
    private int byteCount;
    private int highSurrogate;

    StringDecoder(String sql) {
        this.sql = sql;
    }

    void reset() {
        out.setLength(0);
        byteCount = 0;
        highSurrogate = 0;
    }

    String take() {
        return out.toString();
    }

    /** Adds a plain character, found at {@code offset}. */
    void append(char c, int offset) {
        if (byteCount > 0 || highSurrogate != 0) {
            finish(offset);
        }
        out.append(c);
    }

    /** Called where escapes cannot go on. */
    void finish(int offset) {
        if (highSurrogate != 0) {
            throw surrogateError(offset);
        }
        if (byteCount > 0) {
            throw invalidBytes(byteCount);
        }
    }

    private SqlException surrogateError(int offset) {
        int end = Math.min(sql.length(), offset + 1);
        return new SqlException(SqlState.SYNTAX_ERROR,
                "invalid Unicode surrogate pair at or near \"" + sql.substring(offset, end) + "\"")
                .atOffset(sql, offset);
    }

    private SqlException invalidBytes(int count) {
        StringBuilder message = new StringBuilder("invalid byte sequence for encoding \"UTF8\":");
        for (int i = 0; i < count; i++) {
            message.append(String.format(" 0x%02x", bytes[i] & 0xFF));
        }
        return new SqlException(SqlState.CHARACTER_NOT_IN_REPERTOIRE, message.toString());
    }

    /** Handles the escape whose backslash stands at {@code i} (not the last character); returns where to go on. */
    int escape(int i) {
        char c = sql.charAt(i + 1);
        if (c == 'u' || c == 'U') {
            return unicodeEscape(i, c == 'u' ? 4 : 8);
        }
        if (c >= '0' && c <= '7') {
            return byteEscape(i, i + 1, 3, 8);
        }
        if (c == 'x' && i + 2 < sql.length() && Character.digit(sql.charAt(i + 2), 16) >= 0) {
            return byteEscape(i, i + 2, 2, 16);
        }
        append(switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> '\u000B';
            default -> c;
        }, i);
        return i + 2;
    }

    private int byteEscape(int backslash, int i, int digitsMax, int radix) {
        int value = 0;
        int end = Math.min(sql.length(), i + digitsMax);
        while (i < end && isDigit(sql.charAt(i), radix)) {
            value = value * radix + Character.digit(sql.charAt(i), radix);
            i++;
        }
        value &= 0xFF;
        if (value == 0) {
            bytes[0] = 0;
            throw invalidBytes(1);
        }
        if (value < 0x80) {
            append((char) value, backslash);
        } else {
            if (highSurrogate != 0) {
                throw surrogateError(backslash);
            }
            addByte((byte) value);
        }
        return i;
    }

    private static boolean isDigit(char c, int radix) {
        return c < 128 && Character.digit(c, radix) >= 0;
    }

    /** Collects bytes until they are a whole character. */
    private void addByte(byte b) {
        bytes[byteCount++] = b;
        int first = bytes[0] & 0xFF;
        int wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 1;
        if (byteCount < wanted) {
            return;
        }
        try {
            out.append(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, byteCount)));
        } catch (CharacterCodingException e) {
            throw invalidBytes(byteCount);
        }
        byteCount = 0;
    }

    private int unicodeEscape(int backslash, int digits) {
        int value = 0;
        for (int k = 0; k < digits; k++) {
            int i = backslash + 2 + k;
            if (i >= sql.length() || !isDigit(sql.charAt(i), 16)) {
                throw new SqlException(SqlState.INVALID_ESCAPE_SEQUENCE, "invalid Unicode escape")
                        .withHint("Unicode escapes must be \\uXXXX or \\UXXXXXXXX.").atOffset(sql, backslash);
            }
            value = value << 4 | Character.digit(sql.charAt(i), 16);
        }
        int end = backslash + 2 + digits;
        if (byteCount > 0) {
            throw invalidBytes(byteCount);
        }
        if (highSurrogate != 0) {
            if (!isLowSurrogate(value)) {
                throw surrogateError(backslash);
            }
            out.append((char) highSurrogate).append((char) value);
            highSurrogate = 0;
        } else if (isHighSurrogate(value)) {
            highSurrogate = value;
        } else if (isLowSurrogate(value)) {
            throw surrogateError(backslash);
        } else if (value <= 0 || value > Character.MAX_CODE_POINT) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "invalid Unicode escape value at or near \""
                    + sql.substring(backslash, end) + "\"").atOffset(sql, backslash);
        } else {
            out.appendCodePoint(value);
        }
        return end;
    }

    private static boolean isHighSurrogate(int value) {
        return value >= 0xD800 && value <= 0xDBFF;
    }

    private static boolean isLowSurrogate(int value) {
        return value >= 0xDC00 && value <= 0xDFFF;
    }

    /**
     * Resolves {@code \XXXX} and {@code \+XXXXXX}.
     *
     * @param start offset of the U, for messages
     */
    String unicode(String text, char escape, int start) {
        if (text.indexOf(escape) < 0) {
            return text;
        }
        StringBuilder result = new StringBuilder(text.length());
        int high = 0;
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            boolean doubled = c == escape && i + 1 < text.length() && text.charAt(i + 1) == escape;
            if (c != escape || doubled) {
                if (high != 0) {
                    throw surrogatePair(start + 3 + i);
                }
                result.append(c);
                i += doubled ? 2 : 1;
                continue;
            }
            boolean six = i + 1 < text.length() && text.charAt(i + 1) == '+';
            int from = i + (six ? 2 : 1);
            int to = from + (six ? 6 : 4);
            int value = hexadecimal(text, from, to, start + 3 + i);
            if (high != 0) {
                if (!isLowSurrogate(value)) {
                    throw surrogatePair(start + 3 + i);
                }
                result.append((char) high).append((char) value);
                high = 0;
            } else if (isHighSurrogate(value)) {
                high = value;
            } else if (isLowSurrogate(value)) {
                throw surrogatePair(start + 3 + i);
            } else if (value <= 0 || value > Character.MAX_CODE_POINT) {
                throw new SqlException(SqlState.SYNTAX_ERROR, "invalid Unicode escape value")
                        .atOffset(sql, start + 3 + i);
            } else {
                result.appendCodePoint(value);
            }
            i = to;
        }
        if (high != 0) {
            throw surrogatePair(start + 3 + i);
        }
        return result.toString();
    }

    private SqlException surrogatePair(int offset) {
        return new SqlException(SqlState.SYNTAX_ERROR, "invalid Unicode surrogate pair").atOffset(sql, offset);
    }

    private int hexadecimal(String text, int from, int to, int offset) {
        int value = 0;
        for (int i = from; i < to; i++) {
            if (i >= text.length() || !isDigit(text.charAt(i), 16)) {
                throw new SqlException(SqlState.SYNTAX_ERROR, "invalid Unicode escape")
                        .withHint("Unicode escapes must be \\XXXX or \\+XXXXXX.").atOffset(sql, offset);
            }
            value = value << 4 | Character.digit(text.charAt(i), 16);
        }
        return value;
    }
}
