package io.quantadb.pgwire;

import io.netty.channel.EventLoop;
import io.quantadb.wal.writer.WalInserter;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replies of one event loop that wait for WAL to become durable. Confined to the loop, except {@link #onFlush}.
 *
 * <p>The flusher wakes each loop at most once a sync, and one task then sends every reply that became due: the cost of
 * a group commit does not grow with the number of sessions by a wake-up each.
 */
final class DurableReplies {
    private static final Logger LOG = LoggerFactory.getLogger(DurableReplies.class);

    private record Waiting(long lsn, PgConnection connection) {
    }

    private final EventLoop loop;
    private final WalInserter wal;
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>((a, b) -> Long.compare(a.lsn(), b.lsn()));
    /** Smallest LSN somebody waits for; lets the flusher pass by loops without due replies. */
    private volatile long smallest = Long.MAX_VALUE;
    private volatile boolean scheduled;
    private long wanted;
    private boolean requestScheduled;

    DurableReplies(EventLoop loop, WalInserter wal) {
        this.loop = loop;
        this.wal = wal;
    }

    /** The connection's held replies wait for {@code lsn}. */
    void add(long lsn, PgConnection connection) {
        waiting.add(new Waiting(lsn, connection));
        smallest = waiting.peek().lsn();
        wanted = Math.max(wanted, lsn);
        if (!requestScheduled) {
            // One request for all commits of this turn of the loop.
            requestScheduled = true;
            loop.execute(this::request);
        }
    }

    private void request() {
        requestScheduled = false;
        wal.requestFlush(wanted);
        if (wal.flushLsn() >= smallest) {
            release();
        }
    }

    /** Called by the flusher's thread after each sync. */
    void onFlush(long flushLsn) {
        if (flushLsn >= smallest && !scheduled && !loop.isShuttingDown()) {
            scheduled = true;
            try {
                loop.execute(this::release);
            } catch (RejectedExecutionException e) {
                LOG.debug("a reply became durable when its event loop had ended", e);
            }
        }
    }

    private void release() {
        scheduled = false;
        long flushed = wal.flushLsn();
        while (!waiting.isEmpty() && waiting.peek().lsn() <= flushed) {
            waiting.poll().connection().sendDurable(flushed);
        }
        smallest = waiting.isEmpty() ? Long.MAX_VALUE : waiting.peek().lsn();
        // A sync that ended between reading flushLsn and publishing the new minimum was not announced for it.
        if (!waiting.isEmpty() && wal.flushLsn() >= smallest) {
            loop.execute(this::release);
        }
    }
}
