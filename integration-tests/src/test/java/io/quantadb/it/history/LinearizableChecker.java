package io.quantadb.it.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Single-key operations on the primary must look as if each happened at one moment between its call and its answer.
 *
 * <p>A transaction of one {@link Action.Read} or {@link Action.Write} is an operation; a read followed by a write is
 * compare-and-set. Keys are independent and start without a value. All states that are possible after each
 * moment are followed, so keys should be used by few clients and for a short time; an uncertain write that nobody
 * has seen is left out, as it may be put at the end.
 *
 * <p>Sources: Wing and Gong, "Testing and Verifying Concurrent Objects", 1993; Lowe, "Testing for Linearizability",
 * 2017.
 */
public record LinearizableChecker() implements Checker {
    /** More open possibilities than this means that the workload is at fault. */
    private static final int STATES_MAX = 500_000;

    private record Moment(long nanos, boolean end, Txn txn) {
    }

    /** @param done operations under way that have already taken effect; value: null for none */
    private record State(Set<Integer> done, Long value) {
    }

    @Override
    public List<Anomaly> check(History history) {
        List<Txn> txns = history.txns();
        Set<List<Long>> observed = new HashSet<>();
        for (Txn txn : txns) {
            for (Action action : txn.outcome() == Outcome.FAIL ? List.<Action>of() : txn.actions()) {
                if (action instanceof Action.Read read && read.value() != null) {
                    observed.add(List.of(read.key(), read.value()));
                }
            }
        }
        Map<Long, List<Txn>> byKey = new HashMap<>();
        for (Txn txn : txns) {
            if (txn.primary() && txn.outcome() != Outcome.FAIL && !txn.actions().isEmpty()
                && (txn.outcome() == Outcome.OK || txn.actions().getLast() instanceof Action.Write write
                    && observed.contains(List.of(write.key(), write.value())))) {
                byKey.computeIfAbsent(key(txn), key -> new ArrayList<>()).add(txn);
            }
        }
        List<Anomaly> anomalies = new ArrayList<>();
        byKey.forEach((key, operations) -> checkKey(key, operations, anomalies));
        return anomalies;
    }

    private static long key(Txn txn) {
        return switch (txn.actions().getFirst()) {
            case Action.Read read -> read.key();
            case Action.Write write -> write.key();
            default -> throw new IllegalArgumentException("not an operation on a register: " + txn);
        };
    }

    private static void checkKey(long key, List<Txn> operations, List<Anomaly> anomalies) {
        List<Moment> moments = new ArrayList<>();
        for (Txn txn : operations) {
            moments.add(new Moment(txn.invokedNanos(), false, txn));
            if (txn.outcome() == Outcome.OK) {
                moments.add(new Moment(txn.completedNanos(), true, txn));
            }
        }
        moments.sort(Comparator.comparingLong(Moment::nanos).thenComparing(Moment::end));
        Map<Integer, Txn> open = new HashMap<>();
        Set<State> states = Set.of(new State(Set.of(), null));
        for (int i = 0; i < moments.size(); i++) {
            Txn txn = moments.get(i).txn;
            if (!moments.get(i).end) {
                open.put(txn.id(), txn);
                continue;
            }
            states = after(txn, states, open);
            open.remove(txn.id());
            if (states.isEmpty()) {
                List<Txn> evidence = new ArrayList<>(List.of(txn));
                for (int j = i - 1; j >= 0 && evidence.size() < 8; j--) {
                    if (moments.get(j).end) {
                        evidence.addFirst(moments.get(j).txn);
                    }
                }
                anomalies.add(new Anomaly("not-linearizable", "no order of the operations on key " + key
                    + " explains T" + txn.id(), evidence));
                return;
            }
        }
    }

    /** States possible when an operation answers: it has taken effect, and any others under way may have. */
    private static Set<State> after(Txn ended, Set<State> before, Map<Integer, Txn> open) {
        Set<State> known = new HashSet<>(before);
        List<State> work = new ArrayList<>(before);
        Set<State> result = new HashSet<>();
        while (!work.isEmpty()) {
            State state = work.removeLast();
            if (state.done.contains(ended.id())) {
                Set<Integer> done = new HashSet<>(state.done);
                done.remove(ended.id());
                result.add(new State(done, state.value));
                continue;
            }
            for (Txn next : open.values()) {
                State reached = state.done.contains(next.id()) ? null : apply(next, state);
                if (reached != null && known.add(reached)) {
                    work.add(reached);
                }
            }
            if (known.size() > STATES_MAX) {
                throw new IllegalStateException("too many operations overlap T" + ended.id());
            }
        }
        return result;
    }

    /** Null when it cannot happen in this state. */
    private static State apply(Txn txn, State state) {
        Long value = state.value;
        for (Action action : txn.actions()) {
            if (action instanceof Action.Write write) {
                value = write.value();
            } else if (action instanceof Action.Read read && !Objects.equals(read.value(), value)) {
                return null;
            }
        }
        Set<Integer> done = new HashSet<>(state.done);
        done.add(txn.id());
        return new State(done, value);
    }
}
