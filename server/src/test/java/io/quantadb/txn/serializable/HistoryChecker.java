package io.quantadb.txn.serializable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Decides whether a history of committed snapshot transactions is serializable: its dependency graph (wr, ww, rw edges
 * between versions) has no cycle.
 *
 * <p>Which version a transaction read follows from its snapshot; that reads returned just these versions is checked by
 * whoever records the history. Of every key the order of versions is that of
 * the commits. A predicate read is a read of all keys that satisfy it, there or not.
 *
 * <p>Source: Adya, "Weak Consistency", 1999, direct serialization graphs.
 */
public final class HistoryChecker {
    /**
     * One committed transaction.
     *
     * @param commitLsn 0 if it wrote nothing
     * @param reads keys read, missing ones included
     * @param writes keys inserted, changed or deleted
     */
    public record Committed(String name, long snapshotLsn, long commitLsn, Set<Long> reads, Set<Long> writes) {
    }

    private HistoryChecker() {
    }

    /**
     * @return the transactions of a shortest cycle through the first one found on any; empty if the history is
     * serializable
     */
    public static List<Committed> findCycle(List<Committed> history) {
        Map<Long, TreeMap<Long, Integer>> versions = new HashMap<>();
        for (int i = 0; i < history.size(); i++) {
            for (long key : history.get(i).writes()) {
                versions.computeIfAbsent(key, k -> new TreeMap<>()).put(history.get(i).commitLsn(), i);
            }
        }
        List<Set<Integer>> next = new ArrayList<>();
        for (int i = 0; i < history.size(); i++) {
            next.add(new HashSet<>());
        }
        for (int i = 0; i < history.size(); i++) {
            addEdges(history, versions, next, i);
        }
        for (int i : notSorted(next)) {
            List<Committed> cycle = cycleThrough(history, next, i);
            if (!cycle.isEmpty()) {
                return cycle;
            }
        }
        return List.of();
    }

    /** What a topological sort leaves over: all that are on cycles or behind them. */
    private static List<Integer> notSorted(List<Set<Integer>> next) {
        int[] before = new int[next.size()];
        next.forEach(targets -> targets.forEach(to -> before[to]++));
        ArrayDeque<Integer> free = new ArrayDeque<>();
        for (int i = 0; i < before.length; i++) {
            if (before[i] == 0) {
                free.add(i);
            }
        }
        while (!free.isEmpty()) {
            for (int to : next.get(free.remove())) {
                if (--before[to] == 0) {
                    free.add(to);
                }
            }
        }
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < before.length; i++) {
            if (before[i] > 0) {
                left.add(i);
            }
        }
        return left;
    }

    private static void addEdges(List<Committed> history, Map<Long, TreeMap<Long, Integer>> versions, List<Set<Integer>> next, int me) {
        Committed transaction = history.get(me);
        for (long key : transaction.reads()) {
            TreeMap<Long, Integer> of = versions.getOrDefault(key, new TreeMap<>());
            var read = of.floorEntry(transaction.snapshotLsn());
            if (read != null && read.getValue() != me) {
                next.get(read.getValue()).add(me);
            }
            // The first overwriter is enough: the later ones follow it.
            var overwriter = of.higherEntry(transaction.snapshotLsn());
            if (overwriter != null && overwriter.getValue() != me) {
                next.get(me).add(overwriter.getValue());
            }
        }
        for (long key : transaction.writes()) {
            var before = versions.get(key).lowerEntry(transaction.commitLsn());
            if (before != null) {
                next.get(before.getValue()).add(me);
            }
        }
    }

    private static List<Committed> cycleThrough(List<Committed> history, List<Set<Integer>> next, int start) {
        int[] from = new int[history.size()];
        Arrays.fill(from, -1);
        ArrayDeque<Integer> queue = new ArrayDeque<>(List.of(start));
        while (!queue.isEmpty()) {
            int at = queue.remove();
            for (int to : next.get(at)) {
                if (to == start) {
                    List<Committed> cycle = new ArrayList<>();
                    for (int back = at; back != start; back = from[back]) {
                        cycle.addFirst(history.get(back));
                    }
                    cycle.addFirst(history.get(start));
                    return cycle;
                }
                if (from[to] < 0) {
                    from[to] = at;
                    queue.add(to);
                }
            }
        }
        return List.of();
    }
}
