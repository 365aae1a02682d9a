package io.quantadb.wal.writer;

/** A change was begun on a node that is not, or no longer, the primary. The server reports it as SQLSTATE 25006. */
public final class NotPrimaryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotPrimaryException() {
        super("this node is not the primary");
    }
}
