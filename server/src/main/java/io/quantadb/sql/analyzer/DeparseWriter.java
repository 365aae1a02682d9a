package io.quantadb.sql.analyzer;

/** Text under construction with PostgreSQL's indentation rules. */
final class DeparseWriter {
    static final int STANDARD = 8;
    static final int JOIN = 4;
    static final int COLUMN = 4;

    private final StringBuilder text = new StringBuilder();
    private final boolean breakLines;
    int level;

    DeparseWriter(Deparser.Style style) {
        breakLines = style.indent;
    }

    boolean breaksLines() {
        return breakLines;
    }

    DeparseWriter add(String s) {
        text.append(s);
        return this;
    }

    /** A keyword on a line of its own, after {@code plus} blanks more than the current level. */
    void keyword(String word, int before, int after, int plus) {
        if (!breakLines) {
            text.append(word);
            return;
        }
        level += before;
        while (!text.isEmpty() && text.charAt(text.length() - 1) == ' ') {
            text.setLength(text.length() - 1);
        }
        int blanks = level < 40 ? Math.max(level, 0) + plus : 40 + (level - 40) / 8 % 8 + plus;
        text.append('\n').repeat(' ', blanks).append(word);
        level = Math.max(level + after, 0);
    }

    int length() {
        return text.length();
    }

    /**
     * Starts what was written from {@code mark} on a line of its own, unless it did so itself; the character before the
     * mark is a blank.
     */
    void breakBefore(int mark, int plus) {
        if (breakLines && text.charAt(mark - 1) == ' ') {
            int blanks = Math.max(level - STANDARD, 0) + plus;
            text.replace(mark - 1, mark, "\n" + " ".repeat(blanks));
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
