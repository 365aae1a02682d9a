package io.quantadb.wal.writer;

import io.quantadb.base.Clock;
import io.quantadb.base.FatalErrorHandler;
import io.quantadb.base.FileHandle;
import io.quantadb.base.Invariant;
import io.quantadb.base.Lsn;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.segment.SegmentHeader;
import io.quantadb.wal.segment.SegmentLayout;
import io.quantadb.wal.segment.SegmentName;
import io.quantadb.wal.segment.SyncMethod;
import io.quantadb.wal.segment.WalSegments;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The WAL of a replica: stores bytes that another node inserted, at their LSNs, and makes them durable.
 *
 * <p>{@link #append} verifies each record before its end counts. Both published positions are ends of records:
 *
 * <pre>
 *   flushLsn (durable) &lt;= writeLsn (in the kernel; can be read) &lt;= bytes received
 * </pre>
 *
 * Neither moves back but in {@link #truncate}. Everything behind the start is wiped when it is opened, as a
 * {@link WalWriter} does.
 *
 * <p>Threads: {@code append}, {@code truncate}, {@code switchTimeline} are for one thread at a time (the receiver's);
 * one flusher thread syncs in groups; positions may be read by anybody. Listeners run on the thread that moved the
 * position and must not block.
 *
 * <p>Errors: a failed write or sync is fatal at once and never retried. Failing to prepare a segment (a full volume)
 * leaves everything as it was: {@code append} throws, and the same bytes may come again.
 */
public final class ReceivedWal implements Closeable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ReceivedWal.class);
    private static final int SCAN_CHUNK = 1 << 18;

    private final WalSegments segments;
    private final SegmentLayout layout;
    private final SyncMethod syncMethod;
    private final Clock clock;
    private final FatalErrorHandler fatalErrors;
    private final boolean background;
    private final RecordChain chain;
    private final PaddedLong written;
    private final PaddedLong flushed;
    private final PaddedLong requested;
    private final FlushWaiters waiters = new FlushWaiters();
    private final CopyOnWriteArrayList<LongConsumer> flushListeners = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<LongConsumer> writeListeners = new CopyOnWriteArrayList<>();
    /** Guards the change and the sync of the open file, and the truncation. */
    private final ReentrantLock fileLock = new ReentrantLock();

    private volatile int timeline;
    private SegmentPreparer preparer;
    private FileHandle handle;
    private long openSegment = -1;
    private volatile Throwable failure;
    private volatile boolean parked;
    private volatile boolean stopped;
    private volatile long syncs;
    private volatile long syncNanos;
    private Thread flusher;

    /**
     * Continues the WAL at {@code position}, wiping what stands behind it on the timeline.
     *
     * @param position end of the last valid record (or a record's start, with the last record unknown)
     * @param background false: no threads, {@link #requestFlush} syncs on its caller, for simulations
     */
    public ReceivedWal(WalSegments segments, int timeline, WalPosition position, SyncMethod syncMethod, Clock clock,
            FatalErrorHandler fatalErrors, boolean background) throws IOException {
        this.segments = segments;
        this.layout = segments.layout();
        this.syncMethod = syncMethod;
        this.clock = clock;
        this.fatalErrors = fatalErrors;
        this.background = background;
        this.timeline = timeline;
        long start = position.endLsn().value();
        Invariant.check(start >= layout.firstLsn().value(), "WAL cannot start at %d, first is %d", start,
                layout.firstLsn().value());
        segments.cleanUp();
        segments.wipeFrom(timeline, start);
        chain = new RecordChain(layout, start, -1, 0);
        resetChain(start, position.lastRecordLsn().value());
        written = new PaddedLong(start);
        flushed = new PaddedLong(start);
        requested = new PaddedLong(start);
        preparer = newPreparer(start);
        if (background) {
            flusher = Thread.ofPlatform().name("wal-receiver-flusher").daemon().start(this::runFlusher);
        }
    }

    private SegmentPreparer newPreparer(long start) {
        SegmentPreparer result = new SegmentPreparer(segments, timeline, start, fatalErrors);
        if (background) {
            result.request(start + 2L * layout.sizeBytes());
            result.start();
        }
        return result;
    }

    /** Finds the record before {@code start} by reading its segment, so that the chain continues with a full check. */
    private void resetChain(long start, long lastRecord) throws IOException {
        RecordChain found = scan(start);
        if (found != null && (lastRecord == 0 || lastRecord == found.lastRecord())) {
            chain.reset(start, found.lastRecord(), found.lastCrc());
        } else {
            chain.reset(start, lastRecord == 0 ? -1 : lastRecord, 0);
        }
    }

    public WalSegments segments() {
        return segments;
    }

    public SegmentLayout layout() {
        return layout;
    }

    public int timeline() {
        return timeline;
    }

    /** End of the last complete record that can be read from the files. */
    public long writeLsn() {
        return written.get();
    }

    /** End of the last complete record that is on stable storage. */
    public long flushLsn() {
        return flushed.get();
    }

    /** Start of the last complete record; -1 if unknown. Receiver's thread. */
    public long lastRecordLsn() {
        return chain.lastRecord();
    }

    /** Checksum of the last complete record; 0 if unknown. Receiver's thread. */
    public int lastRecordCrc() {
        return chain.lastCrc();
    }

    /** Where the WAL goes on. Receiver's thread, or any when nothing is being received. */
    public WalPosition position() {
        return new WalPosition(new Lsn(chain.position()), new Lsn(Math.max(0, chain.lastRecord())));
    }

    public long syncs() {
        return syncs;
    }

    public long syncNanos() {
        return syncNanos;
    }

    /** Called with the new flush LSN by the flusher after each sync. */
    public void addFlushListener(LongConsumer listener) {
        flushListeners.add(listener);
    }

    public void removeFlushListener(LongConsumer listener) {
        flushListeners.remove(listener);
    }

    /** Called with the new write LSN by the receiver's thread, once for each {@link #requestFlush}. */
    public void addWriteListener(LongConsumer listener) {
        writeListeners.add(listener);
    }

    public void removeWriteListener(LongConsumer listener) {
        writeListeners.remove(listener);
    }

    /**
     * Stores the remaining bytes of {@code source}, all in one segment, the first at {@code lsn}. They continue what
     * was received before. Not durable on return.
     *
     * @throws WalStreamException if they do not continue it; what came before stays
     * @throws IOException if no segment could be prepared; nothing has changed, and a new connection may try again
     */
    public void append(ByteBuffer source, long lsn) throws IOException {
        checkAlive();
        long from = chain.usefulFrom(lsn);
        if (from < lsn + source.remaining()) {
            moveTo(layout.segmentOf(from));
        }
        ByteBuffer bytes = source.duplicate();
        try {
            chain.accept(source, lsn);
        } finally {
            // After a bad record too: what stands before it has been verified, and the chain has passed it.
            store(bytes, lsn, from, Math.min(chain.usefulTo(lsn), lsn + bytes.remaining()));
        }
    }

    private void store(ByteBuffer bytes, long lsn, long from, long to) {
        if (to > from) {
            int start = bytes.position();
            bytes.limit(start + (int) (to - lsn)).position(start + (int) (from - lsn));
            write(bytes, from);
        }
        if (chain.position() > written.get()) {
            written.set(chain.position());
        }
    }

    private void write(ByteBuffer bytes, long lsn) {
        try {
            handle.write(bytes, layout.offsetOf(lsn));
        } catch (IOException | RuntimeException e) {
            throw fail("cannot write received WAL at " + Lsn.format(lsn), e);
        }
    }

    /** Opens the segment; syncs the one before, so that at most one has unsynced bytes. */
    private void moveTo(long segment) throws IOException {
        if (segment == openSegment) {
            return;
        }
        long start = layout.startOf(segment);
        preparer.request(start + 2L * layout.sizeBytes());
        preparer.prepareThrough(start);
        // All of the old segment is written: records do not span segments.
        long end = written.get();
        boolean synced = handle != null && flushed.get() < end;
        fileLock.lock();
        try {
            if (synced) {
                syncOpenFile(end);
            }
            closeFile();
            try {
                handle = segments.openForWriting(timeline, segment, syncMethod == SyncMethod.OPEN_DATASYNC);
            } catch (IOException e) {
                throw fail("cannot open WAL segment " + layout.fileName(timeline, segment), e);
            }
            openSegment = segment;
        } finally {
            fileLock.unlock();
        }
        if (synced) {
            waiters.wake(end);
            tell(flushListeners, end);
        }
    }

    private void closeFile() throws IOException {
        openSegment = -1;
        if (handle != null) {
            FileHandle closing = handle;
            handle = null;
            closing.close();
        }
    }

    /** Forgets an incomplete record at the end: its bytes come again over a new connection. */
    public void forgetPartial() {
        chain.forgetPartial();
    }

    /** Tells the write listeners, and asks the flusher to sync what has been written. Returns at once. */
    public void requestFlush() {
        long target = written.get();
        if (target <= flushed.get()) {
            return;
        }
        requested.raise(target);
        if (!background) {
            flushOnce();
        } else if (parked) {
            LockSupport.unpark(flusher);
        }
        tell(writeListeners, target);
    }

    /** Returns after everything written is durable. */
    public void flush() {
        long target = written.get();
        if (!background) {
            requestFlush();
            return;
        }
        waiters.add(target);
        requestFlush();
        boolean interrupted = false;
        while (flushed.get() < target) {
            checkAlive();
            LockSupport.park(waiters);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void runFlusher() {
        try {
            while (!stopped) {
                if (requested.get() > flushed.get()) {
                    flushOnce();
                    continue;
                }
                parked = true;
                if (requested.get() <= flushed.get() && !stopped) {
                    LockSupport.park(this);
                }
                parked = false;
            }
        } catch (WalFailedException e) {
            LOGGER.error("The flusher of received WAL has stopped", e);
        } catch (Throwable e) {
            failure = e;
            fatalErrors.fatal("the flusher of received WAL failed", e);
        }
    }

    private void flushOnce() {
        long target;
        fileLock.lock();
        try {
            // Read before the sync: what is published is in the file.
            target = written.get();
            syncOpenFile(target);
        } finally {
            fileLock.unlock();
        }
        waiters.wake(target);
        tell(flushListeners, target);
    }

    private void syncOpenFile(long target) {
        if (flushed.get() >= target) {
            return;
        }
        checkAlive();
        long begin = clock.monotonicNanos();
        try {
            if (handle != null) {
                switch (syncMethod) {
                    case FSYNC -> handle.sync(true);
                    case FDATASYNC -> handle.sync(false);
                    case OPEN_DATASYNC -> { }
                }
            }
        } catch (IOException | RuntimeException e) {
            throw fail("cannot sync received WAL up to " + Lsn.format(target), e);
        }
        syncNanos = syncNanos + clock.monotonicNanos() - begin;
        syncs = syncs + 1;
        flushed.raise(target);
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

    private WalFailedException fail(String message, Throwable cause) {
        failure = cause;
        try {
            fatalErrors.fatal(message, cause);
        } finally {
            waiters.wake(Long.MAX_VALUE);
        }
        return new WalFailedException(cause);
    }

    private void checkAlive() {
        if (failure != null) {
            throw new WalFailedException(failure);
        }
    }

    /**
     * Cuts the WAL at {@code forkLsn} of {@code forkTimeline}, which is this timeline or an ancestor, and wipes what
     * stands behind it, segments of later timelines included. Durable on return. Nothing may be reading behind the
     * fork.
     *
     * @throws IOException if the fork is inside a record, or the files cannot be read
     */
    public void truncate(int forkTimeline, long forkLsn) throws IOException {
        Invariant.check(forkTimeline <= timeline, "cutting timeline %d back to %d", timeline, forkTimeline);
        Invariant.check(forkLsn <= written.get(), "cutting the WAL at %d, it ends at %d", forkLsn, written.get());
        checkAlive();
        flush();
        fileLock.lock();
        try {
            closeFile();
            stopPreparer();
            boolean sameTimeline = timeline == forkTimeline;
            timeline = forkTimeline;
            RecordChain found = scan(forkLsn);
            for (SegmentName name : segments.list()) {
                if (name.timeline() > forkTimeline) {
                    segments.remove(name);
                }
            }
            segments.wipeFrom(forkTimeline, forkLsn);
            LOGGER.info("Cut the WAL at {} of timeline {}; it ended at {}{}", Lsn.format(forkLsn), forkTimeline,
                    Lsn.format(written.get()), sameTimeline ? "" : " of a later timeline");
            chain.reset(forkLsn, found == null ? -1 : found.lastRecord(), found == null ? 0 : found.lastCrc());
            restart(forkLsn);
        } finally {
            fileLock.unlock();
        }
    }

    /**
     * Goes on at {@code switchLsn}, which is the end of what has been received, on a new timeline: its first segment
     * begins with a copy of the old one's. Durable on return.
     */
    public void switchTimeline(int newTimeline, long switchLsn) throws IOException {
        Invariant.check(newTimeline > timeline, "switching from timeline %d to %d", timeline, newTimeline);
        Invariant.check(layout.recordStartAt(switchLsn) == layout.recordStartAt(written.get()),
                "switching timeline at %d, the WAL ends at %d", switchLsn, written.get());
        checkAlive();
        flush();
        fileLock.lock();
        try {
            closeFile();
            stopPreparer();
            segments.branch(timeline, newTimeline, switchLsn);
            // Left from an earlier attempt that went further?
            segments.wipeFrom(newTimeline, switchLsn);
            timeline = newTimeline;
            chain.reset(switchLsn, chain.lastRecord(), chain.lastCrc());
            restart(switchLsn);
        } finally {
            fileLock.unlock();
        }
    }

    private void restart(long lsn) {
        written.set(lsn);
        flushed.set(lsn);
        requested.set(lsn);
        preparer = newPreparer(lsn);
    }

    private void stopPreparer() {
        preparer.stop();
        preparer.join();
    }

    /**
     * Follows the records of the segment in front of {@code lsn}.
     *
     * @return the chain standing at {@code lsn}; null if its records cannot be followed from the segment's beginning,
     * which is so where a base copy's WAL starts inside it
     * @throws IOException if {@code lsn} is inside a record
     */
    private RecordChain scan(long lsn) throws IOException {
        long segment = layout.segmentOf(lsn);
        if (layout.offsetOf(lsn) <= SegmentHeader.SIZE) {
            segment--;
        }
        long first = layout.firstRecordOf(segment);
        RecordChain result = new RecordChain(layout, first, -1, 0);
        try (FileHandle file = segments.openForReading(timeline, segment)) {
            if (file == null || first >= lsn) {
                return null;
            }
            long end = Math.min(lsn, layout.startOf(segment + 1));
            ByteBuffer buffer = ByteBuffer.allocate(SCAN_CHUNK);
            for (long at = first; at < end; ) {
                buffer.clear().limit((int) Math.min(SCAN_CHUNK, end - at));
                int count = file.read(buffer, layout.offsetOf(at));
                buffer.flip();
                if (count == 0) {
                    return null;
                }
                result.accept(buffer, at);
                at += count;
            }
        } catch (WalStreamException e) {
            LOGGER.debug("Records in front of {} cannot be followed: {}", Lsn.format(lsn), e.getMessage());
            return null;
        }
        if (layout.recordStartAt(result.position()) == layout.recordStartAt(lsn)) {
            return result;
        }
        if (result.position() < lsn) {
            throw new IOException("position " + Lsn.format(lsn) + " is inside the WAL record that begins at "
                    + Lsn.format(result.position()));
        }
        return null;
    }

    /** Removes or keeps for recycling the segments that end at or before {@code lsn}; as the WAL writer's. */
    public int removeSegmentsBefore(long lsn, int recycleMax) throws IOException {
        return preparer.removeBefore(Math.min(lsn, flushed.get()), recycleMax);
    }

    /** Syncs everything and stops the threads. */
    @Override
    public void close() throws IOException {
        if (stopped) {
            return;
        }
        if (failure == null) {
            flush();
        }
        abandon();
    }

    /** Stops the threads without syncing: what a crash does. */
    public void abandon() throws IOException {
        stopped = true;
        stopPreparer();
        if (flusher != null) {
            LockSupport.unpark(flusher);
            Threads.joinUninterruptibly(flusher);
        }
        closeFile();
    }
}
