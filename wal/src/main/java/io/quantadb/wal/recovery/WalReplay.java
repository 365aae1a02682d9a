package io.quantadb.wal.recovery;

import io.quantadb.base.Clock;
import io.quantadb.base.Invariant;
import io.quantadb.base.Lsn;
import io.quantadb.wal.reader.WalEnd;
import io.quantadb.wal.reader.WalReader;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.rmgr.ResourceManagers;
import io.quantadb.wal.segment.WalSegments;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays WAL for as long as the node is a replica: a thread that follows the received WAL up to a moving limit, and
 * parks when
 * there is nothing to do.
 *
 * <p>The limit is the smaller of two positions, each of which only grows: the horizon the primary announced, and the
 * end of what is stored
 * durably here. So what has been replayed is never undone, and no page gets to the disk before its WAL.
 *
 * <p>Where the followed history changes timeline, the reader goes on in the segments of the new one: {@link #follow}.
 *
 * <p>Safe for use by many threads; redo itself happens on one.
 */
public final class WalReplay implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(WalReplay.class);
    /** How long to wait before looking again at WAL that should be there and is not. */
    private static final long ABSENT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final WalSegments segments;
    private final ResourceManagers managers;
    private final RecoveryDriver.Dispatcher dispatcher;
    private final Clock clock;
    private final Consumer<Throwable> failed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progressed = lock.newCondition();
    private final AtomicBoolean waiting = new AtomicBoolean();

    private volatile long horizon;
    private volatile long received;
    private volatile TimelineHistory history;
    private volatile TimelineHistory nextHistory;
    private volatile boolean paused;
    private volatile boolean stopping;
    private volatile long stopAt = Long.MAX_VALUE;
    private volatile boolean parked;
    private volatile long replayed;
    /** A limit below which there is no complete record that has not been applied. */
    private volatile long drained;
    private volatile long records;
    private volatile Throwable failure;
    private volatile boolean ended;
    private volatile WalPosition position;
    private Thread thread;

    /**
     * @param start where redo begins: a redo point, or the end of what has been replayed
     * @param history the timelines along which to read; of the newest one known
     * @param failed told, on the replay thread, when redo failed and the thread ends
     */
    public WalReplay(WalSegments segments, ResourceManagers managers, RecoveryDriver.Dispatcher dispatcher,
            TimelineHistory history, WalPosition start, Clock clock, Consumer<Throwable> failed) {
        this.segments = segments;
        this.managers = managers;
        this.dispatcher = dispatcher;
        this.history = history;
        this.position = start;
        this.replayed = start.endLsn().value();
        this.clock = clock;
        this.failed = failed;
    }

    public void start() {
        thread = Thread.ofPlatform().daemon().name("wal-replay").start(this::run);
    }

    /** The primary says that WAL up to here may be replayed. */
    public void limit(long lsn) {
        lock.lock();
        try {
            horizon = Math.max(horizon, lsn);
        } finally {
            lock.unlock();
        }
        wake();
    }

    /** WAL up to here is stored durably on this node. */
    public void received(long lsn) {
        lock.lock();
        try {
            received = Math.max(received, lsn);
        } finally {
            lock.unlock();
        }
        wake();
    }

    /** Up to where may be replayed now. */
    public long limit() {
        return Math.min(horizon, received);
    }

    public long receivedLsn() {
        return received;
    }

    public TimelineHistory history() {
        TimelineHistory next = nextHistory;
        return next != null ? next : history;
    }

    /**
     * The primary's history is now this one.
     *
     * @throws IllegalStateException if more has been replayed than the two have in common: this node must be made anew
     */
    public void follow(TimelineHistory newHistory) {
        lock.lock();
        try {
            long common = history().commonEnd(newHistory).value();
            if (replayed > common) {
                throw new IllegalStateException("WAL up to " + Lsn.format(replayed)
                        + " has been replayed, but timeline "
                        + newHistory.timeline() + " has only " + Lsn.format(common) + " in common with timeline "
                        + history().timeline());
            }
            received = Math.min(received, common);
            nextHistory = newHistory;
        } finally {
            lock.unlock();
        }
        wake();
    }

    /** Exclusive end of what has been applied. Never falls. */
    public long replayedLsn() {
        return replayed;
    }

    /**
     * Everything that ends at or before it has been applied: {@link #replayedLsn}, or a limit that is not the end of a
     * record.
     */
    public long drainedLsn() {
        return Math.max(replayed, drained);
    }

    /** Records applied since the start. */
    public long records() {
        return records;
    }

    /** Where the WAL goes on: exact once the thread has ended, before it a moment old. */
    public WalPosition position() {
        return position;
    }

    public void pause() {
        paused = true;
    }

    public void resume() {
        paused = false;
        wake();
    }

    public boolean isPaused() {
        return paused;
    }

    private void wake() {
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    /**
     * Returns when all that ends at or before {@code lsn} has been replayed, or the deadline passed, or replay has
     * ended.
     *
     * @param deadlineNanos {@code System.nanoTime} value
     * @return whether it has been replayed
     */
    public boolean awaitReplayed(long lsn, long deadlineNanos) {
        if (drainedLsn() >= lsn) {
            return true;
        }
        boolean interrupted = false;
        lock.lock();
        try {
            while (true) {
                // Set before the position is read, and read by the replay thread after it has written the position.
                waiting.set(true);
                long left = deadlineNanos - Clock.SYSTEM.monotonicNanos();
                if (drainedLsn() >= lsn || ended || left <= 0) {
                    return drainedLsn() >= lsn;
                }
                try {
                    progressed.await(left, TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void announce() {
        lock.lock();
        try {
            waiting.set(false);
            progressed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Replays what is left up to {@code lsn}, whatever the limit, and ends the thread: promotion.
     *
     * @return where the WAL goes on: {@code lsn}, or the next segment if nothing more fits into this one
     * @throws IOException if no record ends there
     */
    public WalPosition finishAt(long lsn) throws IOException {
        Invariant.check(replayed <= lsn, "replay is to end at %d and is at %d", lsn, replayed);
        lock.lock();
        try {
            stopAt = lsn;
            horizon = Math.max(horizon, lsn);
            received = Math.max(received, lsn);
            paused = false;
        } finally {
            lock.unlock();
        }
        wake();
        join();
        if (failure != null) {
            throw new IOException("replay failed: " + failure.getMessage(), failure);
        }
        // It is behind it where the last record only ends a segment.
        if (position.endLsn().value() < lsn) {
            throw new IOException("the WAL has no record that ends at " + Lsn.format(lsn)
                    + ": the last one before it ends at "
                    + position.endLsn());
        }
        return position;
    }

    /** Ends the thread between two records; returns when it has ended. */
    @Override
    public void close() {
        stopping = true;
        wake();
        join();
    }

    private void join() {
        boolean interrupted = false;
        while (thread != null && thread.isAlive()) {
            try {
                LockSupport.unpark(thread);
                thread.join(10);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    public boolean isStopping() {
        return stopping;
    }

    /** Why replay ended by itself; null if it did not. */
    public Throwable failure() {
        return failure;
    }

    private void run() {
        try {
            while (!stopping && drainedLsn() < stopAt) {
                if (!replayOneTimeline()) {
                    break;
                }
            }
            dispatcher.finish();
        } catch (Throwable e) {
            failure = e;
            LOGGER.error("replay stopped behind {}: {}", Lsn.format(replayed), e.getMessage(), e);
        } finally {
            ended = true;
            announce();
        }
        if (failure != null) {
            failed.accept(failure);
        }
    }

    /**
     * Reads one timeline until told to stop (false), to follow another history, or to go on with the next timeline
     * (true). A reader of its
     * own for each: where the history leaves a timeline, the file of the segment is another, and what stands behind
     * in the old one does
     * not count.
     */
    private boolean replayOneTimeline() throws IOException {
        lock.lock();
        try {
            if (nextHistory != null) {
                history = nextHistory;
                nextHistory = null;
            }
        } finally {
            lock.unlock();
        }
        long switchLsn = history.nextSwitch(position.endLsn()).value();
        Lsn last = position.lastRecordLsn().isValid() ? position.lastRecordLsn() : null;
        try (WalReader reader = new WalReader(segments.layout(), history.source(segments), position.endLsn(), last,
                WalReader.DamageCheck.OFF)) {
            while (true) {
                if (nextHistory != null) {
                    return true;
                }
                long limit = limit();
                if (stopping || drainedLsn() >= stopAt) {
                    return false;
                }
                if (reader.position().endLsn().value() >= switchLsn && limit > switchLsn) {
                    return true;
                }
                if (paused || reader.position().endLsn().value() >= limit || drained >= limit) {
                    noteDrained(reader.position().endLsn().value() >= limit ? limit : 0);
                    park(limit);
                    continue;
                }
                reader.limit(new Lsn(Math.min(Math.min(limit, stopAt), switchLsn)));
                replayTo(reader);
                if (reader.end() != null && reader.end().reason() == WalEnd.Reason.LIMIT) {
                    noteDrained(Math.min(Math.min(limit, stopAt), switchLsn));
                    continue;
                }
                if (stopping || nextHistory != null) {
                    continue;
                }
                if (reader.position().endLsn().value() < Math.min(limit, stopAt) && !paused && atEnd(reader, limit)) {
                    return false;
                }
            }
        }
    }

    /** The reader came to no further record although the limit is not reached. @return whether that is the end */
    private boolean atEnd(WalReader reader, long limit) {
        if (stopAt != Long.MAX_VALUE) {
            return true;
        }
        LOGGER.debug("no record at {} below {}: {}", reader.position().endLsn(), Lsn.format(limit), reader.end());
        parked = true;
        if (limit() == limit && !stopping) {
            LockSupport.parkNanos(this, ABSENT_NANOS);
        }
        parked = false;
        return false;
    }

    private void noteDrained(long limit) {
        if (limit > drained) {
            drained = limit;
            if (waiting.get()) {
                announce();
            }
        }
    }

    private void park(long seenLimit) {
        parked = true;
        if ((paused || limit() == seenLimit) && !stopping && nextHistory == null && stopAt == Long.MAX_VALUE) {
            LockSupport.park(this);
        }
        parked = false;
    }

    private void replayTo(WalReader reader) throws IOException {
        WalRecord record;
        long count = 0;
        try {
            while (!stopping && !paused && nextHistory == null && (record = reader.next()) != null) {
                replay(record);
                count++;
                replayed = record.endLsn();
                if (waiting.get()) {
                    announce();
                }
            }
        } finally {
            position = reader.position();
            records = records + count;
        }
    }

    private void replay(WalRecord record) {
        try {
            dispatcher.dispatch(record);
        } catch (RuntimeException e) {
            throw new RecoveryDriver.RedoException("redo of the WAL record at "
                    + Lsn.format(record.startLsn()) + " failed: "
                    + managers.resourceManagerName(record.resourceManager()) + " " + managers.describe(record), e);
        }
    }

    /** For diagnostics: one line. */
    @Override
    public String toString() {
        return "replay at " + Lsn.format(replayed) + " of " + Lsn.format(limit()) + ", timeline " + history().timeline()
                + ", since " + clock.wallMicros();
    }
}
