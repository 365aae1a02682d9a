package io.quantadb.access.heap;

/** What a unique check finds behind an index entry. */
public enum DirtyResult {
    /** No live version: no conflict. */
    NONE,
    /** A live version: conflict. */
    LIVE,
    /** Inserted by a running transaction ({@link HeapChange#otherXid}): wait for it, then look again. */
    INSERT_IN_PROGRESS,
    /**
     * Being deleted or replaced by a running transaction ({@link HeapChange#otherXid}): wait for it, then look again.
     */
    DELETE_IN_PROGRESS
}
