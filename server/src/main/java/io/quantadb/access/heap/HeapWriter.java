package io.quantadb.access.heap;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Invariant;
import io.quantadb.base.Memory;
import io.quantadb.base.Xid;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.page.Page;
import io.quantadb.txn.Transaction;
import io.quantadb.txn.TupleHeader;
import io.quantadb.txn.Visibility;
import io.quantadb.txn.lock.LockOwner;
import io.quantadb.txn.lock.RowLockMode;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.txn.snapshot.Snapshot;
import io.quantadb.wal.record.WalRecordBuilder;

/**
 * Inserts, updates and deletes row versions of one relation, each with its WAL record. Safe for use by many threads.
 *
 * <p>Order of every change: form the row and move large values out (may do I/O), xid, WAL admission, pin, exclusive
 * latch (two pages: lower block first), checks; from there on nothing
 * fails: visibility map bit, page, markDirty, record, page LSN.
 */
final class HeapWriter {
    private static final int TRIES_MAX = 1_000_000;

    private final HeapContext context;
    private final HeapDescriptor relation;
    private final InsertTarget target;
    private final HeapToast toast;
    private final RowLocker locker;
    private final long key;

    HeapWriter(HeapContext context, HeapDescriptor relation, InsertTarget target, HeapToast toast) {
        this.context = context;
        this.relation = relation;
        this.target = target;
        this.toast = toast;
        this.locker = new RowLocker(context, relation);
        this.key = BufferPool.key(relation.id());
    }

    private int form(Transaction transaction, TupleBuilder row) {
        if (!relation.layout().isChunks() && row.length() > HeapToast.THRESHOLD) {
            HeapToast.shrink(toast, transaction, row);
        }
        return row.form();
    }

    // ---- Insert

    long insert(Transaction transaction, TupleBuilder row) {
        int length = form(transaction, row);
        long xid = transaction.xid();
        int command = transaction.useCommandId();
        context.admit();
        int buffer = target.find(length, transaction.session().processId(), -1);
        try {
            if (transaction.serializable() != null) {
                transaction.serializable().insertsTuple(key);
            }
            long page = context.pool.address(buffer);
            int block = context.pool.blockNumber(buffer);
            boolean init = Page.maxOffset(page) == 0;
            int flags = clearVisible(page, block) ? HeapRecords.CLEAR_VISIBLE : 0;
            long tid = place(page, block, row.array(), length, xid, command, 0);
            context.pool.markDirty(buffer);
            if (relation.logged()) {
                WalRecordBuilder record = HeapContext.record(transaction)
                        .begin(HeapRecords.HEAP, HeapRecords.INSERT, xid);
                putVersion(record, block, page, tid, row.array(), length, row.infomask(), init);
                record.mainData().putByte(flags);
                HeapContext.stamp(page, context.log(true, record));
            }
            return tid;
        } finally {
            context.pool.releaseExclusive(buffer);
        }
    }

    private void putVersion(WalRecordBuilder record, int block, long page, long tid, byte[] bytes, int length,
            int infomask,
            boolean init) {
        record.block(relation.id(), ForkNumber.MAIN, block, page, init ? WalRecordBuilder.WILL_INIT : 0)
                .putShort((int) tid & 0xFFFF).putShort(relation.layout().attributeCount()).putShort(infomask)
                .putBytes(bytes, TupleHeader.SIZE_BYTES, length - TupleHeader.SIZE_BYTES);
    }

    /** Puts a formed row on the page and completes its header. @return its TID */
    static long place(long page, int block, byte[] bytes, int length, long xid, int command, int extraInfomask) {
        int offset = Page.addItem(page, bytes, length, 0);
        Invariant.check(offset > 0, "no room for %d bytes on a page with %d free", length, Page.freeSpace(page));
        long tid = Integer.toUnsignedLong(block) << 16 | offset;
        long tuple = Page.itemAddress(page, offset);
        Memory.putLong(tuple + TupleHeader.XMIN, xid);
        Memory.putInt(tuple + TupleHeader.CID, command);
        TupleHeader.setCtid(tuple, tid);
        if (extraInfomask != 0) {
            TupleHeader.setInfomask(tuple, TupleHeader.infomask(tuple) | extraInfomask);
        }
        return tid;
    }

    /** First step of a change of the page, before anything else: the map never claims too much. */
    private boolean clearVisible(long page, int block) {
        if (!Page.hasFlag(page, Page.ALL_VISIBLE)) {
            return false;
        }
        context.visibilityMap.clear(relation.id(), block);
        Page.clearFlag(page, Page.ALL_VISIBLE);
        return true;
    }

    // ---- Delete

    ChangeStatus delete(Transaction transaction, Snapshot snapshot, long tid, WaitPolicy policy, HeapChange result) {
        long[] chunks = null;
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            long xid = transaction.xid();
            context.admit();
            int buffer = context.pool.pin(key, ForkNumber.MAIN, (int) (tid >>> 16));
            context.pool.latchExclusive(buffer);
            long blocker;
            try {
                long page = context.pool.address(buffer);
                blocker = check(transaction, snapshot, page, tid, RowLockMode.UPDATE, result);
                if (blocker == REFUSED) {
                    return result.status();
                }
                if (blocker == FREE) {
                    if (transaction.serializable() != null) {
                        transaction.serializable().writesTuple(key, tid);
                    }
                    long tuple = RowLocker.version(page, tid);
                    if ((TupleHeader.infomask(tuple) & TupleHeader.HAS_EXTERNAL) != 0) {
                        chunks = HeapToast.outOfLine(relation.layout(), tuple);
                    }
                    locker.dependOnInserter(transaction, tuple);
                    delete(transaction, buffer, page, tuple, tid, xid);
                }
            } finally {
                context.pool.releaseExclusive(buffer);
            }
            if (blocker == FREE) {
                if (chunks != null && toast != null) {
                    toast.delete(transaction, snapshot, chunks);
                }
                return result.ok(tid, false);
            }
            if (!wait(transaction, tid, RowLockMode.UPDATE, blocker, policy, "deleting")) {
                return result.set(ChangeStatus.SKIPPED);
            }
        }
        throw Invariant.broken("row %s changed under a delete without end", tid);
    }

    private void delete(Transaction transaction, int buffer, long page, long tuple, long tid, long xid) {
        int flags = clearVisible(page, (int) (tid >>> 16)) ? HeapRecords.CLEAR_VISIBLE : 0;
        setXmax(transaction, tuple, xid, tid, TupleHeader.KEYS_UPDATED);
        notePrunable(page, xid);
        context.pool.markDirty(buffer);
        if (relation.logged()) {
            WalRecordBuilder record = HeapContext.record(transaction).begin(HeapRecords.HEAP, HeapRecords.DELETE, xid)
                    .block(relation.id(), ForkNumber.MAIN, (int) (tid >>> 16), page, 0)
                    .mainData().putByte(flags).putShort((int) tid & 0xFFFF);
            HeapContext.stamp(page, context.log(true, record));
        }
    }

    /** Ends a version's life. Its command becomes ours, or a combo if we inserted it too. */
    private static void setXmax(Transaction transaction, long tuple, long xid, long ctid, int bits) {
        int infomask = TupleHeader.infomask(tuple);
        int command = transaction.useCommandId();
        int newBits = bits;
        if (transaction.isOwn(TupleHeader.xmin(tuple))) {
            command = transaction.comboCommand(Visibility.insertCommand(tuple, infomask, transaction), command);
            newBits |= TupleHeader.COMBO_CID;
        }
        Memory.putLong(tuple + TupleHeader.XMAX, xid);
        Memory.putInt(tuple + TupleHeader.CID, command);
        TupleHeader.setCtid(tuple, ctid);
        TupleHeader.setInfomask(tuple, infomask & ~TupleHeader.XMAX_BITS | newBits);
    }

    static void notePrunable(long page, long xid) {
        long known = Page.pruneXid(page);
        if (known == Xid.INVALID || xid < known) {
            Page.setPruneXid(page, xid);
        }
    }

    // ---- Checks and waiting

    /** The row may be changed now. */
    private static final long FREE = -1;
    /** It cannot; the result says why. */
    private static final long REFUSED = -2;

    /** @return FREE, REFUSED, or what to wait for: the xid of a running updater, 0 for row locks */
    private long check(Transaction transaction, Snapshot snapshot, long page, long tid, RowLockMode mode,
            HeapChange result) {
        long tuple = RowLocker.version(page, tid);
        if (tuple == 0) {
            result.set(ChangeStatus.INVISIBLE);
            return REFUSED;
        }
        int status = Visibility.updateStatus(tuple, tid, transaction, snapshot.commandId(), context.commits);
        if (status == Visibility.UPDATE_OK) {
            return locker.isLockedByOthers(transaction.session().lockOwner(), tid, mode) ? 0 : FREE;
        }
        if (status == Visibility.UPDATE_BEING_MODIFIED) {
            return TupleHeader.xmax(tuple);
        }
        locker.refuse(transaction, tuple, status, result);
        return REFUSED;
    }

    /**
     * Keeps the row lock for the rest of the transaction when locks were in the way: else a new locker could slip in
     * each time we look again.
     */
    private boolean wait(Transaction transaction, long tid, RowLockMode mode, long blocker, WaitPolicy policy,
            String doing) {
        return locker.await(transaction.session().lockOwner(), tid, mode, blocker, policy, blocker == 0, doing);
    }

    // ---- Update

    ChangeStatus update(Transaction transaction, Snapshot snapshot, long tid, TupleBuilder row, boolean hotAllowed,
            boolean keyChanged, WaitPolicy policy, HeapChange result) {
        int length = form(transaction, row);
        RowLockMode mode = keyChanged ? RowLockMode.UPDATE : RowLockMode.NO_KEY_UPDATE;
        UpdatePages pages = new UpdatePages(context, target, key, tid, transaction.session().processId());
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            long xid = transaction.xid();
            context.admit();
            long blocker;
            long[] chunks = null;
            pages.latch(length);
            try {
                blocker = check(transaction, snapshot, pages.oldPage(), tid, mode, result);
                if (blocker == REFUSED) {
                    return result.status();
                }
                if (blocker == FREE) {
                    if (!pages.makeRoom(relation, length)) {
                        // Next time with a second page.
                        continue;
                    }
                    if (transaction.serializable() != null) {
                        transaction.serializable().writesTuple(key, tid);
                    }
                    long tuple = RowLocker.version(pages.oldPage(), tid);
                    if (toast != null && (TupleHeader.infomask(tuple) & TupleHeader.HAS_EXTERNAL) != 0) {
                        chunks = HeapToast.outOfLine(relation.layout(), tuple);
                    }
                    locker.dependOnInserter(transaction, tuple);
                    replace(transaction, pages, tuple, tid, row, length, xid, hotAllowed
                            && pages.isSinglePage(), keyChanged, result);
                }
            } finally {
                pages.release();
            }
            if (blocker == FREE) {
                if (chunks != null) {
                    toast.deleteUnused(transaction, snapshot, chunks, row);
                }
                return result.status();
            }
            if (!wait(transaction, tid, mode, blocker, policy, "updating")) {
                return result.set(ChangeStatus.SKIPPED);
            }
        }
        throw Invariant.broken("row %s changed under an update without end", tid);
    }

    private void replace(Transaction transaction, UpdatePages pages, long tuple, long tid, TupleBuilder row,
            int length, long xid,
            boolean hot, boolean keyChanged, HeapChange result) {
        long oldPage = pages.oldPage();
        long newPage = pages.newPage();
        int newBlock = pages.newBlock();
        boolean single = pages.isSinglePage();
        boolean init = Page.maxOffset(newPage) == 0;
        int flags = (hot ? HeapRecords.HOT : 0) | (keyChanged ? HeapRecords.KEYS_UPDATED : 0);
        flags |= clearVisible(newPage, newBlock) ? HeapRecords.CLEAR_VISIBLE : 0;
        flags |= !single && clearVisible(oldPage, (int) (tid >>> 16)) ? HeapRecords.CLEAR_VISIBLE_OLD : 0;
        int command = transaction.useCommandId();
        int newBits = TupleHeader.UPDATED_VERSION | (hot ? TupleHeader.HEAP_ONLY : 0);
        long newTid = place(newPage, newBlock, row.array(), length, xid, command, newBits);
        setXmax(transaction, tuple, xid, newTid,
                (hot ? TupleHeader.HOT_UPDATED : 0) | (keyChanged ? TupleHeader.KEYS_UPDATED : 0));
        notePrunable(oldPage, xid);
        LockOwner owner = transaction.session().lockOwner();
        if (!keyChanged) {
            locker.inherit(owner, tid, newTid);
        }
        pages.markDirty();
        if (relation.logged()) {
            long lsn = logUpdate(transaction, pages, tuple, tid, newTid, row, length, row.infomask() | newBits, xid,
                    flags, init);
            HeapContext.stamp(newPage, lsn);
            HeapContext.stamp(oldPage, lsn);
        }
        result.ok(newTid, hot);
    }

    private long logUpdate(Transaction transaction, UpdatePages pages, long oldTuple, long tid, long newTid,
            TupleBuilder row,
            int length, int infomask, long xid, int flags, boolean init) {
        WalRecordBuilder record = HeapContext.record(transaction).begin(HeapRecords.HEAP, HeapRecords.UPDATE, xid);
        int allFlags = flags;
        if (pages.isSinglePage()) {
            allFlags |= HeapRecords.DELTA;
            putDelta(record, pages, oldTuple, tid, newTid, row.array(), length, infomask);
        } else {
            putVersion(record, pages.newBlock(), pages.newPage(), newTid, row.array(), length, infomask, init);
            record.block(relation.id(), ForkNumber.MAIN, (int) (tid >>> 16), pages.oldPage(), 0);
        }
        record.mainData().putByte(allFlags).putShort((int) tid & 0xFFFF).putInt((int) (newTid >>> 16))
                .putShort((int) newTid & 0xFFFF);
        return context.wal.insert(record);
    }

    /** The new row as what differs from the old one between a common beginning and a common end. */
    private void putDelta(WalRecordBuilder record, UpdatePages pages, long oldTuple, long tid, long newTid,
            byte[] bytes, int length,
            int infomask) {
        int oldLength = Page.itemLength(pages.oldPage(), (int) tid & 0xFFFF);
        int shorter = Math.min(oldLength, length);
        int prefix = commonPrefix(oldTuple, bytes, shorter);
        int suffix = commonSuffix(oldTuple + oldLength, bytes, length, shorter - prefix);
        record.block(relation.id(), ForkNumber.MAIN, (int) (tid >>> 16), pages.oldPage(), 0)
                .putShort((int) newTid & 0xFFFF).putShort(relation.layout().attributeCount()).putShort(infomask)
                .putShort(prefix - TupleHeader.SIZE_BYTES).putShort(suffix)
                .putBytes(bytes, prefix, length - prefix - suffix);
    }

    private static int commonPrefix(long tuple, byte[] bytes, int end) {
        int at = TupleHeader.SIZE_BYTES;
        while (at + 8 <= end && Memory.getLong(tuple + at) == Memory.getLong(bytes, at)) {
            at += 8;
        }
        while (at < end && Memory.getByte(tuple + at) == bytes[at]) {
            at++;
        }
        return at;
    }

    private static int commonSuffix(long tupleEnd, byte[] bytes, int length, int most) {
        int common = 0;
        while (common < most && Memory.getByte(tupleEnd - 1 - common) == bytes[length - 1 - common]) {
            common++;
        }
        return common;
    }
}
