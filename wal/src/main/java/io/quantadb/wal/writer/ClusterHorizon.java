package io.quantadb.wal.writer;

import io.quantadb.base.Clock;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * The durable horizon of a cluster as this node knows it: on the primary moved by whoever counts acknowledgements, on
 * a replica by
 * the primary's announcements. Belongs to the node and not to a role, so that promotion and demotion cannot make it
 * fall.
 *
 * <p>Safe for use by many threads. {@link #close} fails those who wait, now and later; for a node that stops while
 * the horizon
 * stands still.
 */
public final class ClusterHorizon implements DurableHorizon {
    private final PaddedLong position = new PaddedLong(0);
    private final FlushWaiters waiters = new FlushWaiters();
    private final CopyOnWriteArrayList<LongConsumer> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /** What those who wait get when the node stops. */
    public static HorizonClosedException closed(long wanted, long reached) {
        return new HorizonClosedException(wanted, reached);
    }

    /** Moves the horizon; nothing happens if it is there or further. */
    public void advance(long lsn) {
        if (position.get() >= lsn) {
            return;
        }
        position.raise(lsn);
        long now = position.get();
        waiters.wake(now);
        for (LongConsumer listener : listeners) {
            listener.accept(now);
        }
    }

    @Override
    public long lsn() {
        return position.get();
    }

    @Override
    public void await(long lsn) {
        if (!awaitUntil(lsn, 0, false)) {
            throw new HorizonClosedException(lsn, position.get());
        }
    }

    @Override
    public boolean await(long lsn, long deadlineNanos) {
        return awaitUntil(lsn, deadlineNanos, true);
    }

    private boolean awaitUntil(long lsn, long deadlineNanos, boolean limited) {
        if (position.get() >= lsn) {
            return true;
        }
        waiters.add(lsn);
        boolean interrupted = false;
        boolean reached;
        while (true) {
            reached = position.get() >= lsn;
            long left = limited ? deadlineNanos - Clock.SYSTEM.monotonicNanos() : Long.MAX_VALUE;
            if (reached || closed || left <= 0) {
                break;
            }
            if (limited) {
                LockSupport.parkNanos(waiters, left);
            } else {
                LockSupport.park(waiters);
            }
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return reached;
    }

    @Override
    public void addListener(LongConsumer listener) {
        listeners.add(listener);
    }

    public void removeListener(LongConsumer listener) {
        listeners.remove(listener);
    }

    /** Whoever waits stops waiting. The position can still be read and moved. */
    public void close() {
        closed = true;
        waiters.wake(Long.MAX_VALUE);
    }

    public boolean isClosed() {
        return closed;
    }
}
