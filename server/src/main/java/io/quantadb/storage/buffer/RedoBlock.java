package io.quantadb.storage.buffer;

import io.quantadb.storage.page.Page;

/**
 * One block of a record under redo, pinned and exclusively latched until {@link #close}, unless it is NOT_FOUND.
 * Confined to the thread that replays the record.
 *
 * <p>Closing a block that needed redo stamps the page with the record's LSN and marks it dirty.
 */
public final class RedoBlock implements AutoCloseable {
    private final BufferPool pool;
    private final RedoAction action;
    private final int buffer;
    private final long recordStartLsn;
    private final long recordEndLsn;

    RedoBlock(BufferPool pool, RedoAction action, int buffer, long recordStartLsn, long recordEndLsn) {
        this.pool = pool;
        this.action = action;
        this.buffer = buffer;
        this.recordStartLsn = recordStartLsn;
        this.recordEndLsn = recordEndLsn;
    }

    public RedoAction action() {
        return action;
    }

    public boolean needsRedo() {
        return action == RedoAction.NEEDS_REDO;
    }

    public int buffer() {
        return buffer;
    }

    /** Address of the page; not to be used when NOT_FOUND. */
    public long page() {
        return pool.address(buffer);
    }

    @Override
    public void close() {
        if (action == RedoAction.NOT_FOUND) {
            return;
        }
        if (action == RedoAction.NEEDS_REDO) {
            pool.markDirtyInRedo(buffer, recordStartLsn);
            Page.setLsn(page(), recordEndLsn);
        }
        pool.releaseExclusive(buffer);
    }
}
