package io.quantadb.storage.page;

import io.quantadb.base.Invariant;
import io.quantadb.base.Memory;

/**
 * Accessors of a slotted page, given its address. The caller owns the address: a pinned and suitably latched buffer, or
 * private memory.
 *
 * <p>Layout, little-endian, {@value #SIZE} bytes:
 * <pre>
 * offset size
 *  0      8   LSN: exclusive end of the last WAL record that changed the page
 *  8      4   checksum: see {@link PageChecksum}
 * 12      2   flags
 * 14      2   lower: end of the line pointers, start of free space
 * 16      2   upper: end of free space, start of items
 * 18      2   special: start of the access method's own area, which ends the page
 * 20      2   kind and layout version: low byte the {@link PageKind} id, high byte {@value #LAYOUT_VERSION}
 * 22      2   reserved, 0
 * 24      8   prune xid: oldest xid whose end may let a row version go; 0 if none. For the heap; others use it freely
 * 32          line pointers, 4 bytes each
 * </pre>
 * A line pointer: bits 0-14 offset of the item, bits 15-16 state, bits 17-31 length. Offsets of items ("offset
 * numbers") begin at 1. An all-zero page is valid: allocated, never initialised; {@link #isNew} says so.
 *
 * <p>Source: PostgreSQL documentation, "Database Page Layout". Differs from PostgreSQL: 64-bit xid, the checksum has 32
 * bits, no page size field.
 */
public final class Page {
    public static final int SIZE = 8192;
    public static final int HEADER_SIZE = 32;
    public static final int LINE_POINTER_SIZE = 4;
    public static final int LAYOUT_VERSION = 1;
    /** Items begin at multiples of this. */
    public static final int ALIGNMENT = 8;
    /** Largest offset number any page can have. */
    public static final int MAX_OFFSETS = (SIZE - HEADER_SIZE) / LINE_POINTER_SIZE;

    /** Every row version on the page is visible to everybody. */
    public static final int ALL_VISIBLE = 1;
    /** There may be unused line pointers. */
    public static final int HAS_FREE_LINES = 2;
    /** An update did not find room here: pruning is worthwhile. */
    public static final int PAGE_FULL = 4;

    public static final int UNUSED = 0;
    public static final int NORMAL = 1;
    public static final int REDIRECT = 2;
    public static final int DEAD = 3;

    static final int LSN = 0;
    static final int CHECKSUM = 8;
    private static final int FLAGS = 12;
    private static final int LOWER = 14;
    private static final int UPPER = 16;
    private static final int SPECIAL = 18;
    private static final int KIND = 20;
    private static final int PRUNE_XID = 24;

    private Page() {
    }

    /** Makes an empty page with a zeroed special area of {@code specialSize} bytes; LSN 0. */
    public static void init(long page, int specialSize, PageKind kind) {
        int special = SIZE - align(specialSize);
        Memory.fill(page, SIZE, 0);
        Memory.putShort(page + LOWER, HEADER_SIZE);
        Memory.putShort(page + UPPER, special);
        Memory.putShort(page + SPECIAL, special);
        Memory.putShort(page + KIND, LAYOUT_VERSION << 8 | kind.id());
    }

    /** Allocated but never initialised. */
    public static boolean isNew(long page) {
        return Memory.getShort(page + UPPER) == 0;
    }

    public static int align(int length) {
        return length + (ALIGNMENT - 1) & -ALIGNMENT;
    }

    public static long lsn(long page) {
        return Memory.getLong(page + LSN);
    }

    public static void setLsn(long page, long lsn) {
        Memory.putLong(page + LSN, lsn);
    }

    public static int flags(long page) {
        return Memory.getUnsignedShort(page + FLAGS);
    }

    public static boolean hasFlag(long page, int flag) {
        return (Memory.getShort(page + FLAGS) & flag) != 0;
    }

    public static void setFlag(long page, int flag) {
        Memory.putShort(page + FLAGS, Memory.getShort(page + FLAGS) | flag);
    }

    public static void clearFlag(long page, int flag) {
        Memory.putShort(page + FLAGS, Memory.getShort(page + FLAGS) & ~flag);
    }

    public static int lower(long page) {
        return Memory.getUnsignedShort(page + LOWER);
    }

    public static void setLower(long page, int lower) {
        Memory.putShort(page + LOWER, lower);
    }

    public static int upper(long page) {
        return Memory.getUnsignedShort(page + UPPER);
    }

    public static void setUpper(long page, int upper) {
        Memory.putShort(page + UPPER, upper);
    }

    public static int special(long page) {
        return Memory.getUnsignedShort(page + SPECIAL);
    }

    /** Address of the special area. */
    public static long specialAddress(long page) {
        return page + Memory.getUnsignedShort(page + SPECIAL);
    }

    /** Id of the {@link PageKind}; 0 for a page that is new. */
    public static int kindId(long page) {
        return Memory.getUnsignedByte(page + KIND);
    }

    public static int layoutVersion(long page) {
        return Memory.getUnsignedByte(page + KIND + 1);
    }

    public static long pruneXid(long page) {
        return Memory.getLong(page + PRUNE_XID);
    }

    public static void setPruneXid(long page, long xid) {
        Memory.putLong(page + PRUNE_XID, xid);
    }

    /** Largest offset number in use on the page, 0 if there is none. A new page has none. */
    public static int maxOffset(long page) {
        int lower = lower(page);
        return lower <= HEADER_SIZE ? 0 : (lower - HEADER_SIZE) / LINE_POINTER_SIZE;
    }

    /** The raw line pointer; {@code offset} in [1, maxOffset]. */
    public static int linePointer(long page, int offset) {
        return Memory.getInt(page + (HEADER_SIZE - LINE_POINTER_SIZE) + offset * LINE_POINTER_SIZE);
    }

    public static void setLinePointer(long page, int offset, int pointer) {
        Memory.putInt(page + (HEADER_SIZE - LINE_POINTER_SIZE) + offset * LINE_POINTER_SIZE, pointer);
    }

    public static int makePointer(int itemOffset, int state, int length) {
        return itemOffset | state << 15 | length << 17;
    }

    public static int pointerOffset(int pointer) {
        return pointer & 0x7FFF;
    }

    public static int pointerState(int pointer) {
        return pointer >>> 15 & 3;
    }

    public static int pointerLength(int pointer) {
        return pointer >>> 17;
    }

    public static int itemState(long page, int offset) {
        return pointerState(linePointer(page, offset));
    }

    public static boolean isNormal(long page, int offset) {
        return itemState(page, offset) == NORMAL;
    }

    public static boolean isUnused(long page, int offset) {
        return itemState(page, offset) == UNUSED;
    }

    public static boolean isDead(long page, int offset) {
        return itemState(page, offset) == DEAD;
    }

    public static boolean isRedirect(long page, int offset) {
        return itemState(page, offset) == REDIRECT;
    }

    /** Offset number a REDIRECT pointer leads to. */
    public static int redirectTarget(long page, int offset) {
        return pointerOffset(linePointer(page, offset));
    }

    public static long itemAddress(long page, int offset) {
        return page + pointerOffset(linePointer(page, offset));
    }

    public static int itemLength(long page, int offset) {
        return pointerLength(linePointer(page, offset));
    }

    /** Frees the line pointer for reuse; its item's bytes come back at {@link #compact}. */
    public static void setUnused(long page, int offset) {
        setLinePointer(page, offset, 0);
        setFlag(page, HAS_FREE_LINES);
    }

    /** Drops the item's storage but keeps the offset number taken: index entries may still point to it. */
    public static void setDead(long page, int offset) {
        setLinePointer(page, offset, makePointer(0, DEAD, 0));
    }

    public static void setRedirect(long page, int offset, int targetOffset) {
        setLinePointer(page, offset, makePointer(targetOffset, REDIRECT, 0));
    }

    /** Bytes between the line pointers and the items, whole: what a new item with a reused line pointer can take. */
    public static int exactFreeSpace(long page) {
        return Math.max(0, upper(page) - lower(page));
    }

    /**
     * Bytes left for one more item together with its line pointer; never negative. Items take {@link #align}ed lengths.
     */
    public static int freeSpace(long page) {
        return Math.max(0, upper(page) - lower(page) - LINE_POINTER_SIZE);
    }

    /**
     * Adds an item from off-heap memory.
     *
     * @param offsetWanted 0: reuse an unused line pointer, else append; otherwise this offset number, which must be
     *     unused or maxOffset + 1
     * @return its offset number, 0 if there is no room
     */
    public static int addItem(long page, long source, int length, int offsetWanted) {
        int offset = allocateItem(page, length, offsetWanted);
        if (offset != 0) {
            Memory.copy(source, itemAddress(page, offset), length);
        }
        return offset;
    }

    /** As {@link #addItem(long, long, int, int)}, from {@code source[start, start + length)}. */
    public static int addItem(long page, byte[] source, int start, int length, int offsetWanted) {
        int offset = allocateItem(page, length, offsetWanted);
        if (offset != 0) {
            Memory.copyFromArray(source, start, itemAddress(page, offset), length);
        }
        return offset;
    }

    public static int addItem(long page, byte[] source, int length, int offsetWanted) {
        return addItem(page, source, 0, length, offsetWanted);
    }

    /** As {@link #addItem(long, long, int, int)} but leaves writing the item's bytes to the caller. */
    public static int allocateItem(long page, int length, int offsetWanted) {
        int max = maxOffset(page);
        int offset = offsetWanted;
        if (offset == 0) {
            offset = hasFlag(page, HAS_FREE_LINES) ? findUnused(page, max) : max + 1;
        }
        Invariant.check(offset > 0 && offset <= max + 1, "item wanted at offset %d of a page with %d", offset, max);
        boolean append = offset > max;
        if (!append) {
            Invariant.check(isUnused(page, offset), "offset %d of %d is taken", offset, max);
        }
        int lower = lower(page) + (append ? LINE_POINTER_SIZE : 0);
        int upper = upper(page) - align(length);
        if (lower > upper) {
            return 0;
        }
        setLower(page, lower);
        setUpper(page, upper);
        setLinePointer(page, offset, makePointer(upper, NORMAL, length));
        return offset;
    }

    /** First unused offset number, or {@code max + 1}; then it also clears the hint that there is one. */
    private static int findUnused(long page, int max) {
        for (int offset = 1; offset <= max; offset++) {
            if (isUnused(page, offset)) {
                return offset;
            }
        }
        clearFlag(page, HAS_FREE_LINES);
        return max + 1;
    }

    /**
     * Inserts an item at {@code offset} in [1, maxOffset + 1], moving the line pointers from there on up by one: for
     * pages whose offset numbers are an order and not an identity.
     *
     * @return whether there was room
     */
    public static boolean insertItemAt(long page, int offset, long source, int length) {
        if (!openSlot(page, offset, length)) {
            return false;
        }
        Memory.copy(source, itemAddress(page, offset), length);
        return true;
    }

    /** As {@link #insertItemAt(long, int, long, int)}, from {@code source[start, start + length)}. */
    public static boolean insertItemAt(long page, int offset, byte[] source, int start, int length) {
        if (!openSlot(page, offset, length)) {
            return false;
        }
        Memory.copyFromArray(source, start, itemAddress(page, offset), length);
        return true;
    }

    private static boolean openSlot(long page, int offset, int length) {
        int max = maxOffset(page);
        Invariant.check(offset > 0 && offset <= max + 1, "item inserted at offset %d of a page with %d", offset, max);
        int lower = lower(page) + LINE_POINTER_SIZE;
        int upper = upper(page) - align(length);
        if (lower > upper) {
            return false;
        }
        long from = page + HEADER_SIZE + (long) (offset - 1) * LINE_POINTER_SIZE;
        Memory.copy(from, from + LINE_POINTER_SIZE, (long) (max + 1 - offset) * LINE_POINTER_SIZE);
        setLower(page, lower);
        setUpper(page, upper);
        setLinePointer(page, offset, makePointer(upper, NORMAL, length));
        return true;
    }

    /** Removes one item and closes the gap among line pointers and items. The order of the others is kept. */
    public static void deleteItem(long page, int offset) {
        deleteItems(page, new int[] {offset}, 1);
    }

    public static void deleteItems(long page, int[] offsets) {
        deleteItems(page, offsets, offsets.length);
    }

    /**
     * Removes the items {@code offsets[0, count)}, ascending and distinct, moves the line pointers together and
     * compacts the page.
     */
    public static void deleteItems(long page, int[] offsets, int count) {
        int max = maxOffset(page);
        int kept = 0;
        int next = 0;
        for (int offset = 1; offset <= max; offset++) {
            if (next < count && offsets[next] == offset) {
                next++;
                continue;
            }
            setLinePointer(page, ++kept, linePointer(page, offset));
        }
        Invariant.check(next == count, "deleted %d of %d items: offsets not ascending or beyond the page", next, count);
        setLower(page, HEADER_SIZE + kept * LINE_POINTER_SIZE);
        compact(page);
    }

    /**
     * Moves all items together at the end of the page, so that free space is one piece; drops trailing unused line
     * pointers. Offset numbers do not change, item addresses do: the caller holds the cleanup latch, or knows that
     * nobody keeps addresses.
     */
    public static void compact(long page) {
        PageCompactor.compact(page);
    }

    /** Drops unused line pointers at the end; called by {@link #compact}. */
    static void trimLinePointers(long page) {
        int max = maxOffset(page);
        int kept = max;
        while (kept > 0 && isUnused(page, kept)) {
            kept--;
        }
        if (kept != max) {
            setLower(page, HEADER_SIZE + kept * LINE_POINTER_SIZE);
        }
    }

    /** Checks of the header that hold for every page on disk; a new page passes. */
    public static boolean isHeaderSane(long page) {
        if (isNew(page)) {
            return true;
        }
        int lower = lower(page);
        int upper = upper(page);
        int special = special(page);
        return lower >= HEADER_SIZE && lower <= upper && upper <= special && special <= SIZE
            && special % ALIGNMENT == 0 && layoutVersion(page) == LAYOUT_VERSION;
    }
}
