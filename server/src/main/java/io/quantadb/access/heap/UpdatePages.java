package io.quantadb.access.heap;

import io.quantadb.base.ForkNumber;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.page.Page;

/**
 * The one or two pages of an update: that of the old version, and if it has no room, another one for the new version.
 * One use, one thread.
 *
 * <p>Two pages are latched lower block first. So a second page is chosen without holding the first one's latch, and
 * everything is checked anew afterwards.
 */
final class UpdatePages {
    private final HeapContext context;
    private final InsertTarget target;
    private final long key;
    private final int oldBlock;
    private final int stripe;
    private int oldBuffer = -1;
    /** -1: the old version's page is to be tried. */
    private int newBuffer = -1;
    private boolean needsSecondPage;

    UpdatePages(HeapContext context, InsertTarget target, long key, long tid, int stripe) {
        this.context = context;
        this.target = target;
        this.key = key;
        this.oldBlock = (int) (tid >>> 16);
        this.stripe = stripe;
    }

    /** Pins and latches what the next attempt needs. */
    void latch(int length) {
        BufferPool pool = context.pool;
        oldBuffer = pool.pin(key, ForkNumber.MAIN, oldBlock);
        if (!needsSecondPage) {
            pool.latchExclusive(oldBuffer);
            return;
        }
        try {
            newBuffer = target.find(length, stripe, oldBlock);
        } catch (RuntimeException e) {
            pool.unpin(oldBuffer);
            throw e;
        }
        if (pool.blockNumber(newBuffer) > oldBlock && !pool.tryLatchExclusive(oldBuffer)) {
            pool.unlatchExclusive(newBuffer);
            pool.latchExclusive(oldBuffer);
            pool.latchExclusive(newBuffer);
        } else if (pool.blockNumber(newBuffer) < oldBlock) {
            pool.latchExclusive(oldBuffer);
        }
    }

    /**
     * Makes sure the page for the new version has room, by pruning if that helps. The old version may have moved
     * afterwards.
     *
     * @return false: release, and try again with a second page
     */
    boolean makeRoom(HeapDescriptor relation, int length) {
        if (newBuffer >= 0) {
            return InsertTarget.fits(newPage(), length, 0);
        }
        long page = oldPage();
        if (Page.freeSpace(page) >= Page.align(length)) {
            return true;
        }
        if (HeapPruner.isOver(context, Page.pruneXid(page)) && context.pool.isOnlyPin(oldBuffer)) {
            HeapPruner.prune(context, relation, oldBuffer, context.snapshots.oldestSnapshotLsn());
            if (Page.freeSpace(page) >= Page.align(length)) {
                return true;
            }
        }
        Page.setFlag(page, Page.PAGE_FULL);
        needsSecondPage = true;
        return false;
    }

    boolean isSinglePage() {
        return newBuffer < 0;
    }

    long oldPage() {
        return context.pool.address(oldBuffer);
    }

    long newPage() {
        return context.pool.address(newBuffer < 0 ? oldBuffer : newBuffer);
    }

    int newBlock() {
        return newBuffer < 0 ? oldBlock : context.pool.blockNumber(newBuffer);
    }

    void markDirty() {
        context.pool.markDirty(oldBuffer);
        if (newBuffer >= 0) {
            context.pool.markDirty(newBuffer);
        }
    }

    void release() {
        context.pool.releaseExclusive(oldBuffer);
        if (newBuffer >= 0) {
            context.pool.releaseExclusive(newBuffer);
            newBuffer = -1;
        }
    }
}
