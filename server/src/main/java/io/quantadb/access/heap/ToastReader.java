package io.quantadb.access.heap;

/** Fetches values stored out of line. Safe for use by many threads. */
public interface ToastReader {
    /** The stored (uncompressed) bytes behind the pointer of {@code length} bytes at {@code pointerAddress}. */
    byte[] fetch(long pointerAddress, int length);
}
