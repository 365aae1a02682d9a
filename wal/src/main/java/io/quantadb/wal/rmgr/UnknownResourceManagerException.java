package io.quantadb.wal.rmgr;

/** A WAL record names a resource manager this program does not have: the WAL was written by another version. */
public final class UnknownResourceManagerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnknownResourceManagerException(int id, String name) {
        super("WAL record of resource manager " + id + " (" + name
                + "), which this program does not know; was the WAL written by a newer version?");
    }
}
