package io.quantadb.wal.writer;

/**
 * No WAL space can be prepared, so no new change may begin: an environment error. Readers go on, and writers too once
 * the volume has room again. The server reports it as SQLSTATE 53100 ({@code disk_full}).
 */
public final class WalFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WalFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
