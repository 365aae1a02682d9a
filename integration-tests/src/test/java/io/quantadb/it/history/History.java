package io.quantadb.it.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The log of one workload: every transaction of every client. Clients add from their own threads. */
public final class History {
    private final List<Txn> txns = new ArrayList<>();

    public History() {
    }

    private History(List<Txn> txns) {
        this.txns.addAll(txns);
    }

    /** Takes down a transaction that has ended; its place in the list is its id. */
    public synchronized Txn add(int process, String node, boolean primary, Level level, long invokedNanos,
        long completedNanos, Outcome outcome, List<Action> actions) {
        Txn txn = new Txn(txns.size(), process, node, primary, level, invokedNanos,
            outcome == Outcome.INFO ? Long.MAX_VALUE : completedNanos, outcome, actions);
        txns.add(txn);
        return txn;
    }

    /** A copy; index and id agree. */
    public synchronized List<Txn> txns() {
        return List.copyOf(txns);
    }

    public synchronized int size() {
        return txns.size();
    }

    public long count(Outcome outcome) {
        return txns().stream().filter(txn -> txn.outcome() == outcome).count();
    }

    public void save(Path file) throws IOException {
        Files.write(file, txns().stream().map(Txn::toString).toList());
    }

    public static History load(Path file) throws IOException {
        return new History(Files.readAllLines(file).stream().map(Txn::parse).toList());
    }
}
