package io.quantadb.wal.writer;

import io.quantadb.base.FatalErrorHandler;
import io.quantadb.wal.segment.SegmentLayout;
import io.quantadb.wal.segment.SegmentName;
import io.quantadb.wal.segment.WalSegments;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps segments ready ahead of the insert position, so that a commit never waits for a file to be made.
 *
 * <p>Invariant: every segment from the one of the start position to {@link #preparedEnd} exists with its full length,
 * durably. A failed attempt is retried on need, at most every {@link #RETRY_MILLIS}; a segment file under construction
 * is never used, so retrying is safe even after a failed sync.
 */
final class SegmentPreparer implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(SegmentPreparer.class);
    private static final long RETRY_MILLIS = 100;

    private final WalSegments segments;
    private final SegmentLayout layout;
    private final int timeline;
    private final FatalErrorHandler fatalErrors;
    /** Fair, and held for one segment: who needs the first one now does not wait for those made in advance. */
    private final ReentrantLock fileLock = new ReentrantLock(true);
    private final ArrayDeque<SegmentName> recyclable = new ArrayDeque<>();
    /** Everything before this LSN has a prepared segment. */
    private volatile long preparedEnd;
    /** The latest request: an LSN that shall have a segment. */
    private final PaddedLong wanted;
    private volatile IOException failure;
    private volatile boolean parked;
    private volatile boolean stopped;
    private Thread thread;

    SegmentPreparer(WalSegments segments, int timeline, long startLsn, FatalErrorHandler fatalErrors) {
        this.fatalErrors = fatalErrors;
        this.segments = segments;
        this.layout = segments.layout();
        this.timeline = timeline;
        this.preparedEnd = layout.startOf(layout.segmentOf(startLsn));
        this.wanted = new PaddedLong(startLsn);
    }

    long preparedEnd() {
        return preparedEnd;
    }

    /** Why the latest attempt failed; null after a success. */
    IOException failure() {
        return failure;
    }

    void start() {
        thread = Thread.ofPlatform().name("wal-segment-preparer").daemon().start(this);
    }

    void stop() {
        stopped = true;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    void join() {
        if (thread != null) {
            Threads.joinUninterruptibly(thread);
        }
    }

    /** Asks for segments up to the one of {@code lsn}; returns at once. */
    void request(long lsn) {
        if (lsn < preparedEnd) {
            return;
        }
        wanted.raise(lsn);
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    /** Makes segments up to the one of {@code lsn} on the calling thread. */
    void prepareThrough(long lsn) throws IOException {
        if (preparedEnd > lsn && failure == null) {
            return;
        }
        fileLock.lock();
        try {
            while (preparedEnd <= lsn) {
                long segment = layout.segmentOf(preparedEnd);
                prepare(segment);
                preparedEnd = layout.startOf(segment + 1);
            }
            if (failure != null) {
                LOGGER.info("WAL segments can be prepared again");
                failure = null;
            }
        } catch (IOException e) {
            if (failure == null) {
                LOGGER.warn("Cannot prepare a WAL segment, new changes are refused until it succeeds: {}",
                        e.toString());
            }
            failure = e;
            throw e;
        } finally {
            fileLock.unlock();
        }
    }

    private void prepare(long segment) throws IOException {
        if (segments.exists(timeline, segment)) {
            return;
        }
        SegmentName old = recyclable.poll();
        if (old != null && old.number() < segment && segments.exists(old.timeline(), old.number())) {
            segments.recycle(old, timeline, segment);
        } else {
            segments.create(timeline, segment);
        }
    }

    /**
     * Gives up the segments that end at or before {@code lsn}: keeps up to {@code recycleMax} for recycling, removes
     * the others.
     */
    int removeBefore(long lsn, int recycleMax) throws IOException {
        int removed = 0;
        fileLock.lock();
        try {
            recyclable.clear();
            for (SegmentName name : segments.list()) {
                if (name.number() < layout.segmentOf(lsn)) {
                    recyclable.add(name);
                }
            }
            // The oldest go first, so that what remains has no gap.
            while (recyclable.size() > recycleMax) {
                segments.remove(recyclable.poll());
                removed++;
            }
        } finally {
            fileLock.unlock();
        }
        return removed;
    }

    @Override
    public void run() {
        try {
            runUntilStopped();
        } catch (Throwable e) {
            fatalErrors.fatal("the WAL segment preparer failed", e);
        }
    }

    private void runUntilStopped() {
        while (!stopped) {
            long target = wanted.get();
            if (target >= preparedEnd) {
                try {
                    prepareThrough(Math.min(target, preparedEnd));
                } catch (IOException e) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS));
                }
                continue;
            }
            parked = true;
            if (wanted.get() < preparedEnd && !stopped) {
                LockSupport.park(this);
            }
            parked = false;
        }
    }
}
