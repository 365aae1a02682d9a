package io.quantadb.maintenance;

/**
 * What a completed checkpoint did.
 *
 * @param redoLsn where recovery starts from now on
 * @param endLsn exclusive end of the checkpoint record
 * @param pagesWritten pages the checkpointer wrote itself; others had been written meanwhile
 * @param filesSynced relation files synced
 * @param writeMillis time for the writes, sleeps included
 * @param syncMillis time for the syncs
 */
public record CheckpointResult(CheckpointKind kind, long redoLsn, long endLsn, int pagesWritten, int filesSynced,
    long writeMillis,
    long syncMillis) {
}
