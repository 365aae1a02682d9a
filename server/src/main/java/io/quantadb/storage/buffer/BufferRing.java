package io.quantadb.storage.buffer;

import java.util.Arrays;

/**
 * The buffers one bulk operation recycles. Made by {@link BufferPool#newRing}; confined to one thread at a time; holds
 * no pins, needs no closing.
 */
public final class BufferRing {
    private final BufferAccess access;
    private final int[] buffers;
    private int current = -1;

    BufferRing(BufferAccess access, int pages) {
        this.access = access;
        this.buffers = new int[pages];
        Arrays.fill(buffers, -1);
    }

    BufferAccess access() {
        return access;
    }

    int pages() {
        return buffers.length;
    }

    /** Steps to the next slot and returns its buffer, -1 if it is empty. */
    int advance() {
        current = current + 1 == buffers.length ? 0 : current + 1;
        return buffers[current];
    }

    /** Puts a buffer into the slot {@link #advance} stopped at. */
    void replace(int buffer) {
        buffers[current] = buffer;
    }
}
