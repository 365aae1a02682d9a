package io.quantadb.types.datetime;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Splits date, time and interval input into fields by their looks, before anything is given a meaning. */
final class DateTimeTokens {
    enum Kind {
        /** Digits, perhaps with one decimal point. */
        NUMBER,
        /** A word, in lower case. */
        WORD,
        /** Parts joined by a date delimiter; also a time zone name with punctuation. */
        DATE,
        /** Digits and colons. */
        TIME,
        /** A sign and digits. */
        SIGNED,
        /** A sign and a word. */
        SPECIAL
    }

    record Token(Kind kind, String text) {
    }

    private static final int TOKENS_MAX = 25;

    private final String text;
    private int at;

    private DateTimeTokens(String text) {
        this.text = text;
    }

    /** The fields in order, or null if the text cannot be split. */
    static List<Token> split(String text) {
        return new DateTimeTokens(text).split();
    }

    private List<Token> split() {
        List<Token> tokens = new ArrayList<>();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (isSpace(c)) {
                at++;
                continue;
            }
            Token token;
            if (isDigit(c)) {
                token = numeric();
            } else if (c == '.') {
                token = fraction();
            } else if (isLetter(c)) {
                token = word();
            } else if (c == '+' || c == '-') {
                token = signed();
                if (token == null) {
                    return null;
                }
            } else if (isPunctuation(c)) {
                at++;
                continue;
            } else {
                return null;
            }
            tokens.add(token);
            if (tokens.size() > TOKENS_MAX) {
                return null;
            }
        }
        return tokens;
    }

    private Token numeric() {
        int start = at;
        skipDigits();
        char c = peek();
        if (c == ':') {
            while (isDigit(peek()) || peek() == ':' || peek() == '.') {
                at++;
            }
            return new Token(Kind.TIME, text.substring(start, at));
        }
        if (c != '-' && c != '/' && c != '.') {
            return new Token(Kind.NUMBER, text.substring(start, at));
        }
        char delimiter = c;
        at++;
        Kind kind = Kind.DATE;
        if (isDigit(peek())) {
            kind = delimiter == '.' ? Kind.NUMBER : Kind.DATE;
            skipDigits();
            if (peek() == delimiter) {
                kind = Kind.DATE;
                while (isDigit(peek()) || peek() == delimiter) {
                    at++;
                }
            }
        } else {
            while (isDigit(peek()) || isLetter(peek()) || peek() == delimiter) {
                at++;
            }
            if (delimiter == '.' && text.substring(start, at).matches("\\d+\\.")) {
                kind = Kind.NUMBER;
            }
        }
        return new Token(kind, lower(start));
    }

    private Token fraction() {
        int start = at++;
        skipDigits();
        return new Token(Kind.NUMBER, text.substring(start, at));
    }

    private Token word() {
        int start = at;
        while (isLetter(peek())) {
            at++;
        }
        char c = peek();
        boolean joined = c == '-' || c == '/' || c == '.'
                || (c == '+' || isDigit(c)) && DateTimeWords.find(lower(start)) == null;
        if (!joined) {
            return new Token(Kind.WORD, lower(start));
        }
        while (isDigit(peek()) || isLetter(peek()) || "+-/_.:".indexOf(peek()) >= 0 && at < text.length()) {
            at++;
        }
        return new Token(Kind.DATE, lower(start));
    }

    private Token signed() {
        char sign = text.charAt(at++);
        while (at < text.length() && isSpace(peek())) {
            at++;
        }
        int start = at;
        if (isDigit(peek())) {
            while (isDigit(peek()) || peek() == ':' || peek() == '.' || peek() == '-') {
                at++;
            }
            return new Token(Kind.SIGNED, sign + text.substring(start, at));
        }
        if (isLetter(peek())) {
            while (isLetter(peek())) {
                at++;
            }
            return new Token(Kind.SPECIAL, sign + lower(start));
        }
        return null;
    }

    private String lower(int start) {
        return text.substring(start, at).toLowerCase(Locale.ROOT);
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void skipDigits() {
        while (isDigit(peek())) {
            at++;
        }
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    private static boolean isPunctuation(char c) {
        return c > ' ' && c < 127;
    }
}
