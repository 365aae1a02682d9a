package io.quantadb.access.heap;

import io.quantadb.storage.buffer.BufferPool;

/** A pinned row version. Reusable; confined to one thread; {@link #close} releases the pin. */
public final class HeapCursor implements AutoCloseable {
    private BufferPool pool;
    private int buffer = -1;
    private long tupleAddress;
    private int tupleLength;
    private long tid;
    private boolean allDead;

    /**
     * Address of the version's header; valid until the next fetch with this cursor or close. Attribute bytes do not
     * change meanwhile.
     */
    public long tupleAddress() {
        return tupleAddress;
    }

    /** Bytes of the version. */
    public int tupleLength() {
        return tupleLength;
    }

    /** Packed TID of the version found (behind a HOT chain: not the one asked for). */
    public long tid() {
        return tid;
    }

    /**
     * After a fetch that found nothing: every version of the chain is dead to all, so the index entry may be killed.
     */
    public boolean allDead() {
        return allDead;
    }

    /** Makes sure the page is pinned, keeping an old pin of the same page. @return the buffer */
    int pin(BufferPool newPool, long key, int block) {
        if (buffer >= 0 && pool == newPool && newPool.blockNumber(buffer) == block && newPool.relationKey(buffer) == key
                && newPool.fork(buffer) == io.quantadb.base.ForkNumber.MAIN) {
            return buffer;
        }
        close();
        buffer = newPool.pin(key, io.quantadb.base.ForkNumber.MAIN, block);
        pool = newPool;
        return buffer;
    }

    void found(long address, int length, long foundTid) {
        tupleAddress = address;
        tupleLength = length;
        tid = foundTid;
        allDead = false;
    }

    void foundNothing(boolean everythingDead) {
        tupleAddress = 0;
        allDead = everythingDead;
    }

    /** Releases the pin; the cursor may be used again. */
    @Override
    public void close() {
        if (buffer >= 0) {
            pool.unpin(buffer);
            buffer = -1;
        }
    }
}
