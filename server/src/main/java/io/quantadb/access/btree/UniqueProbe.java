package io.quantadb.access.btree;

/**
 * Tells the index whether the row behind an equal key conflicts with a new one. Called with the leaf latched
 * exclusively: it may read the heap, and must
 * neither wait for a transaction nor touch the index.
 */
@FunctionalInterface
public interface UniqueProbe {
    /** The row is dead for everybody: the entry may be marked so. */
    long DEAD = -2;
    /** A live, committed (or own) row: a conflict. */
    long LIVE = -1;
    /** No conflict now, but the entry must stay. */
    long IGNORE = 0;

    /**
     * Classifies the row version chain at {@code tid}.
     *
     * @return {@link #DEAD}, {@link #LIVE}, {@link #IGNORE}, or the positive xid whose end decides
     */
    long probe(long tid);
}
