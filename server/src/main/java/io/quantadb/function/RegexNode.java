package io.quantadb.function;

import java.util.List;
import java.util.function.IntPredicate;

/** A parsed advanced regular expression. Immutable. */
sealed interface RegexNode {
    /** How a part prefers to match when it has a choice. */
    enum Preference { NONE, LONGEST, SHORTEST }

    enum Anchor { START, END, LINE_START, LINE_END, WORD_START, WORD_END, WORD_EDGE, NOT_WORD_EDGE }

    /** One character; {@code java} says the same to java.util.regex. */
    record Chars(IntPredicate test, String java) implements RegexNode {
    }

    record Sequence(List<RegexNode> parts) implements RegexNode {
    }

    record Choice(List<RegexNode> branches) implements RegexNode {
    }

    /**
     * @param max -1 for no limit
     * @param fixed written as {m}, which has the preference of its operand
     */
    record Repeat(RegexNode operand, int min, int max, boolean greedy, boolean fixed) implements RegexNode {
    }

    /** @param number of the capturing group, 0 if it does not capture */
    record Group(RegexNode content, int number) implements RegexNode {
    }

    record At(Anchor anchor) implements RegexNode {
    }

    record Look(RegexNode content, boolean ahead, boolean negative) implements RegexNode {
    }

    record Back(int number) implements RegexNode {
    }

    /** Preference by PostgreSQL's rules: that of the first quantified part which has one; choices prefer the longest. */
    default Preference preference() {
        return switch (this) {
            case Chars c -> Preference.NONE;
            case At a -> Preference.NONE;
            case Look l -> Preference.NONE;
            case Back b -> Preference.NONE;
            case Group group -> group.content.preference();
            case Choice choice -> Preference.LONGEST;
            case Repeat repeat -> repeat.fixed ? repeat.operand.preference()
                    : repeat.greedy ? Preference.LONGEST : Preference.SHORTEST;
            case Sequence sequence -> {
                for (RegexNode part : sequence.parts) {
                    if (part.preference() != Preference.NONE) {
                        yield part.preference();
                    }
                }
                yield Preference.NONE;
            }
        };
    }

    /** Number of places where a match has a choice; with at most one, java.util.regex finds what PostgreSQL finds. */
    default int choices() {
        return switch (this) {
            case Chars c -> 0;
            case At a -> 0;
            case Look l -> 0;
            case Back b -> 0;
            case Group group -> group.content.choices();
            case Choice choice -> 2;
            case Repeat repeat -> (repeat.min == repeat.max ? 0 : 1)
                    + repeat.operand.choices() * (repeat.max == 1 || repeat.max == 0 ? 1 : 2);
            case Sequence sequence -> sequence.parts.stream().mapToInt(RegexNode::choices).sum();
        };
    }

    default boolean hasBackReference() {
        return switch (this) {
            case Chars c -> false;
            case At a -> false;
            case Back b -> true;
            case Look look -> look.content.hasBackReference();
            case Group group -> group.content.hasBackReference();
            case Choice choice -> choice.branches.stream().anyMatch(RegexNode::hasBackReference);
            case Repeat repeat -> repeat.operand.hasBackReference();
            case Sequence sequence -> sequence.parts.stream().anyMatch(RegexNode::hasBackReference);
        };
    }

    /** Appends the same expression in java.util.regex's language. {@code forced} overrides quantifiers' greediness. */
    default void appendJava(StringBuilder out, Preference forced) {
        switch (this) {
            case Chars chars -> out.append(chars.java);
            case Sequence sequence -> sequence.parts.forEach(part -> part.appendJava(out, forced));
            case Group group -> {
                out.append(group.number == 0 ? "(?:" : "(");
                group.content.appendJava(out, forced);
                out.append(')');
            }
            case Choice choice -> {
                for (int i = 0; i < choice.branches.size(); i++) {
                    out.append(i > 0 ? "|" : "");
                    choice.branches.get(i).appendJava(out, forced);
                }
            }
            case Repeat repeat -> {
                boolean wrapper = repeat.min == 1 && repeat.max == 1 && !repeat.fixed;
                Preference inner = wrapper && !repeat.greedy ? Preference.SHORTEST : forced;
                boolean group = repeat.operand instanceof Group || repeat.operand instanceof Chars;
                out.append(group ? "" : "(?:");
                repeat.operand.appendJava(out, inner);
                out.append(group ? "" : ")");
                if (!wrapper) {
                    out.append('{').append(repeat.min).append(repeat.max < 0 ? "," : "," + repeat.max).append('}');
                    boolean greedy = forced == Preference.NONE ? repeat.greedy : forced == Preference.LONGEST;
                    out.append(greedy ? "" : "?");
                }
            }
            case At at -> out.append(switch (at.anchor) {
                case START -> "\\A";
                case END -> "\\z";
                case LINE_START -> "(?:\\A|(?<=\\n))";
                case LINE_END -> "(?:\\z|(?=\\n))";
                case WORD_START -> "(?<!" + RegexParser.WORD + ")(?=" + RegexParser.WORD + ")";
                case WORD_END -> "(?<=" + RegexParser.WORD + ")(?!" + RegexParser.WORD + ")";
                case WORD_EDGE -> "(?:(?<!" + RegexParser.WORD + ")(?=" + RegexParser.WORD + ")|(?<="
                        + RegexParser.WORD + ")(?!" + RegexParser.WORD + "))";
                case NOT_WORD_EDGE -> "(?:(?<!" + RegexParser.WORD + ")(?!" + RegexParser.WORD + ")|(?<="
                        + RegexParser.WORD + ")(?=" + RegexParser.WORD + "))";
            });
            case Look look -> {
                out.append(look.ahead ? look.negative ? "(?!" : "(?=" : look.negative ? "(?<!" : "(?<=");
                look.content.appendJava(out, forced);
                out.append(')');
            }
            case Back back -> out.append("(?:\\").append(back.number).append(')');
        }
    }
}
