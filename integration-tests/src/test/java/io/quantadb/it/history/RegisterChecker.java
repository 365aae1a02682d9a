package io.quantadb.it.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Finds anomalies in transactions of {@link Action.Write} and {@link Action.Read}.
 *
 * <p>Registers show less than lists: the order of two versions is known where a transaction read one and wrote the
 * other, and for the missing row, which comes before all. What is found is real; not everything is found. The two
 * transactions of a lost update are, as both name the version they replaced.
 *
 * <p>Source: Kingsbury and Alvaro, "Elle", 2020, section on registers.
 *
 * @param level of all the transactions; at SERIALIZABLE, of those on primaries
 */
public record RegisterChecker(Level level) implements Checker {

    @Override
    public List<Anomaly> check(History history) {
        return new Run(level, history.txns()).anomalies();
    }

    /** @param value null for the missing row */
    private record Version(long key, Long value) {
    }

    /** The state of one check. */
    private static final class Run {
        private final Level level;
        private final List<Txn> txns;
        private final Writers writers;
        private final List<Anomaly> anomalies = new ArrayList<>();
        /** Committed readers of a version, by reads of what others wrote. */
        private final Map<Version, List<Txn>> readers = new HashMap<>();
        /** Versions known to come later, and who wrote them. */
        private final Map<Version, Map<Version, Txn>> successors = new HashMap<>();

        Run(Level level, List<Txn> txns) {
            this.level = level;
            this.txns = txns;
            writers = new Writers(txns);
        }

        List<Anomaly> anomalies() {
            for (Txn txn : txns) {
                if (txn.outcome() == Outcome.OK) {
                    walk(txn);
                }
            }
            txns.forEach(this::noteFirstVersions);
            if (level != Level.READ_COMMITTED) {
                findLostUpdates();
            }
            if (level == Level.SERIALIZABLE) {
                findCycles(txns.stream().filter(Txn::primary).toList(), Level.SERIALIZABLE);
            }
            findCycles(txns, level == Level.SERIALIZABLE ? Level.REPEATABLE_READ : level);
            return anomalies;
        }

        private void walk(Txn txn) {
            Map<Long, Version> current = new HashMap<>();
            Set<Long> written = new HashSet<>();
            Map<Long, Version> base = new HashMap<>();
            for (Action action : txn.actions()) {
                if (action instanceof Action.Write write) {
                    if (current.containsKey(write.key()) && !written.contains(write.key())) {
                        base.put(write.key(), current.get(write.key()));
                    }
                    written.add(write.key());
                    current.put(write.key(), new Version(write.key(), write.value()));
                } else if (action instanceof Action.Read read) {
                    Version known = current.get(read.key());
                    boolean fixed = written.contains(read.key()) || level != Level.READ_COMMITTED;
                    if (known != null && fixed && !Objects.equals(known.value(), read.value())) {
                        anomalies.add(new Anomaly("internal", "T" + txn.id() + " read " + read.value() + " of key "
                            + read.key() + " after " + known.value(), txn));
                    }
                    Version version = new Version(read.key(), read.value());
                    current.put(read.key(), version);
                    if (!written.contains(read.key())) {
                        noteRead(txn, version);
                    }
                }
            }
            base.forEach((key, version) -> successors.computeIfAbsent(version, k -> new HashMap<>())
                .put(current.get(key), txn));
        }

        private void noteRead(Txn txn, Version version) {
            readers.computeIfAbsent(version, key -> new ArrayList<>()).add(txn);
            if (version.value() != null) {
                Anomaly wrong = writers.check(txn, version.key(), version.value(), true);
                if (wrong != null) {
                    anomalies.add(wrong);
                }
            }
        }

        /** The missing row comes before every version that exists: those of committed writers, and those seen. */
        private void noteFirstVersions(Txn txn) {
            for (Action action : txn.actions()) {
                if (action instanceof Action.Write write && readers.containsKey(new Version(write.key(), null))) {
                    Version version = new Version(write.key(), write.value());
                    if (txn.outcome() == Outcome.OK || readers.containsKey(version)) {
                        successors.computeIfAbsent(new Version(write.key(), null), key -> new HashMap<>())
                            .putIfAbsent(version, txn);
                    }
                }
            }
        }

        private void findLostUpdates() {
            Map<Version, Txn> replacedBy = new HashMap<>();
            for (Txn txn : txns) {
                if (txn.outcome() != Outcome.OK) {
                    continue;
                }
                Map<Long, Version> read = new HashMap<>();
                Set<Long> written = new HashSet<>();
                for (Action action : txn.actions()) {
                    if (action instanceof Action.Read r && !written.contains(r.key())) {
                        read.put(r.key(), new Version(r.key(), r.value()));
                    } else if (action instanceof Action.Write w && written.add(w.key())
                        && read.containsKey(w.key())) {
                        Txn other = replacedBy.put(read.get(w.key()), txn);
                        if (other != null) {
                            anomalies.add(new Anomaly("lost-update", "both replaced value "
                                + read.get(w.key()).value() + " of key " + w.key(), other, txn));
                        }
                    }
                }
            }
        }

        private void findCycles(List<Txn> chosen, Level forbidden) {
            DependencyGraph graph = new DependencyGraph(chosen.stream()
                .filter(txn -> txn.outcome() != Outcome.FAIL).toList());
            readers.forEach((version, all) -> {
                Txn writer = version.value() == null ? null : writers.of(version.key(), version.value());
                if (writer != null) {
                    all.forEach(reader -> graph.add(writer, reader, Edge.WR));
                }
            });
            successors.forEach((version, later) -> later.values().forEach(next -> {
                Txn writer = version.value() == null ? null : writers.of(version.key(), version.value());
                if (writer != null) {
                    graph.add(writer, next, Edge.WW);
                }
                readers.getOrDefault(version, List.of()).forEach(reader -> graph.add(reader, next, Edge.RW));
            }));
            anomalies.addAll(graph.forbiddenCycles(forbidden));
            anomalies.addAll(graph.staleReads());
        }
    }
}
