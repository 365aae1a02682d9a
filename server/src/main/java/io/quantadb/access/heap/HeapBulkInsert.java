package io.quantadb.access.heap;

import io.quantadb.base.ForkNumber;
import io.quantadb.storage.buffer.BufferAccess;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.buffer.BufferRing;
import io.quantadb.storage.page.Page;
import io.quantadb.storage.page.PageKind;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.TupleHeader;
import io.quantadb.wal.record.WalRecordBuilder;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Batched insertion: one latch, one WAL record a page. Confined to one thread. {@link #close} discards what was not
 * flushed.
 *
 * <p>Fills pages of its own, new ones at the end of the relation but for the one it goes on with; so loads do not
 * disturb each other.
 */
public final class HeapBulkInsert implements AutoCloseable {
    private static final int PENDING_BYTES_MAX = 256 << 10;
    private static final int PENDING_ROWS_MAX = 1000;

    private final HeapContext context;
    private final HeapDescriptor relation;
    private final HeapToast toast;
    private final Transaction transaction;
    private final BufferRing ring;
    private final int reserve;
    private byte[] pending = new byte[64 << 10];
    private int pendingBytes;
    private int[] starts = new int[PENDING_ROWS_MAX + 1];
    private int rows;
    private int currentBlock = -1;
    private final int[] placed = new int[HeapRelation.VERSIONS_PER_PAGE_MAX];

    HeapBulkInsert(HeapContext context, HeapDescriptor relation, HeapToast toast, Transaction transaction) {
        this.context = context;
        this.relation = relation;
        this.toast = toast;
        this.transaction = transaction;
        this.ring = context.pool.newRing(BufferAccess.BULK_WRITE);
        this.reserve = Page.SIZE * (100 - relation.fillFactorPercent()) / 100;
    }

    /** Adds a row; its bytes are copied. Call {@link #flush} when {@link #isFull}. */
    public void add(TupleBuilder row) {
        if (row.length() > HeapToast.THRESHOLD) {
            HeapToast.shrink(toast, transaction, row);
        }
        int length = row.form();
        if (pendingBytes + length > pending.length) {
            pending = Arrays.copyOf(pending, Math.max(pending.length * 2, pendingBytes + length));
        }
        if (rows + 1 >= starts.length) {
            starts = Arrays.copyOf(starts, starts.length * 2);
        }
        System.arraycopy(row.array(), 0, pending, pendingBytes, length);
        starts[rows++] = pendingBytes;
        pendingBytes += length;
        starts[rows] = pendingBytes;
    }

    /** Whether enough is pending that flush should be called. */
    public boolean isFull() {
        return rows >= PENDING_ROWS_MAX || pendingBytes >= PENDING_BYTES_MAX;
    }

    /** Rows not written yet. */
    public int pendingRows() {
        return rows;
    }

    /** Writes pending rows and hands their TIDs over in order of addition. */
    public void flush(LongConsumer tids) {
        int next = 0;
        while (next < rows) {
            next = fillPage(next, tids);
        }
        rows = 0;
        pendingBytes = 0;
    }

    /** Puts as many rows as fit on one page. @return the first row that is left */
    private int fillPage(int first, LongConsumer tids) {
        long xid = transaction.xid();
        int command = transaction.useCommandId();
        context.admit();
        int buffer = openPage(starts[first + 1] - starts[first]);
        BufferPool pool = context.pool;
        long page = pool.address(buffer);
        int block = pool.blockNumber(buffer);
        int row = first;
        try {
            if (transaction.serializable() != null) {
                transaction.serializable().insertsTuple(BufferPool.key(relation.id()));
            }
            boolean init = Page.maxOffset(page) == 0;
            boolean wasVisible = Page.hasFlag(page, Page.ALL_VISIBLE);
            if (wasVisible) {
                context.visibilityMap.clear(relation.id(), block);
                Page.clearFlag(page, Page.ALL_VISIBLE);
            }
            int count = 0;
            while (row < rows && InsertTarget.fits(page, starts[row + 1] - starts[row], reserve)) {
                placed[count++] = place(page, block, row, xid, command);
                row++;
            }
            pool.markDirty(buffer);
            if (relation.logged()) {
                log(page, block, first, count, xid, init, wasVisible);
            }
        } finally {
            pool.releaseExclusive(buffer);
        }
        for (int i = 0; i < row - first; i++) {
            tids.accept(Integer.toUnsignedLong(block) << 16 | placed[i]);
        }
        return row;
    }

    private int place(long page, int block, int row, long xid, int command) {
        int start = starts[row];
        int length = starts[row + 1] - start;
        int offset = Page.addItem(page, pending, start, length, 0);
        long tuple = Page.itemAddress(page, offset);
        io.quantadb.base.Memory.putLong(tuple + TupleHeader.XMIN, xid);
        io.quantadb.base.Memory.putInt(tuple + TupleHeader.CID, command);
        TupleHeader.setCtid(tuple, Integer.toUnsignedLong(block) << 16 | offset);
        return offset;
    }

    private void log(long page, int block, int first, int count, long xid, boolean init, boolean wasVisible) {
        WalRecordBuilder record = HeapContext.record(transaction).begin(HeapRecords.HEAP, HeapRecords.MULTI_INSERT, xid)
                .block(relation.id(), ForkNumber.MAIN, block, page, init ? WalRecordBuilder.WILL_INIT : 0);
        for (int i = 0; i < count; i++) {
            int start = starts[first + i];
            int length = starts[first + i + 1] - start;
            int infomask = pending[start
                    + TupleHeader.INFOMASK] & 0xFF | (pending[start + TupleHeader.INFOMASK + 1] & 0xFF) << 8;
            record.putShort(placed[i]).putShort(relation.layout().attributeCount()).putShort(infomask)
                    .putShort(length - TupleHeader.SIZE_BYTES)
                    .putBytes(pending, start + TupleHeader.SIZE_BYTES, length - TupleHeader.SIZE_BYTES);
        }
        record.mainData().putByte(wasVisible ? HeapRecords.CLEAR_VISIBLE : 0).putShort(count);
        HeapContext.stamp(page, context.log(true, record));
    }

    /** Our current page if the row fits, else a new one. Latched exclusively. */
    private int openPage(int length) {
        BufferPool pool = context.pool;
        if (currentBlock >= 0) {
            int buffer = pool.pin(BufferPool.key(relation.id()), ForkNumber.MAIN, currentBlock, ring);
            pool.latchExclusive(buffer);
            if (InsertTarget.fits(pool.address(buffer), length, reserve)) {
                return buffer;
            }
            int free = Page.freeSpace(pool.address(buffer));
            pool.releaseExclusive(buffer);
            context.freeSpaceMap.record(relation.id(), currentBlock, free);
        }
        int buffer = pool.extend(relation.id(), ForkNumber.MAIN, ring);
        Page.init(pool.address(buffer), 0, PageKind.HEAP);
        currentBlock = pool.blockNumber(buffer);
        return buffer;
    }

    /** Tells the free-space map what is left of the last page. */
    @Override
    public void close() {
        if (currentBlock >= 0) {
            BufferPool pool = context.pool;
            int buffer = pool.pin(BufferPool.key(relation.id()), ForkNumber.MAIN, currentBlock);
            int free = Page.freeSpace(pool.address(buffer));
            pool.unpin(buffer);
            context.freeSpaceMap.record(relation.id(), currentBlock, free);
            currentBlock = -1;
        }
    }
}
