package io.quantadb.txn.lock;

/**
 * One session as the lock manager sees it: what it holds and what it waits for. Methods are for the session's thread unless they say otherwise.
 */
public final class LockOwner {
    /** The pid shown in pg_locks and in deadlock reports. */
    public int processId() {
        throw new UnsupportedOperationException();
    }

    /** lock_timeout; 0 means none. */
    public void setLockTimeoutMillis(long millis) {
        throw new UnsupportedOperationException();
    }

    /** deadlock_timeout; default 1000. */
    public void setDeadlockTimeoutMillis(long millis) {
        throw new UnsupportedOperationException();
    }

    /** Called when a wait is interrupted. */
    public void setInterruptCheck(InterruptCheck check) {
        throw new UnsupportedOperationException();
    }

    /** Wakes the session's wait, if any, to run its interrupt check. Any thread. */
    public void interrupt() {
        throw new UnsupportedOperationException();
    }

    /** Whether the session waits for a lock now. Any thread. */
    public boolean isWaiting() {
        throw new UnsupportedOperationException();
    }
}
