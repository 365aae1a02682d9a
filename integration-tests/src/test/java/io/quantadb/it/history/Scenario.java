package io.quantadb.it.history;

import java.util.ArrayList;
import java.util.List;

/** Writes histories by hand: each call is one transaction. Times are small numbers, only their order matters. */
final class Scenario {
    final History history = new History();
    private final Level level;

    Scenario(Level level) {
        this.level = level;
    }

    Txn ok(int process, long from, long to, String... actions) {
        return add(process, "n1", true, from, to, Outcome.OK, actions);
    }

    Txn failed(int process, long from, long to, String... actions) {
        return add(process, "n1", true, from, to, Outcome.FAIL, actions);
    }

    Txn uncertain(int process, long from, String... actions) {
        return add(process, "n1", true, from, Long.MAX_VALUE, Outcome.INFO, actions);
    }

    Txn onReplica(int process, String node, long from, long to, String... actions) {
        return add(process, node, false, from, to, Outcome.OK, actions);
    }

    private Txn add(int process, String node, boolean primary, long from, long to, Outcome outcome,
        String... actions) {
        List<Action> parsed = new ArrayList<>();
        for (String action : actions) {
            parsed.add(Action.parse(action));
        }
        return history.add(process, node, primary, level, from, to, outcome, parsed);
    }

    static List<String> kinds(List<Anomaly> anomalies) {
        return anomalies.stream().map(Anomaly::kind).distinct().sorted().toList();
    }
}
