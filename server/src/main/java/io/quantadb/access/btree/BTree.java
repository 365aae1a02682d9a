package io.quantadb.access.btree;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Invariant;
import io.quantadb.base.Memory;
import io.quantadb.base.RelationId;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.page.Page;
import io.quantadb.txn.snapshot.ReadTracking;
import io.quantadb.wal.record.WalRecordBuilder;
import io.quantadb.wal.writer.WalInserter;
import java.util.function.LongPredicate;

/**
 * One B-tree index: a sorted set of (key, TID, payload) with Lehman-Yao right links.
 *
 * <p>Knows nothing of types: keys are byte strings compared as unsigned bytes. Safe for use by many threads; never
 * waits for a transaction, only for latches and
 * page reads. Readers take no latch on the way down: they read a pinned page and validate its version afterwards.
 *
 * <p>Invariants: on each level the pages' ranges are disjoint and ascend along the right links; an item equal to or
 * above a page's high key is never on it; the root stays at
 * block {@value BTreePage#ROOT_BLOCK}.
 *
 * <p>Source: Lehman and Yao, "Efficient Locking for Concurrent Operations on B-Trees", 1981; Leis et al., "The ART of
 * Practical Synchronization", 2016 (optimistic
 * latches).
 */
public final class BTree {
    /** Longest key plus payload, so that three items fit a page. */
    public static final int MAX_ENTRY_BYTES = 2688;

    /** Optimistic attempts on one page before a reader takes the shared latch. */
    private static final int OPTIMISTIC_ATTEMPTS = 8;
    private static final int MAX_LEVELS = 32;

    private final RelationId relation;
    private final BufferPool pool;
    private final WalInserter wal;
    private final BTreeSplitter splitter;

    public BTree(RelationId relation, BufferPool pool, WalInserter wal) {
        this.relation = relation;
        this.pool = pool;
        this.wal = wal;
        this.splitter = new BTreeSplitter(this);
    }

    /** Writes the metapage and an empty root into a relation whose main fork was just created and is empty. */
    public static void create(RelationId relation, BufferPool pool, WalInserter wal, WalRecordBuilder record,
            long xid) {
        wal.admit();
        int meta = pool.extend(relation, ForkNumber.MAIN);
        int root;
        try {
            root = pool.extend(relation, ForkNumber.MAIN);
        } catch (RuntimeException e) {
            pool.releaseExclusive(meta);
            throw e;
        }
        Invariant.check(pool.blockNumber(root) == BTreePage.ROOT_BLOCK, "root of a new index at block %d, not %d",
            pool.blockNumber(root), BTreePage.ROOT_BLOCK);
        BTreePage.init(pool.address(meta), 0, BTreePage.NO_BLOCK, BTreePage.NO_BLOCK, 0);
        BTreePage.init(pool.address(root), 0, BTreePage.NO_BLOCK, BTreePage.NO_BLOCK, 0);
        pool.markDirty(meta);
        pool.markDirty(root);
        record.begin(BTreeRedo.RESOURCE_MANAGER, BTreeRedo.CREATE, xid)
            .block(relation, ForkNumber.MAIN, BTreePage.META_BLOCK, pool.address(meta), WalRecordBuilder.WILL_INIT)
            .block(relation, ForkNumber.MAIN, BTreePage.ROOT_BLOCK, pool.address(root), WalRecordBuilder.WILL_INIT);
        long lsn = wal.insert(record);
        Page.setLsn(pool.address(meta), lsn);
        Page.setLsn(pool.address(root), lsn);
        pool.unlatchExclusive(meta);
        pool.unpin(meta);
        pool.unlatchExclusive(root);
        pool.unpin(root);
    }

    public RelationId relation() {
        return relation;
    }

    BufferPool pool() {
        return pool;
    }

    WalInserter wal() {
        return wal;
    }

    int pin(int block) {
        return pool.pin(relation, ForkNumber.MAIN, block);
    }

    /** {@link #lookup} for a snapshot whose reads may have to be recorded. */
    public int lookup(byte[] key, int keyLength, long[] tids, ReadTracking tracking) {
        if (tracking != null) {
            // Before the leaf is read: an insertion that does not find the range is found by the read.
            KeyRange range = KeyRange.prefix(key, keyLength);
            tracking.readsKeys(BufferPool.key(relation), null, range.lower(), range.upper(), BTreePage.ROOT_BLOCK);
        }
        return lookup(key, keyLength, tids);
    }

    /**
     * Collects the TIDs of the entries whose key is exactly {@code key[0, keyLength)}, in TID order.
     *
     * @return how many were put into {@code tids}; -1 if there are more than fit, or they go on over a page's end: use
     *     a cursor
     */
    public int lookup(byte[] key, int keyLength, long[] tids) {
        int buffer = descend(key, keyLength, 0, 0, null);
        try {
            while (true) {
                for (int attempt = 0; attempt < OPTIMISTIC_ATTEMPTS; attempt++) {
                    long stamp = pool.optimisticRead(buffer);
                    if (stamp == 0) {
                        break;
                    }
                    int count = collectEqual(pool.address(buffer), key, keyLength, tids);
                    if (pool.validate(buffer, stamp)) {
                        if (count != MOVE_RIGHT) {
                            return count;
                        }
                        buffer = stepRight(buffer);
                        attempt = 0;
                    }
                }
                pool.latchShared(buffer);
                int count = collectEqual(pool.address(buffer), key, keyLength, tids);
                pool.unlatchShared(buffer);
                if (count != MOVE_RIGHT) {
                    return count;
                }
                buffer = stepRight(buffer);
            }
        } finally {
            pool.unpin(buffer);
        }
    }

    private static final int MOVE_RIGHT = -2;

    private static int collectEqual(long page, byte[] key, int keyLength, long[] tids) {
        if (BTreePage.isBeyondHighKey(page, key, keyLength, 0)) {
            return MOVE_RIGHT;
        }
        int max = BTreePage.maxOffset(page);
        int count = 0;
        int offset = BTreePage.lowerBound(page, key, keyLength, 0);
        for (; offset <= max; offset++) {
            long item = BTreePage.item(page, offset);
            if (Memory.compare(BTreePage.itemKey(item), BTreePage.itemKeyLength(item), key, keyLength) != 0) {
                return count;
            }
            if (Page.isDead(page, offset) || isMarkedDead(page, offset)) {
                continue;
            }
            if (count == tids.length) {
                return -1;
            }
            tids[count++] = BTreePage.itemTid(item);
        }
        // The equal keys reach the page's end: whether they go on is written in the high key.
        if (BTreePage.isRightmost(page)) {
            return count;
        }
        long high = BTreePage.item(page, 1);
        return Memory.compare(BTreePage.itemKey(high), BTreePage.itemKeyLength(high), key, keyLength) > 0 ? count : -1;
    }

    /** A dead mark keeps the item's bytes, so that the order on the page stays readable. */
    static boolean isMarkedDead(long page, int offset) {
        return Page.itemState(page, offset) == Page.DEAD;
    }

    /**
     * Finds the page on {@code level} that covers (key, tid) as it was a moment ago: the caller latches it, checks the
     * level, and moves right.
     *
     * @param path if not null, receives at [l] the block visited on level l, for every level above {@code level}
     * @return the page's buffer, pinned, not latched
     */
    int descend(byte[] key, int keyLength, long tid, int level, int[] path) {
        int buffer = pin(BTreePage.ROOT_BLOCK);
        int attempts = 0;
        while (true) {
            boolean latched = false;
            long stamp = attempts < OPTIMISTIC_ATTEMPTS ? pool.optimisticRead(buffer) : 0;
            if (stamp == 0) {
                pool.latchShared(buffer);
                latched = true;
            }
            long page = pool.address(buffer);
            int pageLevel = BTreePage.level(page);
            int next = BTreePage.NO_BLOCK;
            boolean right = BTreePage.isBeyondHighKey(page, key, keyLength, tid);
            if (right) {
                next = BTreePage.right(page);
            } else if (pageLevel > level) {
                next = BTreePage.itemChild(
                    BTreePage.item(page, BTreePage.childOffset(page, key, keyLength, tid)));
            }
            if (latched) {
                pool.unlatchShared(buffer);
            } else if (!pool.validate(buffer, stamp)) {
                attempts++;
                continue;
            }
            attempts = 0;
            if (!right && pageLevel <= level) {
                return buffer;
            }
            if (!right && path != null) {
                Invariant.check(pageLevel < MAX_LEVELS, "B-tree page on level %d, highest is %d", pageLevel,
                        MAX_LEVELS - 1);
                path[pageLevel] = pool.blockNumber(buffer);
            }
            pool.unpin(buffer);
            buffer = pin(next);
        }
    }

    private int stepRight(int buffer) {
        pool.latchShared(buffer);
        int right = BTreePage.right(pool.address(buffer));
        pool.unlatchShared(buffer);
        Invariant.check(right != BTreePage.NO_BLOCK, "index %s: a rightmost page has a high key (right link %s)",
                relation, right);
        pool.unpin(buffer);
        return pin(right);
    }

    /**
     * Latches exclusively the page of {@code level} that covers (key, tid), finishing interrupted splits it meets.
     *
     * @param path filled as by {@link #descend}
     * @return pinned and exclusively latched
     */
    int descendExclusive(WalRecordBuilder record, long xid, byte[] key, int keyLength, long tid, int level,
            int[] path) {
        while (true) {
            int buffer = descend(key, keyLength, tid, level, path);
            pool.latchExclusive(buffer);
            if (BTreePage.level(pool.address(buffer)) != level) {
                // The root was pushed down meanwhile and is now an inner page.
                release(buffer);
                continue;
            }
            buffer = moveRight(record, xid, buffer, key, keyLength, tid, path);
            if (buffer >= 0) {
                return buffer;
            }
        }
    }

    /** Follows right links with exclusive latches; -1 after it had to let go to finish somebody's split. */
    int moveRight(WalRecordBuilder record, long xid, int buffer, byte[] key, int keyLength, long tid, int[] path) {
        int at = buffer;
        while (true) {
            long page = pool.address(at);
            if (BTreePage.hasFlag(page, BTreePage.INCOMPLETE_SPLIT)) {
                splitter.finishSplit(record, xid, at, path);
                return -1;
            }
            if (!BTreePage.isBeyondHighKey(page, key, keyLength, tid)) {
                return at;
            }
            int next = pin(BTreePage.right(page));
            pool.latchExclusive(next);
            release(at);
            at = next;
        }
    }

    void release(int buffer) {
        pool.unlatchExclusive(buffer);
        pool.unpin(buffer);
    }

    static int[] newPath() {
        return new int[MAX_LEVELS];
    }

    /**
     * Inserts an entry without looking for equal keys.
     *
     * @param entry key and payload; checked against {@link #MAX_ENTRY_BYTES} by the caller, who knows the index's name
     */
    public void insert(WalRecordBuilder record, long xid, IndexEntry entry) {
        wal.admit();
        int[] path = newPath();
        int leaf = descendExclusive(record, xid, entry.key(), entry.keyLength(), entry.tid(), 0, path);
        splitter.insertItem(record, xid, leaf, entry.item(), entry.itemLength(), entry.keyLength(), path,
                BTreePage.NO_BLOCK);
    }

    /**
     * Inserts an entry unless a row with the same key stands in the way.
     *
     * <p>Two inserters of one key meet on the first leaf that can hold it, whose exclusive latch is kept while all
     * equal keys are probed.
     *
     * @param outcome tells what happened
     */
    public void insertUnique(WalRecordBuilder record, long xid, IndexEntry entry, UniqueProbe probe,
            InsertOutcome outcome) {
        wal.admit();
        int[] path = newPath();
        while (true) {
            int leaf = descendExclusive(record, xid, entry.key(), entry.keyLength(), 0, 0, path);
            boolean clear;
            try {
                clear = probeEqual(leaf, entry, probe, outcome);
            } catch (Throwable e) {
                release(leaf);
                throw e;
            }
            if (!clear) {
                release(leaf);
                return;
            }
            leaf = moveRight(record, xid, leaf, entry.key(), entry.keyLength(), entry.tid(), path);
            if (leaf >= 0) {
                splitter.insertItem(record, xid, leaf, entry.item(), entry.itemLength(), entry.keyLength(), path,
                    BTreePage.NO_BLOCK);
                outcome.inserted();
                return;
            }
        }
    }

    /**
     * Probes rows with an equal key without inserting: for ON CONFLICT's first look and for constraints checked later.
     *
     * @param outcome INSERTED means: nothing stands in the way
     */
    public void checkUnique(byte[] key, int keyLength, UniqueProbe probe, InsertOutcome outcome) {
        BTreeCursor cursor = cursor();
        cursor.seek(KeyRange.prefix(key, keyLength), true, false);
        outcome.inserted();
        while (cursor.nextBatch()) {
            for (int i = 0; i < cursor.count(); i++) {
                if (apply(probe.probe(cursor.tid(i)), cursor.tid(i), outcome)) {
                    return;
                }
            }
        }
    }

    private boolean probeEqual(int leaf, IndexEntry entry, UniqueProbe probe, InsertOutcome outcome) {
        int buffer = leaf;
        try {
            while (true) {
                long page = pool.address(buffer);
                int max = BTreePage.maxOffset(page);
                int offset = BTreePage.lowerBound(page, entry.key(), entry.keyLength(), 0);
                for (; offset <= max; offset++) {
                    long item = BTreePage.item(page, offset);
                    if (Memory.compare(BTreePage.itemKey(item), BTreePage.itemKeyLength(item),
                        entry.key(), entry.keyLength()) != 0) {
                        return true;
                    }
                    if (isMarkedDead(page, offset)) {
                        continue;
                    }
                    long tid = BTreePage.itemTid(item);
                    long verdict = probe.probe(tid);
                    if (verdict == UniqueProbe.DEAD) {
                        markDead(page, offset);
                    } else if (apply(verdict, tid, outcome)) {
                        return false;
                    }
                }
                if (BTreePage.isRightmost(page)
                    || Memory.compare(BTreePage.itemKey(BTreePage.item(page, 1)),
                        BTreePage.itemKeyLength(BTreePage.item(page, 1)), entry.key(), entry.keyLength()) > 0) {
                    return true;
                }
                int next = pin(BTreePage.right(page));
                pool.latchExclusive(next);
                if (buffer != leaf) {
                    release(buffer);
                }
                buffer = next;
            }
        } finally {
            if (buffer != leaf) {
                release(buffer);
            }
        }
    }

    private static boolean apply(long verdict, long tid, InsertOutcome outcome) {
        if (verdict == UniqueProbe.LIVE) {
            outcome.conflict(tid);
            return true;
        }
        if (verdict > 0) {
            outcome.waitFor(verdict, tid);
            return true;
        }
        return false;
    }

    /** A hint: not logged, does not dirty the page. */
    static void markDead(long page, int offset) {
        int pointer = Page.linePointer(page, offset);
        Page.setLinePointer(page, offset,
            Page.makePointer(Page.pointerOffset(pointer), Page.DEAD, Page.pointerLength(pointer)));
        BTreePage.setFlag(page, BTreePage.HAS_DEAD_ITEMS);
    }

    /**
     * Marks entries whose row version chain is dead for everybody, as found by a scan. The mark is a hint; a page
     * changed since the scan read it is left alone.
     *
     * @param block leaf the scan read them from
     * @param pageLsn its LSN then
     */
    public void markDead(int block, long pageLsn, long[] tids, int count) {
        int buffer = pin(block);
        pool.latchExclusive(buffer);
        long page = pool.address(buffer);
        if (Page.lsn(page) == pageLsn) {
            int max = BTreePage.maxOffset(page);
            for (int offset = BTreePage.firstData(page); offset <= max; offset++) {
                long tid = BTreePage.itemTid(BTreePage.item(page, offset));
                for (int i = 0; i < count; i++) {
                    if (tids[i] == tid) {
                        markDead(page, offset);
                    }
                }
            }
        }
        release(buffer);
    }

    /** A new cursor; confined to one thread at a time. */
    public BTreeCursor cursor() {
        return new BTreeCursor(this);
    }

    /**
     * Removes the entries whose TID the predicate names: the index's part of a vacuum.
     *
     * <p>Each leaf is taken with the cleanup latch, so that no index-only scan still holds a TID that is about to be
     * reused.
     *
     * @return how many were removed
     */
    public long bulkDelete(WalRecordBuilder record, LongPredicate dead) {
        return bulkDelete(record, dead, () -> { });
    }

    /** @param betweenPages called without latches: sleeps for throttling, or throws to cancel */
    public long bulkDelete(WalRecordBuilder record, LongPredicate dead, Runnable betweenPages) {
        return new BTreeVacuum(this).run(record, dead, betweenPages);
    }

    /** Pages of the index, the metapage included. */
    public int pageCount() {
        return pool.blockCount(relation, ForkNumber.MAIN);
    }

    /** Number of levels; 1 for a root that is a leaf. */
    public int height() {
        int buffer = pin(BTreePage.ROOT_BLOCK);
        pool.latchShared(buffer);
        int level = BTreePage.level(pool.address(buffer));
        pool.unlatchShared(buffer);
        pool.unpin(buffer);
        return level + 1;
    }
}
