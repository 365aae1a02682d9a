package io.quantadb.function;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A compiled regular expression with PostgreSQL's meaning. Immutable and thread-safe.
 *
 * <p>java.util.regex finds where a match begins and what its groups hold; where it ends is asked of a
 * {@link RegexAutomaton}, because POSIX wants the longest (or shortest) match where Java takes the first alternative that
 * fits. Should Java's matcher backtrack too much or too deep, the automaton finds the beginning, too.
 */
final class Regex {
    /** Character reads after which Java's matcher is given up in favour of the automaton. */
    private static final long READS_MAX = 2_000_000;
    private static final int READS_BETWEEN_CHECKS = 1 << 16;

    private static final ThreadLocal<Regex> LAST = new ThreadLocal<>();

    private final String source;
    private final String flags;
    private final Pattern pattern;
    private final RegexAutomaton automaton;
    private final boolean exact;
    private final boolean shortest;
    private final int groups;

    private Regex(String source, String flags, RegexParser.Result parsed) {
        this.source = source;
        this.flags = flags;
        RegexNode root = parsed.root();
        StringBuilder java = new StringBuilder();
        root.appendJava(java, RegexNode.Preference.NONE);
        this.pattern = compile(java.toString(), parsed.options().ignoreCase
                ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0);
        this.automaton = root.hasBackReference() ? null : RegexAutomaton.of(root);
        this.exact = root.choices() <= 1;
        this.shortest = root.preference() == RegexNode.Preference.SHORTEST;
        this.groups = parsed.groups();
    }

    private static Pattern compile(String java, int flags) {
        try {
            return Pattern.compile(java, flags);
        } catch (java.util.regex.PatternSyntaxException e) {
            // Only look-behind without an obvious maximum length is refused by Java.
            throw io.quantadb.error.SqlException.notSupported(
                    "this kind of lookbehind constraint is not supported: " + e.getDescription());
        }
    }

    /** The last expression of each thread is kept: most statements use one. */
    static Regex of(String source, String flags) {
        Regex last = LAST.get();
        if (last == null || !last.source.equals(source) || !last.flags.equals(flags)) {
            last = new Regex(source, flags, RegexParser.parse(source, RegexOptions.parse(flags)));
            LAST.set(last);
        }
        return last;
    }

    static Regex of(String source, boolean ignoreCase) {
        return of(source, ignoreCase ? "i" : "");
    }

    int groups() {
        return groups;
    }

    /** Where a match is and what its groups hold; UTF-16 offsets, -1 for groups that took no part. */
    record Match(String text, int[] starts, int[] ends) {
        int start() {
            return starts[0];
        }

        int end() {
            return ends[0];
        }

        /** Text of a group, 0 for the whole match; null if it took no part. */
        String group(int number) {
            return starts[number] < 0 ? null : text.substring(starts[number], ends[number]);
        }
    }

    /** Reports every now and then that time passes, and gives up when asked to. */
    private static final class Watched implements CharSequence {
        private final String text;
        private final FunctionContext context;
        private final boolean limited;
        private long reads;

        Watched(String text, FunctionContext context, boolean limited) {
            this.text = text;
            this.context = context;
            this.limited = limited;
        }

        @Override
        public char charAt(int index) {
            if (++reads % READS_BETWEEN_CHECKS == 0) {
                context.checkInterrupts();
                if (limited && reads > READS_MAX) {
                    throw TooMuch.INSTANCE;
                }
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return text.substring(from, to);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final class TooMuch extends RuntimeException {
        private static final long serialVersionUID = 1L;
        static final TooMuch INSTANCE = new TooMuch();

        private TooMuch() {
            super(null, null, false, false);
        }
    }

    boolean matches(FunctionContext context, String text) {
        try {
            return pattern.matcher(new Watched(text, context, automaton != null)).find();
        } catch (TooMuch | StackOverflowError e) {
            return slowStart(context, text, 0) >= 0;
        }
    }

    private int slowStart(FunctionContext context, String text, int from) {
        if (automaton == null) {
            throw new io.quantadb.error.SqlException(io.quantadb.error.SqlState.STATEMENT_TOO_COMPLEX,
                    "regular expression failed: stack depth limit exceeded");
        }
        for (int at = from; at <= text.length(); at++) {
            context.checkInterrupts();
            boolean inPair = at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at));
            if (!inPair && automaton.end(text, at, text.length(), true) >= 0) {
                return at;
            }
        }
        return -1;
    }

    /**
     * The first match that begins at or after a place.
     *
     * @param from UTF-16 offset
     * @return null if there is none
     */
    Match find(FunctionContext context, String text, int from) {
        if (from > text.length()) {
            return null;
        }
        Matcher matcher = pattern.matcher(new Watched(text, context, automaton != null));
        int start;
        int end = -1;
        try {
            if (!matcher.find(from)) {
                return null;
            }
            start = matcher.start();
            end = matcher.end();
        } catch (TooMuch | StackOverflowError e) {
            start = slowStart(context, text, from);
            if (start < 0) {
                return null;
            }
        }
        if (automaton != null && (!exact || end < 0)) {
            int better = automaton.end(text, start, text.length(), shortest);
            if (better >= 0 && better != end) {
                return groupsIn(context, text, start, better);
            }
        }
        return result(matcher, text);
    }

    private Match groupsIn(FunctionContext context, String text, int start, int end) {
        if (groups > 0) {
            Matcher matcher = pattern.matcher(new Watched(text, context, false));
            matcher.region(start, end).useTransparentBounds(true).useAnchoringBounds(false);
            try {
                if (matcher.matches()) {
                    return result(matcher, text);
                }
            } catch (StackOverflowError e) {
                throw new io.quantadb.error.SqlException(io.quantadb.error.SqlState.STATEMENT_TOO_COMPLEX,
                        "regular expression failed: stack depth limit exceeded", e);
            }
        }
        int[] starts = new int[groups + 1];
        int[] ends = new int[groups + 1];
        java.util.Arrays.fill(starts, -1);
        java.util.Arrays.fill(ends, -1);
        starts[0] = start;
        ends[0] = end;
        return new Match(text, starts, ends);
    }

    private Match result(Matcher matcher, String text) {
        int[] starts = new int[groups + 1];
        int[] ends = new int[groups + 1];
        for (int i = 0; i <= groups; i++) {
            starts[i] = matcher.start(i);
            ends[i] = matcher.end(i);
        }
        return new Match(text, starts, ends);
    }
}
