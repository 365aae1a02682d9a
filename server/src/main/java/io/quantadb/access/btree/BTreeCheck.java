package io.quantadb.access.btree;

import io.quantadb.base.Memory;
import io.quantadb.storage.page.Page;
import io.quantadb.storage.page.PageKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Checks the structure of a whole index that nobody changes meanwhile: every level from left to right, each against the
 * downlinks of the level above. Trusts nothing it reads. Confined to one thread; use once.
 *
 * <p>Checked: kinds, levels and sibling links; items inside the page and not longer than it; (key, TID) strictly
 * ascending within a page, at or above the left sibling's high key and below the own one; every page has its downlink,
 * unless its left sibling's split is not finished; a downlink lies between the left sibling's high key and its page's
 * first item; no page is reached twice, and every initialised one is reached.
 */
public final class BTreeCheck {
    private static final int LEVELS_MAX = 32;

    /** Where pages come from. */
    @FunctionalInterface
    public interface PageSource {
        /** Copies the block's 8 KiB to {@code target}. Throws {@code StorageException} if it cannot be read. */
        void read(int block, long target);
    }

    /** Told what is wrong. */
    @FunctionalInterface
    public interface Sink {
        void problem(int block, String message);
    }

    /** Given every entry of the leaves that is not marked dead, in index order. */
    @FunctionalInterface
    public interface EntryVisitor {
        /** @param tid packed: {@code block << 16 | offset} */
        void entry(int block, int offset, long tid);
    }

    private final PageSource source;
    private final int blocks;
    private final Sink sink;
    private final EntryVisitor entries;
    private final BitSet reached = new BitSet();
    private final List<Downlink> nextLevel = new ArrayList<>();
    private boolean sound = true;
    private long entryCount;

    /** What an inner page says of a child: its block, and a lower bound of all below it. */
    private record Downlink(int block, byte[] key, long tid) {
        int compareTo(byte[] otherKey, long otherTid) {
            int order = Arrays.compareUnsigned(key, otherKey);
            return order != 0 ? order : Long.compare(tid, otherTid);
        }
    }

    public BTreeCheck(PageSource source, int blocks, Sink sink, EntryVisitor entries) {
        this.source = source;
        this.blocks = blocks;
        this.sink = sink;
        this.entries = entries;
    }

    private void problem(int block, String message) {
        sound = false;
        sink.problem(block, message);
    }

    /** Checks all; false if anything is wrong. A level that cannot be followed ends the check of what is below it. */
    public boolean run() {
        if (blocks <= BTreePage.ROOT_BLOCK) {
            problem(-1, "index has " + blocks + " blocks: no root");
            return false;
        }
        long page = Memory.allocate(Page.SIZE);
        try {
            source.read(BTreePage.META_BLOCK, page);
            if (Page.kindId(page) != PageKind.BTREE.id()) {
                problem(BTreePage.META_BLOCK, "metapage has kind " + Page.kindId(page));
            }
            source.read(BTreePage.ROOT_BLOCK, page);
            if (Page.isNew(page)) {
                problem(BTreePage.ROOT_BLOCK, "root is an empty page");
                return false;
            }
            int top = BTreePage.level(page);
            if (top >= LEVELS_MAX) {
                problem(BTreePage.ROOT_BLOCK, "root is on level " + top);
                return false;
            }
            List<Downlink> downlinks = List.of(new Downlink(BTreePage.ROOT_BLOCK, new byte[0], 0));
            boolean complete = true;
            for (int level = top; level >= 0 && complete && !downlinks.isEmpty(); level--) {
                nextLevel.clear();
                complete = walkLevel(page, level, downlinks);
                downlinks = List.copyOf(nextLevel);
            }
            if (complete) {
                checkUnreached(page);
            }
        } finally {
            Memory.free(page);
        }
        return sound;
    }

    private void checkUnreached(long page) {
        for (int block = reached.nextClearBit(BTreePage.ROOT_BLOCK); block < blocks; block = reached.nextClearBit(block
                + 1)) {
            source.read(block, page);
            if (!Page.isNew(page)) {
                problem(block, "page is not reached from the root");
            }
        }
    }

    /** Follows one level along the right links; false if it could not be followed to its end. */
    private boolean walkLevel(long page, int level, List<Downlink> downlinks) {
        int next = 0;
        int previous = BTreePage.NO_BLOCK;
        boolean splitUnfinished = false;
        byte[] previousHigh = null;
        long previousHighTid = 0;
        for (int block = downlinks.getFirst().block(); block != BTreePage.NO_BLOCK;) {
            if (!enter(page, block, previous, level)) {
                return false;
            }
            Downlink downlink = null;
            if (next < downlinks.size() && downlinks.get(next).block() == block) {
                downlink = downlinks.get(next++);
                if (previousHigh != null && downlink.compareTo(previousHigh, previousHighTid) < 0) {
                    problem(block, "its downlink is below the high key of its left sibling " + previous);
                }
            } else if (!splitUnfinished) {
                problem(block, "page has no downlink in its place on level " + (level + 1));
            }
            checkItems(page, block, level, previousHigh, previousHighTid, downlink);
            previous = block;
            splitUnfinished = BTreePage.hasFlag(page, BTreePage.INCOMPLETE_SPLIT);
            previousHigh = null;
            if (!BTreePage.isRightmost(page) && Page.maxOffset(page) > 0 && isItemInside(page, 1, level, true)) {
                previousHigh = key(page, 1);
                previousHighTid = BTreePage.itemTid(BTreePage.item(page, 1));
            }
            block = BTreePage.right(page);
        }
        if (next < downlinks.size()) {
            problem(downlinks.get(next).block(), "page has a downlink but is not reached along level " + level);
        }
        return true;
    }

    /** Reads a page of the level and checks that it belongs there; false if its contents cannot be used. */
    private boolean enter(long page, int block, int previous, int level) {
        if (block < BTreePage.ROOT_BLOCK || block >= blocks) {
            problem(previous, "link to block " + Integer.toUnsignedString(block) + " of " + blocks);
            return false;
        }
        if (reached.get(block)) {
            problem(block, "page is reached twice, the second time from block " + previous);
            return false;
        }
        reached.set(block);
        source.read(block, page);
        if (Page.isNew(page) || !Page.isHeaderSane(page) || Page.kindId(page) != PageKind.BTREE.id()
            || Page.special(page) != Page.SIZE - BTreePage.SPECIAL_SIZE) {
            problem(block, "no B-tree page: kind " + Page.kindId(page) + ", special " + Page.special(page)
                + ", reached from block " + previous);
            return false;
        }
        if (BTreePage.level(page) != level) {
            problem(block, "page is on level " + BTreePage.level(page) + ", expected " + level);
            return false;
        }
        if (BTreePage.left(page) != previous) {
            problem(block, "left link is " + BTreePage.left(page) + ", expected " + previous);
        }
        return true;
    }

    private void checkItems(long page, int block, int level, byte[] low, long lowTid, Downlink downlink) {
        int max = Page.maxOffset(page);
        int first = BTreePage.firstData(page);
        if (max < first - 1 || max < first && level > 0) {
            problem(block, "page on level " + level + " has " + max + " items");
            return;
        }
        int used = 0;
        for (int offset = 1; offset <= max; offset++) {
            if (!isItemInside(page, offset, level, offset < first)) {
                problem(block, "item " + offset + " is not inside the page: line pointer "
                    + Integer.toHexString(Page.linePointer(page, offset)));
                return;
            }
            used += Page.align(Page.itemLength(page, offset));
        }
        if (used > Page.special(page) - Page.upper(page)) {
            problem(block, "items overlap: " + used + " bytes of items in " + (Page.special(page) - Page.upper(page)));
        }
        checkOrder(page, block, level, first, max, low, lowTid, downlink);
    }

    private static boolean isItemInside(long page, int offset, int level, boolean highKey) {
        int pointer = Page.linePointer(page, offset);
        int state = Page.pointerState(pointer);
        int start = Page.pointerOffset(pointer);
        int length = Page.pointerLength(pointer);
        if (state != Page.NORMAL && (state != Page.DEAD || level > 0 || highKey)) {
            return false;
        }
        if (start < Page.upper(page) || start % Page.ALIGNMENT != 0 || start + length > Page.special(page)
            || length < BTreePage.ITEM_HEADER) {
            return false;
        }
        int payload = length - BTreePage.ITEM_HEADER - BTreePage.itemKeyLength(page + start);
        return highKey ? payload == 0 : level > 0 ? payload == BTreePage.CHILD_SIZE : payload >= 0;
    }

    private void checkOrder(long page, int block, int level, int first, int max, byte[] low, long lowTid,
            Downlink downlink) {
        for (int offset = first; offset <= max; offset++) {
            long item = BTreePage.item(page, offset);
            if (offset > first && compareItems(BTreePage.item(page, offset - 1), item) >= 0) {
                problem(block, "items " + (offset - 1) + " and " + offset + " are not in order");
            }
            if (offset == first && low != null && BTreePage.compare(item, low, low.length, lowTid) < 0) {
                problem(block, "first item is below the high key of the left sibling");
            }
            if (offset == first && downlink != null && downlink.key().length > 0
                && BTreePage.compare(item, downlink.key(), downlink.key().length, downlink.tid()) < 0) {
                problem(block, "first item is below the page's downlink");
            }
            if (first > 1 && compareItems(item, BTreePage.item(page, 1)) >= 0) {
                problem(block, "item " + offset + " is not below the page's high key");
            }
            if (level > 0) {
                nextLevel.add(new Downlink(BTreePage.itemChild(item), key(page, offset), BTreePage.itemTid(item)));
            } else if (!BTree.isMarkedDead(page, offset)) {
                entryCount++;
                entries.entry(block, offset, BTreePage.itemTid(item));
            }
        }
    }

    private static int compareItems(long left, long right) {
        int order = Memory.compare(BTreePage.itemKey(left), BTreePage.itemKeyLength(left), BTreePage.itemKey(right),
            BTreePage.itemKeyLength(right));
        return order != 0 ? order : Long.compare(BTreePage.itemTid(left), BTreePage.itemTid(right));
    }

    private static byte[] key(long page, int offset) {
        long item = BTreePage.item(page, offset);
        byte[] key = new byte[BTreePage.itemKeyLength(item)];
        Memory.copyToArray(BTreePage.itemKey(item), key, 0, key.length);
        return key;
    }

    /** Entries not marked dead. */
    public long entryCount() {
        return entryCount;
    }
}
