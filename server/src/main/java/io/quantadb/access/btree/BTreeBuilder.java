package io.quantadb.access.btree;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Invariant;
import io.quantadb.base.Memory;
import io.quantadb.base.RelationId;
import io.quantadb.storage.buffer.BufferAccess;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.buffer.BufferRing;
import io.quantadb.storage.page.Page;
import io.quantadb.wal.record.WalRecordBuilder;
import io.quantadb.wal.writer.WalInserter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Loads a new index from entries in (key, TID) order, filling one page a level from left to right. Confined to one
 * thread; nobody else knows the index yet.
 *
 * <p>Every finished page goes to the WAL as one full image, so a crash leaves either the complete index of a committed
 * transaction or files nobody refers to.
 */
public final class BTreeBuilder implements AutoCloseable {
    /**
     * Leaves are left with room for later inserts; inner pages are filled less, because each split below adds an item
     * there.
     */
    public static final int LEAF_FILL_PERCENT = 90;
    private static final int INNER_FILL_PERCENT = 70;
    private static final int CAPACITY = Page.SIZE - Page.HEADER_SIZE - BTreePage.SPECIAL_SIZE;

    private final RelationId relation;
    private final BufferPool pool;
    private final WalInserter wal;
    private final WalRecordBuilder record;
    private final long xid;
    private final BufferRing ring;
    private final int leafFillPercent;
    /** Index = level. */
    private final List<Level> levels = new ArrayList<>();

    /** The rightmost page of one level, which is still being filled; pinned and exclusively latched. */
    private static final class Level {
        int buffer;
        byte[] lastKey = new byte[64];
        int lastKeyLength;
        long lastTid;
        int pages = 1;
    }

    /** Creates the metapage and root, which takes its contents in {@link #finish}. */
    public BTreeBuilder(RelationId relation, BufferPool pool, WalInserter wal, WalRecordBuilder record, long xid,
        int leafFillPercent) {
        this.relation = relation;
        this.pool = pool;
        this.wal = wal;
        this.record = record;
        this.xid = xid;
        this.leafFillPercent = leafFillPercent;
        this.ring = pool.newRing(BufferAccess.BULK_WRITE);
        BTree.create(relation, pool, wal, record, xid);
    }

    /** Adds the next entry; at or above the one before. */
    public void add(IndexEntry entry) {
        add(0, entry.item(), entry.itemLength(), entry.key(), entry.keyLength(), entry.tid());
    }

    private void add(int levelNumber, byte[] item, int itemLength, byte[] key, int keyLength, long tid) {
        if (levelNumber == levels.size()) {
            Level opened = new Level();
            opened.buffer = newPage(levelNumber, BTreePage.NO_BLOCK);
            levels.add(opened);
        }
        Level level = levels.get(levelNumber);
        long page = pool.address(level.buffer);
        int fill = levelNumber == 0 ? leafFillPercent : INNER_FILL_PERCENT;
        int reserved = CAPACITY * (100 - fill) / 100;
        int free = Page.upper(page) - Page.lower(page);
        int needed = BTreePage.footprint(itemLength);
        if (free < needed || free - needed < reserved && Page.maxOffset(page) >= 2) {
            startNextPage(levelNumber, level, key, keyLength, tid);
            page = pool.address(level.buffer);
        }
        Invariant.check(Page.insertItemAt(page, Page.maxOffset(page) + 1, item, 0, itemLength),
            "index page overflows at item of %d bytes, %d items", itemLength, Page.maxOffset(page));
        if (level.lastKey.length < keyLength) {
            level.lastKey = new byte[Math.max(keyLength, 2 * level.lastKey.length)];
        }
        System.arraycopy(key, 0, level.lastKey, 0, keyLength);
        level.lastKeyLength = keyLength;
        level.lastTid = tid;
    }

    /** Closes the level's page under a high key that separates it from (key, tid), and opens its right neighbour. */
    private void startNextPage(int levelNumber, Level level, byte[] key, int keyLength, long tid) {
        long page = pool.address(level.buffer);
        byte[] moved = null;
        byte[] high = separator(levelNumber, level.lastKey, level.lastKeyLength, key, keyLength, tid);
        if (Page.upper(page) - Page.lower(page) < BTreePage.footprint(high.length)) {
            // No room for the high key: the last item goes to the next page, and leaves room for the separator before
            // it.
            int last = Page.maxOffset(page);
            moved = copyItem(page, last);
            byte[] before = copyItem(page, last - 1);
            Page.deleteItem(page, last);
            high = separator(levelNumber, keyOf(before), keyOf(before).length, keyOf(moved), keyOf(moved).length,
                    tidOf(moved));
        }
        int next = newPage(levelNumber, pool.blockNumber(level.buffer));
        int nextBlock = pool.blockNumber(next);
        Invariant.check(Page.insertItemAt(page, 1, high, 0, high.length), "no room for a high key of %d bytes, free %d",
            high.length, Page.freeSpace(page));
        Memory.putInt(page + Page.SIZE - BTreePage.SPECIAL_SIZE + 4, nextBlock);
        int finishedBlock = pool.blockNumber(level.buffer);
        log(level.buffer);
        level.buffer = next;
        level.pages++;
        if (moved != null) {
            Page.insertItemAt(pool.address(next), 1, moved, 0, moved.length);
        }
        if (level.pages == 2) {
            addDownlink(levelNumber + 1, new byte[0], 0, 0, finishedBlock);
        }
        addDownlink(levelNumber + 1, keyOf(high), high.length - BTreePage.ITEM_HEADER, tidOf(high), nextBlock);
    }

    private void addDownlink(int levelNumber, byte[] key, int keyLength, long tid, int child) {
        byte[] item = new byte[BTreePage.ITEM_HEADER + keyLength + BTreePage.CHILD_SIZE];
        int length = BTreePage.writeItem(item, tid, key, keyLength);
        Memory.putInt(item, length, child);
        add(levelNumber, item, item.length, key, keyLength, tid);
    }

    private static byte[] separator(int level, byte[] left, int leftLength, byte[] right, int rightLength,
            long rightTid) {
        int length = rightLength;
        long tid = rightTid;
        if (level == 0) {
            int mismatch = Arrays.mismatch(left, 0, leftLength, right, 0, rightLength);
            if (mismatch >= 0) {
                length = Math.min(mismatch + 1, rightLength);
                tid = 0;
            }
        }
        byte[] high = new byte[BTreePage.ITEM_HEADER + length];
        BTreePage.writeItem(high, tid, right, length);
        return high;
    }

    private static byte[] copyItem(long page, int offset) {
        byte[] item = new byte[Page.itemLength(page, offset)];
        Memory.copyToArray(Page.itemAddress(page, offset), item, 0, item.length);
        return item;
    }

    private static byte[] keyOf(byte[] item) {
        int length = item[6] & 0xFF | (item[7] & 0xFF) << 8;
        return Arrays.copyOfRange(item, BTreePage.ITEM_HEADER, BTreePage.ITEM_HEADER + length);
    }

    private static long tidOf(byte[] item) {
        return Memory.getLong(item, 0) & 0xFFFF_FFFF_FFFFL;
    }

    private int newPage(int level, int left) {
        wal.admit();
        int buffer = pool.extend(relation, ForkNumber.MAIN, ring);
        BTreePage.init(pool.address(buffer), level, left, BTreePage.NO_BLOCK, 0);
        return buffer;
    }

    private void log(int buffer) {
        long page = pool.address(buffer);
        pool.markDirty(buffer);
        record.begin(BTreeRedo.RESOURCE_MANAGER, BTreeRedo.BUILD_PAGE, xid)
            .block(relation, ForkNumber.MAIN, pool.blockNumber(buffer), page, WalRecordBuilder.FORCE_IMAGE);
        Page.setLsn(page, wal.insert(record));
        pool.releaseExclusive(buffer);
    }

    /** Writes what is open and gives the topmost level's only page to the root. */
    public void finish() {
        while (!levels.isEmpty()) {
            Level level = levels.getFirst();
            if (level.pages > 1) {
                levels.removeFirst();
                log(level.buffer);
                continue;
            }
            int root = pool.pin(relation, ForkNumber.MAIN, BTreePage.ROOT_BLOCK);
            levels.removeFirst();
            pool.latchExclusive(root);
            long page = pool.address(level.buffer);
            Memory.copy(page, pool.address(root), Page.SIZE);
            // The page it was built on stays behind, empty and unlinked: one page an index.
            Memory.fill(page, Page.SIZE, 0);
            pool.releaseExclusive(level.buffer);
            log(root);
        }
    }

    /** Lets go of the open pages of a build that failed. */
    @Override
    public void close() {
        for (Level level : levels) {
            pool.releaseExclusive(level.buffer);
        }
        levels.clear();
    }
}
