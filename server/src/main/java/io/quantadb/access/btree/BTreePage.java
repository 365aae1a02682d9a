package io.quantadb.access.btree;

import io.quantadb.base.Memory;
import io.quantadb.storage.page.Page;
import io.quantadb.storage.page.PageKind;

/**
 * Accessors of a B-tree page. The caller holds a latch, or reads optimistically and validates afterwards.
 *
 * <p>Special area, little-endian, {@value #SPECIAL_SIZE} bytes:
 * <pre>
 * offset size
 *  0      4   left sibling's block, 0 if leftmost
 *  4      4   right sibling's block, 0 if rightmost
 *  8      2   level: 0 for leaves
 * 10      2   flags
 * 12      4   reserved, 0
 * </pre>
 * An item: TID 6 bytes (block 4, offset 2; as one number {@code block << 16 | offset}), key length 2, key, payload.
 * Items are sorted by
 * (key, TID), keys as unsigned byte strings. A leaf's payload is that of the index entry (INCLUDE columns); an inner
 * page's is the child's block (4
 * bytes), and an inner item's (key, TID) is a lower bound of everything below the child. The first item of the
 * leftmost inner page of a level has an empty
 * key. A page that is not rightmost on its level begins with its high key, an item without payload: an exclusive upper
 * bound of the page.
 *
 * <p>Optimistic readers may see a page in the middle of a change, so positions and lengths read here are masked to
 * stay within a page's reach of the buffer.
 */
final class BTreePage {
    static final int SPECIAL_SIZE = 16;
    static final int ITEM_HEADER = 8;
    static final int CHILD_SIZE = 4;

    /** Block of the root; it never moves. Block 0 is reserved for a metapage. */
    static final int META_BLOCK = 0;
    static final int ROOT_BLOCK = 1;
    static final int NO_BLOCK = 0;

    /** The right sibling has no downlink in the parent yet. */
    static final int INCOMPLETE_SPLIT = 1;
    /** Some items are marked dead: an insert that finds no room removes them first. */
    static final int HAS_DEAD_ITEMS = 2;

    private static final int LEFT = 0;
    private static final int RIGHT = 4;
    private static final int LEVEL = 8;
    private static final int FLAGS = 10;

    private static final int OFFSET_MASK = Page.SIZE - 1;
    private static final long TID_MASK = 0xFFFF_FFFF_FFFFL;

    private BTreePage() {
    }

    static void init(long page, int level, int left, int right, int flags) {
        Page.init(page, SPECIAL_SIZE, PageKind.BTREE);
        long special = special(page);
        Memory.putInt(special + LEFT, left);
        Memory.putInt(special + RIGHT, right);
        Memory.putShort(special + LEVEL, level);
        Memory.putShort(special + FLAGS, flags);
    }

    private static long special(long page) {
        return page + Page.SIZE - SPECIAL_SIZE;
    }

    static int left(long page) {
        return Memory.getInt(special(page) + LEFT);
    }

    static void setLeft(long page, int block) {
        Memory.putInt(special(page) + LEFT, block);
    }

    static int right(long page) {
        return Memory.getInt(special(page) + RIGHT);
    }

    static boolean isRightmost(long page) {
        return right(page) == NO_BLOCK;
    }

    static int level(long page) {
        return Memory.getUnsignedShort(special(page) + LEVEL);
    }

    static boolean isLeaf(long page) {
        return level(page) == 0;
    }

    static int flags(long page) {
        return Memory.getUnsignedShort(special(page) + FLAGS);
    }

    static boolean hasFlag(long page, int flag) {
        return (flags(page) & flag) != 0;
    }

    static void setFlag(long page, int flag) {
        Memory.putShort(special(page) + FLAGS, flags(page) | flag);
    }

    static void clearFlag(long page, int flag) {
        Memory.putShort(special(page) + FLAGS, flags(page) & ~flag);
    }

    /** Offset number of the first item that is not the high key. */
    static int firstData(long page) {
        return isRightmost(page) ? 1 : 2;
    }

    static int maxOffset(long page) {
        return Math.min(Page.maxOffset(page), Page.MAX_OFFSETS);
    }

    static long item(long page, int offset) {
        return page + (Page.linePointer(page, offset) & OFFSET_MASK);
    }

    static long itemTid(long item) {
        return Memory.getLong(item) & TID_MASK;
    }

    static int itemKeyLength(long item) {
        return Memory.getUnsignedShort(item + 6) & OFFSET_MASK;
    }

    static long itemKey(long item) {
        return item + ITEM_HEADER;
    }

    /** The child of an inner page's item. */
    static int itemChild(long item) {
        return Memory.getInt(item + ITEM_HEADER + itemKeyLength(item));
    }

    static int compare(long item, byte[] key, int keyLength, long tid) {
        int order = Memory.compare(itemKey(item), itemKeyLength(item), key, keyLength);
        return order != 0 ? order : Long.compare(itemTid(item), tid);
    }

    /** Whether (key, tid) belongs to a page further right. */
    static boolean isBeyondHighKey(long page, byte[] key, int keyLength, long tid) {
        return !isRightmost(page) && compare(item(page, 1), key, keyLength, tid) <= 0;
    }

    /** First offset in [firstData, maxOffset + 1] whose item is at or above (key, tid). */
    static int lowerBound(long page, byte[] key, int keyLength, long tid) {
        int low = firstData(page);
        int high = maxOffset(page) + 1;
        while (low < high) {
            int middle = low + high >>> 1;
            if (compare(item(page, middle), key, keyLength, tid) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Offset of the inner item whose child covers (key, tid): the last one at or below it, or the first. */
    static int childOffset(long page, byte[] key, int keyLength, long tid) {
        int first = firstData(page);
        int low = first + 1;
        int high = maxOffset(page) + 1;
        while (low < high) {
            int middle = low + high >>> 1;
            if (compare(item(page, middle), key, keyLength, tid) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** Bytes one item takes on a page, its line pointer included. */
    static int footprint(int itemLength) {
        return Page.align(itemLength) + Page.LINE_POINTER_SIZE;
    }

    /** Writes an item header and key into {@code target}; the payload goes behind it. */
    static int writeItem(byte[] target, long tid, byte[] key, int keyLength) {
        Memory.putLong(target, 0, tid & TID_MASK | (long) keyLength << 48);
        System.arraycopy(key, 0, target, ITEM_HEADER, keyLength);
        return ITEM_HEADER + keyLength;
    }
}
