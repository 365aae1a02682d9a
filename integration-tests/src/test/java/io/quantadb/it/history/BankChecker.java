package io.quantadb.it.history;

import java.util.List;

/**
 * Money moves between accounts and none is made or lost: every {@link Action.Total}, on every node, is the same.
 *
 * @param accounts number of accounts
 * @param sum of their balances
 */
public record BankChecker(long accounts, long sum) implements Checker {
    @Override
    public List<Anomaly> check(History history) {
        return history.txns().stream().filter(txn -> txn.outcome() == Outcome.OK && txn.actions().stream()
            .anyMatch(action -> action instanceof Action.Total total && (total.sum() != sum
                || total.count() != accounts)))
            .map(txn -> new Anomaly("wrong-total", "expected " + sum + " in " + accounts + " accounts", txn)).toList();
    }
}
