package io.quantadb.function;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A nondeterministic automaton of a regular expression without back references: finds where the longest or shortest
 * match from a place ends, in time proportional to text and pattern.
 *
 * <p>Immutable and thread-safe; {@link #end} keeps its state on the stack. Source: Thompson, "Regular Expression Search
 * Algorithm", 1968.
 */
final class RegexAutomaton {
    private static final int STATES_MAX = 60_000;

    /** Kind of a state by what is set: a test consumes a character; anchor and look are conditions; else a fork. */
    private static final class State {
        IntPredicate test;
        RegexNode.Anchor anchor;
        RegexAutomaton look;
        boolean lookAhead;
        boolean lookNegative;
        int next = -1;
        int other = -1;
        boolean accept;
    }

    private final List<State> states = new ArrayList<>();
    private int start;

    private RegexAutomaton() {
    }

    /** Null if the expression is too large. */
    static RegexAutomaton of(RegexNode root) {
        RegexAutomaton automaton = new RegexAutomaton();
        int accept = automaton.add(new State());
        automaton.states.get(accept).accept = true;
        automaton.start = automaton.build(root, accept);
        return automaton.start < 0 ? null : automaton;
    }

    private int add(State state) {
        states.add(state);
        return states.size() - 1;
    }

    private int fork(int a, int b) {
        State state = new State();
        state.next = a;
        state.other = b;
        return add(state);
    }

    /** Adds states that match the node and go on at {@code next}; returns the first. -1 if there are too many. */
    private int build(RegexNode node, int next) {
        if (next < 0 || states.size() > STATES_MAX) {
            return -1;
        }
        return switch (node) {
            case RegexNode.Chars chars -> {
                State state = new State();
                state.test = chars.test();
                state.next = next;
                yield add(state);
            }
            case RegexNode.At at -> {
                State state = new State();
                state.anchor = at.anchor();
                state.next = next;
                yield add(state);
            }
            case RegexNode.Look look -> {
                State state = new State();
                state.look = of(look.content());
                state.lookAhead = look.ahead();
                state.lookNegative = look.negative();
                state.next = next;
                yield state.look == null ? -1 : add(state);
            }
            case RegexNode.Group group -> build(group.content(), next);
            case RegexNode.Sequence sequence -> {
                int following = next;
                for (int i = sequence.parts().size() - 1; i >= 0; i--) {
                    following = build(sequence.parts().get(i), following);
                }
                yield following;
            }
            case RegexNode.Choice choice -> {
                int first = -2;
                for (RegexNode branch : choice.branches()) {
                    int entry = build(branch, next);
                    first = first == -2 ? entry : entry < 0 || first < 0 ? -1 : fork(first, entry);
                }
                yield first;
            }
            case RegexNode.Repeat repeat -> repeat(repeat, next);
            case RegexNode.Back back -> -1;
        };
    }

    private int repeat(RegexNode.Repeat repeat, int next) {
        int following = next;
        if (repeat.max() < 0) {
            int loop = fork(-1, next);
            int body = build(repeat.operand(), loop);
            if (body < 0) {
                return -1;
            }
            states.get(loop).next = body;
            following = loop;
        } else {
            for (int i = repeat.min(); i < repeat.max(); i++) {
                int body = build(repeat.operand(), following);
                if (body < 0) {
                    return -1;
                }
                following = fork(body, next);
            }
        }
        for (int i = 0; i < repeat.min(); i++) {
            following = build(repeat.operand(), following);
        }
        return following;
    }

    /** The sets of states before and after one character. */
    private final class Run {
        final CharSequence text;
        int[] current = new int[states.size()];
        int[] following = new int[states.size()];
        int count;
        int followingCount;
        final int[] mark = new int[states.size()];
        int generation;
        boolean accepted;
        int[] stack = new int[states.size() + 1];

        Run(CharSequence text) {
            this.text = text;
        }

        void begin() {
            generation++;
            followingCount = 0;
            accepted = false;
        }

        void enter(int from, int position) {
            int depth = 0;
            stack[depth++] = from;
            while (depth > 0) {
                int id = stack[--depth];
                if (mark[id] == generation) {
                    continue;
                }
                mark[id] = generation;
                State state = states.get(id);
                if (state.accept) {
                    accepted = true;
                } else if (state.test != null) {
                    following[followingCount++] = id;
                } else if (state.anchor != null) {
                    if (holds(state.anchor, text, position)) {
                        depth = push(state.next, depth);
                    }
                } else if (state.look != null) {
                    if (state.look.finds(text, position, state.lookAhead) != state.lookNegative) {
                        depth = push(state.next, depth);
                    }
                } else {
                    depth = push(state.other, depth);
                    depth = push(state.next, depth);
                }
            }
        }

        private int push(int id, int depth) {
            if (depth == stack.length) {
                stack = Arrays.copyOf(stack, depth * 2);
            }
            stack[depth] = id;
            return depth + 1;
        }

        void swap() {
            int[] swapped = current;
            current = following;
            following = swapped;
            count = followingCount;
        }
    }

    private boolean finds(CharSequence text, int position, boolean ahead) {
        if (ahead) {
            return end(text, position, text.length(), true) >= 0;
        }
        for (int from = position; from >= 0; from--) {
            if (endsAt(text, from, position)) {
                return true;
            }
        }
        return false;
    }

    private boolean endsAt(CharSequence text, int from, int position) {
        Run run = new Run(text);
        run.begin();
        run.enter(start, from);
        int at = from;
        while (at < position) {
            at = step(run, at);
            if (run.followingCount == 0 && !run.accepted) {
                return false;
            }
        }
        return at == position && run.accepted;
    }

    private int step(Run run, int at) {
        int c = Character.codePointAt(run.text, at);
        int after = at + Character.charCount(c);
        run.swap();
        int count = run.count;
        run.begin();
        for (int i = 0; i < count; i++) {
            State state = states.get(run.current[i]);
            if (state.test.test(c)) {
                run.enter(state.next, after);
            }
        }
        return after;
    }

    /**
     * End of the longest or shortest match that begins at {@code from}.
     *
     * @return -1 if no match begins there
     */
    int end(CharSequence text, int from, int limit, boolean shortest) {
        Run run = new Run(text);
        run.begin();
        run.enter(start, from);
        int found = run.accepted ? from : -1;
        int at = from;
        while (at < limit && run.followingCount > 0 && !(shortest && found >= 0)) {
            at = step(run, at);
            if (run.accepted) {
                found = at;
            }
        }
        return found;
    }

    private static boolean isWord(CharSequence text, int position, boolean before) {
        if (before ? position == 0 : position >= text.length()) {
            return false;
        }
        int c = before ? Character.codePointBefore(text, position) : Character.codePointAt(text, position);
        return c == '_' || Character.isLetterOrDigit(c) || Character.isAlphabetic(c);
    }

    private static boolean holds(RegexNode.Anchor anchor, CharSequence text, int at) {
        return switch (anchor) {
            case START -> at == 0;
            case END -> at == text.length();
            case LINE_START -> at == 0 || text.charAt(at - 1) == '\n';
            case LINE_END -> at == text.length() || text.charAt(at) == '\n';
            case WORD_START -> !isWord(text, at, true) && isWord(text, at, false);
            case WORD_END -> isWord(text, at, true) && !isWord(text, at, false);
            case WORD_EDGE -> isWord(text, at, true) != isWord(text, at, false);
            case NOT_WORD_EDGE -> isWord(text, at, true) == isWord(text, at, false);
        };
    }
}
