package io.quantadb.access.heap;

import java.util.function.LongPredicate;

/** API stub. The phases of vacuuming one heap; scheduling is the caller's. */
public final class HeapVacuum {
    /** Removes index entries whose TID satisfies the predicate, from every index of the relation. */
    public interface IndexCleaner {
        void bulkDelete(LongPredicate isDead);
    }

    /** @param deadRows removed; @param liveRows seen; @param pagesTruncated returned to the file system */
    public record Result(long deadRows, long liveRows, long recentlyDeadRows, int pages, int pagesAllVisible,
            int pagesTruncated) {
    }

    public Result run(HeapRelation heap, IndexCleaner indexes) {
        throw new UnsupportedOperationException();
    }
}
