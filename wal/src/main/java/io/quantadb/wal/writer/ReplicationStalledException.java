package io.quantadb.wal.writer;

/**
 * A change was refused because the in-sync replicas have not confirmed the WAL inserted before it for too long, and
 * more must not
 * pile up: pages it changes cannot be written before. Readers go on, and writers when the replicas are back.
 */
public final class ReplicationStalledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Too few nodes are in sync. */
    public ReplicationStalledException(String message) {
        super(message);
    }

    ReplicationStalledException(long backlogBytes, long waitedMillis) {
        super("the in-sync replicas have not confirmed the last " + backlogBytes + " bytes of WAL for " + waitedMillis
                + " ms");
    }
}
