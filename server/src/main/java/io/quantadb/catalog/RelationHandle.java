package io.quantadb.catalog;

/**
 * What other packages hang on a relation so that they find it without a map lookup; survives invalidation.
 *
 * <p>One object per relation oid and database, shared by all versions of its descriptor. Each field belongs to one
 * package, which fills it when it is null; a lost race costs a second creation only, so owners must use a canonical
 * object of their own. Thread-safe.
 */
public final class RelationHandle {
    /** The lock manager's object for this relation; set by {@code txn.lock}. */
    public volatile Object lock;
    /** The open heap or index; set by the executor. Cleared when the relation's storage changes. */
    public volatile Object access;
    /** Cumulative statistics counters; set by {@code session}. */
    public volatile Object counters;
}
