package io.quantadb.maintenance;

import io.quantadb.storage.StorageException;
import io.quantadb.storage.buffer.BufferPool;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes dirty pages ahead of eviction, so that statements find clean victims. A thread of its own.
 *
 * <p>Each round it writes as many as were evicted since the last round, twice over, up to a bound; it does nothing
 * while nobody evicts.
 */
public final class BackgroundWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundWriter.class);
    private static final int PAGES_MAX = 400;
    private static final long FAILURE_PAUSE_MILLIS = 5_000;

    private final BufferPool pool;
    private final long delayMillis;
    private volatile boolean stopping;
    private Thread thread;

    /** @param delayMillis pause between rounds, 200 is usual */
    public BackgroundWriter(BufferPool pool, long delayMillis) {
        this.pool = pool;
        this.delayMillis = delayMillis;
    }

    public void start() {
        thread = Thread.ofPlatform().daemon().name("background-writer").start(this::run);
    }

    private void run() {
        long seen = pool.metrics().evictions();
        while (!stopping) {
            LockSupport.parkNanos(delayMillis * 1_000_000);
            seen = round(seen);
        }
    }

    /** A round that finds no memory because some query has it all is left out. @return evictions seen */
    private long round(long seen) {
        long evictions = seen;
        try {
            evictions = pool.metrics().evictions();
            int wanted = (int) Math.min(PAGES_MAX, 2 * (evictions - seen));
            if (wanted > 0 && !stopping) {
                pool.writeAhead(wanted);
            }
        } catch (StorageException | OutOfMemoryError e) {
            LOG.warn("writing ahead failed, the next round tries again: {}", e.getMessage());
            LockSupport.parkNanos(FAILURE_PAUSE_MILLIS * 1_000_000);
        }
        return evictions;
    }

    /** Returns after the thread has ended. */
    @Override
    public void close() {
        stopping = true;
        if (thread != null) {
            LockSupport.unpark(thread);
            while (thread.isAlive()) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }
}
