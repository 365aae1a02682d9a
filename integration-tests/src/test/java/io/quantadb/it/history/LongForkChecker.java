package io.quantadb.it.history;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Two readers must not see two writes in opposite orders, whatever nodes they ask.
 *
 * <p>Each key is written once, by a transaction of its own; keys form groups of equal size by number, and a reading
 * transaction reads one group whole, in one snapshot. So of two reads one must contain the other.
 *
 * @param groupSize keys {@code n * groupSize} to {@code (n + 1) * groupSize - 1} are group n
 */
public record LongForkChecker(int groupSize) implements Checker {
    private record View(BitSet seen, Txn reader) {
    }

    @Override
    public List<Anomaly> check(History history) {
        Map<Long, List<View>> groups = new HashMap<>();
        for (Txn txn : history.txns()) {
            BitSet seen = new BitSet();
            Long group = null;
            for (Action action : txn.actions()) {
                if (action instanceof Action.Read read) {
                    group = Math.floorDiv(read.key(), groupSize);
                    seen.set(Math.floorMod(read.key(), groupSize), read.value() != null);
                }
            }
            if (group != null && txn.outcome() == Outcome.OK) {
                groups.computeIfAbsent(group, key -> new ArrayList<>()).add(new View(seen, txn));
            }
        }
        List<Anomaly> anomalies = new ArrayList<>();
        groups.forEach((group, views) -> checkGroup(group, views, anomalies));
        return anomalies;
    }

    /** Sorted by size, each view must contain the one before. */
    private static void checkGroup(long group, List<View> views, List<Anomaly> anomalies) {
        views.sort(Comparator.comparingInt(view -> view.seen.cardinality()));
        for (int i = 1; i < views.size(); i++) {
            View smaller = views.get(i - 1);
            View larger = views.get(i);
            BitSet extra = (BitSet) smaller.seen.clone();
            extra.andNot(larger.seen);
            if (!extra.isEmpty()) {
                anomalies.add(new Anomaly("long-fork", "group " + group + " was seen as " + smaller.seen + " and as "
                    + larger.seen, smaller.reader, larger.reader));
                return;
            }
        }
    }
}
