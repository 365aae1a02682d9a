package io.quantadb.replication.control;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An election of a primary that is going on. Immutable.
 *
 * @param oldPrimary the primary of the epoch before; null if that had none
 * @param candidates who may report and win
 * @param preferred wins among equal positions; null = priorities decide
 * @param positions what candidates have reported, each after it has fenced itself
 */
public record Election(Command.Reason reason, String oldPrimary, SortedSet<String> candidates, String preferred,
        SortedMap<String, Position> positions) {
    public Election {
        candidates = Collections.unmodifiableSortedSet(new TreeSet<>(candidates));
        positions = Collections.unmodifiableSortedMap(new TreeMap<>(positions));
    }

    static Election begin(Command.Reason reason, String oldPrimary, Set<String> candidates, String preferred) {
        return new Election(reason, oldPrimary, new TreeSet<>(candidates), preferred, new TreeMap<>());
    }

    Election with(String node, Position position) {
        SortedMap<String, Position> all = new TreeMap<>(positions);
        all.put(node, position);
        return new Election(reason, oldPrimary, candidates, preferred, all);
    }

    public boolean isForced() {
        return reason == Command.Reason.FORCED;
    }

    /** The highest position reported; null if there is none. */
    public Position highest() {
        return positions.values().stream().max(Position::compareTo).orElse(null);
    }

    /**
     * The reporter that is best suited: among those with most WAL the preferred one, else the one with the highest
     * priority, else {@code near}, else the first by name; null if nobody has reported.
     */
    public String best(Map<String, Member> members, String near) {
        Position highest = highest();
        String best = null;
        for (var entry : positions.entrySet()) {
            if (entry.getValue().compareTo(highest) == 0
                    && (best == null || rank(entry.getKey(), members, near) > rank(best, members, near))) {
                best = entry.getKey();
            }
        }
        return best;
    }

    private long rank(String node, Map<String, Member> members, String near) {
        Member member = members.get(node);
        long priority = member == null ? 0 : member.priority();
        return (node.equals(preferred) ? 1L << 40 : 0) + priority * 2 + (node.equals(near) ? 1 : 0);
    }
}
