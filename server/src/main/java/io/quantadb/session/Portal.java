package io.quantadb.session;

import io.quantadb.executor.vector.Batch;
import io.quantadb.txn.snapshot.Snapshot;
import java.util.List;

/**
 * A statement bound to parameters, and as far as it has run. Confined to its session.
 *
 * <p>A batch that was not sent completely is kept with the position to go on from.
 */
final class Portal {
    private final String name;
    private final CompiledStatement statement;
    private final Object[] parameters;
    private final short[] formats;
    private final int subtransactionLevel;

    private PlanRunner.Execution execution;
    private Snapshot snapshot;
    private Batch batch;
    private int batchPosition;
    private boolean finished;
    private long rowsSent;
    private boolean snapshotReleased;

    /** @param statement null for an empty query string */
    Portal(String name, CompiledStatement statement, Object[] parameters, short[] formats, int subtransactionLevel) {
        this.name = name;
        this.statement = statement;
        this.parameters = parameters;
        this.formats = formats;
        this.subtransactionLevel = subtransactionLevel;
    }

    String name() {
        return name;
    }

    CompiledStatement statement() {
        return statement;
    }

    Object[] parameters() {
        return parameters;
    }

    short[] formats() {
        return formats;
    }

    List<ResultColumn> columns() {
        return statement == null ? List.of() : statement.columns();
    }

    /** Level of the savepoint it was created in: it ends when that is rolled back. */
    int subtransactionLevel() {
        return subtransactionLevel;
    }

    boolean isStarted() {
        return execution != null || finished;
    }

    void start(PlanRunner.Execution newExecution, Snapshot newSnapshot) {
        execution = newExecution;
        snapshot = newSnapshot;
    }

    Snapshot snapshot() {
        return snapshot;
    }

    /** True for the first caller only: a snapshot is given back once. */
    boolean releaseSnapshotOnce() {
        boolean first = !snapshotReleased;
        snapshotReleased = true;
        return first;
    }

    /** The next row as objects, columns behind the visible ones included; null at the end. For cursors, which keep rows. */
    Object[] nextRow() {
        if (batch == null) {
            batch = finished ? null : execution.next();
            batchPosition = 0;
            if (batch == null) {
                finished = true;
                return null;
            }
        }
        Object[] row = new Object[batch.columns.length];
        int position = batch.position(batchPosition++);
        for (int i = 0; i < row.length; i++) {
            row[i] = batch.columns[i].get(position);
        }
        if (batchPosition == batch.size()) {
            batch = null;
        }
        return row;
    }

    long affectedRows() {
        return execution == null ? 0 : execution.affectedRows();
    }

    boolean isFinished() {
        return finished;
    }

    long rowsSent() {
        return rowsSent;
    }

    /**
     * Sends up to {@code maximum} further rows.
     *
     * @return rows sent now; fewer than {@code maximum} means the end was reached
     */
    long send(ClientWriter out, long maximum) {
        long sent = 0;
        while (sent < maximum) {
            if (batch == null) {
                batch = finished ? null : execution.next();
                batchPosition = 0;
                if (batch == null) {
                    finished = true;
                    break;
                }
            }
            int rows = (int) Math.min(batch.size() - batchPosition, maximum - sent);
            out.rows(batch, batchPosition, batchPosition + rows);
            batchPosition += rows;
            sent += rows;
            if (batchPosition == batch.size()) {
                batch = null;
            }
        }
        rowsSent += sent;
        return sent;
    }

    /** Runs a plan without result rows to its end. */
    void drain() {
        while (!finished) {
            finished = execution.next() == null;
        }
    }

    /** Back to the state before {@link #start}: the attempt to run it on an event loop was given up without effect. */
    void reset() {
        execution = null;
        snapshot = null;
        snapshotReleased = false;
        batch = null;
        finished = false;
        rowsSent = 0;
    }

    /** Closes the running plan; the caller releases {@link #snapshot}. */
    void close() {
        batch = null;
        finished = true;
        if (execution != null) {
            execution.close();
        }
    }
}
