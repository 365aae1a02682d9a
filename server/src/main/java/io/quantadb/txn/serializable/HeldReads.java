package io.quantadb.txn.serializable;

import io.quantadb.txn.lock.LockInfo;
import io.quantadb.txn.snapshot.ReadTracking.ScannedKeys;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one transaction has read: its entries in the shared tables. Finer entries are exchanged for coarser ones when
 * there are many, always so that the coarser one is there
 * before the finer ones go. Safe for use by many threads (the session, its scan workers, others when the transaction is
 * over).
 */
final class HeldReads {
    /** Tuples of one page, then the page. */
    static final int TUPLES_PER_PAGE_MAX = 16;
    /** Tuples and pages of one relation, then the relation. */
    static final int PLACES_PER_RELATION_MAX = 256;
    /** Ranges of one index, then the range that spans them. */
    static final int RANGES_PER_INDEX_MAX = 256;
    private static final byte[] FIRST = {};

    private static final class PageReads {
        ReadTarget whole;
        ReadTarget[] tuples = new ReadTarget[2];
        int count;
    }

    private static final class RelationReads {
        ReadTarget whole;
        final HashMap<Long, PageReads> pages = new HashMap<>();
        int count;
    }

    private static final class IndexReads {
        /** Replaces all ranges once there are too many. */
        KeyRangeTarget span;
        final LinkedHashSet<KeyRangeTarget> ranges = new LinkedHashSet<>();
    }

    private final ConflictTracker tracker;
    private final SerializableTransaction owner;
    private final ReentrantLock lock = new ReentrantLock();
    private final HashMap<Long, RelationReads> relations = new HashMap<>();
    private final HashMap<Long, IndexReads> indexes = new HashMap<>();
    private int held;
    /** Memory is short: only whole relations and indexes. */
    private boolean coarse;
    private boolean closed;

    HeldReads(ConflictTracker tracker, SerializableTransaction owner) {
        this.tracker = tracker;
        this.owner = owner;
    }

    private void count(int change) {
        held += change;
        tracker.countHeld(change);
    }

    // ---- Reading

    void readsRelation(long relation) {
        lock.lock();
        try {
            if (!closed) {
                holdWhole(relation, relations.computeIfAbsent(relation, r -> new RelationReads()));
            }
        } finally {
            lock.unlock();
        }
    }

    void readsTuple(long relation, long tid) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            RelationReads reads = relations.computeIfAbsent(relation, r -> new RelationReads());
            if (reads.whole != null) {
                return;
            }
            if (coarse || reads.count >= PLACES_PER_RELATION_MAX) {
                holdWhole(relation, reads);
                return;
            }
            readsTuple(reads, relation, tid);
        } finally {
            lock.unlock();
        }
    }

    private void readsTuple(RelationReads reads, long relation, long tid) {
        long pagePlace = tid & ~0xFFFFL;
        PageReads page = reads.pages.computeIfAbsent(pagePlace, p -> new PageReads());
        if (page.whole != null) {
            return;
        }
        for (int i = 0; i < page.count; i++) {
            if (page.tuples[i].place == tid) {
                return;
            }
        }
        if (page.count < TUPLES_PER_PAGE_MAX) {
            if (page.count == page.tuples.length) {
                page.tuples = Arrays.copyOf(page.tuples, page.count * 2);
            }
            page.tuples[page.count++] = tracker.readTable().hold(relation, tid, owner);
            reads.count++;
            count(1);
            return;
        }
        page.whole = tracker.readTable().hold(relation, pagePlace, owner);
        reads.count += 1 - page.count;
        count(1 - page.count);
        releaseTuples(page, 0);
    }

    private void holdWhole(long relation, RelationReads reads) {
        if (reads.whole != null) {
            return;
        }
        reads.whole = tracker.readTable().hold(relation, ReadTable.WHOLE, owner);
        count(1);
        releasePlaces(reads, 0);
    }

    private void releasePlaces(RelationReads reads, long limit) {
        for (PageReads page : reads.pages.values()) {
            if (page.whole != null) {
                tracker.readTable().release(page.whole, owner, 0, limit);
            }
            releaseTuples(page, limit);
        }
        reads.pages.clear();
        count(-reads.count);
        reads.count = 0;
    }

    private void releaseTuples(PageReads page, long limit) {
        for (int i = 0; i < page.count; i++) {
            tracker.readTable().release(page.tuples[i], owner, 0, limit);
            page.tuples[i] = null;
        }
        page.count = 0;
    }

    ScannedKeys readsKeys(long index, KeyRangeTarget before, byte[] lower, byte[] upper, int block) {
        lock.lock();
        try {
            if (closed || upper != null && Arrays.compareUnsigned(lower, upper) >= 0) {
                return before;
            }
            IndexReads reads = indexes.computeIfAbsent(index, i -> new IndexReads());
            if (reads.span != null) {
                span(index, reads, lower, upper, block);
                return null;
            }
            if (coarse || reads.ranges.size() >= RANGES_PER_INDEX_MAX) {
                span(index, reads, coarse ? FIRST : lower, coarse ? null : upper, block);
                return null;
            }
            KeyRangeTarget target = tracker.keyRanges().hold(index, lower, upper, block, owner);
            if (reads.ranges.add(target)) {
                count(1);
            }
            if (before != null && before != target && reads.ranges.remove(before)) {
                tracker.keyRanges().release(before, owner, 0, 0);
                count(-1);
            }
            return target;
        } finally {
            lock.unlock();
        }
    }

    /** Makes one range of all, and of [lower, upper). */
    private void span(long index, IndexReads reads, byte[] lower, byte[] upper, int block) {
        KeyRangeTarget old = reads.span;
        if (old != null && old.covers(lower, upper)) {
            return;
        }
        byte[] first = lower;
        byte[] last = upper;
        if (old != null) {
            reads.ranges.add(old);
        }
        for (KeyRangeTarget range : reads.ranges) {
            first = Arrays.compareUnsigned(range.lower, first) < 0 ? range.lower : first;
            last = KeyRangeTarget.compareUpper(range.upper, last) > 0 ? range.upper : last;
        }
        reads.span = tracker.keyRanges().hold(index, first, last, block, owner);
        count(1);
        for (KeyRangeTarget range : reads.ranges) {
            if (range != reads.span) {
                tracker.keyRanges().release(range, owner, 0, 0);
            }
        }
        count(-reads.ranges.size());
        reads.ranges.clear();
    }

    /** Exchanges everything for whole relations and indexes, now and for the rest of the transaction. */
    void coarsen() {
        lock.lock();
        try {
            coarse = true;
            if (!closed) {
                relations.forEach(this::holdWhole);
                indexes.forEach((index, reads) -> span(index, reads, FIRST, null, 0));
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- After the end; the caller holds the tracker's mutex

    /** The owner has ended and what it read is of no interest any more. */
    void drop(long limit) {
        finish(0, limit);
        lock.lock();
        try {
            relations.clear();
            indexes.clear();
            count(-held);
        } finally {
            lock.unlock();
        }
    }

    /** The owner has ended: from now on the entries only remember its bound. */
    void finish(long bound, long limit) {
        lock.lock();
        try {
            closed = true;
            for (RelationReads reads : relations.values()) {
                if (reads.whole != null) {
                    tracker.readTable().release(reads.whole, owner, bound, limit);
                }
                for (PageReads page : reads.pages.values()) {
                    if (page.whole != null) {
                        tracker.readTable().release(page.whole, owner, bound, limit);
                    }
                    for (int i = 0; i < page.count; i++) {
                        tracker.readTable().release(page.tuples[i], owner, bound, limit);
                    }
                }
            }
            for (IndexReads reads : indexes.values()) {
                if (reads.span != null) {
                    tracker.keyRanges().release(reads.span, owner, bound, limit);
                }
                for (KeyRangeTarget range : reads.ranges) {
                    tracker.keyRanges().release(range, owner, bound, limit);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** After {@link #finish}: remembers the bound at whole relations and indexes only. */
    void coarsenFinished(long bound) {
        lock.lock();
        try {
            relations.forEach((relation, reads) -> {
                if (reads.whole == null) {
                    reads.whole = tracker.readTable().raise(relation, ReadTable.WHOLE, bound);
                    count(1);
                    releasePlaces(reads, bound);
                }
            });
            indexes.forEach((index, reads) -> {
                KeyRangeTarget whole = tracker.keyRanges().raise(index, FIRST, null, 0, bound);
                if (reads.span != null && reads.span != whole) {
                    reads.ranges.add(reads.span);
                    reads.span = null;
                }
                if (reads.span == null) {
                    count(1);
                }
                reads.span = whole;
                int gone = 0;
                for (KeyRangeTarget range : reads.ranges) {
                    if (range != whole) {
                        tracker.keyRanges().release(range, owner, 0, bound);
                    }
                    gone++;
                }
                count(-gone);
                reads.ranges.clear();
            });
        } finally {
            lock.unlock();
        }
    }

    /** After {@link #coarsenFinished}: hands the entries over; this object is then empty. */
    void handOver(LinkedHashSet<ReadTarget> wholeRelations, LinkedHashSet<KeyRangeTarget> wholeIndexes) {
        lock.lock();
        try {
            relations.values().forEach(reads -> wholeRelations.add(reads.whole));
            indexes.values().forEach(reads -> wholeIndexes.add(reads.span));
            relations.clear();
            indexes.clear();
            count(-held);
        } finally {
            lock.unlock();
        }
    }

    /** Whether anything of the relation or index was read. */
    boolean hasRead(long relation) {
        lock.lock();
        try {
            return relations.containsKey(relation) || indexes.containsKey(relation);
        } finally {
            lock.unlock();
        }
    }

    /** Entry for all of {@code relation}, of the owner or, once it has finished, of its bound. */
    void readWhole(long relation, long finishedBound) {
        lock.lock();
        try {
            RelationReads reads = relations.computeIfAbsent(relation, r -> new RelationReads());
            if (reads.whole != null) {
                return;
            }
            if (closed) {
                reads.whole = tracker.readTable().raise(relation, ReadTable.WHOLE, finishedBound);
                count(1);
                releasePlaces(reads, finishedBound);
            } else {
                holdWhole(relation, reads);
            }
        } finally {
            lock.unlock();
        }
    }

    void report(List<LockInfo> result) {
        lock.lock();
        try {
            for (RelationReads reads : relations.values()) {
                report(result, reads.whole);
                for (PageReads page : reads.pages.values()) {
                    report(result, page.whole);
                    for (int i = 0; i < page.count; i++) {
                        report(result, page.tuples[i]);
                    }
                }
            }
            for (IndexReads reads : indexes.values()) {
                report(result, reads.span);
                reads.ranges.forEach(range -> report(result, range));
            }
        } finally {
            lock.unlock();
        }
    }

    private void report(List<LockInfo> result, ReadTarget target) {
        if (target == null) {
            return;
        }
        String type = target.place == ReadTable.WHOLE ? "relation" : (target.place & 0xFFFF) == 0 ? "page" : "tuple";
        result.add(new LockInfo(type, (int) (target.relation >>> 32), (int) target.relation, target.place, 0, 0, 0, 0,
                owner.processId(), "SIReadLock", true, false, 0));
    }
}
