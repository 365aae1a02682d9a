package io.quantadb.storage.buffer;

/** What redo has to do with a block. */
public enum RedoAction {
    /** The page is not there: its relation is dropped or cut later in the WAL. Nothing is pinned. */
    NOT_FOUND,
    /** The record's full image has been put in place. */
    RESTORED,
    /** The page already has this change. */
    DONE,
    /** The page is as the inserter found it: apply the change. */
    NEEDS_REDO
}
