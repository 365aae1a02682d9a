package io.quantadb.txn.snapshot;

/**
 * Told what a serializable transaction reads through its snapshot. A snapshot without one ({@link Snapshot#tracking} is
 * null) belongs to a transaction
 * whose reads need no record: all other isolation levels, and read-only transactions on a safe snapshot.
 *
 * <p>Relations and indexes are named by {@code BufferPool.key} of their storage. May be called under a page latch; may
 * wait briefly for a mutex. Every
 * method may throw 40001: the transaction is the victim.
 *
 * <p>Order rule for callers: what is going to be read is told no later than under the latch under which it is read, so
 * that a writer either finds the record or has
 * left its trace on the page.
 */
public interface ReadTracking {
    /** The part of an index one scan has read so far. */
    interface ScannedKeys {
    }

    /**
     * The whole relation is read, what may be inserted later included. To be called before the relation's size is
     * asked.
     */
    void readsRelation(long relation);

    /** This visible version is read. */
    void readsTuple(long relation, long tid);

    /**
     * The read meets a version that another transaction has made or ended, and passes over that change: it is not
     * visible.
     *
     * @param commitLsn above the snapshot's; 0 if the transaction is running
     */
    void passesOver(long xid, long commitLsn);

    /**
     * The keys in [lower, upper) have been read, those that are not there included.
     *
     * @param before what the scan was given last time, null at first; it is contained in the new range
     * @param upper null for no bound
     * @param block a leaf the keys are on, to be shown in pg_locks
     * @return for the next call of the same scan
     */
    ScannedKeys readsKeys(long index, ScannedKeys before, byte[] lower, byte[] upper, int block);
}
