package io.quantadb.access.btree;

import io.quantadb.base.Memory;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.page.Page;
import io.quantadb.txn.snapshot.ReadTracking;
import java.util.Arrays;

/**
 * Walks a key range one leaf at a time, forward or backward. Confined to one thread at a time.
 *
 * <p>A batch is a copy of one leaf's matching entries, taken under a shared latch, so that nothing is held while the
 * caller visits the heap. With {@code keepPin} the
 * leaf stays pinned until the next batch: an index-only scan needs that, because it keeps vacuum from reusing TIDs the
 * batch still names. Entries inserted into the
 * part of the range already passed are not seen; a snapshot taken before the scan does not need them.
 */
public final class BTreeCursor implements AutoCloseable {
    private static final int NOT_STARTED = -1;
    private static final byte[] FIRST_KEY = {};

    private final BTree tree;
    private final BufferPool pool;

    private KeyRange range = KeyRange.ALL;
    private boolean forward = true;
    private boolean withEntries;
    private boolean keepPin;

    private int nextBlock = NOT_STARTED;
    private boolean exhausted = true;
    private int pinned = -1;
    private int block;
    private long pageLsn;

    private long[] tids = new long[64];
    private int count;
    /**
     * Keys and payloads of the batch, one behind the other: entry i has its key at starts[2i], its payload at
     * starts[2i + 1].
     */
    private byte[] bytes = new byte[0];
    private int[] starts = new int[0];
    private int bytesUsed;
    /**
     * Backward scans: the page whose left link was followed last; it tells whether the page reached is still its
     * neighbour.
     */
    private int cameFrom;
    /** Null unless what is read must be recorded. */
    private ReadTracking tracking;
    private ReadTracking.ScannedKeys scanned;

    BTreeCursor(BTree tree) {
        this.tree = tree;
        this.pool = tree.pool();
    }

    /**
     * Positions the cursor before the range's first entry in scan direction.
     *
     * @param entries whether {@link #key} and payloads are wanted and not just TIDs
     */
    public void seek(KeyRange newRange, boolean scanForward, boolean entries) {
        close();
        range = newRange;
        forward = scanForward;
        withEntries = entries;
        exhausted = newRange.isEmpty();
        nextBlock = NOT_STARTED;
        cameFrom = BTreePage.NO_BLOCK;
        scanned = null;
    }

    /** Records what is read for a serializable transaction; null for nobody. Holds for all seeks that follow. */
    public void track(ReadTracking newTracking) {
        tracking = newTracking;
    }

    /** Keeps the leaf of the current batch pinned. To be called before the first batch. */
    public void keepPin() {
        keepPin = true;
    }

    /**
     * Reads the next leaf that has matching entries.
     *
     * @return false at the end of the range
     */
    public boolean nextBatch() {
        unpinCurrent();
        count = 0;
        while (!exhausted) {
            int buffer = nextBlock == NOT_STARTED ? seekFirst() : tree.pin(nextBlock);
            pool.latchShared(buffer);
            boolean moved = false;
            try {
                if (forward) {
                    readForward(buffer);
                } else {
                    moved = !readBackward(buffer);
                }
                if (tracking != null && !moved) {
                    recordRead(buffer);
                }
                block = pool.blockNumber(buffer);
                pageLsn = Page.lsn(pool.address(buffer));
            } finally {
                pool.unlatchShared(buffer);
                if (keepPin && count > 0 && !moved) {
                    pinned = buffer;
                } else {
                    pool.unpin(buffer);
                }
            }
            if (count > 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Records the range from where the scan began to the end of this leaf, under its latch: who inserts there later
     * finds the record, since it looks after inserting.
     */
    private void recordRead(int buffer) {
        long page = pool.address(buffer);
        byte[] lower = range.lower() == null ? FIRST_KEY : range.lower();
        byte[] upper = range.upper();
        if (!exhausted && forward) {
            // Equal keys may be on both sides of a high key, so it is included.
            byte[] high = keyAt(page, 1);
            upper = Arrays.copyOf(high, high.length + 1);
        } else if (!exhausted) {
            int first = BTreePage.firstData(page);
            if (first > BTreePage.maxOffset(page)) {
                // An empty leaf, of which the next one to the left shows where it begins.
                return;
            }
            lower = keyAt(page, first);
        }
        scanned = tracking.readsKeys(BufferPool.key(tree.relation()), scanned, lower, upper, pool.blockNumber(buffer));
    }

    private static byte[] keyAt(long page, int offset) {
        long item = BTreePage.item(page, offset);
        byte[] key = new byte[BTreePage.itemKeyLength(item)];
        Memory.copyToArray(BTreePage.itemKey(item), key, 0, key.length);
        return key;
    }

    private int seekFirst() {
        if (forward) {
            byte[] lower = range.lower() == null ? new byte[0] : range.lower();
            return tree.descend(lower, lower.length, 0, 0, null);
        }
        if (range.upper() == null) {
            return seekRightmost();
        }
        return tree.descend(range.upper(), range.upper().length, 0, 0, null);
    }

    private int seekRightmost() {
        byte[] highest = new byte[BTree.MAX_ENTRY_BYTES];
        Arrays.fill(highest, (byte) 0xFF);
        return tree.descend(highest, highest.length, Long.MAX_VALUE, 0, null);
    }

    private void readForward(int buffer) {
        long page = pool.address(buffer);
        int max = BTreePage.maxOffset(page);
        int offset = BTreePage.firstData(page);
        if (range.lower() != null && nextBlock == NOT_STARTED) {
            if (BTreePage.isBeyondHighKey(page, range.lower(), range.lower().length, 0)) {
                // Split between descent and latch: the range begins further right.
                nextBlock = BTreePage.right(page);
                return;
            }
        }
        if (range.lower() != null) {
            offset = BTreePage.lowerBound(page, range.lower(), range.lower().length, 0);
        }
        for (; offset <= max; offset++) {
            long item = BTreePage.item(page, offset);
            if (range.upper() != null && BTreePage.compare(item, range.upper(), range.upper().length, 0) >= 0) {
                exhausted = true;
                return;
            }
            if (!BTree.isMarkedDead(page, offset)) {
                add(item, Page.itemLength(page, offset));
            }
        }
        nextBlock = BTreePage.right(page);
        exhausted = nextBlock == BTreePage.NO_BLOCK
            || range.upper() != null
                && BTreePage.compare(BTreePage.item(page, 1), range.upper(), range.upper().length, 0) >= 0;
    }

    /**
     * Reads the leaf's matches in descending order.
     *
     * @return false if the wanted entries are on a page further right, to which {@link #nextBlock} was set
     */
    private boolean readBackward(int buffer) {
        long page = pool.address(buffer);
        if (cameFrom != BTreePage.NO_BLOCK ? BTreePage.right(page) != cameFrom : isShortOfUpper(page)) {
            // Split since the link or the inner page that led here was read: what is wanted now is further right.
            nextBlock = BTreePage.right(page);
            return false;
        }
        byte[] upper = range.upper();
        int max = BTreePage.maxOffset(page);
        int first = BTreePage.firstData(page);
        int offset = upper == null ? max : BTreePage.lowerBound(page, upper, upper.length, 0) - 1;
        for (; offset >= first; offset--) {
            long item = BTreePage.item(page, offset);
            if (range.lower() != null && BTreePage.compare(item, range.lower(), range.lower().length, 0) < 0) {
                exhausted = true;
                return true;
            }
            if (!BTree.isMarkedDead(page, offset)) {
                add(item, Page.itemLength(page, offset));
            }
        }
        nextBlock = BTreePage.left(page);
        exhausted = nextBlock == BTreePage.NO_BLOCK;
        cameFrom = pool.blockNumber(buffer);
        return true;
    }

    /** Whether the range goes on to the right of this page, the first one of a backward scan. */
    private boolean isShortOfUpper(long page) {
        return range.upper() == null ? !BTreePage.isRightmost(page)
            : BTreePage.isBeyondHighKey(page, range.upper(), range.upper().length, 0);
    }

    private void add(long item, int itemLength) {
        if (count == tids.length) {
            tids = Arrays.copyOf(tids, count * 2);
        }
        if (withEntries) {
            addEntry(item, itemLength);
        }
        tids[count++] = BTreePage.itemTid(item);
    }

    private void addEntry(long item, int itemLength) {
        if (count == 0) {
            bytesUsed = 0;
        }
        if (starts.length < 2 * count + 3) {
            starts = Arrays.copyOf(starts, Math.max(64, starts.length * 2));
        }
        int length = itemLength - BTreePage.ITEM_HEADER;
        if (bytes.length < bytesUsed + length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytesUsed + length, Math.max(1024, bytes.length * 2)));
        }
        Memory.copyToArray(BTreePage.itemKey(item), bytes, bytesUsed, length);
        starts[2 * count] = bytesUsed;
        starts[2 * count + 1] = bytesUsed + BTreePage.itemKeyLength(item);
        bytesUsed += length;
        starts[2 * count + 2] = bytesUsed;
    }

    /** Entries in the current batch, in scan order. */
    public int count() {
        return count;
    }

    public long tid(int index) {
        return tids[index];
    }

    /** Backing array of the batch's keys and payloads; valid until the next batch. */
    public byte[] bytes() {
        return bytes;
    }

    public int keyStart(int index) {
        return starts[2 * index];
    }

    /** Exclusive end of the key and start of the payload. */
    public int keyEnd(int index) {
        return starts[2 * index + 1];
    }

    public int payloadEnd(int index) {
        return starts[2 * index + 2];
    }

    /** The leaf of the current batch, for {@link BTree#markDead(int, long, long[], int)}. */
    public int block() {
        return block;
    }

    public long pageLsn() {
        return pageLsn;
    }

    private void unpinCurrent() {
        if (pinned >= 0) {
            pool.unpin(pinned);
            pinned = -1;
        }
    }

    /** Lets go of the pinned leaf; the cursor can be positioned again. */
    @Override
    public void close() {
        unpinCurrent();
        exhausted = true;
        count = 0;
    }
}
