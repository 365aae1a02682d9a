package io.quantadb.it.history;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A transaction as its client saw it.
 *
 * @param process one client; its transactions follow each other
 * @param node where it ran
 * @param primary whether the session could write, so that it must see everything acknowledged before it began
 * @param invokedNanos before the first byte was sent; monotonic, the same clock for all clients
 * @param completedNanos after the last answer; {@code Long.MAX_VALUE} for {@link Outcome#INFO}
 * @param actions in order; of a failed or uncertain transaction those that were tried
 */
public record Txn(int id, int process, String node, boolean primary, Level level, long invokedNanos,
    long completedNanos, Outcome outcome, List<Action> actions) {
    private static final int FIELDS = 8;

    public Txn {
        actions = List.copyOf(actions);
    }

    /** One line that {@link #parse} reads back. */
    @Override
    public String toString() {
        return id + " " + process + " " + node + " " + (primary ? "primary" : "replica") + " " + level + " "
            + invokedNanos + " " + completedNanos + " " + outcome + actions.stream().map(action -> " " + action.text())
            .collect(Collectors.joining());
    }

    static Txn parse(String line) {
        String[] words = line.split(" ");
        return new Txn(Integer.parseInt(words[0]), Integer.parseInt(words[1]), words[2], words[3].equals("primary"),
            Level.valueOf(words[4]), Long.parseLong(words[5]), Long.parseLong(words[6]), Outcome.valueOf(words[7]),
            Arrays.stream(words).skip(FIELDS).map(Action::parse).toList());
    }
}
