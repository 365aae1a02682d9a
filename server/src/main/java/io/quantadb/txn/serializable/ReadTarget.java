package io.quantadb.txn.serializable;

import java.util.Arrays;

/**
 * Something that has been read: a tuple, a page, a relation, or a range of keys. Guarded by its table partition's lock.
 *
 * <p>Of finished readers only the highest {@link SerializableTransaction#finishBound} is kept: every test that a
 * finished reader can take part in asks for one
 * whose bound is high enough, so the highest answers for all.
 */
class ReadTarget {
    private static final SerializableTransaction[] NONE = {};

    /** Key of the relation's or index's storage. */
    final long relation;
    /**
     * TID; block &lt;&lt; 16 for a page (offsets count from 1); {@link ReadTable#WHOLE} for the relation. Of a key
     * range: a leaf's block &lt;&lt; 16.
     */
    final long place;
    private SerializableTransaction[] holders = NONE;
    private int count;
    private long finishedBound;

    ReadTarget(long relation, long place) {
        this.relation = relation;
        this.place = place;
    }

    /** @return false if it was held already */
    boolean add(SerializableTransaction holder) {
        for (int i = 0; i < count; i++) {
            if (holders[i] == holder) {
                return false;
            }
        }
        if (count == holders.length) {
            holders = Arrays.copyOf(holders, Math.max(2, count * 2));
        }
        holders[count++] = holder;
        return true;
    }

    void remove(SerializableTransaction holder) {
        for (int i = 0; i < count; i++) {
            if (holders[i] == holder) {
                holders[i] = holders[--count];
                holders[count] = null;
                return;
            }
        }
    }

    void raiseBound(long bound) {
        finishedBound = Math.max(finishedBound, bound);
    }

    /**
     * Forgets finished readers at or below {@code limit}: nobody overlaps them any more, or a coarser entry stands for
     * them. So a bound above 0 always belongs to somebody who will
     * come back for it.
     *
     * @return whether nobody holds it, nor did anybody who finished above {@code limit}
     */
    boolean isUnused(long limit) {
        if (finishedBound <= limit) {
            finishedBound = 0;
        }
        return count == 0 && finishedBound == 0;
    }

    void collect(Readers readers) {
        readers.finished(finishedBound);
        for (int i = 0; i < count; i++) {
            readers.add(holders[i]);
        }
    }
}
