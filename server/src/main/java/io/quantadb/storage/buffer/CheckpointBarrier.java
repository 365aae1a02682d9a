package io.quantadb.storage.buffer;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets a checkpoint wait for those who have inserted a WAL record but not yet done what it stands for outside the pool:
 * set a commit in the commit log, cut a file.
 *
 * <p>Use: {@code int ticket = barrier.enter(); try { insert the record; apply it } finally { barrier.leave(ticket); }}.
 * The section is short, does not wait for the WAL flush of a commit, and may nest with another thread's freely. The
 * checkpoint fixes its redo point, then calls {@link #awaitEntered}: whatever was inserted before the redo point is
 * applied when that returns, and so is written by the checkpoint.
 *
 * <p>Two epochs: entering counts in the current one; the wait switches to the other and watches the old one drain, so
 * that a stream of new sections cannot hold it up. Safe for use by many threads; entering costs one atomic increment.
 */
public final class CheckpointBarrier {
    private static final int STRIPES = 16;
    private static final int SPREAD = 8;
    private static final long POLL_NANOS = 50_000;

    private final AtomicLongArray inside = new AtomicLongArray(2 * STRIPES * SPREAD);
    private volatile int epoch;

    /** Begins a section. @return the ticket for {@link #leave} */
    public int enter() {
        int stripe = (int) (Thread.currentThread().threadId() * 0x9E3779B97F4A7C15L >>> 60);
        int ticket = ((epoch & 1) * STRIPES + stripe) * SPREAD;
        inside.incrementAndGet(ticket);
        return ticket;
    }

    public void leave(int ticket) {
        inside.decrementAndGet(ticket);
    }

    /** Returns when all sections that had been entered at the call are left. One caller at a time: the checkpointer. */
    public void awaitEntered() {
        int old = epoch & 1;
        epoch = epoch + 1;
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            while (inside.get((old * STRIPES + stripe) * SPREAD) != 0) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }
}
