package io.quantadb.storage.buffer;

import io.quantadb.base.Memory;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which buffer holds which block: chained hash table through the descriptors, all off-heap.
 *
 * <p>Changes happen under the stripe lock of the block. {@link #find} takes no lock: it may miss a block that is there,
 * or return a buffer that has just been given to another block, so callers pin and compare again, and repeat a miss
 * under the lock before they believe it. A reader that follows a chain while it changes can end up in another chain;
 * the step bound ends what would otherwise be a circle.
 */
final class PageTable {
    private static final int STRIPES = 256;
    private static final int MAX_STEPS = 256;

    private final long heads;
    private final int mask;
    private final Descriptors descriptors;
    private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];

    PageTable(Descriptors descriptors, int buffers) {
        this.descriptors = descriptors;
        int size = Math.max(STRIPES, Integer.highestOneBit(Math.max(1, buffers - 1)) << 2);
        this.mask = size - 1;
        this.heads = Memory.allocate(size * 4L);
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new ReentrantLock();
        }
    }

    void close() {
        Memory.free(heads);
    }

    private int slot(long relation, long forkBlock) {
        long hash = (relation ^ Long.rotateLeft(forkBlock, 32)) * 0x9E3779B97F4A7C15L;
        hash = (hash ^ hash >>> 29 ^ forkBlock) * 0xBF58476D1CE4E5B9L;
        return (int) (hash ^ hash >>> 32) & mask;
    }

    ReentrantLock stripe(long relation, long forkBlock) {
        return stripes[slot(relation, forkBlock) & (STRIPES - 1)];
    }

    /** The buffer, or -1. See the class comment for what the answer is worth without the stripe lock. */
    int find(long relation, long forkBlock) {
        int at = Memory.getIntVolatile(heads + slot(relation, forkBlock) * 4L) - 1;
        for (int steps = 0; at >= 0 && steps < MAX_STEPS; steps++) {
            if (descriptors.isTag(at, relation, forkBlock)) {
                return at;
            }
            at = descriptors.next(at);
        }
        return -1;
    }

    /** As {@link #find}, certain: the caller holds the stripe lock. */
    int findLocked(long relation, long forkBlock) {
        int at = Memory.getIntVolatile(heads + slot(relation, forkBlock) * 4L) - 1;
        while (at >= 0 && !descriptors.isTag(at, relation, forkBlock)) {
            at = descriptors.next(at);
        }
        return at;
    }

    /** Adds the buffer under its tag; the caller holds the stripe lock and knows that the block is absent. */
    void insert(int buffer) {
        long head = heads + slot(descriptors.relation(buffer), descriptors.forkBlock(buffer)) * 4L;
        descriptors.setNext(buffer, Memory.getIntVolatile(head) - 1);
        Memory.putIntVolatile(head, buffer + 1);
    }

    /** Removes the buffer; the caller holds the stripe lock of its tag. */
    void remove(int buffer) {
        long head = heads + slot(descriptors.relation(buffer), descriptors.forkBlock(buffer)) * 4L;
        int at = Memory.getIntVolatile(head) - 1;
        if (at == buffer) {
            Memory.putIntVolatile(head, descriptors.next(buffer) + 1);
            return;
        }
        while (descriptors.next(at) != buffer) {
            at = descriptors.next(at);
        }
        descriptors.setNext(at, descriptors.next(buffer));
    }
}
