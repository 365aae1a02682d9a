package io.quantadb.access.heap;

/** Fetches values stored out of line. Safe for use by many threads. */
public interface ToastReader {
    /**
     * The bytes of a chain of chunks.
     *
     * @param firstChunkTid packed TID of the first one in the relation's TOAST heap
     * @param length bytes in all chunks together
     */
    byte[] fetch(long firstChunkTid, int length);
}
