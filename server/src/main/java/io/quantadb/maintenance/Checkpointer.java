package io.quantadb.maintenance;

import io.quantadb.base.Clock;
import io.quantadb.base.Lsn;
import io.quantadb.storage.StorageException;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.buffer.CheckpointBarrier;
import io.quantadb.storage.buffer.CheckpointParticipant;
import io.quantadb.storage.buffer.DirtyBlock;
import io.quantadb.wal.writer.HorizonClosedException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes checkpoints: by time, by WAL volume, on request, at shutdown. One thread of its own; requests may come from any
 * thread.
 *
 * <p>A checkpoint, in this order: fix the redo point; wait for sections that were entered before it ({@link
 * CheckpointBarrier}); let the participants write; note all dirty buffers; write them in file order, spread over time;
 * sync every file written since the last checkpoint, once; insert and flush the checkpoint record; update the control
 * file; recycle WAL. Changes go on all the while, their records lie behind the redo point.
 *
 * <p>A checkpoint that fails for want of space or an I/O error is logged and tried again at the next occasion: recovery
 * then starts further back, nothing is lost. A failed sync is handed to the fatal handler.
 */
public final class Checkpointer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);
    private static final long POLL_MILLIS = 200;
    private static final long PAUSE_MILLIS = 100;
    private static final long RETRY_MILLIS = 10_000;

    private final BufferPool pool;
    private volatile CheckpointLog log;
    /** The running checkpoint is not to be completed. */
    private volatile boolean aborting;
    private final CheckpointBarrier barrier;
    private final List<CheckpointParticipant> participants;
    private final CheckpointOptions options;
    private final Clock clock;
    private final Consumer<StorageException> fatalHandler;
    private final ReentrantLock running = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Requests made, and requests that the checkpoint running or done last covers; guarded by {@code lock}. */
    private long requested;
    /** A spread one was asked for; guarded by {@code lock}. */
    private boolean spreadRequested;
    private long covered;
    private RuntimeException failure;
    private CheckpointResult last;
    private boolean hurry;
    private boolean stopping;
    private Thread thread;

    private volatile long lastRedoLsn;
    private volatile long lastEndLsn;
    private volatile long lastStartNanos;
    private volatile long notBeforeNanos;

    /**
     * @param participants in the order in which they are called
     * @param fatalHandler what to do after a failed sync; in production it stops the process and does not return
     */
    public Checkpointer(BufferPool pool, CheckpointLog log, CheckpointBarrier barrier,
        List<CheckpointParticipant> participants,
        CheckpointOptions options, Clock clock, Consumer<StorageException> fatalHandler) {
        this.pool = pool;
        this.log = log;
        this.barrier = barrier;
        this.participants = List.copyOf(participants);
        this.options = options;
        this.clock = clock;
        this.fatalHandler = fatalHandler;
    }

    /** Begins timed checkpoints. @param redoLsn where recovery would start now */
    public void start(long redoLsn) {
        lastRedoLsn = redoLsn;
        lastStartNanos = clock.monotonicNanos();
        notBeforeNanos = lastStartNanos;
        thread = Thread.ofPlatform().daemon().name("checkpointer").start(this::run);
    }

    /**
     * Makes a checkpoint at full speed and returns after it is complete. For any thread that holds no latch and no
     * barrier ticket.
     */
    public CheckpointResult checkpoint() {
        lock.lock();
        try {
            if (thread == null || stopping) {
                throw new IllegalStateException("the checkpointer is not running");
            }
            long mine = ++requested;
            hurry = true;
            changed.signalAll();
            while (covered < mine) {
                if (stopping) {
                    throw new IllegalStateException("the checkpointer was stopped");
                }
                changed.awaitUninterruptibly();
            }
            if (failure != null) {
                throw failure;
            }
            return last;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes one in the calling thread: when the thread is not running, before {@link #start} or after {@link #stop}.
     */
    public CheckpointResult checkpointNow(CheckpointKind kind) {
        return perform(kind, false);
    }

    /** Asks for a checkpoint at full speed and returns at once. */
    public void request() {
        lock.lock();
        try {
            requested++;
            hurry = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asks for a checkpoint that begins soon and is spread over time as one that is due, and returns at once: a new primary has more
     * urgent work for its disk.
     */
    public void requestSpread() {
        lock.lock();
        try {
            spreadRequested = true;
            // One that is running was begun in the role before.
            hurry |= running.isLocked();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Uses another log from now on; a checkpoint that is running ends with the old one. */
    public void useLog(CheckpointLog newLog) {
        log = newLog;
    }

    /** Uses another log from now on; a checkpoint that is running is given up. Returns when none is running. */
    public void switchLog(CheckpointLog newLog) {
        giveUp(newLog);
    }

    /** Gives up a checkpoint that is running, if any. Returns when none is. */
    public void giveUp() {
        giveUp(log);
    }

    private void giveUp(CheckpointLog newLog) {
        aborting = true;
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        running.lock();
        try {
            log = newLog;
        } finally {
            aborting = false;
            running.unlock();
        }
    }

    /** The running checkpoint was given up because the node changes its role. */
    private static final class AbortedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        AbortedException() {
            super("the node changes its role");
        }
    }

    private void checkNotAborting() {
        if (aborting) {
            throw new AbortedException();
        }
    }

    /** Stops the thread, letting a running checkpoint end quickly. */
    public void stop() {
        Thread stopped;
        lock.lock();
        try {
            stopping = true;
            hurry = true;
            stopped = thread;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (stopped != null) {
            joinUninterruptibly(stopped);
        }
    }

    private static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops without a last checkpoint. */
    @Override
    public void close() {
        stop();
    }

    /** Redo point of the last completed checkpoint. */
    public long lastRedoLsn() {
        return lastRedoLsn;
    }

    private void run() {
        while (true) {
            CheckpointKind kind;
            long covers;
            lock.lock();
            try {
                if (!stopping && requested == covered) {
                    awaitMillis(POLL_MILLIS);
                }
                if (stopping) {
                    return;
                }
                covers = requested;
                kind = requested != covered ? CheckpointKind.REQUESTED : dueKind();
            } finally {
                lock.unlock();
            }
            if (kind != null) {
                runOne(kind, covers);
            }
        }
    }

    private CheckpointKind dueKind() {
        long now = clock.monotonicNanos();
        if (now - notBeforeNanos < 0) {
            return null;
        }
        if (spreadRequested) {
            spreadRequested = false;
            return CheckpointKind.TIMED;
        }
        if (log.currentLsn() - lastRedoLsn >= options.triggerBytes() && log.currentLsn() != lastEndLsn) {
            return CheckpointKind.WAL_VOLUME;
        }
        if (log.currentLsn() == lastEndLsn) {
            return null;
        }
        boolean over = now - lastStartNanos >= TimeUnit.MILLISECONDS.toNanos(options.intervalMillis());
        return over && log.currentLsn() != lastEndLsn ? CheckpointKind.TIMED : null;
    }

    private void runOne(CheckpointKind kind, long covers) {
        RuntimeException failed = null;
        CheckpointResult result = null;
        try {
            result = perform(kind, kind != CheckpointKind.REQUESTED);
        } catch (StorageException e) {
            failed = e;
            if (e.isFatal()) {
                fatalHandler.accept(e);
            }
        } catch (AbortedException | HorizonClosedException e) {
            LOG.info("checkpoint given up: {}", e.getMessage());
        } catch (RuntimeException e) {
            failed = e;
        }
        if (failed != null) {
            LOG.error("checkpoint failed, the next one tries again: {}", failed.getMessage(), failed);
            notBeforeNanos = clock.monotonicNanos() + TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
        }
        lock.lock();
        try {
            covered = covers;
            failure = failed;
            last = result != null ? result : last;
            hurry = requested != covered;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private CheckpointResult perform(CheckpointKind kind, boolean spread) {
        running.lock();
        try {
            CheckpointLog used = log;
            long startNanos = clock.monotonicNanos();
            lastStartNanos = startNanos;
            long redoLsn = used.startRedoPoint();
            barrier.awaitEntered();
            for (CheckpointParticipant participant : participants) {
                participant.checkpoint(redoLsn);
            }
            int written = writeDirty(spread, startNanos, redoLsn);
            if (kind == CheckpointKind.SHUTDOWN) {
                pool.files().releaseUnused();
            }
            long writtenNanos = clock.monotonicNanos();
            int synced = pool.files().syncPending();
            long syncedNanos = clock.monotonicNanos();
            checkNotAborting();
            long endLsn = used.complete(kind, redoLsn);
            lastRedoLsn = redoLsn;
            lastEndLsn = endLsn;
            used.recycle(redoLsn);
            var result = new CheckpointResult(kind, redoLsn, endLsn, written, synced,
                TimeUnit.NANOSECONDS.toMillis(writtenNanos - startNanos),
                    TimeUnit.NANOSECONDS.toMillis(syncedNanos - writtenNanos));
            LOG.info("checkpoint ({}) complete: redo at {}, {} pages written in {} ms, {} files synced in {} ms", kind,
                Lsn.format(redoLsn), written, result.writeMillis(), synced, result.syncMillis());
            return result;
        } finally {
            running.unlock();
        }
    }

    private int writeDirty(boolean spread, long startNanos, long redoLsn) {
        List<DirtyBlock> dirty = pool.collectDirty();
        Collections.sort(dirty);
        int written = 0;
        for (int i = 0; i < dirty.size(); i++) {
            checkNotAborting();
            if (pool.writeForCheckpoint(dirty.get(i))) {
                written++;
                if (spread) {
                    pace((i + 1.0) / dirty.size(), startNanos, redoLsn);
                }
            }
        }
        return written;
    }

    /** Sleeps as long as the writes are ahead of both the clock and the WAL. */
    private void pace(double done, long startNanos, long redoLsn) {
        double progress = done * options.completionTarget();
        lock.lock();
        try {
            while (!hurry && !stopping && !aborting) {
                double byTime = (clock.monotonicNanos() - startNanos) / 1e6 / options.intervalMillis();
                double byWal = (double) (log.currentLsn() - redoLsn) / options.maxWalBytes();
                if (progress < byTime || progress < byWal) {
                    return;
                }
                awaitMillis(PAUSE_MILLIS);
            }
        } finally {
            lock.unlock();
        }
    }

    private void awaitMillis(long millis) {
        try {
            changed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            LOG.debug("interrupt of the checkpointer ignored: it stops through stop()");
        }
    }
}
