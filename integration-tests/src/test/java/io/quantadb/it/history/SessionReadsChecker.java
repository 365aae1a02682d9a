package io.quantadb.it.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Read your writes, and monotonic reads, by LSN: each process writes growing numbers to its own key on the primary, and
 * reads it on other nodes after {@code WAIT FOR LSN}. It must find its last acknowledged number, or a later one it
 * tried, and never less than it has found before.
 */
public record SessionReadsChecker() implements Checker {
    @Override
    public List<Anomaly> check(History history) {
        List<Anomaly> anomalies = new ArrayList<>();
        Map<Integer, Txn> lastEvidence = new HashMap<>();
        Map<Integer, Long> atLeast = new HashMap<>();
        Map<Integer, Long> atMost = new HashMap<>();
        for (Txn txn : history.txns()) {
            for (Action action : txn.actions()) {
                if (action instanceof Action.Write write) {
                    if (txn.outcome() != Outcome.FAIL) {
                        atMost.merge(txn.process(), write.value(), Math::max);
                    }
                    if (txn.outcome() == Outcome.OK) {
                        atLeast.merge(txn.process(), write.value(), Math::max);
                        lastEvidence.put(txn.process(), txn);
                    }
                } else if (action instanceof Action.Read read && txn.outcome() == Outcome.OK) {
                    long found = read.value() == null ? 0 : read.value();
                    long least = atLeast.getOrDefault(txn.process(), 0L);
                    if (found < least) {
                        anomalies.add(new Anomaly("stale-session-read", "process " + txn.process() + " knew of "
                            + least + " and found " + found, lastEvidence.get(txn.process()), txn));
                    } else if (found > atMost.getOrDefault(txn.process(), 0L)) {
                        anomalies.add(new Anomaly("invented", "nobody wrote " + found, txn));
                    } else if (found > least) {
                        atLeast.put(txn.process(), found);
                        lastEvidence.put(txn.process(), txn);
                    }
                }
            }
        }
        return anomalies;
    }
}
