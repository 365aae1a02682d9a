package io.quantadb.sql.parser;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/**
 * Cuts SQL text into tokens, on demand, by PostgreSQL's rules with standard_conforming_strings on.
 *
 * <p>Confined to one thread. Errors are 42601 and kin with the position filled in.
 *
 * <p>Source: PostgreSQL documentation, "Lexical Structure"; corner cases (numbers followed by letters, operators
 * ending in
 * a sign, string continuation) checked against the server. Differs from PostgreSQL: over-long identifiers are truncated
 * without a notice.
 */
final class Lexer {
    private static final int IDENTIFIER_BYTES_MAX = 63;
    private static final int OPERATOR_LENGTH_MAX = 63;
    /** Per ASCII character: what it can be part of. */
    private static final byte[] CLASS = new byte[128];
    private static final byte LETTER = 1;
    private static final byte DIGIT = 2;
    private static final byte DOLLAR = 4;
    private static final byte OPERATOR = 8;
    private static final byte SPACE = 16;
    /** Operator characters that the SQL standard does not use; they allow an operator to end in a sign. */
    private static final byte EXTRA_OPERATOR = 32;

    static {
        for (char c = 'a'; c <= 'z'; c++) {
            CLASS[c] = LETTER;
            CLASS[c - 'a' + 'A'] = LETTER;
        }
        CLASS['_'] = LETTER;
        for (char c = '0'; c <= '9'; c++) {
            CLASS[c] = DIGIT;
        }
        CLASS['$'] = DOLLAR;
        for (char c : "+-*/<>=".toCharArray()) {
            CLASS[c] = OPERATOR;
        }
        for (char c : "~!@#^&|`?%".toCharArray()) {
            CLASS[c] = OPERATOR | EXTRA_OPERATOR;
        }
        for (char c : " \t\n\r\f".toCharArray()) {
            CLASS[c] = SPACE;
        }
    }

    final String sql;
    private final int length;
    private int position;
    private StringDecoder decoder;

    Lexer(String sql) {
        this.sql = sql;
        this.length = sql.length();
    }

    /** Continues at an offset where a token starts. */
    void moveTo(int offset) {
        position = offset;
    }

    private static boolean is(char c, int classes) {
        return c < 128 ? (CLASS[c] & classes) != 0 : (classes & LETTER) != 0;
    }

    private char at(int i) {
        return i < length ? sql.charAt(i) : '\0';
    }

    /** Reads the next token; at the end of the text EOF, as often as wanted. */
    void next(Token token) {
        skipSpace();
        int start = position;
        token.start = start;
        token.keyword = null;
        token.text = null;
        if (start >= length) {
            token.type = Token.EOF;
            token.end = start;
            return;
        }
        char c = sql.charAt(start);
        if (is(c, LETTER)) {
            word(token, c);
        } else if (is(c, DIGIT) || c == '.' && is(at(start + 1), DIGIT)) {
            number(token);
        } else if (is(c, OPERATOR)) {
            operator(token, c);
        } else {
            other(token, c);
        }
        token.end = position;
    }

    /** Skips blanks and comments; block comments nest. */
    private void skipSpace() {
        while (position < length) {
            char c = sql.charAt(position);
            if (is(c, SPACE)) {
                position++;
            } else if (c == '-' && at(position + 1) == '-') {
                skipLine();
            } else if (c == '/' && at(position + 1) == '*') {
                skipBlockComment();
            } else {
                return;
            }
        }
    }

    private void skipLine() {
        while (position < length && sql.charAt(position) != '\n' && sql.charAt(position) != '\r') {
            position++;
        }
    }

    private void skipBlockComment() {
        int start = position;
        int depth = 0;
        do {
            if (position >= length) {
                throw near(SqlState.SYNTAX_ERROR, "unterminated /* comment", start, length);
            }
            char c = sql.charAt(position);
            if (c == '/' && at(position + 1) == '*') {
                depth++;
                position += 2;
            } else if (c == '*' && at(position + 1) == '/') {
                depth--;
                position += 2;
            } else {
                position++;
            }
        } while (depth > 0);
    }

    private void word(Token token, char first) {
        char second = at(position + 1);
        if (second == '\'' || second == '&') {
            if (prefixedString(token, first, second)) {
                return;
            }
        }
        int start = position;
        int i = start;
        int hash = 0;
        boolean fold = false;
        while (i < length) {
            char c = sql.charAt(i);
            if (!is(c, LETTER | DIGIT | DOLLAR)) {
                break;
            }
            if (c >= 'A' && c <= 'Z') {
                fold = true;
                c += 'a' - 'A';
            }
            hash = Keywords.hashStep(hash, c);
            i++;
        }
        position = i;
        if (i - start <= Keywords.LENGTH_MAX) {
            Keyword keyword = Keywords.find(sql, start, i, hash);
            if (keyword != null) {
                token.type = Token.KEYWORD;
                token.keyword = keyword;
                token.text = keyword.word();
                return;
            }
        }
        token.type = Token.IDENT;
        token.text = truncate(fold ? foldCase(start, i) : sql.substring(start, i));
    }

    private String foldCase(int start, int end) {
        char[] folded = new char[end - start];
        for (int i = start; i < end; i++) {
            char c = sql.charAt(i);
            folded[i - start] = c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
        }
        return new String(folded);
    }

    /** Cuts to 63 bytes of UTF-8 without splitting a character. */
    static String truncate(String name) {
        if (name.length() <= IDENTIFIER_BYTES_MAX / 3) {
            return name;
        }
        int bytes = 0;
        for (int i = 0; i < name.length(); ) {
            int codePoint = name.codePointAt(i);
            bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
            if (bytes > IDENTIFIER_BYTES_MAX) {
                return name.substring(0, i);
            }
            i += Character.charCount(codePoint);
        }
        return name;
    }

    /** E'', B'', X'', N'', U&'' and U&"". */
    private boolean prefixedString(Token token, char first, char second) {
        switch (first | 0x20) {
            case 'e' -> {
                return second == '\'' && string(token, position + 1, true);
            }
            case 'b', 'x' -> {
                return second == '\'' && bitString(token, (first | 0x20) == 'x');
            }
            case 'n' -> {
                if (second != '\'') {
                    return false;
                }
                // The standard's national string: the type NCHAR, then an ordinary string.
                token.type = Token.KEYWORD;
                token.keyword = Keyword.NCHAR;
                token.text = Keyword.NCHAR.word();
                position++;
                return true;
            }
            case 'u' -> {
                char quote = second == '&' ? at(position + 2) : '\0';
                if (quote == '\'' || quote == '"') {
                    unicodeString(token, quote);
                    return true;
                }
                return false;
            }
            default -> {
                return false;
            }
        }
    }

    private StringDecoder decoder() {
        if (decoder == null) {
            decoder = new StringDecoder(sql);
        }
        return decoder;
    }

    /** Reads a quoted string whose quote stands at {@code quote}. */
    private boolean string(Token token, int quote, boolean escapes) {
        int start = position;
        token.type = Token.STRING;
        if (!escapes) {
            // The common case: no quote inside, no continuation, so the value is a plain substring.
            int close = sql.indexOf('\'', quote + 1);
            if (close >= 0 && at(close + 1) != '\'' && continuation(close + 1) < 0) {
                token.text = sql.substring(quote + 1, close);
                position = close + 1;
                return true;
            }
        }
        StringDecoder out = decoder();
        out.reset();
        int i = quote + 1;
        while (true) {
            if (i >= length) {
                throw near(SqlState.SYNTAX_ERROR, "unterminated quoted string", start, length);
            }
            char c = sql.charAt(i);
            if (c == '\'') {
                if (at(i + 1) == '\'') {
                    out.append(c, i);
                    i += 2;
                    continue;
                }
                int more = continuation(i + 1);
                if (more < 0) {
                    out.finish(i);
                    break;
                }
                i = more + 1;
            } else if (escapes && c == '\\') {
                if (i + 1 >= length) {
                    throw near(SqlState.SYNTAX_ERROR, "unterminated quoted string", start, length);
                }
                i = out.escape(i);
            } else {
                out.append(c, i);
                i++;
            }
        }
        token.text = out.take();
        position = i + 1;
        return true;
    }

    /**
     * Where a string goes on after its closing quote: the offset of the next opening quote if only blanks and line
     * comments
     * with at least one newline stand between, else -1.
     */
    private int continuation(int from) {
        boolean newline = false;
        int i = from;
        while (i < length) {
            char c = sql.charAt(i);
            if (c == '\n' || c == '\r') {
                newline = true;
                i++;
            } else if (is(c, SPACE)) {
                i++;
            } else if (c == '-' && at(i + 1) == '-') {
                while (i < length && sql.charAt(i) != '\n' && sql.charAt(i) != '\r') {
                    i++;
                }
            } else {
                return newline && c == '\'' ? i : -1;
            }
        }
        return -1;
    }

    private boolean bitString(Token token, boolean hexadecimal) {
        int start = position;
        int i = position + 2;
        StringBuilder digits = new StringBuilder();
        while (true) {
            int close = sql.indexOf('\'', i);
            if (close < 0) {
                String kind = hexadecimal ? "hexadecimal" : "bit";
                throw near(SqlState.SYNTAX_ERROR, "unterminated " + kind + " string literal", start, length);
            }
            digits.append(sql, i, close);
            position = close + 1;
            int more = continuation(close + 1);
            if (more < 0) {
                break;
            }
            i = more + 1;
        }
        token.type = hexadecimal ? Token.HEX_STRING : Token.BIT_STRING;
        token.text = digits.toString();
        return true;
    }

    private void unicodeString(Token token, char quote) {
        int start = position;
        position += 2;
        if (quote == '"') {
            quotedIdentifier(token, start);
        } else {
            string(token, position, false);
        }
        int end = position;
        int escape = '\\';
        skipSpace();
        if (followedByUescape()) {
            position += "uescape".length();
            escape = escapeCharacter();
            end = position;
        }
        position = end;
        token.text = decoder().unicode(token.text, (char) escape, start);
        if (quote == '"') {
            token.text = truncate(token.text);
        }
    }

    private boolean followedByUescape() {
        return sql.regionMatches(true, position, "uescape", 0, 7) && !is(at(position + 7), LETTER | DIGIT | DOLLAR);
    }

    private char escapeCharacter() {
        Token token = new Token();
        next(token);
        if (token.type != Token.STRING) {
            throw token.type == Token.EOF
                    ? new SqlException(SqlState.SYNTAX_ERROR,
                            "UESCAPE must be followed by a simple string literal at end of input")
                            .atOffset(sql, token.start)
                    : near(SqlState.SYNTAX_ERROR, "UESCAPE must be followed by a simple string literal", token.start,
                            token.end);
        }
        char c = token.text.length() == 1 ? token.text.charAt(0) : '+';
        if (Character.digit(c, 16) >= 0 || c == '+' || c == '\'' || c == '"' || is(c, SPACE)) {
            throw near(SqlState.SYNTAX_ERROR, "invalid Unicode escape character", token.start, token.end);
        }
        return c;
    }

    /** @param start where the token began, for messages (before U&) */
    private void quotedIdentifier(Token token, int start) {
        int i = position + 1;
        int close = sql.indexOf('"', i);
        if (close >= 0 && at(close + 1) != '"') {
            token.text = sql.substring(i, close);
        } else {
            StringBuilder name = new StringBuilder();
            while (close >= 0 && at(close + 1) == '"') {
                name.append(sql, i, close + 1);
                i = close + 2;
                close = sql.indexOf('"', i);
            }
            if (close < 0) {
                throw near(SqlState.SYNTAX_ERROR, "unterminated quoted identifier", start, length);
            }
            token.text = name.append(sql, i, close).toString();
        }
        position = close + 1;
        token.type = Token.IDENT;
        if (token.text.isEmpty()) {
            throw near(SqlState.SYNTAX_ERROR, "zero-length delimited identifier", start, position);
        }
    }

    private void number(Token token) {
        int start = position;
        int i = digits(start);
        boolean decimal = false;
        // "1..10" is a range of integers, not two decimals.
        if (at(i) == '.' && at(i + 1) != '.') {
            decimal = true;
            i = digits(i + 1);
        }
        if ((at(i) | 0x20) == 'e') {
            boolean signed = at(i + 1) == '+' || at(i + 1) == '-';
            int exponent = i + (signed ? 2 : 1);
            if (is(at(exponent), DIGIT)) {
                decimal = true;
                i = digits(exponent);
            } else if (signed) {
                throw near(SqlState.SYNTAX_ERROR, "trailing junk after numeric literal", start, exponent);
            }
        }
        junk(start, i, "trailing junk after numeric literal");
        position = i;
        token.text = sql.substring(start, i);
        token.type = decimal || !fitsInt(start, i) ? Token.DECIMAL : Token.INTEGER;
        if (token.type == Token.INTEGER) {
            token.value = Integer.parseInt(sql, start, i, 10);
        }
    }

    private int digits(int i) {
        while (i < length && is(sql.charAt(i), DIGIT)) {
            i++;
        }
        return i;
    }

    private boolean fitsInt(int start, int end) {
        if (end - start < 10) {
            return true;
        }
        long value = 0;
        for (int i = start; i < end && value <= Integer.MAX_VALUE; i++) {
            value = value * 10 + sql.charAt(i) - '0';
        }
        return value <= Integer.MAX_VALUE;
    }

    private void junk(int start, int end, String message) {
        if (end < length && is(sql.charAt(end), LETTER)) {
            int i = end;
            while (i < length && is(sql.charAt(i), LETTER | DIGIT | DOLLAR)) {
                i++;
            }
            throw near(SqlState.SYNTAX_ERROR, message, start, i);
        }
    }

    private void operator(Token token, char first) {
        int start = position;
        int i = start;
        while (i < length && is(sql.charAt(i), OPERATOR)) {
            char c = sql.charAt(i);
            char following = at(i + 1);
            // The first character cannot start a comment: skipSpace would have taken it.
            if (c == '-' && following == '-' || c == '/' && following == '*') {
                break;
            }
            i++;
        }
        int end = i;
        while (end - start > 1 && (sql.charAt(end - 1) == '+' || sql.charAt(end - 1) == '-')
                && !containsExtra(start, end - 1)) {
            end--;
        }
        position = end;
        if (end - start == 1 && "~!@#&|`?".indexOf(first) < 0) {
            token.type = first;
            return;
        }
        token.type = Token.OPERATOR;
        token.text = end - start == 2 ? twoCharacters(token, first, sql.charAt(start + 1)) : null;
        if (token.text == null) {
            token.text = sql.substring(start, end);
            if (end - start > OPERATOR_LENGTH_MAX) {
                throw near(SqlState.SYNTAX_ERROR, "operator too long", start, end);
            }
        }
    }

    private boolean containsExtra(int start, int end) {
        for (int i = start; i < end; i++) {
            if (is(sql.charAt(i), EXTRA_OPERATOR)) {
                return true;
            }
        }
        return false;
    }

    private static String twoCharacters(Token token, char first, char second) {
        switch (first) {
            case '<' -> {
                if (second == '=') {
                    token.type = Token.LESS_EQUALS;
                    return "<=";
                } else if (second == '>') {
                    token.type = Token.NOT_EQUALS;
                    return "<>";
                }
            }
            case '>' -> {
                if (second == '=') {
                    token.type = Token.GREATER_EQUALS;
                    return ">=";
                }
            }
            case '=' -> {
                if (second == '>') {
                    token.type = Token.EQUALS_GREATER;
                    return "=>";
                }
            }
            case '!' -> {
                if (second == '=') {
                    token.type = Token.NOT_EQUALS;
                    return "<>";
                }
            }
            case '|' -> {
                if (second == '|') {
                    return "||";
                }
            }
            default -> {
                return null;
            }
        }
        return null;
    }

    private void other(Token token, char c) {
        char second = at(position + 1);
        switch (c) {
            case '\'' -> string(token, position, false);
            case '"' -> {
                quotedIdentifier(token, position);
                token.text = truncate(token.text);
            }
            case '$' -> dollar(token, second);
            case ':' -> {
                if (second == ':' || second == '=') {
                    token.type = second == ':' ? Token.TYPECAST : Token.COLON_EQUALS;
                    position += 2;
                } else {
                    single(token, c);
                }
            }
            case '.' -> {
                if (second == '.') {
                    token.type = Token.DOT_DOT;
                    position += 2;
                } else {
                    single(token, c);
                }
            }
            default -> single(token, c);
        }
    }

    private void single(Token token, char c) {
        token.type = c;
        position++;
    }

    /** A parameter, a dollar-quoted string or a stray dollar sign. */
    private void dollar(Token token, char second) {
        int start = position;
        if (is(second, DIGIT)) {
            int end = digits(start + 1);
            junk(start, end, "trailing junk after parameter");
            token.type = Token.PARAMETER;
            long number = 0;
            for (int i = start + 1; i < end; i++) {
                number = number * 10 + sql.charAt(i) - '0';
            }
            token.value = (int) number;
            position = end;
            return;
        }
        int i = start + 1;
        if (i < length && is(second, LETTER)) {
            while (i < length && is(sql.charAt(i), LETTER | DIGIT)) {
                i++;
            }
        }
        if (at(i) != '$') {
            single(token, '$');
            return;
        }
        String delimiter = sql.substring(start, i + 1);
        int close = sql.indexOf(delimiter, i + 1);
        if (close < 0) {
            throw near(SqlState.SYNTAX_ERROR, "unterminated dollar-quoted string", start, length);
        }
        token.type = Token.STRING;
        token.text = sql.substring(i + 1, close);
        position = close + delimiter.length();
    }

    /** An error whose message quotes the text it points to. */
    SqlException near(SqlState state, String message, int start, int end) {
        return new SqlException(state, message + " at or near \"" + sql.substring(start, end) + "\"")
                .atOffset(sql, start);
    }
}
