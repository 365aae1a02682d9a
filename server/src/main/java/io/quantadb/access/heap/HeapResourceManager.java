package io.quantadb.access.heap;

import io.quantadb.base.Invariant;
import io.quantadb.base.Memory;
import io.quantadb.storage.buffer.RedoBlock;
import io.quantadb.storage.buffer.RedoBuffers;
import io.quantadb.storage.buffer.VisibilityMap;
import io.quantadb.storage.page.Page;
import io.quantadb.storage.page.PageKind;
import io.quantadb.txn.TupleHeader;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.rmgr.ResourceManager;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Redo and description of changes of row versions. Stateless but for its collaborators: may replay different blocks in
 * several threads.
 */
public final class HeapResourceManager implements ResourceManager {
    private static final int VERSION_HEADER = 6;

    private final RedoBuffers redo;
    private final VisibilityMap visibilityMap;
    private final LongConsumer xids;

    /**
     * All arguments null: a manager that can only describe, for tools.
     *
     * @param xids told of each record's xid: {@code TransactionManager::noteXid}
     */
    public HeapResourceManager(RedoBuffers redo, VisibilityMap visibilityMap, LongConsumer xids) {
        this.redo = redo;
        this.visibilityMap = visibilityMap;
        this.xids = xids;
    }

    @Override
    public String name() {
        return "heap";
    }

    @Override
    public void redo(WalRecord record) {
        xids.accept(record.xid());
        byte[] bytes = record.bytes();
        int flags = bytes[record.dataOffset()];
        clearVisible(record, 0, flags, HeapRecords.CLEAR_VISIBLE);
        switch (record.kind()) {
            case HeapRecords.INSERT -> redoInsert(record);
            case HeapRecords.MULTI_INSERT -> redoMultiInsert(record);
            case HeapRecords.DELETE -> redoDelete(record);
            case HeapRecords.UPDATE -> redoUpdate(record, flags);
            default -> throw Invariant.broken("heap record of unknown kind %d", record.kind());
        }
    }

    /** The map first, whatever the page's LSN: the map page has an LSN of its own and may be older. */
    private void clearVisible(WalRecord record, int block, int flags, int flag) {
        if ((flags & flag) != 0) {
            visibilityMap.clear(record.relation(block), record.blockNumber(block));
        }
    }

    private static long page(RedoBlock block, boolean init) {
        if (init) {
            Page.init(block.page(), 0, PageKind.HEAP);
        }
        Page.clearFlag(block.page(), Page.ALL_VISIBLE);
        return block.page();
    }

    private void redoInsert(WalRecord record) {
        try (RedoBlock block = redo.prepare(record, 0)) {
            if (block.needsRedo()) {
                redoVersion(record, page(block, record.willInit(0)));
            }
        }
    }

    /** Adds the version that block 0's data holds whole. */
    private static void redoVersion(WalRecord record, long page) {
        int at = record.blockDataOffset(0);
        addVersion(record, page, at, at + VERSION_HEADER, record.blockDataLength(0) - VERSION_HEADER);
    }

    /** @param at where offset, natts and infomask are; @param from where the row's bytes are */
    private static void addVersion(WalRecord record, long page, int at, int from, int rowLength) {
        byte[] bytes = record.bytes();
        int wanted = HeapPruner.short16(bytes, at);
        int offset = Page.allocateItem(page, TupleHeader.SIZE_BYTES + rowLength, wanted);
        Invariant.check(offset == wanted, "redo put a row at offset %d instead of %d", offset, wanted);
        long tuple = Page.itemAddress(page, offset);
        header(record, tuple, offset, HeapPruner.short16(bytes, at + 2), HeapPruner.short16(bytes, at + 4));
        Memory.copyFromArray(bytes, from, tuple + TupleHeader.SIZE_BYTES, rowLength);
    }

    private static void header(WalRecord record, long tuple, int offset, int natts, int infomask) {
        Memory.fill(tuple, TupleHeader.SIZE_BYTES, 0);
        Memory.putLong(tuple + TupleHeader.XMIN, record.xid());
        TupleHeader.setCtid(tuple, Integer.toUnsignedLong(record.blockNumber(0)) << 16 | offset);
        TupleHeader.setInfomask(tuple, infomask);
        Memory.putShort(tuple + TupleHeader.NATTS, natts);
    }

    private void redoMultiInsert(WalRecord record) {
        try (RedoBlock block = redo.prepare(record, 0)) {
            if (!block.needsRedo()) {
                return;
            }
            long page = page(block, record.willInit(0));
            int at = record.blockDataOffset(0);
            int end = at + record.blockDataLength(0);
            while (at < end) {
                int length = HeapPruner.short16(record.bytes(), at + VERSION_HEADER);
                addVersion(record, page, at, at + VERSION_HEADER + 2, length);
                at += VERSION_HEADER + 2 + length;
            }
        }
    }

    private void redoDelete(WalRecord record) {
        try (RedoBlock block = redo.prepare(record, 0)) {
            if (block.needsRedo()) {
                int offset = HeapPruner.short16(record.bytes(), record.dataOffset() + 1);
                long tid = Integer.toUnsignedLong(record.blockNumber(0)) << 16 | offset;
                endVersion(record, page(block, false), offset, tid, TupleHeader.KEYS_UPDATED);
            }
        }
    }

    private static void endVersion(WalRecord record, long page, int offset, long ctid, int bits) {
        Invariant.check(Page.isNormal(page, offset), "redo ends the version at offset %d, which has state %d", offset,
                Page.itemState(page, offset));
        long tuple = Page.itemAddress(page, offset);
        Memory.putLong(tuple + TupleHeader.XMAX, record.xid());
        Memory.putInt(tuple + TupleHeader.CID, 0);
        TupleHeader.setCtid(tuple, ctid);
        TupleHeader.setInfomask(tuple, TupleHeader.infomask(tuple) & ~TupleHeader.XMAX_BITS | bits);
        HeapWriter.notePrunable(page, record.xid());
    }

    private void redoUpdate(WalRecord record, int flags) {
        byte[] bytes = record.bytes();
        int data = record.dataOffset();
        int oldOffset = HeapPruner.short16(bytes, data + 1);
        long newTid = Integer.toUnsignedLong(Memory.getInt(bytes, data + 3)) << 16 | HeapPruner.short16(bytes, data
                + 7);
        int bits = ((flags & HeapRecords.HOT) != 0 ? TupleHeader.HOT_UPDATED : 0)
                | ((flags & HeapRecords.KEYS_UPDATED) != 0 ? TupleHeader.KEYS_UPDATED : 0);
        if ((flags & HeapRecords.DELTA) != 0) {
            try (RedoBlock block = redo.prepare(record, 0)) {
                if (block.needsRedo()) {
                    long page = page(block, false);
                    redoDelta(record, page, oldOffset);
                    endVersion(record, page, oldOffset, newTid, bits);
                }
            }
            return;
        }
        clearVisible(record, 1, flags, HeapRecords.CLEAR_VISIBLE_OLD);
        // Old page first: a reader on a replica never misses the row, it may meet the old version twice but never sees
        // both.
        try (RedoBlock block = redo.prepare(record, 1)) {
            if (block.needsRedo()) {
                endVersion(record, page(block, false), oldOffset, newTid, bits);
            }
        }
        redoInsert(record);
    }

    private static void redoDelta(WalRecord record, long page, int oldOffset) {
        byte[] bytes = record.bytes();
        int at = record.blockDataOffset(0);
        int prefix = HeapPruner.short16(bytes, at + VERSION_HEADER);
        int suffix = HeapPruner.short16(bytes, at + VERSION_HEADER + 2);
        int middle = record.blockDataLength(0) - VERSION_HEADER - 4;
        byte[] row = new byte[prefix + middle + suffix];
        long old = Page.itemAddress(page, oldOffset);
        int oldLength = Page.itemLength(page, oldOffset);
        Memory.copyToArray(old + TupleHeader.SIZE_BYTES, row, 0, prefix);
        System.arraycopy(bytes, at + VERSION_HEADER + 4, row, prefix, middle);
        Memory.copyToArray(old + oldLength - suffix, row, prefix + middle, suffix);
        int wanted = HeapPruner.short16(bytes, at);
        int offset = Page.allocateItem(page, TupleHeader.SIZE_BYTES + row.length, wanted);
        Invariant.check(offset == wanted, "redo put a row at offset %d instead of %d", offset, wanted);
        long tuple = Page.itemAddress(page, offset);
        header(record, tuple, offset, HeapPruner.short16(bytes, at + 2), HeapPruner.short16(bytes, at + 4));
        Memory.copyFromArray(row, 0, tuple + TupleHeader.SIZE_BYTES, row.length);
    }

    @Override
    public String describe(WalRecord record) {
        byte[] bytes = record.bytes();
        int data = record.dataOffset();
        int flags = bytes[data];
        String visible = (flags & (HeapRecords.CLEAR_VISIBLE | HeapRecords.CLEAR_VISIBLE_OLD)) != 0
                ? ", clears all-visible" : "";
        return switch (record.kind()) {
            case HeapRecords.INSERT -> "insert" + (record.blockDataLength(0) == 0 ? ""
                    : " at offset " + HeapPruner.short16(bytes, record.blockDataOffset(0))) + visible;
            case HeapRecords.MULTI_INSERT -> "insert " + HeapPruner.short16(bytes, data + 1) + " rows" + visible;
            case HeapRecords.DELETE -> "delete at offset " + HeapPruner.short16(bytes, data + 1) + visible;
            case HeapRecords.UPDATE -> ((flags & HeapRecords.HOT) != 0 ? "hot update at offset " : "update at offset ")
                    + HeapPruner.short16(bytes, data + 1) + " to ("
                            + Integer.toUnsignedString(Memory.getInt(bytes, data + 3)) + ","
                    + HeapPruner.short16(bytes, data + 7) + ")" + visible;
            default -> "unknown kind " + record.kind() + " "
                    + Arrays.toString(Arrays.copyOfRange(bytes, data, data + record.dataLength()));
        };
    }
}
