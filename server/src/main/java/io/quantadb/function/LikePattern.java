package io.quantadb.function;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/** A LIKE pattern, analysed once: exact, prefix, suffix and contains are string searches. Immutable. */
public final class LikePattern {
    private enum Form { EXACT, PREFIX, SUFFIX, CONTAINS, GENERAL }

    private static final char ESCAPE = '\\';
    /** The last pattern of this thread: most statements use one. */
    private static final ThreadLocal<LikePattern> LAST = new ThreadLocal<>();

    private final String source;
    private final Form form;
    /** The literal text of the simple forms. */
    private final String literal;

    private LikePattern(String source, Form form, String literal) {
        this.source = source;
        this.form = form;
        this.literal = literal;
    }

    public static LikePattern cached(String pattern) {
        LikePattern last = LAST.get();
        if (last == null || !last.source.equals(pattern)) {
            last = compile(pattern);
            LAST.set(last);
        }
        return last;
    }

    public static LikePattern compile(String pattern) {
        StringBuilder literal = new StringBuilder();
        boolean leading = false;
        boolean trailing = false;
        boolean simple = true;
        for (int i = 0; i < pattern.length() && simple; i++) {
            char c = pattern.charAt(i);
            if (c == '%') {
                if (i == 0) {
                    leading = true;
                } else if (i == pattern.length() - 1) {
                    trailing = true;
                } else {
                    simple = false;
                }
            } else if (c == '_') {
                simple = false;
            } else if (c == ESCAPE && i + 1 < pattern.length()) {
                literal.append(pattern.charAt(++i));
            } else if (c == ESCAPE) {
                simple = false;
            } else {
                literal.append(c);
            }
        }
        if (!simple) {
            return new LikePattern(pattern, Form.GENERAL, null);
        }
        Form form = leading ? trailing || pattern.length() == 1 ? Form.CONTAINS : Form.SUFFIX
                : trailing ? Form.PREFIX : Form.EXACT;
        return new LikePattern(pattern, form, literal.toString());
    }

    /** @throws SqlException 22025 if the pattern ends with its escape character and the match gets there */
    public boolean matches(String text) {
        return switch (form) {
            case EXACT -> text.equals(literal);
            case PREFIX -> text.startsWith(literal);
            case SUFFIX -> text.endsWith(literal);
            case CONTAINS -> text.contains(literal);
            case GENERAL -> matchGeneral(text);
        };
    }

    /** Greedy matching with a return to the last percent sign; {@code _} takes one code point. */
    private boolean matchGeneral(String text) {
        String p = source;
        int t = 0;
        int i = 0;
        int starPattern = -1;
        int starText = 0;
        while (t < text.length()) {
            if (i < p.length()) {
                char c = p.charAt(i);
                if (c == '%') {
                    starPattern = ++i;
                    starText = t;
                    continue;
                }
                if (c == '_') {
                    i++;
                    t += Character.charCount(text.codePointAt(t));
                    continue;
                }
                int at = i;
                if (c == ESCAPE) {
                    at++;
                    if (at == p.length()) {
                        throw new SqlException(SqlState.INVALID_ESCAPE_SEQUENCE,
                                "LIKE pattern must not end with escape character");
                    }
                }
                if (p.charAt(at) == text.charAt(t)) {
                    i = at + 1;
                    t++;
                    continue;
                }
            }
            if (starPattern < 0) {
                return false;
            }
            starText += Character.charCount(text.codePointAt(starText));
            t = starText;
            i = starPattern;
        }
        while (i < p.length() && p.charAt(i) == '%') {
            i++;
        }
        return i == p.length();
    }
}
