package io.quantadb.access.heap;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Xid;
import io.quantadb.storage.buffer.BufferAccess;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.buffer.BufferRing;
import io.quantadb.storage.buffer.VisibilityMap;
import io.quantadb.storage.page.Page;
import io.quantadb.txn.Visibility;
import io.quantadb.wal.record.WalRecordBuilder;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;

/**
 * Vacuums one heap: prunes its pages, lets the indexes remove their entries for dead rows, frees those rows' line
 * pointers, marks pages all visible, updates the
 * free-space map, and cuts off an empty tail. One use, one thread; scheduling, throttling ({@link #interruptPoint}) and
 * the SHARE UPDATE EXCLUSIVE lock are the caller's.
 *
 * <p>Order matters: an index entry goes before the line pointer it names may be used again.
 */
public final class HeapVacuum {
    /** Dead rows remembered before the indexes are visited: 64 MiB. */
    private static final int DEAD_TIDS_MAX = 8 << 20;
    private static final int CLEANUP_TRIES = 64;
    /** An empty tail shorter than this, and than 1/16 of the heap, is not worth an exclusive lock. */
    private static final int TRUNCATE_BLOCKS_MIN = 1000;

    /** The relation's indexes. */
    @FunctionalInterface
    public interface IndexCleaner {
        /**
         * Removes entries whose TID satisfies the predicate from every index. The predicate is cheap, pure, and may be
         * called by several threads.
         */
        void bulkDelete(LongPredicate isDead);
    }

    /**
     * @param deadRows versions removed
     * @param liveRows versions that stay
     * @param recentlyDeadRows of these, deleted ones that some snapshot may still see
     * @param pages of the relation before truncation
     * @param pagesScanned of these, looked at: the others were marked all visible, or always in use
     * @param pagesWithDead that had dead line pointers for the indexes to forget
     * @param pagesAllVisible afterwards
     * @param pagesSkipped that others used all the time
     * @param pagesTruncated returned to the file system
     * @param indexPasses times the indexes were visited
     */
    public record Result(long deadRows, long liveRows, long recentlyDeadRows, int pages, int pagesScanned,
            int pagesWithDead, int pagesAllVisible, int pagesSkipped, int pagesTruncated, int indexPasses) {
    }

    private final HeapRelation heap;
    private final HeapContext context;
    private final HeapDescriptor relation;
    private final IndexCleaner indexes;
    private final BufferPool pool;
    private final BufferRing ring;
    private Runnable interruptPoint = () -> { };
    private long[] deadTids = new long[1024];
    private int deadCount;
    private long removed;
    private long live;
    private long recentlyDead;
    private int scanned;
    private int pagesWithDead;
    private int skipped;
    private int indexPasses;
    private int usedBlocks;
    private long oldestLsn;

    /** @param indexes null if the relation has none */
    public HeapVacuum(HeapRelation heap, IndexCleaner indexes) {
        this.heap = heap;
        this.indexes = indexes;
        context = heap.context();
        relation = heap.descriptor();
        pool = context.pool;
        ring = pool.newRing(BufferAccess.VACUUM);
    }

    /** Called between pages without any latch: sleeps for throttling, or throws to cancel. */
    public HeapVacuum interruptPoint(Runnable action) {
        interruptPoint = action;
        return this;
    }

    /**
     * Runs all phases.
     *
     * @param tryExclusive tries to get the table's ACCESS EXCLUSIVE lock without waiting, asked only when a tail is
     *     worth cutting; null never to truncate. The
     *     caller releases it afterwards
     * @param everyPage also looks at pages that are marked all visible
     */
    public Result run(BooleanSupplier tryExclusive, boolean everyPage) {
        context.transactions.advanceHorizon();
        oldestLsn = context.snapshots.oldestSnapshotLsn();
        int pages = heap.blockCount();
        for (int block = 0; block < pages; block++) {
            interruptPoint.run();
            if (!everyPage && context.visibilityMap.isAllVisible(relation.id(), block)) {
                usedBlocks = block + 1;
                continue;
            }
            prunePage(block);
            if (deadCount >= DEAD_TIDS_MAX) {
                reclaimAll();
            }
        }
        reclaimAll();
        int truncated = truncate(pages, tryExclusive);
        return new Result(removed, live, recentlyDead, pages, scanned, pagesWithDead, heap.countAllVisible(), skipped,
                truncated, indexPasses);
    }

    // ---- Phase 1: prune, count, collect

    private void prunePage(int block) {
        int mapBuffer = context.visibilityMap.pin(relation.id(), block);
        try {
            int buffer = pool.pin(BufferPool.key(relation.id()), ForkNumber.MAIN, block, ring);
            context.admit();
            if (!latchForCleanup(buffer)) {
                pool.unpin(buffer);
                skipped++;
                usedBlocks = block + 1;
                return;
            }
            int free;
            try {
                scanned++;
                removed += HeapPruner.prune(context, relation, buffer, oldestLsn);
                boolean clean = inspect(pool.address(buffer), block);
                if (clean) {
                    markVisible(buffer, mapBuffer, block);
                }
                free = freeSpace(pool.address(buffer));
            } finally {
                pool.releaseExclusive(buffer);
            }
            context.freeSpaceMap.record(relation.id(), block, free);
        } finally {
            pool.unpin(mapBuffer);
        }
    }

    private boolean latchForCleanup(int buffer) {
        for (int tries = 0; tries < CLEANUP_TRIES; tries++) {
            if (pool.tryLatchForCleanup(buffer)) {
                return true;
            }
            java.util.concurrent.locks.LockSupport.parkNanos(50_000L << Math.min(tries / 16, 4));
        }
        return false;
    }

    private static int freeSpace(long page) {
        return Page.isNew(page) ? Page.SIZE - Page.HEADER_SIZE - Page.LINE_POINTER_SIZE : Page.freeSpace(page);
    }

    /** @return whether everybody sees every row, and no index entry points to a dead one */
    private boolean inspect(long page, int block) {
        if (Page.isNew(page)) {
            return false;
        }
        boolean clean = true;
        int max = Page.maxOffset(page);
        int kept = 0;
        int deadBefore = deadCount;
        for (int offset = 1; offset <= max; offset++) {
            int state = Page.itemState(page, offset);
            if (state == Page.DEAD) {
                addDead(Integer.toUnsignedLong(block) << 16 | offset);
                clean = false;
            } else if (state == Page.NORMAL) {
                long tuple = Page.itemAddress(page, offset);
                int status = Visibility.vacuumStatus(tuple, oldestLsn, context.commits);
                if (status == Visibility.RECENTLY_DEAD) {
                    recentlyDead++;
                }
                kept++;
                clean &= status == Visibility.LIVE && Visibility.isVisibleToAll(tuple, oldestLsn, context.commits);
            }
        }
        live += kept;
        if (deadCount > deadBefore) {
            pagesWithDead++;
        }
        if (kept > 0) {
            usedBlocks = block + 1;
        }
        // An empty page is not marked: the next vacuum looks at it again and may cut it off.
        return clean && kept > 0;
    }

    private void addDead(long tid) {
        if (deadCount == deadTids.length) {
            deadTids = Arrays.copyOf(deadTids, deadCount * 2);
        }
        deadTids[deadCount++] = tid;
    }

    // ---- Phase 2: indexes; phase 3: line pointers

    private void reclaimAll() {
        if (deadCount == 0) {
            return;
        }
        if (indexes != null) {
            long[] dead = deadTids;
            int count = deadCount;
            // Collected in block order, so sorted; packed TIDs are never negative.
            indexes.bulkDelete(tid -> Arrays.binarySearch(dead, 0, count, tid) >= 0);
            indexPasses++;
        }
        int from = 0;
        while (from < deadCount) {
            int block = (int) (deadTids[from] >>> 16);
            int to = from;
            while (to < deadCount && (int) (deadTids[to] >>> 16) == block) {
                to++;
            }
            interruptPoint.run();
            reclaimPage(block, from, to);
            from = to;
        }
        deadCount = 0;
    }

    private void reclaimPage(int block, int from, int to) {
        short[] offsets = new short[to - from];
        for (int i = from; i < to; i++) {
            offsets[i - from] = (short) deadTids[i];
        }
        int mapBuffer = context.visibilityMap.pin(relation.id(), block);
        try {
            int buffer = pool.pin(BufferPool.key(relation.id()), ForkNumber.MAIN, block, ring);
            context.admit();
            pool.latchExclusive(buffer);
            int free;
            try {
                long page = pool.address(buffer);
                reclaim(page, offsets);
                pool.markDirty(buffer);
                WalRecordBuilder record = context.wal.newRecord()
                        .begin(HeapRecords.HEAP_MAINTENANCE, HeapRecords.VACUUM, Xid.INVALID)
                        .block(relation.id(), ForkNumber.MAIN, block, page, 0).putShort(offsets.length);
                for (short offset : offsets) {
                    record.putShort(offset);
                }
                HeapContext.stamp(page, context.log(relation.logged(), record));
                if (allVisible(page)) {
                    markVisible(buffer, mapBuffer, block);
                }
                free = freeSpace(page);
            } finally {
                pool.releaseExclusive(buffer);
            }
            context.freeSpaceMap.record(relation.id(), block, free);
        } finally {
            pool.unpin(mapBuffer);
        }
    }

    /**
     * The change itself, shared with redo: DEAD line pointers become unused, those at the end go. Items do not move, so
     * no cleanup latch.
     */
    static void reclaim(long page, short[] offsets) {
        for (short offset : offsets) {
            io.quantadb.base.Invariant.check(Page.isDead(page, offset), "vacuum frees offset %d in state %d", offset,
                    Page.itemState(page, offset));
            Page.setUnused(page, offset);
        }
        int max = Page.maxOffset(page);
        int kept = max;
        while (kept > 0 && Page.isUnused(page, kept)) {
            kept--;
        }
        Page.setLower(page, Page.HEADER_SIZE + kept * Page.LINE_POINTER_SIZE);
    }

    private boolean allVisible(long page) {
        int max = Page.maxOffset(page);
        for (int offset = 1; offset <= max; offset++) {
            int state = Page.itemState(page, offset);
            if (state == Page.DEAD || state == Page.NORMAL
                    && !Visibility.isVisibleToAll(Page.itemAddress(page, offset), oldestLsn, context.commits)) {
                return false;
            }
        }
        return true;
    }

    /** Sets the flag on the page and in the map, with one record; the caller holds the heap page's exclusive latch. */
    private void markVisible(int buffer, int mapBuffer, int block) {
        long page = pool.address(buffer);
        if (Page.hasFlag(page, Page.ALL_VISIBLE) && context.visibilityMap.isAllVisible(mapBuffer, block)) {
            return;
        }
        pool.latchExclusive(mapBuffer);
        try {
            Page.setFlag(page, Page.ALL_VISIBLE);
            pool.markDirty(buffer);
            long mapPage = pool.address(mapBuffer);
            VisibilityMap.set(mapPage, block);
            pool.markDirty(mapBuffer);
            if (relation.logged()) {
                WalRecordBuilder record = context.wal.newRecord()
                        .begin(HeapRecords.HEAP_MAINTENANCE, HeapRecords.VISIBLE, Xid.INVALID)
                        .block(relation.id(), ForkNumber.MAIN, block, page, 0)
                        .block(relation.id(), ForkNumber.VISIBILITY_MAP, VisibilityMap.mapBlock(block), mapPage,
                                WalRecordBuilder.NO_IMAGE)
                        .mainData().putLong(oldestLsn);
                long lsn = context.log(true, record);
                HeapContext.stamp(page, lsn);
                HeapContext.stamp(mapPage, lsn);
            }
        } finally {
            pool.unlatchExclusive(mapBuffer);
        }
    }

    // ---- Phase 4: truncation

    private int truncate(int pages, BooleanSupplier tryExclusive) {
        int empty = pages - usedBlocks;
        if (tryExclusive == null || empty == 0 || empty < Math.min(TRUNCATE_BLOCKS_MIN, Math.max(1, pages / 16))
                || !tryExclusive.getAsBoolean()) {
            return 0;
        }
        // Nobody else is in the table now; what was added since, or could not be reclaimed, is found by looking again.
        int end = heap.blockCount();
        int keep = end;
        while (keep > usedBlocks && isEmpty(keep - 1)) {
            keep--;
        }
        if (keep == end) {
            return 0;
        }
        heap.target().forget();
        context.storage.truncate(relation.id(), keep, Xid.INVALID);
        return end - keep;
    }

    private boolean isEmpty(int block) {
        int buffer = pool.pin(BufferPool.key(relation.id()), ForkNumber.MAIN, block, ring);
        pool.latchShared(buffer);
        long page = pool.address(buffer);
        boolean empty = Page.isNew(page) || Page.maxOffset(page) == 0;
        pool.releaseShared(buffer);
        return empty;
    }
}
