package io.quantadb.access.heap;

/**
 * API stub. Sequential scan, a page at a time. Confined to one thread; close releases the pin.
 *
 * <p>{@code while (scan.nextPage()) for (i < scan.count()) use(scan.tupleAddress(i))}: addresses stay valid until the next
 * nextPage or close, without latch: attribute bytes of a version never change while the page is pinned (its header may).
 */
public final class HeapScan implements AutoCloseable {
    /** Goes to the next page that has visible rows. */
    public boolean nextPage() {
        throw new UnsupportedOperationException();
    }

    /** Visible versions on the page. */
    public int count() {
        throw new UnsupportedOperationException();
    }

    public long tupleAddress(int index) {
        throw new UnsupportedOperationException();
    }

    /** Packed TID. */
    public long tid(int index) {
        throw new UnsupportedOperationException();
    }

    public int blockNumber() {
        throw new UnsupportedOperationException();
    }

    /** Restarts over a block range, for parallel workers and rescans; endBlock exclusive. */
    public void restart(int firstBlock, int endBlock) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
    }
}
