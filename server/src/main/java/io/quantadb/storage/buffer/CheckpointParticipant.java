package io.quantadb.storage.buffer;

/** Something outside the buffer pool that a checkpoint has to make durable, such as the commit log. */
@FunctionalInterface
public interface CheckpointParticipant {
    /**
     * Makes durable everything that WAL before {@code redoLsn} says about this part's own files; returns after they are
     * synced. Called by the checkpointer after the redo point is fixed and all sections of {@link CheckpointBarrier}
     * entered before it are left. An exception fails the checkpoint, and the next one tries again.
     */
    void checkpoint(long redoLsn);
}
