package io.quantadb.it.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * The direct serialisation graph of a history: transactions and what orders them. Finds forbidden cycles.
 *
 * <p>Real time is kept by auxiliary vertices, one an acknowledgement, in a chain: a transaction points at its
 * own, and the last one before its beginning points at a transaction. That is linear in the number of transactions.
 *
 * <p>Sources: Adya, "Weak Consistency: A Generalized Theory and Optimistic Implementations", 1999 (G0, G1, G-single,
 * G2); Cerone and Gotsman, "Analysing Snapshot Isolation", 2016: a history is snapshot isolated when the
 * relation "dependency, then at most one anti-dependency" has no cycle; Kingsbury and Alvaro, "Elle", 2020.
 * Confined to one thread.
 */
final class DependencyGraph {
    /** @param edge kind of the arc that leads to {@code to} */
    private record Arc(int to, Edge edge) {
    }

    private static final int CYCLES_MAX = 10;

    private final List<Txn> txns;
    private final List<List<Arc>> arcs = new ArrayList<>();
    private final Set<List<Object>> known = new HashSet<>();

    /** @param txns the vertices, in any order */
    DependencyGraph(List<Txn> txns) {
        this.txns = List.copyOf(txns);
        for (int i = 0; i < txns.size(); i++) {
            arcs.add(new ArrayList<>());
        }
        index = new HashMap<>();
        for (int i = 0; i < txns.size(); i++) {
            index.put(this.txns.get(i).id(), i);
        }
        addRealtime();
    }

    private final Map<Integer, Integer> index;

    /** Does nothing for a transaction and itself, nor for transactions that are not in the graph. */
    void add(Txn from, Txn to, Edge edge) {
        Integer a = index.get(from.id());
        Integer b = index.get(to.id());
        if (a != null && b != null && !a.equals(b) && known.add(List.of(a, b, edge))) {
            arcs.get(a).add(new Arc(b, edge));
        }
    }

    private void addRealtime() {
        List<Integer> byCompletion = new ArrayList<>();
        List<Integer> byInvocation = new ArrayList<>();
        for (int i = 0; i < txns.size(); i++) {
            if (txns.get(i).primary()) {
                byInvocation.add(i);
                if (txns.get(i).outcome() == Outcome.OK) {
                    byCompletion.add(i);
                }
            }
        }
        byCompletion.sort(Comparator.comparingLong(i -> txns.get(i).completedNanos()));
        byInvocation.sort(Comparator.comparingLong(i -> txns.get(i).invokedNanos()));
        int completed = 0;
        int last = -1;
        for (int i : byInvocation) {
            while (completed < byCompletion.size()
                && txns.get(byCompletion.get(completed)).completedNanos() < txns.get(i).invokedNanos()) {
                int moment = arcs.size();
                arcs.add(new ArrayList<>());
                arcs.get(byCompletion.get(completed++)).add(new Arc(moment, Edge.REALTIME));
                if (last >= 0) {
                    arcs.get(last).add(new Arc(moment, Edge.REALTIME));
                }
                last = moment;
            }
            if (last >= 0) {
                arcs.get(last).add(new Arc(i, Edge.REALTIME));
            }
        }
    }

    /** Cycles that the level forbids; each reported once, the shortest of its kind in its tangle. */
    List<Anomaly> forbiddenCycles(Level level) {
        Map<Set<Integer>, Anomaly> found = new HashMap<>();
        collect(found, plain(EnumSet.of(Edge.WW)), 1);
        collect(found, plain(EnumSet.of(Edge.WW, Edge.WR)), 1);
        collect(found, plain(EnumSet.of(Edge.WW, Edge.WR, Edge.REALTIME)), 1);
        if (level == Level.READ_COMMITTED) {
            return List.copyOf(found.values());
        }
        collect(found, this::snapshotArcs, 2);
        if (level == Level.SERIALIZABLE) {
            // Not real time: PostgreSQL's serialisable order may differ from it for transactions that overlap.
            collect(found, plain(EnumSet.of(Edge.WW, Edge.WR, Edge.RW)), 1);
        }
        return List.copyOf(found.values());
    }

    private BiFunction<Integer, Integer, List<int[]>> plain(Set<Edge> kinds) {
        return (vertex, state) -> {
            List<int[]> next = new ArrayList<>();
            for (Arc arc : arcs.get(vertex)) {
                if (kinds.contains(arc.edge)) {
                    next.add(new int[] {arc.to, 0, arc.edge.ordinal()});
                }
            }
            return next;
        };
    }

    /** State 1: the last step was an anti-dependency, so the next one must not be. */
    private List<int[]> snapshotArcs(int vertex, int state) {
        List<int[]> next = new ArrayList<>();
        for (Arc arc : arcs.get(vertex)) {
            if (arc.edge != Edge.RW) {
                next.add(new int[] {arc.to, 0, arc.edge.ordinal()});
            } else if (state == 0) {
                next.add(new int[] {arc.to, 1, arc.edge.ordinal()});
            }
        }
        return next;
    }

    /** @param states numbers of states a vertex can be in; next: (vertex, state) to (vertex, state, edge) */
    private void collect(Map<Set<Integer>, Anomaly> found, BiFunction<Integer, Integer, List<int[]>> next,
        int states) {
        int[] component = StrongComponents.of(arcs.size() * states, node -> next.apply(node / states, node % states)
            .stream().mapToInt(step -> step[0] * states + step[1]).toArray());
        Map<Integer, List<Integer>> members = new HashMap<>();
        for (int node = 0; node < component.length; node++) {
            members.computeIfAbsent(component[node], key -> new ArrayList<>()).add(node);
        }
        for (List<Integer> tangle : members.values()) {
            if (tangle.size() < 2 || found.size() >= CYCLES_MAX) {
                continue;
            }
            Anomaly anomaly = shortestCycle(tangle, component, next, states);
            found.putIfAbsent(new HashSet<>(anomaly.txns().stream().map(Txn::id).toList()), anomaly);
        }
    }

    private Anomaly shortestCycle(List<Integer> tangle, int[] component,
        BiFunction<Integer, Integer, List<int[]>> next, int states) {
        List<int[]> best = null;
        // In a large tangle some short cycle will do.
        for (int start : tangle.subList(0, Math.min(tangle.size(), 200))) {
            if (start / states >= txns.size()) {
                continue;
            }
            List<int[]> cycle = cycleThrough(start, component, next, states);
            if (best == null || cycle.size() < best.size()) {
                best = cycle;
            }
        }
        return describe(best == null ? cycleThrough(tangle.getFirst(), component, next, states) : best);
    }

    /** Breadth first within the component. @return steps (from, to, edge), which always exist there */
    private static List<int[]> cycleThrough(int start, int[] component,
        BiFunction<Integer, Integer, List<int[]>> next, int states) {
        Map<Integer, int[]> cameBy = new HashMap<>();
        Deque<Integer> queue = new ArrayDeque<>(List.of(start));
        while (!cameBy.containsKey(start)) {
            int node = queue.remove();
            for (int[] step : next.apply(node / states, node % states)) {
                int to = step[0] * states + step[1];
                if (component[to] == component[start] && !cameBy.containsKey(to)) {
                    cameBy.put(to, new int[] {node, step[2]});
                    queue.add(to);
                }
            }
        }
        List<int[]> cycle = new ArrayList<>();
        int at = start;
        do {
            int[] by = cameBy.get(at);
            cycle.add(new int[] {by[0] / states, at / states, by[1]});
            at = by[0];
        } while (at != start);
        Collections.reverse(cycle);
        return cycle;
    }

    private Anomaly describe(List<int[]> cycle) {
        int[] counts = new int[Edge.values().length];
        List<Txn> involved = new ArrayList<>();
        StringBuilder path = new StringBuilder();
        for (int[] step : cycle) {
            counts[step[2]]++;
            if (step[0] < txns.size()) {
                involved.add(txns.get(step[0]));
                path.append(path.isEmpty() ? "" : " ").append('T').append(txns.get(step[0]).id()).append(" -")
                    .append(Edge.values()[step[2]]).append("->");
            }
        }
        path.append(" T").append(involved.getFirst().id());
        return new Anomaly(name(counts, cycle), path.toString(), involved);
    }

    private static String name(int[] counts, List<int[]> cycle) {
        int anti = counts[Edge.RW.ordinal()];
        String name;
        if (anti == 0) {
            name = counts[Edge.WR.ordinal()] == 0 ? "G0" : "G1c";
        } else if (anti == 1) {
            name = "G-single";
        } else {
            name = adjacent(cycle) ? "G2-item" : "G-nonadjacent";
        }
        return name + (counts[Edge.REALTIME.ordinal()] > 0 ? "-realtime" : "");
    }

    private static boolean adjacent(List<int[]> cycle) {
        int[] kinds = cycle.stream().mapToInt(step -> step[2]).toArray();
        int anti = Edge.RW.ordinal();
        return Arrays.stream(kinds).distinct().count() == 1 || java.util.stream.IntStream.range(0, kinds.length)
            .anyMatch(i -> kinds[i] == anti && kinds[(i + 1) % kinds.length] == anti);
    }

    /** Reads that missed what was acknowledged before their transaction began: no level allows that on a primary. */
    List<Anomaly> staleReads() {
        List<Anomaly> stale = new ArrayList<>();
        for (int i = 0; i < txns.size() && stale.size() < CYCLES_MAX; i++) {
            for (Arc arc : arcs.get(i)) {
                if (arc.edge == Edge.RW && txns.get(i).primary() && txns.get(arc.to).outcome() == Outcome.OK
                    && txns.get(arc.to).completedNanos() < txns.get(i).invokedNanos()) {
                    stale.add(new Anomaly("stale-read", "T" + txns.get(i).id() + " did not see T"
                        + txns.get(arc.to).id() + ", which was acknowledged before it began", txns.get(arc.to),
                        txns.get(i)));
                }
            }
        }
        return stale;
    }
}
