package io.quantadb.wal.writer;

/**
 * The writer has reported a fatal error and accepts nothing any more. Seen only where the fatal-error handler returns:
 * in tests.
 */
public final class WalFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WalFailedException(Throwable cause) {
        super("the WAL writer has failed", cause);
    }
}
