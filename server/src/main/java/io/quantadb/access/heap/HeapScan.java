package io.quantadb.access.heap;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Xid;
import io.quantadb.storage.StorageException;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.buffer.BufferRing;
import io.quantadb.storage.page.Page;
import io.quantadb.txn.CommitTable;
import io.quantadb.txn.TupleHeader;
import io.quantadb.txn.Visibility;
import io.quantadb.txn.snapshot.ReadTracking;
import io.quantadb.txn.snapshot.Snapshot;

/**
 * Sequential scan, a page at a time. Confined to one thread; close releases the pin.
 *
 * <p>{@code while (scan.nextPage()) for (i < scan.count()) use(scan.tupleAddress(i))}: addresses stay valid until the
 * next
 * nextPage or close, without latch: attribute bytes of a version never change while the page is pinned (its header
 * may), and pruning, which moves versions, needs
 * the only pin.
 */
public final class HeapScan implements AutoCloseable {
    private final HeapContext context;
    private final HeapRelation relation;
    private final Snapshot snapshot;
    private final BufferPool pool;
    private final long key;
    private final int[] offsets = new int[HeapRelation.VERSIONS_PER_PAGE_MAX];
    private final long[] addresses = new long[HeapRelation.VERSIONS_PER_PAGE_MAX];
    private BufferRing ring;
    private int nextBlock;
    private int endBlock;
    private int buffer = -1;
    private int block;
    private int count;

    HeapScan(HeapContext context, HeapRelation relation, Snapshot snapshot, int firstBlock, int endBlock) {
        this.context = context;
        this.relation = relation;
        this.snapshot = snapshot;
        this.pool = context.pool;
        this.key = BufferPool.key(relation.id());
        restart(firstBlock, endBlock);
    }

    /** Restarts over the blocks in [firstBlock, endBlock): parallel workers, rescans. */
    public void restart(int firstBlock, int newEndBlock) {
        close();
        nextBlock = firstBlock;
        endBlock = newEndBlock;
        if (ring == null) {
            ring = pool.newRing(pool.accessForScan(newEndBlock - firstBlock));
        }
    }

    /** Goes to the next page that has visible rows. */
    public boolean nextPage() {
        while (nextBlock < endBlock) {
            close();
            block = nextBlock++;
            try {
                buffer = pool.pinSequential(key, ForkNumber.MAIN, block, endBlock, ring);
            } catch (StorageException e) {
                if (!relation.isCutOff(block)) {
                    throw e;
                }
                break;
            }
            HeapPruner.onAccess(context, relation.descriptor(), buffer);
            pool.latchShared(buffer);
            try {
                collect(pool.address(buffer));
            } finally {
                pool.unlatchShared(buffer);
            }
            if (count > 0) {
                return true;
            }
        }
        close();
        return false;
    }

    private void collect(long page) {
        count = 0;
        int max = Page.maxOffset(page);
        // A replica's snapshot may be older than what the primary knew when it set the flag.
        if (Page.hasFlag(page, Page.ALL_VISIBLE) && context.wal != null) {
            for (int offset = 1; offset <= max; offset++) {
                int pointer = Page.linePointer(page, offset);
                if (Page.pointerState(pointer) == Page.NORMAL) {
                    add(offset, page + Page.pointerOffset(pointer));
                }
            }
            return;
        }
        CommitTable commits = context.commits;
        ReadTracking tracking = snapshot.tracking();
        long settledXid = snapshot.settledXid();
        // Neighbours often come from one transaction: it is looked up once a page.
        long visibleXid = Xid.INVALID;
        for (int offset = 1; offset <= max; offset++) {
            int pointer = Page.linePointer(page, offset);
            if (Page.pointerState(pointer) != Page.NORMAL) {
                continue;
            }
            long tuple = page + Page.pointerOffset(pointer);
            long xmin = TupleHeader.xmin(tuple);
            int infomask = TupleHeader.infomask(tuple);
            boolean undeleted = TupleHeader.xmax(tuple) == Xid.INVALID || (infomask & TupleHeader.XMAX_ABORTED) != 0;
            if (undeleted && (xmin == visibleXid
                    || (infomask & TupleHeader.XMIN_COMMITTED) != 0 && xmin < settledXid)) {
                add(offset, tuple);
                continue;
            }
            boolean visible = Visibility.isVisible(tuple, snapshot, commits);
            if (tracking != null) {
                TrackedReads.passedOver(tracking, tuple, visible, snapshot, commits);
            }
            if (visible) {
                add(offset, tuple);
                if (!snapshot.isOwn(xmin) && (TupleHeader.infomask(tuple) & TupleHeader.XMIN_COMMITTED) != 0) {
                    visibleXid = xmin;
                }
            }
        }
    }

    private void add(int offset, long tuple) {
        offsets[count] = offset;
        addresses[count++] = tuple;
    }

    /** Visible versions on the page. */
    public int count() {
        return count;
    }

    public long tupleAddress(int index) {
        return addresses[index];
    }

    /** Packed TID. */
    public long tid(int index) {
        return Integer.toUnsignedLong(block) << 16 | offsets[index];
    }

    public int blockNumber() {
        return block;
    }

    /** Buffer of the current page, which {@link BufferPool#pinAgain} may keep beyond the scan's step. */
    public int buffer() {
        return buffer;
    }

    @Override
    public void close() {
        if (buffer >= 0) {
            pool.unpin(buffer);
            buffer = -1;
        }
        count = 0;
    }
}
