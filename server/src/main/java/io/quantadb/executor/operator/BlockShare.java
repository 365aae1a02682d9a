package io.quantadb.executor.operator;

import java.util.concurrent.atomic.AtomicInteger;

/** Hands the blocks of a table out to the threads that read it together. Safe for use by many threads. */
final class BlockShare {
    /** Large enough for read-ahead, small enough that all threads end at about the same time. */
    private static final int CHUNK_BLOCKS = 64;

    private final AtomicInteger next = new AtomicInteger();
    private final int end;
    private volatile boolean closed;

    BlockShare(int end) {
        this.end = end;
    }

    /** First block of the next chunk, -1 if none is left. */
    int take() {
        if (closed) {
            return -1;
        }
        int first = next.getAndAdd(CHUNK_BLOCKS);
        return first >= end || first < 0 ? -1 : first;
    }

    /** Hands out nothing any more: somebody has failed. */
    void close() {
        closed = true;
    }

    int endOf(int first) {
        return Math.min(end, first + CHUNK_BLOCKS);
    }
}
