package io.quantadb.access.btree;

import io.quantadb.base.Xid;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.wal.record.WalRecordBuilder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;

/**
 * Removes entries of dead rows from all leaves, left to right.
 *
 * <p>Splits move items only to the right, so a walk along the right links meets every entry that was there when it
 * began. Emptied pages stay linked and are filled again by later
 * keys of their range.
 */
final class BTreeVacuum {
    private static final long MAX_PAUSE_NANOS = 1_000_000;

    private final BTree tree;

    BTreeVacuum(BTree tree) {
        this.tree = tree;
    }

    long run(WalRecordBuilder record, LongPredicate dead, Runnable betweenPages) {
        BufferPool pool = tree.pool();
        BTreeSplitter splitter = new BTreeSplitter(tree);
        long removed = 0;
        int[] offsets = new int[64];
        int next = leftmostLeaf();
        while (next != BTreePage.NO_BLOCK) {
            betweenPages.run();
            // Before the latch: it may wait.
            tree.wal().admit();
            int buffer = tree.pin(next);
            latchForCleanup(buffer);
            try {
                long page = pool.address(buffer);
                int max = BTreePage.maxOffset(page);
                if (offsets.length < max) {
                    offsets = new int[max];
                }
                int count = 0;
                for (int offset = BTreePage.firstData(page); offset <= max; offset++) {
                    if (BTree.isMarkedDead(page, offset)
                            || dead.test(BTreePage.itemTid(BTreePage.item(page, offset)))) {
                        offsets[count++] = offset;
                    }
                }
                if (count > 0) {
                    splitter.deleteItems(record, Xid.INVALID, buffer, offsets, count);
                    removed += count;
                }
                next = BTreePage.right(page);
            } finally {
                tree.release(buffer);
            }
        }
        return removed;
    }

    /** Waits until nobody else has the leaf pinned; pins by scans last one batch. */
    private void latchForCleanup(int buffer) {
        long pauseNanos = 1_000;
        while (!tree.pool().tryLatchForCleanup(buffer)) {
            LockSupport.parkNanos(pauseNanos);
            pauseNanos = Math.min(pauseNanos * 2, MAX_PAUSE_NANOS);
        }
    }

    private int leftmostLeaf() {
        int buffer = tree.descend(new byte[0], 0, 0, 0, null);
        int block = tree.pool().blockNumber(buffer);
        tree.pool().unpin(buffer);
        return block;
    }
}
