package io.quantadb.access.heap;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.RelationId;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.page.Page;
import io.quantadb.storage.page.PageKind;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Finds the page for a new row version. Safe for use by many threads.
 *
 * <p>Sessions are spread over {@value #STRIPES} remembered pages, so concurrent inserters fill different ones. A
 * remembered page that is full is reported to the
 * free-space map, which is then asked for another; when it knows none, or its suggestions fail, the relation is
 * extended.
 */
final class InsertTarget {
    private static final int STRIPES = 8;
    private static final int NONE = -1;
    private static final int SUGGESTIONS_MAX = 8;

    private final HeapContext context;
    private final RelationId relation;
    private final long key;
    /** Bytes an insert leaves free for later updates of the page. */
    private final int reserve;
    private final AtomicIntegerArray targets = new AtomicIntegerArray(STRIPES);

    InsertTarget(HeapContext context, RelationId relation, int fillFactorPercent) {
        this.context = context;
        this.relation = relation;
        this.key = BufferPool.key(relation);
        this.reserve = Page.SIZE * (100 - fillFactorPercent) / 100;
        forget();
    }

    /** Forgets remembered pages: the relation was truncated. */
    void forget() {
        for (int i = 0; i < STRIPES; i++) {
            targets.set(i, NONE);
        }
    }

    static boolean fits(long page, int length, int reserve) {
        if (Page.isNew(page)) {
            return true;
        }
        int free = Page.freeSpace(page);
        return free >= Page.align(length) && (free >= Page.align(length) + reserve || Page.maxOffset(page) == 0);
    }

    /**
     * A page with room, initialised.
     *
     * @param stripe chooses the remembered page; any number
     * @param avoid a block that is not wanted, -1 for none
     * @return its buffer, pinned and exclusively latched
     */
    int find(int length, int stripe, int avoid) {
        int slot = stripe & STRIPES - 1;
        int block = targets.get(slot);
        int needed = Math.min(Page.align(length) + Page.LINE_POINTER_SIZE + reserve, Page.SIZE - Page.HEADER_SIZE);
        if (block == NONE) {
            block = context.freeSpaceMap.search(relation, needed);
        }
        for (int attempt = 0; block != NONE && attempt < SUGGESTIONS_MAX; attempt++) {
            int free = -1;
            if (block != avoid && block < context.pool.blockCount(relation, ForkNumber.MAIN)) {
                int buffer = tryPage(block, length, attempt == 0);
                if (buffer >= 0) {
                    targets.set(slot, block);
                    return buffer;
                }
                free = -2 - buffer;
            }
            block = free >= 0 ? context.freeSpaceMap.recordAndSearch(relation, block, free, needed)
                    : context.freeSpaceMap.search(relation, needed);
        }
        int buffer = context.pool.extend(relation, ForkNumber.MAIN);
        Page.init(context.pool.address(buffer), 0, PageKind.HEAP);
        targets.set(slot, context.pool.blockNumber(buffer));
        return buffer;
    }

    /**
     * @param wait for the latch: the page is our own target
     * @return the buffer, latched; -1 if somebody else has it; -2 - free bytes if it has no room
     */
    private int tryPage(int block, int length, boolean wait) {
        BufferPool pool = context.pool;
        int buffer = pool.pin(key, ForkNumber.MAIN, block);
        if (wait) {
            pool.latchExclusive(buffer);
        } else if (!pool.tryLatchExclusive(buffer)) {
            pool.unpin(buffer);
            return -1;
        }
        long page = pool.address(buffer);
        if (fits(page, length, reserve)) {
            if (Page.isNew(page)) {
                Page.init(page, 0, PageKind.HEAP);
            }
            return buffer;
        }
        int free = Page.freeSpace(page);
        pool.releaseExclusive(buffer);
        return -2 - free;
    }
}
