package io.quantadb.session;

import io.quantadb.base.InvariantViolation;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.storage.StorageException;
import io.quantadb.wal.writer.HorizonClosedException;
import io.quantadb.wal.writer.NotPrimaryException;
import io.quantadb.wal.writer.ReplicationStalledException;
import io.quantadb.wal.writer.WalFullException;

/** Gives every failure of a statement the form a client sees. */
final class ErrorTranslation {
    private ErrorTranslation() {
    }

    static SqlException forClient(Throwable error) {
        return switch (error) {
            case SqlException sql -> sql;
            case StorageException storage -> {
                SqlException answer = new SqlException(storage.sqlState(), storage.getMessage(), storage);
                yield storage.hint() == null ? answer : answer.withHint(storage.hint());
            }
            case WalFullException full -> new SqlException(SqlState.DISK_FULL, full.getMessage(), full)
                .withHint("Free disk space on the volume of the WAL; writes go on as soon as there is some.");
            case NotPrimaryException replica -> new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute this command: "
                + replica.getMessage(), replica);
            case ReplicationStalledException stalled -> new SqlException(SqlState.INSUFFICIENT_RESOURCES, stalled.getMessage(), stalled)
                .withHint("Writes go on as soon as the replicas confirm again, or are taken out of the in-sync set.");
            case HorizonClosedException closed -> new SqlException(SqlState.ADMIN_SHUTDOWN, closed.getMessage(), closed).fatal();
            case StackOverflowError overflow -> new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded", overflow)
                .withHint("Simplify the statement.");
            case OutOfMemoryError memory -> new SqlException(SqlState.OUT_OF_MEMORY, "out of memory", memory);
            case InvariantViolation broken -> new SqlException(SqlState.INTERNAL_ERROR, "broken invariant: " + broken.getMessage(), broken).fatal();
            default -> new SqlException(SqlState.INTERNAL_ERROR,
                "internal error: " + error.getClass().getSimpleName() + (error.getMessage() == null ? "" : ": " + error.getMessage()), error);
        };
    }
}
