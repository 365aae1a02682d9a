package io.quantadb.maintenance;

/**
 * What the checkpointer needs of the WAL and control file. On a primary it inserts checkpoint records; on a replica a
 * restartpoint takes the redo point of the last replayed checkpoint record and only moves the control file.
 */
public interface CheckpointLog {
    /** Fixes the redo point. */
    long startRedoPoint();

    /** Exclusive end of the WAL so far: inserted, or replayed on a replica. */
    long currentLsn();

    /**
     * Everything before {@code redoLsn} is in the files and synced: inserts and flushes the checkpoint record, then
     * updates the control file durably.
     *
     * @return exclusive end of the record
     */
    long complete(CheckpointKind kind, long redoLsn);

    /** WAL before {@code redoLsn} is no longer needed for recovery: recycles or removes what nobody else retains. */
    void recycle(long redoLsn);
}
