package io.quantadb.wal.writer;

import io.quantadb.base.Clock;
import io.quantadb.base.FatalErrorHandler;
import io.quantadb.base.Lsn;
import io.quantadb.wal.record.WalFormat;
import io.quantadb.wal.segment.SegmentAppender;
import io.quantadb.wal.segment.SegmentLayout;
import io.quantadb.wal.segment.WalSegments;
import java.io.IOException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the ring to the segments and syncs them: one thread, a duty cycle ({@link #doWork}).
 *
 * <p>Group commit needs no delay: while one sync runs, the commits of the next group gather. A sync that somebody waits
 * for starts at once; WAL that nobody waits for is flushed every {@code writerDelayMillis} and written when the ring is
 * half full.
 *
 * <p>Without a thread ({@code background} off) callers run the duty cycle themselves, under a lock.
 */
final class WalFlusher implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(WalFlusher.class);
    /** How long to wait for a record that is reserved but not copied yet, before syncing what is in front of it. */
    private static final int COPY_SPINS = 2_000;
    private static final int COPY_YIELDS = 200;
    private static final long BLOCKED_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final SegmentLayout layout;
    private final SegmentAppender appender;
    private final WalRing ring;
    private final SegmentPreparer preparer;
    private final PaddedLong written;
    private final PaddedLong flushed;
    private final PaddedLong requested;
    private final FlushWaiters waiters;
    private final Clock clock;
    private final FatalErrorHandler fatalErrors;
    private final CopyOnWriteArrayList<LongConsumer> listeners = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<LongConsumer> writeListeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock inlineLock = new ReentrantLock();
    private final WalRing.Sink sink;
    private final long delayNanos;
    private final int halfRing;

    /** End of the published records; within the segment of {@code written}, or at its end. */
    private long copied;
    private long lastFlushNanos;
    /** The written position the write listeners know. */
    private long announced;
    /** The last attempt to write found no segment. */
    private boolean blocked;
    private volatile boolean writeRequested;
    private volatile boolean parked;
    private volatile boolean stopped;
    private volatile Throwable failure;
    private volatile long writes;
    private volatile long syncs;
    private volatile long syncNanos;
    private Thread thread;

    WalFlusher(WalSegments segments, int timeline, long startLsn, WalWriterOptions options, WalRing ring,
            SegmentPreparer preparer, PaddedLong written, PaddedLong flushed, FlushWaiters waiters, Clock clock,
            FatalErrorHandler fatalErrors) {
        this.layout = segments.layout();
        this.appender = new SegmentAppender(segments, timeline, options.syncMethod());
        this.sink = appender::write;
        this.ring = ring;
        this.preparer = preparer;
        this.written = written;
        this.flushed = flushed;
        this.requested = new PaddedLong(startLsn);
        this.waiters = waiters;
        this.clock = clock;
        this.fatalErrors = fatalErrors;
        this.delayNanos = WalWriter.millisToNanos(options.writerDelayMillis());
        this.halfRing = ring.size() / 2;
        this.copied = startLsn;
        this.announced = startLsn;
        this.lastFlushNanos = clock.monotonicNanos();
    }

    void start() {
        thread = Thread.ofPlatform().name("wal-flusher").daemon().start(this);
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

    void closeFile() throws IOException {
        appender.close();
    }

    void addListener(LongConsumer listener) {
        listeners.add(listener);
    }

    void removeListener(LongConsumer listener) {
        listeners.remove(listener);
    }

    void addWriteListener(LongConsumer listener) {
        writeListeners.add(listener);
    }

    void removeWriteListener(LongConsumer listener) {
        writeListeners.remove(listener);
    }

    long writes() {
        return writes;
    }

    long syncs() {
        return syncs;
    }

    long syncNanos() {
        return syncNanos;
    }

    boolean isAlive() {
        return failure == null;
    }

    void checkAlive() {
        if (failure != null) {
            throw new WalFailedException(failure);
        }
    }

    void requestFlush(long lsn) {
        requested.raise(lsn);
        wakeUp();
    }

    void requestWrite() {
        if (!writeRequested) {
            writeRequested = true;
            wakeUp();
        }
    }

    private void wakeUp() {
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    /** Reports a fatal error; the handler usually does not return. */
    void fail(String message, Throwable cause) {
        failure = cause;
        try {
            fatalErrors.fatal(message, cause);
        } finally {
            waiters.wake(Long.MAX_VALUE);
        }
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                boolean delayElapsed = clock.monotonicNanos() - lastFlushNanos >= delayNanos;
                if (doWork(delayElapsed)) {
                    continue;
                }
                if (delayElapsed) {
                    lastFlushNanos = clock.monotonicNanos();
                }
                if (isBlocked()) {
                    LockSupport.parkNanos(this, BLOCKED_WAIT_NANOS);
                    continue;
                }
                parked = true;
                if (requested.get() <= flushed.get() && !writeRequested && !stopped) {
                    LockSupport.parkNanos(this, delayNanos);
                }
                parked = false;
            }
        } catch (Throwable e) {
            fail("cannot write WAL at " + Lsn.format(written.get()), e);
        }
    }

    /** The segment of the next byte does not exist: the volume is full, or the preparer is late. */
    private boolean isBlocked() {
        return blocked && copied >= preparer.preparedEnd();
    }

    /**
     * One round: follows the published records, writes and syncs what is due.
     *
     * @return whether anything was done
     */
    private boolean doWork(boolean delayElapsed) throws IOException {
        boolean flush = requested.get() > flushed.get();
        boolean free = flush ? followUpTo(requested.get()) : follow();
        flush |= delayElapsed;
        boolean write = flush || writeRequested || copied - written.get() >= halfRing;
        boolean worked = false;
        if (write) {
            writeRequested = false;
            if (free && copied > written.get()) {
                worked = writeOut();
            }
            if (announced < written.get()) {
                // Before the sync: replicas store this WAL while our own disk does.
                announced = written.get();
                tell(writeListeners, announced);
            }
            if (flush && written.get() > flushed.get()) {
                sync();
                worked = true;
            }
        }
        return worked;
    }

    /**
     * Follows until {@code lsn} is copied; gives up waiting for a stalled inserter when there is something else to
     * sync.
     */
    private boolean followUpTo(long lsn) throws IOException {
        int rounds = 0;
        while (true) {
            if (!follow()) {
                return false;
            }
            if (copied >= lsn || stopped || failure != null) {
                return true;
            }
            rounds++;
            if (rounds < COPY_SPINS) {
                Thread.onSpinWait();
            } else if (rounds < COPY_SPINS + COPY_YIELDS) {
                Thread.yield();
            } else {
                if (copied <= flushed.get()) {
                    LockSupport.parkNanos(this, 10_000);
                }
                return true;
            }
        }
    }

    /**
     * Moves {@code copied} over the published records. Where they leave a segment, the rest of that segment is written
     * first, so that a write never spans two segments.
     *
     * @return false if a segment is missing: what is copied cannot be written yet
     */
    private boolean follow() throws IOException {
        while (true) {
            long start = layout.recordStartAt(copied);
            long end = ring.published(start);
            if (end <= start) {
                return true;
            }
            if (start != copied) {
                if (!writeOut()) {
                    return false;
                }
                moveTo(start);
            }
            if (end > layout.startOf(layout.segmentOf(start) + 1)) {
                copied = start + WalFormat.HEADER_SIZE;
                if (!writeOut()) {
                    copied = start;
                    return false;
                }
                moveTo(end);
            } else {
                copied = end;
            }
        }
    }

    /** Steps over bytes that belong to no record. */
    private void moveTo(long lsn) {
        copied = lsn;
        written.set(lsn);
    }

    /** Writes everything copied. Returns false if its segment does not exist yet. */
    private boolean writeOut() throws IOException {
        long from = written.get();
        if (from == copied) {
            return true;
        }
        blocked = copied > preparer.preparedEnd();
        if (blocked) {
            preparer.request(copied);
            return false;
        }
        ring.drain(from, copied, sink);
        writes = writes + 1;
        written.set(copied);
        return true;
    }

    private void sync() throws IOException {
        long begin = clock.monotonicNanos();
        appender.sync();
        lastFlushNanos = clock.monotonicNanos();
        syncNanos = syncNanos + lastFlushNanos - begin;
        syncs = syncs + 1;
        long position = written.get();
        flushed.set(position);
        waiters.wake(position);
        tell(listeners, position);
    }

    private static void tell(CopyOnWriteArrayList<LongConsumer> listeners, long position) {
        for (LongConsumer listener : listeners) {
            try {
                listener.accept(position);
            } catch (RuntimeException e) {
                LOGGER.error("A WAL listener failed at {}", Lsn.format(position), e);
            }
        }
    }

    /** Without a thread: makes everything up to {@code lsn} durable on the calling thread. */
    void flushInline(long lsn) {
        inlineLock.lock();
        try {
            requested.raise(lsn);
            while (flushed.get() < lsn) {
                checkAlive();
                runInline(false);
            }
        } finally {
            inlineLock.unlock();
        }
    }

    /** Without a thread: makes room in the ring. */
    void writeInline() {
        inlineLock.lock();
        try {
            writeRequested = true;
            runInline(false);
        } finally {
            inlineLock.unlock();
        }
    }

    private void runInline(boolean delayElapsed) {
        try {
            if (!doWork(delayElapsed) && copied >= preparer.preparedEnd()) {
                preparer.prepareThrough(copied);
            }
        } catch (IOException e) {
            fail("cannot write WAL at " + Lsn.format(written.get()), e);
        }
    }
}
