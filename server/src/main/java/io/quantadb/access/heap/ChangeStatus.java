package io.quantadb.access.heap;

/** Outcome of an attempt to change or lock a row version. */
public enum ChangeStatus {
    OK,
    /** The version is not visible to the caller's command at all. */
    INVISIBLE,
    /**
     * An earlier or this command of the same transaction already updated or deleted it: see
     * {@link HeapChange#otherCommandId}.
     */
    SELF_MODIFIED,
    /** A committed transaction updated it: {@link HeapChange#newestTid} names the successor. */
    UPDATED,
    /** A committed transaction deleted it. */
    DELETED,
    /** SKIP policy only: somebody holds the row. */
    SKIPPED
}
