package io.quantadb.session;

import io.quantadb.base.InvariantViolation;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.wal.writer.WalFullException;

/** Gives every failure of a statement the form a client sees. */
final class ErrorTranslation {
    private ErrorTranslation() {
    }

    static SqlException forClient(Throwable error) {
        return switch (error) {
            case SqlException sql -> sql;
            case WalFullException full -> new SqlException(SqlState.DISK_FULL, full.getMessage(), full)
                .withHint("Free disk space on the volume of the WAL; writes go on as soon as there is some.");
            case StackOverflowError overflow -> new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded", overflow)
                .withHint("Simplify the statement.");
            case OutOfMemoryError memory -> new SqlException(SqlState.OUT_OF_MEMORY, "out of memory", memory);
            case InvariantViolation broken -> new SqlException(SqlState.INTERNAL_ERROR, "broken invariant: " + broken.getMessage(), broken).fatal();
            default -> new SqlException(SqlState.INTERNAL_ERROR,
                "internal error: " + error.getClass().getSimpleName() + (error.getMessage() == null ? "" : ": " + error.getMessage()), error);
        };
    }
}
