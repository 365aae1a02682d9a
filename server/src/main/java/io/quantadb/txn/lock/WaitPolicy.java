package io.quantadb.txn.lock;

/** What to do when a lock is not free. */
public enum WaitPolicy {
    /** Park until it is granted, cancelled, timed out or the victim of a deadlock. Virtual threads only. */
    BLOCK,
    /** The caller reports 55P03. */
    NOWAIT,
    /** The caller leaves the row out. */
    SKIP,
    /** Throw {@link WouldBlock}: the caller runs on an event loop and starts again on a virtual thread. */
    WOULD_BLOCK
}
