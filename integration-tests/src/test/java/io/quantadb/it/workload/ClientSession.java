package io.quantadb.it.workload;

import io.quantadb.it.history.Action;
import io.quantadb.it.history.History;
import io.quantadb.it.history.Level;
import io.quantadb.it.history.Outcome;
import io.quantadb.it.wire.StatementResult;
import io.quantadb.it.wire.WireClient;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One client of a workload: keeps a connection to a node of its role, runs transactions, and takes down each with what
 * is known of its end. Confined to one thread.
 *
 * <p>Transactions on a primary are begun {@code READ WRITE}, which a standby refuses, and count as the primary's only
 * if the server does not report {@code in_hot_standby} afterwards: so a session that outlives its node's reign is not
 * held to a primary's promises.
 */
public final class ClientSession implements AutoCloseable {
    private static final int RECONNECT_PAUSE_MILLIS = 100;

    private final HostList hosts;
    private final Role role;
    private final int process;
    private final History history;
    private int nextHost;
    private HostList.Connected connected;
    private long invokedNanos;
    private final List<Action> actions = new ArrayList<>();

    /** @param firstHost the server it asks first, and goes on from after a failure */
    ClientSession(HostList hosts, Role role, int process, int firstHost, History history) {
        this.hosts = hosts;
        this.role = role;
        this.process = process;
        this.history = history;
        nextHost = firstHost;
    }

    /** The statements of a transaction. */
    @FunctionalInterface
    interface Body {
        void run(ClientSession session);
    }

    /** An error that the server reported. */
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String sqlState;

        Refused(StatementResult result) {
            super(result.sqlState() + ": " + result.errorMessage());
            sqlState = result.sqlState();
        }
    }

    /** Another session of the same process, with its entries in the same history. */
    ClientSession beside(HostList other, Role otherRole) {
        return new ClientSession(other, otherRole, process, process, history);
    }

    int process() {
        return process;
    }

    Role role() {
        return role;
    }

    /** @return whether there is a connection now; pauses when there is none */
    boolean connect() {
        if (connected == null) {
            connected = hosts.connect(role, nextHost);
            if (connected == null) {
                pause(RECONNECT_PAUSE_MILLIS);
                return false;
            }
        }
        return true;
    }

    /** Whether the connection is to a node that took writes when it was made. */
    boolean writable() {
        return connected.writable();
    }

    /** Takes down an action that is tried now, whatever becomes of it. */
    void tries(Action action) {
        actions.add(action);
    }

    /** Takes down what was read. */
    void saw(Action action) {
        actions.add(action);
    }

    /** Runs one statement of the transaction. */
    List<List<String>> rows(String sql) {
        return statement(sql).rows;
    }

    StatementResult statement(String sql) {
        StatementResult result = connected.client().queryOne(sql);
        if (result.error != null) {
            throw new Refused(result);
        }
        return result;
    }

    /** @return whether it was committed */
    boolean transaction(Level level, Body body) {
        start();
        try {
            statement("begin isolation level " + level.sql() + (writable() ? " read write" : " read only"));
            body.run(this);
        } catch (Refused e) {
            return failed(level, e);
        } catch (UncheckedIOException e) {
            // COMMIT was not sent: the server will roll back.
            end(level, Outcome.FAIL);
            disconnect();
            return false;
        }
        return last(level, "commit", "COMMIT");
    }

    /** A statement that is a transaction. @return whether it was committed */
    boolean single(Level level, Action tried, String sql) {
        start();
        tries(tried);
        return last(level, sql, "");
    }

    private void start() {
        actions.clear();
        invokedNanos = System.nanoTime();
    }

    private boolean failed(Level level, Refused refusal) {
        end(level, Outcome.FAIL);
        try {
            if (refusal.sqlState.startsWith("40") || refusal.sqlState.startsWith("23")) {
                statement("rollback");
            } else {
                disconnect();
            }
        } catch (Refused | UncheckedIOException e) {
            disconnect();
        }
        return false;
    }

    /** The statement that decides. @param tag that the answer must begin with */
    private boolean last(Level level, String sql, String tag) {
        try {
            StatementResult result = statement(sql);
            boolean committed = result.tag.startsWith(tag);
            end(level, committed ? Outcome.OK : Outcome.FAIL);
            return committed;
        } catch (Refused e) {
            boolean sure = e.sqlState.startsWith("40") || e.sqlState.startsWith("23") || e.sqlState.startsWith("25")
                || e.sqlState.startsWith("42");
            end(level, sure ? Outcome.FAIL : Outcome.INFO);
            if (!sure || e.sqlState.startsWith("25")) {
                disconnect();
            }
            return false;
        } catch (UncheckedIOException e) {
            end(level, Outcome.INFO);
            disconnect();
            return false;
        }
    }

    private void end(Level level, Outcome outcome) {
        long now = System.nanoTime();
        WireClient client = connected.client();
        boolean primary = connected.writable() && !"on".equals(client.parameter("in_hot_standby"));
        history.add(process, connected.endpoint().name(), primary, level, invokedNanos, now, outcome, actions);
        if (connected.writable() && !primary) {
            disconnect();
        }
    }

    /** The LSN that {@code WAIT FOR LSN} on another node must pass to see this session's commits; null when unknown. */
    String position() {
        try {
            return statement("select pg_current_wal_lsn()").single();
        } catch (Refused | UncheckedIOException e) {
            disconnect();
            return null;
        }
    }

    /** @return whether the node has replayed the position */
    boolean waitFor(String lsn, int timeoutMillis) {
        try {
            statement("wait for lsn '" + lsn + "' with (timeout '" + timeoutMillis + "ms')");
            return true;
        } catch (Refused | UncheckedIOException e) {
            disconnect();
            return false;
        }
    }

    void disconnect() {
        if (connected != null) {
            connected.client().abort();
            connected = null;
            nextHost++;
        }
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        disconnect();
    }
}
