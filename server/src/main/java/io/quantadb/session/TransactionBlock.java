package io.quantadb.session;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.maintenance.TransactionActivity;
import io.quantadb.txn.IsolationLevel;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.TxnSession;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Where a session stands with its transaction. Confined to the session's thread.
 *
 * <pre>
 *   IDLE --begin()--> BLOCK --commit(), rollback()--> IDLE
 *   IDLE --beginImplicit()--> IMPLICIT --commit(), fail()--> IDLE
 *   IMPLICIT --begin()--> BLOCK            BEGIN as one of several statements of one query string
 *   BLOCK --fail()--> FAILED --rollback()--> IDLE
 *   FAILED --rollbackTo()--> BLOCK
 * </pre>
 * In FAILED the innermost (sub)transaction is already rolled back and its locks are gone.
 */
final class TransactionBlock {
    enum State { IDLE, IMPLICIT, BLOCK, FAILED }

    private record Savepoint(String name, int level) {
    }

    private LongSupplier statementStart = () -> 0;

    private final TxnSession txn;
    private final Settings settings;
    private final TransactionActivity activity;
    private final List<Savepoint> savepoints = new ArrayList<>();
    private State state = State.IDLE;
    private Transaction transaction;

    TransactionBlock(TxnSession txn, Settings settings, TransactionActivity activity) {
        this.txn = txn;
        this.settings = settings;
        this.activity = activity;
    }

    State state() {
        return state;
    }

    boolean isFailed() {
        return state == State.FAILED;
    }

    /** Inside BEGIN ... COMMIT, failed or not. */
    boolean isExplicit() {
        return state == State.BLOCK || state == State.FAILED;
    }

    /** The running transaction, null when idle or failed outside of savepoints. */
    Transaction transaction() {
        return transaction;
    }

    /** Tells when the statement arrived that opens a transaction: it counts as the transaction's start. */
    void statementStart(LongSupplier micros) {
        statementStart = micros;
    }

    /** As ReadyForQuery reports it. */
    char status() {
        return switch (state) {
            case IDLE, IMPLICIT -> 'I';
            case BLOCK -> 'T';
            case FAILED -> 'E';
        };
    }

    /** Makes sure a transaction is running: an implicit one if the session was idle. */
    Transaction beginImplicit() {
        if (state == State.IDLE) {
            open();
            state = State.IMPLICIT;
        }
        return transaction;
    }

    /** BEGIN. @return false if there already is a transaction in progress: a warning */
    boolean begin() {
        if (state == State.BLOCK || state == State.FAILED) {
            return false;
        }
        if (state == State.IDLE) {
            open();
        }
        state = State.BLOCK;
        return true;
    }

    private void open() {
        transaction = txn.begin(isolation(settings.get("default_transaction_isolation")), settings.isOn("default_transaction_read_only") || !txn.manager().acceptsWrites());
        long arrived = statementStart.getAsLong();
        if (arrived > 0) {
            transaction.startedAt(arrived);
        }
        if (settings.isOn("default_transaction_deferrable")) {
            transaction.setDeferrable(true);
        }
        settings.begin(0);
    }

    static IsolationLevel isolation(String name) {
        return switch (name) {
            case "serializable" -> IsolationLevel.SERIALIZABLE;
            case "repeatable read" -> IsolationLevel.REPEATABLE_READ;
            default -> IsolationLevel.READ_COMMITTED;
        };
    }

    /** Commits; the caller has run deferred checks. @return LSN the reply waits for, 0 for none */
    long commit(boolean sync) {
        long lsn = transaction.commit(sync);
        settings.commit();
        activity.end(true);
        close();
        return lsn;
    }

    /** ROLLBACK, or the end of a failed transaction. */
    void rollback() {
        if (transaction != null) {
            transaction.abort();
            settings.rollback(0);
            activity.end(false);
        }
        close();
    }

    private void close() {
        transaction = null;
        savepoints.clear();
        state = State.IDLE;
    }

    /** A statement failed: rolls back as far as the block allows. */
    void fail() {
        switch (state) {
            case IMPLICIT -> rollback();
            case BLOCK -> {
                int level = transaction.subtransactionLevel();
                if (level > 0) {
                    transaction.rollbackSubtransaction(level);
                    settings.rollback(level);
                } else {
                    transaction.abort();
                    settings.rollback(0);
                    activity.end(false);
                    transaction = null;
                }
                state = State.FAILED;
            }
            case IDLE, FAILED -> { }
        }
    }

    void savepoint(String name) {
        int level = transaction.beginSubtransaction();
        settings.begin(level);
        savepoints.add(new Savepoint(name, level));
    }

    void release(String name) {
        int index = find(name);
        int level = savepoints.get(index).level();
        transaction.releaseSubtransaction(level);
        settings.release(level);
        savepoints.subList(index, savepoints.size()).clear();
    }

    /** ROLLBACK TO: what was done since the savepoint is undone, and the savepoint stays. @return its level */
    int rollbackTo(String name) {
        int index = find(name);
        int level = savepoints.get(index).level();
        if (transaction.subtransactionLevel() >= level) {
            transaction.rollbackSubtransaction(level);
            settings.rollback(level);
        }
        savepoints.subList(index, savepoints.size()).clear();
        savepoint(name);
        state = State.BLOCK;
        return level;
    }

    int level() {
        return transaction == null ? 0 : transaction.subtransactionLevel();
    }

    private int find(String name) {
        for (int i = savepoints.size() - 1; i >= 0; i--) {
            if (savepoints.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new SqlException(SqlState.INVALID_SAVEPOINT_SPECIFICATION, "savepoint \"" + name + "\" does not exist");
    }
}
