package io.quantadb.storage.buffer;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Lsn;
import io.quantadb.base.RelationId;
import io.quantadb.storage.StorageException;
import io.quantadb.storage.page.Page;
import io.quantadb.wal.record.WalRecord;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Redo's access to pages: decides by the page LSN whether a change is still to be applied, and puts full images in
 * place. Safe for use by many threads that replay different blocks.
 *
 * <p>Pages that WAL names and the files lack are remembered: a drop or truncation further on explains them. {@link
 * #checkNothingMissing} at the end of recovery finds those that nothing explains.
 */
public final class RedoBuffers {
    private static final long PIN_WAIT_NANOS = 1_000_000;
    private static final long PIN_PAUSE_NANOS = 20_000;

    private final BufferPool pool;
    private final Map<Missing, Long> missing = new ConcurrentHashMap<>();

    public RedoBuffers(BufferPool pool) {
        this.pool = pool;
    }

    public BufferPool pool() {
        return pool;
    }

    /**
     * Finds block {@code index} of the record, creating and extending files where the record gives the page its whole
     * content.
     *
     * <p>A block that redo initialises is returned zeroed or with its old content, NEEDS_REDO whatever its LSN: the
     * caller calls {@link Page#init}.
     */
    public RedoBlock prepare(WalRecord record, int index) {
        RelationId relation = record.relation(index);
        ForkNumber fork = record.fork(index);
        int block = record.blockNumber(index);
        if (record.hasImage(index)) {
            int buffer = overwrite(relation, fork, block);
            record.restoreImage(index, pool.address(buffer));
            pool.markDirtyInRedo(buffer, record.startLsn());
            Page.setLsn(pool.address(buffer), record.endLsn());
            return result(RedoAction.RESTORED, buffer, record);
        }
        if (record.willInit(index)) {
            return result(RedoAction.NEEDS_REDO, overwrite(relation, fork, block), record);
        }
        if (fork == ForkNumber.VISIBILITY_MAP) {
            pool.ensureBlocks(relation, fork, block + 1);
        }
        if (block >= pool.blockCount(relation, fork)) {
            return missing(relation, fork, block, record);
        }
        return compare(record, relation, fork, block);
    }

    /**
     * As {@link #prepare}, for redo that moves items on the page: nobody else has it pinned. Readers who do keep the
     * old state of the page
     * after a short wait.
     */
    public RedoBlock prepareForCleanup(WalRecord record, int index) {
        long key = BufferPool.key(record.relation(index));
        int buffer = pool.pinIfResident(key, record.fork(index), record.blockNumber(index));
        if (buffer < 0) {
            return prepare(record, index);
        }
        if (awaitOnlyPin(buffer)) {
            // A reader who pins from now on has no address into the page before the latch is free.
            try {
                return prepareLatched(record, index, buffer);
            } finally {
                pool.unpin(buffer);
            }
        }
        int moved = pool.moveAwayFromReaders(buffer);
        try {
            return prepareLatched(record, index, moved);
        } finally {
            pool.unpin(moved);
        }
    }

    /** The page is exclusively latched, and the caller's pin is one of two afterwards. */
    private RedoBlock prepareLatched(WalRecord record, int index, int buffer) {
        pool.pinAgain(buffer);
        long page = pool.address(buffer);
        if (record.hasImage(index)) {
            pool.files().touch(record.relation(index), record.fork(index), record.blockNumber(index));
            record.restoreImage(index, page);
            pool.markDirtyInRedo(buffer, record.startLsn());
            Page.setLsn(page, record.endLsn());
            return result(RedoAction.RESTORED, buffer, record);
        }
        if (Page.isNew(page)) {
            pool.releaseExclusive(buffer);
            return missing(record.relation(index), record.fork(index), record.blockNumber(index), record);
        }
        pool.files().touch(record.relation(index), record.fork(index), record.blockNumber(index));
        return result(Page.lsn(page) >= record.endLsn() ? RedoAction.DONE : RedoAction.NEEDS_REDO, buffer, record);
    }

    /** Latches for cleanup; false, without latch, if readers keep the page pinned. */
    private boolean awaitOnlyPin(int buffer) {
        long deadline = 0;
        while (!pool.tryLatchForCleanup(buffer)) {
            long now = System.nanoTime();
            if (deadline == 0) {
                deadline = now + PIN_WAIT_NANOS;
            } else if (now - deadline >= 0) {
                return false;
            }
            LockSupport.parkNanos(PIN_PAUSE_NANOS);
        }
        return true;
    }

    private RedoBlock compare(WalRecord record, RelationId relation, ForkNumber fork, int block) {
        boolean map = fork != ForkNumber.MAIN;
        int buffer = map ? pool.pinOrZero(relation, fork, block) : pool.pin(relation, fork, block);
        pool.latchExclusive(buffer);
        long page = pool.address(buffer);
        if (!map && Page.isNew(page)) {
            pool.releaseExclusive(buffer);
            return missing(relation, fork, block, record);
        }
        pool.files().touch(relation, fork, block);
        return result(Page.lsn(page) >= record.endLsn() ? RedoAction.DONE : RedoAction.NEEDS_REDO, buffer, record);
    }

    /**
     * A page that already has the change may have reached the file without a sync before the crash: whatever redo looks
     * at is synced by the checkpoint that ends recovery.
     */
    private int overwrite(RelationId relation, ForkNumber fork, int block) {
        pool.ensureBlocks(relation, fork, block + 1);
        pool.files().touch(relation, fork, block);
        return pool.pinToOverwrite(relation, fork, block);
    }

    private RedoBlock missing(RelationId relation, ForkNumber fork, int block, WalRecord record) {
        missing.putIfAbsent(new Missing(relation, fork, block), record.startLsn());
        return result(RedoAction.NOT_FOUND, -1, record);
    }

    private RedoBlock result(RedoAction action, int buffer, WalRecord record) {
        return new RedoBlock(pool, action, buffer, record.startLsn(), record.endLsn());
    }

    /** Redo of a record that only carries images: puts all of them in place. */
    public void restoreImages(WalRecord record) {
        for (int i = 0; i < record.blockCount(); i++) {
            prepare(record, i).close();
        }
    }

    /** Redo of a drop: explains all missing pages of the relation. */
    public void relationDropped(RelationId relation) {
        missing.keySet().removeIf(key -> key.relation.equals(relation));
    }

    /** Redo of a database drop. */
    public void databaseDropped(int databaseOid) {
        missing.keySet().removeIf(key -> key.relation.databaseOid() == databaseOid);
    }

    /** Redo of a truncation: explains the missing pages from {@code blocks} on. */
    public void relationTruncated(RelationId relation, ForkNumber fork, int blocks) {
        missing.keySet().removeIf(key -> key.relation.equals(relation) && key.fork == fork && key.block >= blocks);
    }

    /** Throws XX001 if WAL changed a page that is neither in a file nor dropped later. */
    public void checkNothingMissing() {
        missing.forEach((key, lsn) -> {
            throw StorageException.corrupted("WAL contains references to " + missing.size()
                + " missing pages, one of them block "
                + key.block + " of relation " + pool.files().path(key.relation, key.fork, key.block)
                + " in the record at "
                + Lsn.format(lsn));
        });
    }

    private record Missing(RelationId relation, ForkNumber fork, int block) {
    }
}
