package io.quantadb.txn.serializable;

import io.quantadb.txn.lock.LockInfo;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Committed transactions that others still overlap, oldest first. Guarded by {@link ConflictTracker}'s mutex.
 *
 * <p>When memory is short the oldest lose precision in two steps, never silently: first their reads become whole
 * relations; then they are forgotten as individuals, and whoever meets a
 * version that may be theirs fails.
 */
final class FinishedTransactions {
    private final ConflictTracker tracker;
    private final int max;
    private final ArrayDeque<SerializableTransaction> coarse = new ArrayDeque<>();
    private final ArrayDeque<SerializableTransaction> fine = new ArrayDeque<>();

    /** What remains of the forgotten ones. */
    private final LinkedHashSet<ReadTarget> forgottenRelations = new LinkedHashSet<>();
    private final LinkedHashSet<KeyRangeTarget> forgottenIndexes = new LinkedHashSet<>();
    private long forgottenXid;
    private long forgottenBound;

    FinishedTransactions(ConflictTracker tracker, int max) {
        this.tracker = tracker;
        this.max = max;
    }

    void add(SerializableTransaction committed) {
        fine.add(committed);
        if (size() > max) {
            coarsenOldest();
            forget(coarse.remove());
        }
    }

    int size() {
        return coarse.size() + fine.size();
    }

    /** Lets go of those at or below {@code limit}. */
    void release(long limit) {
        release(coarse, limit);
        if (coarse.isEmpty()) {
            release(fine, limit);
        }
        if (forgottenBound != 0 && forgottenBound <= limit) {
            forgottenRelations.forEach(target -> tracker.readTable().release(target, null, 0, limit));
            forgottenIndexes.forEach(target -> tracker.keyRanges().release(target, null, 0, limit));
            tracker.countHeld(-forgottenRelations.size() - forgottenIndexes.size());
            forgottenRelations.clear();
            forgottenIndexes.clear();
            forgottenBound = 0;
        }
    }

    private void release(ArrayDeque<SerializableTransaction> queue, long limit) {
        while (!queue.isEmpty() && queue.peek().finishBound <= limit) {
            SerializableTransaction gone = queue.remove();
            gone.reads.drop(limit);
            gone.xids().forEach(tracker.writers()::remove);
        }
    }

    /** Makes the oldest coarse until at most {@code target} entries are held by anybody. */
    void coarsen(int target) {
        while (tracker.held() > target && !fine.isEmpty()) {
            coarsenOldest();
        }
        while (tracker.held() > target && !coarse.isEmpty()) {
            forget(coarse.remove());
        }
    }

    private void coarsenOldest() {
        SerializableTransaction oldest = fine.poll();
        if (oldest != null) {
            oldest.reads.coarsenFinished(oldest.finishBound);
            coarse.add(oldest);
        }
    }

    private void forget(SerializableTransaction gone) {
        int before = forgottenRelations.size() + forgottenIndexes.size();
        gone.reads.handOver(forgottenRelations, forgottenIndexes);
        tracker.countHeld(forgottenRelations.size() + forgottenIndexes.size() - before);
        forgottenBound = Math.max(forgottenBound, gone.finishBound);
        for (long xid : gone.xids()) {
            forgottenXid = Math.max(forgottenXid, xid);
            tracker.writers().remove(xid);
        }
    }

    boolean mayHaveForgotten(long xid, long commitLsn) {
        return xid <= forgottenXid && commitLsn <= forgottenBound;
    }

    /** Whether one that a snapshot at {@code lsn} does not see has overlooked a commit that it does see. */
    boolean hasPivotFor(long lsn) {
        return forgottenBound > lsn || hasPivotFor(coarse, lsn) || hasPivotFor(fine, lsn);
    }

    private static boolean hasPivotFor(ArrayDeque<SerializableTransaction> queue, long lsn) {
        var newestFirst = queue.descendingIterator();
        while (newestFirst.hasNext()) {
            SerializableTransaction committed = newestFirst.next();
            if (committed.wrote && committed.finishBound <= lsn) {
                return false;
            }
            if (committed.wrote && committed.earliestOut <= lsn) {
                return true;
            }
        }
        return false;
    }

    void collect(long relation, Readers readers) {
        coarse.forEach(committed -> collect(committed, relation, readers));
        fine.forEach(committed -> collect(committed, relation, readers));
        for (ReadTarget target : forgottenRelations) {
            if (target.relation == relation) {
                readers.finished(forgottenBound);
            }
        }
    }

    private static void collect(SerializableTransaction committed, long relation, Readers readers) {
        if (committed.reads.hasRead(relation)) {
            readers.finished(committed.finishBound);
        }
    }

    void transfer(long old, long replacement) {
        coarse.forEach(committed -> transfer(committed, old, replacement));
        fine.forEach(committed -> transfer(committed, old, replacement));
        boolean forgotten = forgottenRelations.stream().anyMatch(target -> target.relation == old)
                || forgottenIndexes.stream().anyMatch(target -> target.relation == old);
        if (forgotten && forgottenRelations.add(
                tracker.readTable().raise(replacement, ReadTable.WHOLE, forgottenBound))) {
            tracker.countHeld(1);
        }
    }

    private static void transfer(SerializableTransaction committed, long old, long replacement) {
        if (committed.reads.hasRead(old)) {
            committed.reads.readWhole(replacement, committed.finishBound);
        }
    }

    void report(List<LockInfo> result) {
        coarse.forEach(committed -> committed.reads.report(result));
        fine.forEach(committed -> committed.reads.report(result));
    }
}
