package io.quantadb.sql.parser;

import java.util.List;

/** Finds keywords by text: for the lexer, pg_get_keywords() and quote_ident. Stateless. */
public final class Keywords {
    private static final int SLOTS = 2048;
    private static final int[] HASHES = new int[SLOTS];
    private static final Keyword[] KEYWORDS = new Keyword[SLOTS];
    static final int LENGTH_MAX;

    static {
        int longest = 0;
        for (Keyword keyword : Keyword.values()) {
            int hash = 0;
            for (int i = 0; i < keyword.word().length(); i++) {
                hash = hashStep(hash, keyword.word().charAt(i));
            }
            int slot = slot(hash);
            while (KEYWORDS[slot] != null) {
                slot = (slot + 1) & (SLOTS - 1);
            }
            HASHES[slot] = hash;
            KEYWORDS[slot] = keyword;
            longest = Math.max(longest, keyword.word().length());
        }
        LENGTH_MAX = longest;
    }

    private Keywords() {
    }

    /** All keywords, in alphabetical order. */
    public static List<Keyword> all() {
        return List.of(Keyword.values());
    }

    /** The keyword spelled exactly so (lower case), or null. */
    public static Keyword find(String word) {
        int hash = 0;
        for (int i = 0; i < word.length(); i++) {
            hash = hashStep(hash, word.charAt(i));
        }
        return find(word, 0, word.length(), hash);
    }

    /**
     * Whether a name must be quoted to be read back as itself: not of the form of a plain identifier, or a keyword
     * that is
     * not unreserved (the rule of quote_ident).
     */
    public static boolean needsQuotes(String name) {
        if (name.isEmpty() || !isPlainStart(name.charAt(0))) {
            return true;
        }
        for (int i = 1; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!isPlainStart(c) && !(c >= '0' && c <= '9')) {
                return true;
            }
        }
        Keyword keyword = find(name);
        return keyword != null && keyword.category() != Keyword.Category.UNRESERVED;
    }

    /** The name as it must be written in SQL, quoted only if necessary. */
    public static String quoteIdentifier(String name) {
        return needsQuotes(name) ? '"' + name.replace("\"", "\"\"") + '"' : name;
    }

    private static boolean isPlainStart(char c) {
        return c >= 'a' && c <= 'z' || c == '_';
    }

    /** One step of the hash over lower-case characters, so that the lexer can compute it while it scans. */
    static int hashStep(int hash, char lower) {
        return hash * 31 + lower;
    }

    /** @param hash over the range's characters folded to lower case; the text itself may be in any ASCII case */
    static Keyword find(String text, int start, int end, int hash) {
        for (int slot = slot(hash); KEYWORDS[slot] != null; slot = (slot + 1) & (SLOTS - 1)) {
            if (HASHES[slot] == hash && matches(text, start, end, KEYWORDS[slot].word())) {
                return KEYWORDS[slot];
            }
        }
        return null;
    }

    private static boolean matches(String text, int start, int end, String word) {
        if (word.length() != end - start) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            char c = text.charAt(start + i);
            if (c >= 'A' && c <= 'Z') {
                c += 'a' - 'A';
            }
            if (c != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int slot(int hash) {
        return (hash ^ hash >>> 11) & (SLOTS - 1);
    }
}
