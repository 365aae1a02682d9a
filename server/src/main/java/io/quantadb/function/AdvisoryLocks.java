package io.quantadb.function;

/** The advisory locks of a session. Confined to its thread. */
public interface AdvisoryLocks {
    /**
     * Takes a lock.
     *
     * @param pair whether the key was given as two int4 (the high and low half of {@code key})
     * @param wait whether to wait for it
     * @return false if it could not be had at once and {@code wait} is false
     */
    boolean lock(long key, boolean pair, boolean shared, boolean sessionLevel, boolean wait);

    /** @return false, after a warning to the client, if the session does not hold it */
    boolean unlock(long key, boolean pair, boolean shared);

    void unlockAll();
}
