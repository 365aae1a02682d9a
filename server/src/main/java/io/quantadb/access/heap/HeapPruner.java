package io.quantadb.access.heap;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Xid;
import io.quantadb.storage.page.Page;
import io.quantadb.txn.CommitTable;
import io.quantadb.txn.TupleHeader;
import io.quantadb.txn.Visibility;
import io.quantadb.wal.record.WalRecordBuilder;
import io.quantadb.wal.writer.WalInserter;

/**
 * Removes dead row versions from one page: collapses HOT chains to a redirect, turns the line pointers of dead rows
 * into DEAD ones (indexes still point there),
 * frees those of dead heap-only versions. One use, one thread; the caller holds the cleanup latch.
 *
 * <p>A HOT chain: a root that indexes point to (a version, or a redirect), then heap-only versions, each the successor
 * of the one before, told by xmin equal to
 * the predecessor's xmax. What goes is always a prefix of a chain, or a heap-only version whose inserter aborted.
 */
final class HeapPruner {
    /**
     * Free space below which readers prune. Small: updates prune themselves when they find no room, which then pays for
     * several versions at once; pruning
     * at a tenth of the page, fill factor or not, made every update of a well-filled page pay for a prune (6 instead of
     * 3 microseconds a transaction).
     */
    private static final int NEARLY_FULL_BYTES = Page.SIZE / 32;

    private final long page;
    private final long oldestLsn;
    private final CommitTable commits;
    private final int max;
    private final boolean[] done;
    private final int[] chain;
    private final short[] redirects;
    private final short[] dead;
    private final short[] unused;
    private int redirectCount;
    private int deadCount;
    private int unusedCount;
    private long pruneXid;
    private long conflictLsn;

    HeapPruner(long page, long oldestLsn, CommitTable commits) {
        this.page = page;
        this.oldestLsn = oldestLsn;
        this.commits = commits;
        max = Page.maxOffset(page);
        done = new boolean[max + 1];
        chain = new int[max + 1];
        redirects = new short[max * 2];
        dead = new short[max];
        unused = new short[max];
    }

    /**
     * Prunes a page on access if that promises room. Takes the cleanup latch only if it is free at once; the caller has
     * a pin and no latch.
     */
    static void onAccess(HeapContext context, HeapDescriptor relation, int buffer) {
        long page = context.pool.address(buffer);
        long xid = Page.pruneXid(page);
        if (xid == Xid.INVALID || context.wal == null || !isTight(page) || !isOver(context, xid)
                || !context.pool.tryLatchForCleanup(buffer)) {
            return;
        }
        // Readers prune in the barrier, so that a primary that becomes a replica can wait for them.
        int ticket = context.barrier.enter();
        try {
            WalInserter wal = context.wal;
            // Readers go on when the WAL is full: they only do not prune.
            if (wal != null && isTight(page) && wal.tryAdmit()) {
                prune(context, relation, buffer, context.snapshots.oldestSnapshotLsn());
            }
        } finally {
            context.barrier.leave(ticket);
            context.pool.unlatchExclusive(buffer);
        }
    }

    private static boolean isTight(long page) {
        return Page.hasFlag(page, Page.PAGE_FULL) || Page.freeSpace(page) < NEARLY_FULL_BYTES;
    }

    /** Whether the transaction's end lets a version go. */
    static boolean isOver(HeapContext context, long xid) {
        long status = context.commits.status(xid);
        if (status <= 0) {
            return status == CommitTable.ABORTED;
        }
        return status <= context.snapshots.oldestSnapshotLsn() || status <= context.snapshots.refreshOldestLsn();
    }

    /**
     * Prunes the page; the caller holds the cleanup latch and has been admitted to the WAL.
     *
     * @return versions removed
     */
    static int prune(HeapContext context, HeapDescriptor relation, int buffer, long oldestLsn) {
        long page = context.pool.address(buffer);
        if (Page.isNew(page)) {
            return 0;
        }
        HeapPruner pruner = new HeapPruner(page, oldestLsn, context.commits);
        pruner.plan();
        if (pruner.redirectCount + pruner.deadCount + pruner.unusedCount == 0) {
            // Not logged: only hints.
            Page.setPruneXid(page, pruner.pruneXid);
            Page.clearFlag(page, Page.PAGE_FULL);
            return 0;
        }
        pruner.execute(context, relation, buffer);
        return pruner.deadCount + pruner.unusedCount;
    }

    private void plan() {
        for (int offset = 1; offset <= max; offset++) {
            int state = Page.itemState(page, offset);
            if (state == Page.REDIRECT
                    || state == Page.NORMAL && (infomask(offset) & TupleHeader.HEAP_ONLY) == 0) {
                planChain(offset);
            }
        }
        for (int offset = 1; offset <= max; offset++) {
            if (!done[offset] && Page.isNormal(page, offset)) {
                planOrphan(offset);
            }
        }
    }

    private int infomask(int offset) {
        return TupleHeader.infomask(Page.itemAddress(page, offset));
    }

    private void planChain(int root) {
        boolean redirected = Page.isRedirect(page, root);
        int length = 0;
        int deadPrefix = 0;
        int offset = redirected ? Page.redirectTarget(page, root) : root;
        long priorXmax = Xid.INVALID;
        while (offset >= 1 && offset <= max && Page.isNormal(page, offset) && !done[offset]) {
            long tuple = Page.itemAddress(page, offset);
            if (length > 0 && TupleHeader.xmin(tuple) != priorXmax) {
                break;
            }
            chain[length++] = offset;
            done[offset] = true;
            int status = Visibility.vacuumStatus(tuple, oldestLsn, commits);
            if (status == Visibility.DEAD) {
                deadPrefix = length;
                noteRemoved(tuple);
            } else {
                noteKept(tuple, status);
                if (status != Visibility.RECENTLY_DEAD) {
                    break;
                }
            }
            if ((TupleHeader.infomask(tuple) & TupleHeader.HOT_UPDATED) == 0) {
                break;
            }
            priorXmax = TupleHeader.xmax(tuple);
            offset = (int) (TupleHeader.ctid(tuple) & 0xFFFF);
        }
        if (redirected && length == 0) {
            dead[deadCount++] = (short) root;
            return;
        }
        if (deadPrefix == 0) {
            return;
        }
        for (int i = redirected ? 0 : 1; i < deadPrefix; i++) {
            unused[unusedCount++] = (short) chain[i];
        }
        if (deadPrefix == length) {
            dead[deadCount++] = (short) root;
        } else {
            redirects[redirectCount * 2] = (short) root;
            redirects[redirectCount++ * 2 + 1] = (short) chain[deadPrefix];
        }
    }

    /** A heap-only version no chain leads to: left by an aborted update, unless it is still running. */
    private void planOrphan(int offset) {
        long tuple = Page.itemAddress(page, offset);
        if (Visibility.xminStatus(tuple, commits) == CommitTable.ABORTED) {
            unused[unusedCount++] = (short) offset;
        } else {
            noteKept(tuple, Visibility.vacuumStatus(tuple, oldestLsn, commits));
        }
    }

    /** The newest commit whose removal a reader elsewhere could notice. */
    private void noteRemoved(long tuple) {
        conflictLsn = Math.max(conflictLsn, Visibility.xmaxStatus(tuple, commits));
    }

    private void noteKept(long tuple, int status) {
        if (status == Visibility.RECENTLY_DEAD || status == Visibility.DELETE_IN_PROGRESS) {
            long xmax = TupleHeader.xmax(tuple);
            pruneXid = pruneXid == Xid.INVALID ? xmax : Math.min(pruneXid, xmax);
        }
    }

    private void execute(HeapContext context, HeapDescriptor relation, int buffer) {
        apply(page, redirects, redirectCount, dead, deadCount, unused, unusedCount, pruneXid);
        context.pool.markDirty(buffer);
        WalRecordBuilder record = context.wal.newRecord()
                .begin(HeapRecords.HEAP_MAINTENANCE, HeapRecords.PRUNE, Xid.INVALID)
                .block(relation.id(), ForkNumber.MAIN, context.pool.blockNumber(buffer), page, 0)
                .putShort(redirectCount).putShort(deadCount).putShort(unusedCount);
        put(record, redirects, redirectCount * 2);
        put(record, dead, deadCount);
        put(record, unused, unusedCount);
        record.mainData().putLong(conflictLsn).putLong(pruneXid);
        HeapContext.stamp(page, context.log(relation.logged(), record));
    }

    private static void put(WalRecordBuilder record, short[] values, int count) {
        for (int i = 0; i < count; i++) {
            record.putShort(values[i]);
        }
    }

    /** The change itself; shared with redo. */
    static void apply(long page, short[] redirects, int redirectCount, short[] dead, int deadCount, short[] unused,
            int unusedCount, long pruneXid) {
        for (int i = 0; i < redirectCount; i++) {
            Page.setRedirect(page, redirects[2 * i], redirects[2 * i + 1]);
        }
        for (int i = 0; i < deadCount; i++) {
            Page.setDead(page, dead[i]);
        }
        for (int i = 0; i < unusedCount; i++) {
            Page.setUnused(page, unused[i]);
        }
        Page.setPruneXid(page, pruneXid);
        Page.clearFlag(page, Page.PAGE_FULL);
        Page.compact(page);
    }

    /** Redo of PRUNE from block data at {@code at}. */
    static void redo(long page, byte[] bytes, int at, long pruneXid) {
        int redirectCount = short16(bytes, at);
        int deadCount = short16(bytes, at + 2);
        int unusedCount = short16(bytes, at + 4);
        int from = at + 6;
        short[] redirects = shorts(bytes, from, redirectCount * 2);
        short[] dead = shorts(bytes, from + redirectCount * 4, deadCount);
        short[] unused = shorts(bytes, from + redirectCount * 4 + deadCount * 2, unusedCount);
        apply(page, redirects, redirectCount, dead, deadCount, unused, unusedCount, pruneXid);
    }

    static int short16(byte[] bytes, int at) {
        return bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8;
    }

    static short[] shorts(byte[] bytes, int at, int count) {
        short[] values = new short[count];
        for (int i = 0; i < count; i++) {
            values[i] = (short) short16(bytes, at + 2 * i);
        }
        return values;
    }
}
