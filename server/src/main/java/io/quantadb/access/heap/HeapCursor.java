package io.quantadb.access.heap;

/** API stub. A pinned row version. Reusable; confined to one thread; close releases the pin. */
public final class HeapCursor implements AutoCloseable {
    /** Address of the version's header; valid until the next fetch with this cursor or close. */
    public long tupleAddress() {
        throw new UnsupportedOperationException();
    }

    /** Packed TID of the version found (behind a HOT chain: not the one asked for). */
    public long tid() {
        throw new UnsupportedOperationException();
    }

    /** After a fetch that found nothing: every version of the chain is dead to all, so the index entry may be killed. */
    public boolean allDead() {
        throw new UnsupportedOperationException();
    }

    /** Releases the pin; the cursor may be used again. */
    @Override
    public void close() {
    }
}
