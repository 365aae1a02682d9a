package io.quantadb.access.heap;

import java.util.function.LongConsumer;

/** API stub. Batched insertion; confined to one thread. close discards what was not flushed. */
public final class HeapBulkInsert implements AutoCloseable {
    /** Adds a row; its bytes are copied. It may be written now or later: TIDs come from {@link #flush} in order of addition. */
    public void add(TupleBuilder row) {
        throw new UnsupportedOperationException();
    }

    /** Whether enough is pending that flush should be called. */
    public boolean isFull() {
        throw new UnsupportedOperationException();
    }

    /** Writes pending rows and hands their TIDs over in order. */
    public void flush(LongConsumer tids) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
    }
}
