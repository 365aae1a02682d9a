package io.quantadb.access.btree;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Invariant;
import io.quantadb.base.Memory;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.page.Page;
import io.quantadb.wal.record.WalRecordBuilder;
import java.util.Arrays;

/**
 * Puts an item on a latched page, making room by removing dead items or by splitting, and carries splits up the tree.
 *
 * <p>A split is two WAL records: the split itself, which leaves the left page flagged {@link
 * BTreePage#INCOMPLETE_SPLIT}, and the downlink's insertion into the
 * parent, which clears the flag. After a crash between the two, the next insert that meets the flag does the second
 * step; readers need none, because the right
 * link leads on. The root never moves: a full root's contents are first pushed down into a new only child, which is
 * then split like any other page.
 *
 * <p>Latch order: upper level before lower, left before right on one level; a split's left page is let go before its
 * parent is latched. All methods that take a latched buffer release it.
 */
final class BTreeSplitter {
    /** A rightmost page is left this full when it is split by an append: ascending keys are the common case. */
    private static final int APPEND_FILL_PERCENT = 90;

    private final BTree tree;

    BTreeSplitter(BTree tree) {
        this.tree = tree;
    }

    /**
     * Inserts the item at its place on the exclusively latched page that covers it, and releases the page.
     *
     * @param child for a downlink on an inner page: the left child whose incomplete split this insertion finishes;
     *     else {@link BTreePage#NO_BLOCK}
     */
    void insertItem(WalRecordBuilder record, long xid, int buffer, byte[] item, int itemLength, int keyLength,
            int[] path,
        int child) {
        BufferPool pool = tree.pool();
        long page = pool.address(buffer);
        int needed = BTreePage.footprint(itemLength);
        if (Page.upper(page) - Page.lower(page) < needed && BTreePage.hasFlag(page, BTreePage.HAS_DEAD_ITEMS)) {
            removeDeadItems(record, xid, buffer);
        }
        if (Page.upper(page) - Page.lower(page) < needed) {
            if (pool.blockNumber(buffer) == BTreePage.ROOT_BLOCK) {
                int below;
                try {
                    below = pushRootDown(record, xid, buffer, path);
                } finally {
                    tree.release(buffer);
                }
                splitAndInsert(record, xid, below, item, itemLength, keyLength, path, child);
            } else {
                splitAndInsert(record, xid, buffer, item, itemLength, keyLength, path, child);
            }
            return;
        }
        int offset = place(page, item, keyLength);
        int childBuffer = -1;
        if (child != BTreePage.NO_BLOCK) {
            try {
                childBuffer = tree.pin(child);
            } catch (RuntimeException e) {
                tree.release(buffer);
                throw e;
            }
            pool.latchExclusive(childBuffer);
            BTreePage.clearFlag(pool.address(childBuffer), BTreePage.INCOMPLETE_SPLIT);
            pool.markDirty(childBuffer);
        }
        put(page, offset, item, itemLength);
        pool.markDirty(buffer);
        record.begin(BTreeRedo.RESOURCE_MANAGER, childBuffer < 0 ? BTreeRedo.INSERT : BTreeRedo.INSERT_DOWNLINK, xid)
            .block(tree.relation(), ForkNumber.MAIN, pool.blockNumber(buffer), page, 0)
            .putShort(offset).putBytes(item, 0, itemLength);
        if (childBuffer >= 0) {
            record.block(tree.relation(), ForkNumber.MAIN, child, pool.address(childBuffer), 0);
        }
        long lsn = tree.wal().insert(record);
        Page.setLsn(page, lsn);
        if (childBuffer >= 0) {
            Page.setLsn(pool.address(childBuffer), lsn);
            tree.release(childBuffer);
        }
        tree.release(buffer);
    }

    private static int place(long page, byte[] item, int keyLength) {
        byte[] key = Arrays.copyOfRange(item, BTreePage.ITEM_HEADER, BTreePage.ITEM_HEADER + keyLength);
        return BTreePage.lowerBound(page, key, keyLength, Memory.getLong(item, 0) & 0xFFFF_FFFF_FFFFL);
    }

    /** Deletes the items marked dead from an exclusively latched leaf. */
    void removeDeadItems(WalRecordBuilder record, long xid, int buffer) {
        long page = tree.pool().address(buffer);
        int[] offsets = new int[BTreePage.maxOffset(page)];
        int count = 0;
        for (int offset = BTreePage.firstData(page); offset <= offsets.length; offset++) {
            if (BTree.isMarkedDead(page, offset)) {
                offsets[count++] = offset;
            }
        }
        BTreePage.clearFlag(page, BTreePage.HAS_DEAD_ITEMS);
        deleteItems(record, xid, buffer, offsets, count);
    }

    /**
     * Deletes items by ascending offset from an exclusively latched leaf; every item marked dead must be among them.
     */
    void deleteItems(WalRecordBuilder record, long xid, int buffer, int[] offsets, int count) {
        if (count == 0) {
            return;
        }
        long page = tree.pool().address(buffer);
        Page.deleteItems(page, offsets, count);
        BTreePage.clearFlag(page, BTreePage.HAS_DEAD_ITEMS);
        tree.pool().markDirty(buffer);
        record.begin(BTreeRedo.RESOURCE_MANAGER, BTreeRedo.DELETE, xid)
            .block(tree.relation(), ForkNumber.MAIN, tree.pool().blockNumber(buffer), page, 0);
        for (int i = 0; i < count; i++) {
            record.putShort(offsets[i]);
        }
        Page.setLsn(page, tree.wal().insert(record));
    }

    /**
     * Moves the latched root's contents into a new page one level below it.
     *
     * @return the new page, pinned and exclusively latched; the root stays latched
     */
    private int pushRootDown(WalRecordBuilder record, long xid, int root, int[] path) {
        BufferPool pool = tree.pool();
        long rootPage = pool.address(root);
        int level = BTreePage.level(rootPage);
        int buffer = pool.extend(tree.relation(), ForkNumber.MAIN);
        int block = pool.blockNumber(buffer);
        long page = pool.address(buffer);
        Memory.copy(rootPage, page, Page.SIZE);
        becomeRoot(rootPage, level + 1, block);
        pool.markDirty(buffer);
        pool.markDirty(root);
        record.begin(BTreeRedo.RESOURCE_MANAGER, BTreeRedo.PUSH_ROOT_DOWN, xid)
            .block(tree.relation(), ForkNumber.MAIN, BTreePage.ROOT_BLOCK, rootPage, WalRecordBuilder.WILL_INIT)
            .block(tree.relation(), ForkNumber.MAIN, block, page, WalRecordBuilder.WILL_INIT);
        BTreeRedo.putItems(record, page, 1, BTreePage.maxOffset(page));
        record.mainData().putShort(level).putInt(block);
        long lsn = tree.wal().insert(record);
        Page.setLsn(rootPage, lsn);
        Page.setLsn(page, lsn);
        path[level + 1] = BTreePage.ROOT_BLOCK;
        return buffer;
    }

    /** Makes the page an inner root with one child. Shared with redo. */
    static void becomeRoot(long page, int level, int child) {
        BTreePage.init(page, level, BTreePage.NO_BLOCK, BTreePage.NO_BLOCK, 0);
        byte[] item = new byte[BTreePage.ITEM_HEADER + BTreePage.CHILD_SIZE];
        Memory.putInt(item, BTreePage.ITEM_HEADER, child);
        put(page, 1, item, item.length);
    }

    private void splitAndInsert(WalRecordBuilder record, long xid, int left, byte[] item, int itemLength, int keyLength,
        int[] path, int child) {
        BufferPool pool = tree.pool();
        long leftPage = pool.address(left);
        int level = BTreePage.level(leftPage);
        int leftBlock = pool.blockNumber(left);
        int newOffset = place(leftPage, item, keyLength);
        int firstRight = chooseSplit(leftPage, newOffset, itemLength);

        int oldRightBlock = BTreePage.right(leftPage);
        // Everything that can fail for lack of space or a bad disk comes before the first change.
        int right = -1;
        int neighbour = -1;
        int childBuffer = -1;
        try {
            right = pool.extend(tree.relation(), ForkNumber.MAIN);
            neighbour = oldRightBlock == BTreePage.NO_BLOCK ? -1 : tree.pin(oldRightBlock);
            childBuffer = child == BTreePage.NO_BLOCK ? -1 : tree.pin(child);
        } catch (RuntimeException e) {
            tree.release(left);
            if (right >= 0) {
                tree.release(right);
            }
            if (neighbour >= 0) {
                pool.unpin(neighbour);
            }
            throw e;
        }
        int rightBlock = pool.blockNumber(right);
        long rightPage = pool.address(right);
        if (neighbour >= 0) {
            pool.latchExclusive(neighbour);
        }
        if (childBuffer >= 0) {
            pool.latchExclusive(childBuffer);
            BTreePage.clearFlag(pool.address(childBuffer), BTreePage.INCOMPLETE_SPLIT);
            pool.markDirty(childBuffer);
        }

        BTreePage.init(rightPage, level, leftBlock, oldRightBlock, 0);
        fillRight(leftPage, rightPage, newOffset, item, itemLength, firstRight);
        byte[] highKey = separator(leftPage, newOffset, item, itemLength, keyLength, firstRight, level);
        boolean newOnLeft = newOffset < firstRight;
        // The position among the items that stay is known before the left page is rebuilt in place.
        truncateLeft(leftPage, newOffset, newOnLeft ? item : null, itemLength, firstRight, highKey, rightBlock);
        if (neighbour >= 0) {
            BTreePage.setLeft(pool.address(neighbour), rightBlock);
            pool.markDirty(neighbour);
        }
        pool.markDirty(left);
        pool.markDirty(right);

        record.begin(BTreeRedo.RESOURCE_MANAGER, BTreeRedo.SPLIT, xid)
            .block(tree.relation(), ForkNumber.MAIN, leftBlock, leftPage, 0)
            .putShort(newOffset).putShort(firstRight)
            .putShort(newOnLeft ? itemLength : 0).putBytes(item, 0, newOnLeft ? itemLength : 0)
            .putShort(highKey.length).putBytes(highKey, 0, highKey.length)
            .block(tree.relation(), ForkNumber.MAIN, rightBlock, rightPage, WalRecordBuilder.WILL_INIT);
        BTreeRedo.putItems(record, rightPage, 1, BTreePage.maxOffset(rightPage));
        if (neighbour >= 0) {
            record.block(tree.relation(), ForkNumber.MAIN, oldRightBlock, pool.address(neighbour), 0);
        }
        if (childBuffer >= 0) {
            record.block(tree.relation(), ForkNumber.MAIN, child, pool.address(childBuffer), 0);
        }
        record.mainData().putShort(level).putInt(leftBlock).putInt(rightBlock).putInt(oldRightBlock).putInt(child);
        long lsn = tree.wal().insert(record);
        Page.setLsn(leftPage, lsn);
        Page.setLsn(rightPage, lsn);
        if (neighbour >= 0) {
            Page.setLsn(pool.address(neighbour), lsn);
            tree.release(neighbour);
        }
        if (childBuffer >= 0) {
            Page.setLsn(pool.address(childBuffer), lsn);
            tree.release(childBuffer);
        }
        tree.release(right);
        insertDownlink(record, xid, left, leftBlock, rightBlock, highKey, level, path);
    }

    /** Finishes the interrupted split of the latched page and releases it. */
    void finishSplit(WalRecordBuilder record, long xid, int left, int[] path) {
        long page = tree.pool().address(left);
        long high = BTreePage.item(page, 1);
        byte[] highKey = new byte[BTreePage.ITEM_HEADER + BTreePage.itemKeyLength(high)];
        Memory.copyToArray(high, highKey, 0, highKey.length);
        insertDownlink(record, xid, left, tree.pool().blockNumber(left), BTreePage.right(page), highKey,
                BTreePage.level(page), path);
    }

    /**
     * Adds the right page of a finished split to the parent level. Releases {@code left}, which stays flagged until
     * the downlink is in.
     *
     * <p>The left page's latch is let go first: the parent's place is found anew by key, and whoever meets the flag
     * meanwhile finishes the same split; the
     * parent then already has the separator and nothing is left to do.
     */
    private void insertDownlink(WalRecordBuilder record, long xid, int left, int leftBlock, int rightBlock,
            byte[] highKey,
        int level, int[] path) {
        tree.release(left);
        int keyLength = highKey.length - BTreePage.ITEM_HEADER;
        byte[] key = Arrays.copyOfRange(highKey, BTreePage.ITEM_HEADER, highKey.length);
        long tid = Memory.getLong(highKey, 0) & 0xFFFF_FFFF_FFFFL;
        byte[] item = Arrays.copyOf(highKey, highKey.length + BTreePage.CHILD_SIZE);
        Memory.putInt(item, highKey.length, rightBlock);
        int[] parentPath = path;
        int parent = tree.descendExclusive(record, xid, key, keyLength, tid, level + 1, parentPath);
        long page = tree.pool().address(parent);
        int at = BTreePage.lowerBound(page, key, keyLength, tid);
        if (at <= BTreePage.maxOffset(page) && BTreePage.compare(BTreePage.item(page, at), key, keyLength, tid) == 0) {
            tree.release(parent);
            return;
        }
        insertItem(record, xid, parent, item, item.length, keyLength, parentPath, leftBlock);
    }

    /**
     * Chooses the offset, in the sequence with the new item in place, of the first item that goes right: the most even
     * division in which both pages fit, or for
     * an append the one that leaves the left page {@value #APPEND_FILL_PERCENT} percent full.
     */
    private static int chooseSplit(long page, int newOffset, int itemLength) {
        int first = BTreePage.firstData(page);
        int last = BTreePage.maxOffset(page) + 1;
        int capacity = Page.SIZE - Page.HEADER_SIZE - BTreePage.SPECIAL_SIZE;
        int total = 0;
        for (int offset = first; offset <= last; offset++) {
            total += sequenceFootprint(page, offset, newOffset, itemLength);
        }
        int oldHighKey = first == 1 ? 0 : BTreePage.footprint(Page.itemLength(page, 1));
        boolean append = BTreePage.isRightmost(page) && newOffset == last;
        int wantedLeft = append ? capacity * APPEND_FILL_PERCENT / 100 : total / 2;
        int best = 0;
        int bestDistance = Integer.MAX_VALUE;
        int left = 0;
        for (int firstRight = first + 1; firstRight <= last; firstRight++) {
            left += sequenceFootprint(page, firstRight - 1, newOffset, itemLength);
            int highKey = sequenceFootprint(page, firstRight, newOffset, itemLength);
            int distance = Math.abs(left - wantedLeft);
            if (distance < bestDistance && left + highKey <= capacity && total - left + oldHighKey <= capacity) {
                best = firstRight;
                bestDistance = distance;
            }
        }
        Invariant.check(best != 0, "no split point on a page with %d items for one of %d bytes", last - first,
                itemLength);
        return best;
    }

    private static void put(long page, int offset, long source, int length) {
        Invariant.check(Page.insertItemAt(page, offset, source, length), "split page overflows at item %d of %d bytes",
                offset, length);
    }

    private static void put(long page, int offset, byte[] source, int length) {
        Invariant.check(Page.insertItemAt(page, offset, source, 0, length),
                "split page overflows at item %d of %d bytes", offset, length);
    }

    private static int sequenceFootprint(long page, int offset, int newOffset, int itemLength) {
        if (offset == newOffset) {
            return BTreePage.footprint(itemLength);
        }
        return BTreePage.footprint(Page.itemLength(page, offset < newOffset ? offset : offset - 1));
    }

    private static void fillRight(long left, long right, int newOffset, byte[] item, int itemLength, int firstRight) {
        int target = 1;
        if (!BTreePage.isRightmost(left)) {
            put(right, target++, BTreePage.item(left, 1), Page.itemLength(left, 1));
        }
        int last = BTreePage.maxOffset(left) + 1;
        for (int offset = firstRight; offset <= last; offset++) {
            if (offset == newOffset) {
                put(right, target++, item, itemLength);
            } else {
                int source = offset < newOffset ? offset : offset - 1;
                put(right, target++, BTreePage.item(left, source), Page.itemLength(left, source));
            }
        }
    }

    /**
     * The left page's new high key, as an item without payload: on a leaf the shortest prefix of the right page's
     * first key that is above the left page's last key
     * (with the TID where the keys are equal); on an inner page the right page's first key itself.
     */
    private static byte[] separator(long left, int newOffset, byte[] item, int itemLength, int keyLength,
            int firstRight,
        int level) {
        byte[] rightKey = sequenceKey(left, firstRight, newOffset, item, keyLength);
        long rightTid = sequenceTid(left, firstRight, newOffset, item);
        int length = rightKey.length;
        long tid = rightTid;
        if (level == 0) {
            byte[] leftKey = sequenceKey(left, firstRight - 1, newOffset, item, keyLength);
            int mismatch = Arrays.mismatch(leftKey, rightKey);
            if (mismatch >= 0) {
                length = Math.min(mismatch + 1, rightKey.length);
                tid = 0;
            }
        }
        byte[] high = new byte[BTreePage.ITEM_HEADER + length];
        BTreePage.writeItem(high, tid, rightKey, length);
        return high;
    }

    private static byte[] sequenceKey(long page, int offset, int newOffset, byte[] item, int keyLength) {
        if (offset == newOffset) {
            return Arrays.copyOfRange(item, BTreePage.ITEM_HEADER, BTreePage.ITEM_HEADER + keyLength);
        }
        long source = BTreePage.item(page, offset < newOffset ? offset : offset - 1);
        byte[] key = new byte[BTreePage.itemKeyLength(source)];
        Memory.copyToArray(BTreePage.itemKey(source), key, 0, key.length);
        return key;
    }

    private static long sequenceTid(long page, int offset, int newOffset, byte[] item) {
        return offset == newOffset
            ? Memory.getLong(item, 0) & 0xFFFF_FFFF_FFFFL
            : BTreePage.itemTid(BTreePage.item(page, offset < newOffset ? offset : offset - 1));
    }

    /**
     * Leaves on the page what stays left of a split: items before {@code firstRight} of the sequence with the new
     * item, behind the new high key. Shared with redo.
     *
     * @param item the new item if it stays left, else null
     */
    static void truncateLeft(long page, int newOffset, byte[] item, int itemLength, int firstRight, byte[] highKey,
        int rightBlock) {
        int first = BTreePage.firstData(page);
        int level = BTreePage.level(page);
        int leftLink = BTreePage.left(page);
        long scratch = Memory.allocate(Page.SIZE);
        try {
            BTreePage.init(scratch, level, leftLink, rightBlock, BTreePage.INCOMPLETE_SPLIT);
            int target = 1;
            put(scratch, target++, highKey, highKey.length);
            for (int offset = first; offset < firstRight; offset++) {
                if (item != null && offset == newOffset) {
                    put(scratch, target++, item, itemLength);
                } else {
                    int source = offset < newOffset ? offset : offset - 1;
                    put(scratch, target++, BTreePage.item(page, source), Page.itemLength(page, source));
                }
            }
            Page.setLsn(scratch, Page.lsn(page));
            Memory.copy(scratch, page, Page.SIZE);
        } finally {
            Memory.free(scratch);
        }
    }
}
