package io.quantadb.it.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Finds anomalies in transactions of {@link Action.Append} and {@link Action.ReadList}, in the manner of Elle.
 *
 * <p>A list shows the order of its versions: each read must be a prefix of the longest one. From it follow the
 * dependencies, from these the forbidden cycles of {@link DependencyGraph}.
 *
 * <p>At SERIALIZABLE only what ran on primaries is held to it: a standby offers snapshots, in PostgreSQL too.
 *
 * <p>Source: Kingsbury and Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations", 2020.
 *
 * @param level of all the transactions
 */
public record ListAppendChecker(Level level) implements Checker {

    @Override
    public List<Anomaly> check(History history) {
        return new Run(level, history.txns()).anomalies();
    }

    /** The state of one check. */
    private static final class Run {
        private final Level level;
        private final List<Txn> txns;
        private final Writers writers;
        private final List<Anomaly> anomalies = new ArrayList<>();
        private final Map<Long, List<Long>> longest = new HashMap<>();
        /** By key, committed writers of values that no read shows: they come after all that were seen. */
        private final Map<Long, List<Txn>> unseen = new HashMap<>();

        Run(Level level, List<Txn> txns) {
            this.level = level;
            this.txns = txns;
            writers = new Writers(txns);
        }

        List<Anomaly> anomalies() {
            for (Txn txn : txns) {
                if (txn.outcome() == Outcome.OK) {
                    checkInside(txn);
                    checkReads(txn);
                }
            }
            checkPrefixes();
            checkLost();
            if (level == Level.SERIALIZABLE) {
                findCycles(txns.stream().filter(Txn::primary).toList(), Level.SERIALIZABLE);
            }
            findCycles(txns, level == Level.SERIALIZABLE ? Level.REPEATABLE_READ : level);
            return anomalies;
        }

        /** A transaction sees its own appends; a snapshot shows nothing else that is new. */
        private void checkInside(Txn txn) {
            Map<Long, List<Long>> before = new HashMap<>();
            Map<Long, List<Long>> own = new HashMap<>();
            for (Action action : txn.actions()) {
                if (action instanceof Action.Append append) {
                    own.computeIfAbsent(append.key(), key -> new ArrayList<>()).add(append.value());
                } else if (action instanceof Action.ReadList read) {
                    List<Long> mine = own.getOrDefault(read.key(), List.of());
                    List<Long> values = read.values();
                    int others = values.size() - mine.size();
                    List<Long> earlier = before.get(read.key());
                    boolean right = others >= 0 && values.subList(others, values.size()).equals(mine)
                        && (earlier == null || (level == Level.READ_COMMITTED ? startsWith(values.subList(0, others),
                            earlier) : values.subList(0, others).equals(earlier)));
                    if (!right) {
                        anomalies.add(new Anomaly("internal", "T" + txn.id() + " read " + values + " of key "
                            + read.key() + " after " + earlier + " and its own " + mine, txn));
                    } else {
                        before.put(read.key(), values.subList(0, others));
                    }
                }
            }
        }

        private void checkReads(Txn txn) {
            for (Action action : txn.actions()) {
                if (action instanceof Action.ReadList read) {
                    if (new HashSet<>(read.values()).size() < read.values().size()) {
                        anomalies.add(new Anomaly("duplicate", "a value is twice in " + read.values(), txn));
                    }
                    for (int i = 0; i < read.values().size(); i++) {
                        Anomaly wrong = writers.check(txn, read.key(), read.values().get(i),
                            i == read.values().size() - 1);
                        if (wrong != null) {
                            anomalies.add(wrong);
                        }
                    }
                    longest.merge(read.key(), read.values(), (a, b) -> a.size() >= b.size() ? a : b);
                }
            }
        }

        private void checkPrefixes() {
            for (Txn txn : txns) {
                for (Action action : txn.outcome() == Outcome.OK ? txn.actions() : List.<Action>of()) {
                    if (action instanceof Action.ReadList read
                        && !startsWith(longest.get(read.key()), read.values())) {
                        anomalies.add(new Anomaly("incompatible-order", "key " + read.key() + " was "
                            + read.values() + " and " + longest.get(read.key()), txn));
                    }
                }
            }
        }

        /** An acknowledged append that no read shows, though one on a primary began later. */
        private void checkLost() {
            Map<Long, Txn> lastRead = new HashMap<>();
            for (Txn txn : txns) {
                for (Action action : txn.primary() && txn.outcome() == Outcome.OK ? txn.actions()
                    : List.<Action>of()) {
                    if (action instanceof Action.ReadList read) {
                        lastRead.merge(read.key(), txn, (a, b) -> a.invokedNanos() >= b.invokedNanos() ? a : b);
                    }
                }
            }
            Map<Long, HashSet<Long>> seen = new HashMap<>();
            longest.forEach((key, values) -> seen.put(key, new HashSet<>(values)));
            for (Txn txn : txns) {
                for (Action action : txn.outcome() == Outcome.OK ? txn.actions() : List.<Action>of()) {
                    if (action instanceof Action.Append append && seen.containsKey(append.key())
                        && !seen.get(append.key()).contains(append.value())) {
                        unseen.computeIfAbsent(append.key(), key -> new ArrayList<>()).add(txn);
                        Txn reader = lastRead.get(append.key());
                        if (reader != null && reader.invokedNanos() > txn.completedNanos()) {
                            anomalies.add(new Anomaly("lost", "value " + append.value() + " of key " + append.key()
                                + " was acknowledged and is gone", txn, reader));
                        }
                    }
                }
            }
        }

        private void findCycles(List<Txn> chosen, Level forbidden) {
            DependencyGraph graph = new DependencyGraph(chosen.stream()
                .filter(txn -> txn.outcome() != Outcome.FAIL).toList());
            longest.forEach((key, values) -> {
                for (int i = 1; i < values.size(); i++) {
                    addEdge(graph, writers.of(key, values.get(i - 1)), writers.of(key, values.get(i)), Edge.WW);
                }
            });
            for (Txn txn : chosen) {
                HashSet<Long> appended = new HashSet<>();
                for (Action action : txn.outcome() == Outcome.OK ? txn.actions() : List.<Action>of()) {
                    if (action instanceof Action.Append append) {
                        appended.add(append.key());
                    } else if (action instanceof Action.ReadList read && !appended.contains(read.key())) {
                        addReadEdges(graph, txn, read);
                    }
                }
            }
            anomalies.addAll(graph.forbiddenCycles(forbidden));
            anomalies.addAll(graph.staleReads());
        }

        private void addReadEdges(DependencyGraph graph, Txn txn, Action.ReadList read) {
            List<Long> order = longest.get(read.key());
            int length = read.values().size();
            if (length > 0) {
                addEdge(graph, writers.of(read.key(), read.values().getLast()), txn, Edge.WR);
            }
            if (length < order.size()) {
                addEdge(graph, txn, writers.of(read.key(), order.get(length)), Edge.RW);
            } else {
                unseen.getOrDefault(read.key(), List.of()).forEach(next -> graph.add(txn, next, Edge.RW));
            }
        }

        /** A value that nobody wrote has been reported already. */
        private static void addEdge(DependencyGraph graph, Txn from, Txn to, Edge edge) {
            if (from != null && to != null) {
                graph.add(from, to, edge);
            }
        }

        private static boolean startsWith(List<Long> values, List<Long> prefix) {
            return prefix.size() <= values.size() && values.subList(0, prefix.size()).equals(prefix);
        }
    }
}
