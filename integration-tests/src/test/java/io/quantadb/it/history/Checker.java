package io.quantadb.it.history;

import java.util.List;

/** Looks for anomalies in a complete history; keeps no state between calls. */
@FunctionalInterface
public interface Checker {
    /** @return what is wrong; empty when all is well */
    List<Anomaly> check(History history);
}
