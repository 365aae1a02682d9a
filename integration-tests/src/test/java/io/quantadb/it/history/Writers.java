package io.quantadb.it.history;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who wrote which value of which key: possible because no value of a key is written twice. Immutable once built. */
final class Writers {
    private record Version(long key, long value) {
    }

    private final Map<Version, Txn> writers = new HashMap<>();
    /** By transaction and key, the last value it wrote there. */
    private final Map<List<Long>, Long> last = new HashMap<>();

    /** Takes down {@link Action.Append} and {@link Action.Write} of all transactions, whatever became of them. */
    Writers(List<Txn> txns) {
        for (Txn txn : txns) {
            for (Action action : txn.actions()) {
                switch (action) {
                    case Action.Append append -> note(txn, append.key(), append.value());
                    case Action.Write write -> note(txn, write.key(), write.value());
                    case Action.ReadList list -> { }
                    case Action.Read read -> { }
                    case Action.Total total -> { }
                }
            }
        }
    }

    private void note(Txn txn, long key, long value) {
        Txn other = writers.put(new Version(key, value), txn);
        if (other != null && other.outcome() != Outcome.FAIL) {
            throw new IllegalArgumentException("the workload wrote value " + value + " of key " + key + " twice");
        }
        last.put(List.of((long) txn.id(), key), value);
    }

    /** Null when nobody tried to write it. */
    Txn of(long key, long value) {
        return writers.get(new Version(key, value));
    }

    /** Whether the transaction wrote the key again after this value. */
    boolean overwroteItself(Txn writer, long key, long value) {
        return last.get(List.of((long) writer.id(), key)) != value;
    }

    /** What is wrong with having read a value that another transaction wrote; null when nothing is. */
    Anomaly check(Txn reader, long key, long value, boolean newest) {
        Txn writer = of(key, value);
        if (writer == null) {
            return new Anomaly("invented", "T" + reader.id() + " read value " + value + " of key " + key
                + ", which nobody wrote", reader);
        }
        if (writer.outcome() == Outcome.FAIL) {
            return new Anomaly("G1a", "T" + reader.id() + " read value " + value + " of key " + key + " of T"
                + writer.id() + ", which failed", writer, reader);
        }
        if (newest && writer.id() != reader.id() && overwroteItself(writer, key, value)) {
            return new Anomaly("G1b", "T" + reader.id() + " read value " + value + " of key " + key + ", which T"
                + writer.id() + " overwrote before it committed", writer, reader);
        }
        return null;
    }
}
