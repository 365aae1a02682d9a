package io.quantadb.storage.buffer;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Invariant;
import io.quantadb.base.Memory;
import io.quantadb.base.RelationId;
import io.quantadb.storage.page.Page;
import io.quantadb.storage.page.PageKind;

/**
 * Two bits a heap page in the VISIBILITY_MAP fork: bit 0 all visible, bit 1 reserved. Safe for use by many threads.
 *
 * <p>A map page: page header, then {@value #MAP_BYTES} bytes, four heap pages each, lowest bits first. A new (zero)
 * page says that nothing is all visible, which is always safe; so a damaged map page is replaced by zeros.
 *
 * <p>Setting: the heap holds the heap page's latch and the map page exclusively, and logs a record of its own with the
 * map block in it (no image needed: {@code NO_IMAGE}). Clearing: part of the heap's change, before its record is
 * inserted; redo of that record clears again. So the map never claims more than is true.
 */
public final class VisibilityMap {
    static final int MAP_BYTES = Page.SIZE - Page.HEADER_SIZE;
    /** Heap pages that one map page covers. */
    public static final int HEAP_BLOCKS_PER_PAGE = MAP_BYTES * 4;
    private static final int ALL_VISIBLE = 1;
    private static final int MASK = 3;

    private final BufferPool pool;

    public VisibilityMap(BufferPool pool) {
        this.pool = pool;
    }

    /** Map pages needed for a heap of {@code heapBlocks}. */
    static int mapBlocks(int heapBlocks) {
        return (heapBlocks + HEAP_BLOCKS_PER_PAGE - 1) / HEAP_BLOCKS_PER_PAGE;
    }

    public static int mapBlock(int heapBlock) {
        return heapBlock / HEAP_BLOCKS_PER_PAGE;
    }

    private static long byteOf(long mapPage, int heapBlock) {
        return mapPage + Page.HEADER_SIZE + heapBlock % HEAP_BLOCKS_PER_PAGE / 4;
    }

    private static int shift(int heapBlock) {
        return heapBlock % 4 * 2;
    }

    /**
     * Reads a map page the caller has pinned; no latch needed. The answer may be outdated when it arrives unless the
     * heap page is latched.
     */
    public boolean isAllVisible(int mapBuffer, int heapBlock) {
        assert pool.blockNumber(mapBuffer) == mapBlock(heapBlock);
        return (Memory.getUnsignedByte(byteOf(pool.address(mapBuffer),
            heapBlock)) >> shift(heapBlock) & ALL_VISIBLE) != 0;
    }

    /** As above, pinning by itself: for single look-ups. False if the map does not reach so far. */
    public boolean isAllVisible(RelationId relation, int heapBlock) {
        int mapBuffer = pinIfPresent(relation, heapBlock);
        if (mapBuffer < 0) {
            return false;
        }
        boolean visible = isAllVisible(mapBuffer, heapBlock);
        pool.unpin(mapBuffer);
        return visible;
    }

    /**
     * Pins the map page of a heap block; -1 if the map does not reach so far. For scans: the pin serves {@link
     * #HEAP_BLOCKS_PER_PAGE} heap blocks.
     */
    public int pinIfPresent(RelationId relation, int heapBlock) {
        int block = mapBlock(heapBlock);
        if (block >= pool.blockCount(relation, ForkNumber.VISIBILITY_MAP)) {
            return -1;
        }
        return pool.pinOrZero(relation, ForkNumber.VISIBILITY_MAP, block);
    }

    /**
     * Pins the map page of a heap block, creating it if needed. To be done before the heap page is latched, since it
     * may do I/O.
     */
    public int pin(RelationId relation, int heapBlock) {
        int block = mapBlock(heapBlock);
        pool.ensureBlocks(relation, ForkNumber.VISIBILITY_MAP, block + 1);
        return pool.pinOrZero(relation, ForkNumber.VISIBILITY_MAP, block);
    }

    /**
     * Sets the bit. The caller holds the map page's exclusive latch, has called {@link BufferPool#markDirty} (or is
     * redo), and logs the change.
     *
     * @param mapPage address of the map page
     */
    public static void set(long mapPage, int heapBlock) {
        if (Page.isNew(mapPage)) {
            Page.init(mapPage, 0, PageKind.VISIBILITY_MAP);
            Page.setLower(mapPage, Page.SIZE);
            Page.setUpper(mapPage, Page.SIZE);
        }
        long at = byteOf(mapPage, heapBlock);
        Memory.putByte(at, Memory.getByte(at) | ALL_VISIBLE << shift(heapBlock));
    }

    /**
     * Clears the heap block's bits if they are set. The caller holds the heap page's exclusive latch and inserts the
     * record of its change afterwards; the map page is not part of that record.
     *
     * @return whether a bit was set
     */
    public boolean clear(RelationId relation, int heapBlock) {
        int mapBuffer = pinIfPresent(relation, heapBlock);
        if (mapBuffer < 0) {
            return false;
        }
        try {
            return clear(mapBuffer, heapBlock);
        } finally {
            pool.unpin(mapBuffer);
        }
    }

    /** As above, with the map page pinned by the caller. */
    public boolean clear(int mapBuffer, int heapBlock) {
        Invariant.check(pool.blockNumber(mapBuffer) == mapBlock(heapBlock), "map block %d does not cover heap block %d",
            pool.blockNumber(mapBuffer), heapBlock);
        long at = byteOf(pool.address(mapBuffer), heapBlock);
        if ((Memory.getByte(at) >> shift(heapBlock) & MASK) == 0) {
            return false;
        }
        pool.latchExclusive(mapBuffer);
        try {
            pool.markDirty(mapBuffer);
            Memory.putByte(at, Memory.getByte(at) & ~(MASK << shift(heapBlock)));
            return true;
        } finally {
            pool.unlatchExclusive(mapBuffer);
        }
    }

    /** Clears the bits of heap blocks from {@code heapBlocks} on in the last map page that stays. */
    static void truncate(BufferPool pool, RelationId relation, int heapBlocks) {
        int block = mapBlock(heapBlocks);
        if (heapBlocks % HEAP_BLOCKS_PER_PAGE == 0 || block >= pool.blockCount(relation, ForkNumber.VISIBILITY_MAP)) {
            return;
        }
        int mapBuffer = pool.pinOrZero(relation, ForkNumber.VISIBILITY_MAP, block);
        pool.latchExclusive(mapBuffer);
        pool.markDirty(mapBuffer);
        long page = pool.address(mapBuffer);
        long at = byteOf(page, heapBlocks);
        Memory.putByte(at, Memory.getByte(at) & (1 << shift(heapBlocks)) - 1);
        Memory.fill(at + 1, page + Page.SIZE - at - 1, 0);
        pool.releaseExclusive(mapBuffer);
    }

    /** All-visible heap blocks below {@code heapBlocks}: for statistics. */
    public int countAllVisible(RelationId relation, int heapBlocks) {
        int count = 0;
        int mapBlocks = Math.min(mapBlocks(heapBlocks), pool.blockCount(relation, ForkNumber.VISIBILITY_MAP));
        for (int block = 0; block < mapBlocks; block++) {
            int mapBuffer = pool.pinOrZero(relation, ForkNumber.VISIBILITY_MAP, block);
            long page = pool.address(mapBuffer) + Page.HEADER_SIZE;
            for (int at = 0; at < MAP_BYTES; at += 8) {
                count += Long.bitCount(Memory.getLong(page + at) & 0x5555555555555555L);
            }
            pool.unpin(mapBuffer);
        }
        return Math.min(count, heapBlocks);
    }
}
