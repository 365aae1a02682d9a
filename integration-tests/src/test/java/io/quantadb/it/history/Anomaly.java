package io.quantadb.it.history;

import java.util.List;

/**
 * Something a client saw that the level of isolation, or durability, forbids.
 *
 * @param kind a name of the literature, such as "G-single", or one of our own, such as "lost"
 * @param txns the evidence
 */
public record Anomaly(String kind, String what, List<Txn> txns) {
    private static final int TXNS_SHOWN_MAX = 12;

    Anomaly(String kind, String what, Txn... txns) {
        this(kind, what, List.of(txns));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kind + ": " + what);
        txns.stream().limit(TXNS_SHOWN_MAX).forEach(txn -> text.append("\n    ").append(abbreviated(txn.toString())));
        return text.toString();
    }

    private static String abbreviated(String line) {
        return line.length() <= 600 ? line : line.substring(0, 600) + "...";
    }
}
