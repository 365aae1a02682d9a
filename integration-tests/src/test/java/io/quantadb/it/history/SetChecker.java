package io.quantadb.it.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Elements that are only ever added ({@link Action.Append}; the key names the set) and sets that are read whole ({@link
 * Action.ReadList}).
 *
 * <p>On a primary a read shows what was acknowledged, and what anybody on any node had seen, before it began. On each
 * node a read shows what an earlier one there has shown. Nobody sees what was not added. Each element is
 * reported once.
 */
public record SetChecker() implements Checker {
    private record Moment(long nanos, boolean end, Txn txn) {
    }

    @Override
    public List<Anomaly> check(History history) {
        List<Txn> txns = history.txns();
        Map<Long, List<Txn>> byKey = new HashMap<>();
        for (Txn txn : txns) {
            txn.actions().stream().map(SetChecker::key).distinct()
                .forEach(key -> byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(txn));
        }
        List<Anomaly> anomalies = new ArrayList<>();
        byKey.forEach((key, all) -> new Run(key, all, anomalies).check());
        return anomalies;
    }

    private static long key(Action action) {
        return switch (action) {
            case Action.Append append -> append.key();
            case Action.ReadList read -> read.key();
            default -> throw new IllegalArgumentException("not an action of a set: " + action);
        };
    }

    /** The check of one set: one pass over the moments at which transactions began and ended. */
    private static final class Run {
        private final long key;
        private final List<Txn> txns;
        private final List<Anomaly> anomalies;
        private final Writers writers;
        private final Map<Long, Txn> acknowledged = new HashMap<>();
        private final Map<Long, Txn> seen = new HashMap<>();
        private final Map<String, Map<Long, Txn>> seenOn = new HashMap<>();
        /** What a read that is under way must show: copied when it began. */
        private final Map<Integer, List<Map<Long, Txn>>> due = new HashMap<>();
        private final Set<Long> reported = new HashSet<>();

        Run(long key, List<Txn> txns, List<Anomaly> anomalies) {
            this.key = key;
            this.txns = txns;
            this.anomalies = anomalies;
            writers = new Writers(txns);
        }

        void check() {
            List<Moment> moments = new ArrayList<>();
            for (Txn txn : txns) {
                if (txn.outcome() == Outcome.OK) {
                    moments.add(new Moment(txn.invokedNanos(), false, txn));
                    moments.add(new Moment(txn.completedNanos(), true, txn));
                }
            }
            // What begins at the moment of an end overlaps it.
            moments.sort(Comparator.comparingLong(Moment::nanos).thenComparing(Moment::end));
            for (Moment moment : moments) {
                for (Action action : moment.txn.actions()) {
                    if (action instanceof Action.Append append && moment.end) {
                        acknowledged.put(append.value(), moment.txn);
                    } else if (action instanceof Action.ReadList read) {
                        if (moment.end) {
                            checkRead(moment.txn, read.values());
                        } else {
                            begin(moment.txn);
                        }
                    }
                }
            }
        }

        private void begin(Txn reader) {
            due.put(reader.id(), reader.primary() ? List.of(new HashMap<>(acknowledged), new HashMap<>(seen))
                : List.of(new HashMap<>(seenOn.getOrDefault(reader.node(), Map.of()))));
        }

        private void checkRead(Txn reader, Collection<Long> values) {
            Set<Long> found = new HashSet<>(values);
            if (found.size() < values.size()) {
                anomalies.add(new Anomaly("duplicate", "set " + key + " shows an element twice", reader));
            }
            List<Map<Long, Txn>> must = due.remove(reader.id());
            for (int i = 0; i < must.size(); i++) {
                boolean wasSeen = i == must.size() - 1;
                must.get(i).forEach((value, evidence) -> {
                    if (!found.contains(value) && reported.add(value)) {
                        anomalies.add(new Anomaly(wasSeen ? "vanished" : "lost", "element " + value + " of set " + key
                            + (wasSeen ? " was seen" : " was acknowledged") + " by T" + evidence.id() + ", and T"
                            + reader.id() + " does not see it", evidence, reader));
                    }
                });
            }
            Map<Long, Txn> here = seenOn.computeIfAbsent(reader.node(), node -> new HashMap<>());
            for (Long value : found) {
                seen.putIfAbsent(value, reader);
                here.putIfAbsent(value, reader);
                Anomaly wrong = writers.check(reader, key, value, false);
                if (wrong != null && reported.add(value)) {
                    anomalies.add(wrong);
                }
            }
        }
    }
}
