package io.quantadb.wal.writer;

/** What {@link NodeWal} asks of the replay while the node is a replica. Safe for use by many threads. */
public interface ReplicaPosition {
    /** Exclusive end of what has been applied; never falls. */
    long replayedLsn();

    /**
     * Called before something with this LSN goes to a data file: after a restart the replica is consistent only behind
     * it. Cheap if that was said before.
     */
    void makeRecoverable(long lsn);

    /** Returns when {@code lsn} has been replayed; throws {@link HorizonClosedException} if the node stops before. */
    void await(long lsn);
}
