package io.quantadb.executor;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Books the rows one execution keeps in memory, against a bound for the whole process: an execution that would exceed
 * it fails with 53200 before the node runs out of heap. What can be spilled has been by then.
 *
 * <p>An account may be used by several threads; the figures are estimates.
 */
public final class MemoryAccount implements AutoCloseable {
    /** The part of the heap all executions together may fill with rows. */
    private static final double HEAP_SHARE = 0.5;
    private static final AtomicLong TOTAL = new AtomicLong();
    private static final long LIMIT_BYTES = (long) (Runtime.getRuntime().maxMemory() * HEAP_SHARE);

    private final AtomicLong bytes = new AtomicLong();

    /**
     * Books more bytes; negative ones give them back.
     *
     * @throws SqlException 53200 if all executions together would hold too much
     */
    public void add(long delta) {
        if (delta > 0 && TOTAL.get() + delta > LIMIT_BYTES) {
            throw new SqlException(SqlState.OUT_OF_MEMORY, "out of memory")
                    .withDetail("Failed on request of size " + delta + "; this query holds " + bytes.get()
                            + " bytes of rows.");
        }
        bytes.addAndGet(delta);
        TOTAL.addAndGet(delta);
    }

    public long bytes() {
        return bytes.get();
    }

    /** Bytes booked by all executions of the process. */
    public static long totalBytes() {
        return TOTAL.get();
    }

    /** Gives everything back. */
    @Override
    public void close() {
        TOTAL.addAndGet(-bytes.getAndSet(0));
    }
}
