package io.quantadb.wal.writer;

import io.quantadb.base.Clock;
import io.quantadb.base.FatalErrorHandler;
import io.quantadb.base.Invariant;
import io.quantadb.base.Lsn;
import io.quantadb.base.Memory;
import io.quantadb.wal.record.WalFormat;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.record.WalRecordBuilder;
import io.quantadb.wal.record.WalRecordEncoder;
import io.quantadb.wal.segment.SegmentHeader;
import io.quantadb.wal.segment.SegmentLayout;
import io.quantadb.wal.segment.WalSegments;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/**
 * The WAL of one timeline, open for inserts. Safe for use by many threads; an insert allocates nothing and takes no
 * lock.
 *
 * <p><b>Reservation</b> is one compare-and-set of a single word:
 *
 * <pre>
 *   bits 0-29   insert position in units of 8 bytes, modulo 8 GiB; the rest follows from
 *               the written position, which is near
 *   bits 30-57  distance back to the start of the last record, in units of 8 bytes; 0 = there is none
 *   bits 58-63  generation of the redo point, counted modulo 64
 * </pre>
 *
 * <p><b>Redo point and images.</b> The generation changes together with nothing else, at a known position, by
 * {@link #startRedoPoint}. An inserter decides about images under the generation it read, and its reservation succeeds
 * only while that generation still holds; so each record behind the redo point was built knowing it. A redo point at
 * the position of the current one keeps the generation, so a word that compares equal after 64 redo points would also
 * need the same position 8 GiB later.
 *
 * <p><b>Copying</b> goes on in parallel ({@link WalRing}); the {@link WalFlusher} follows the published records, so it
 * never writes a gap.
 *
 * <p>Invariant: {@code flushLsn <= writtenLsn <= insertLsn}; none ever moves back.
 *
 * <p>Errors: a failed write or sync of WAL is fatal at once. A full volume is noticed while preparing segments, ahead
 * of need: {@link #admit} then refuses new changes while a reserve remains for those already begun.
 */
public final class WalWriter implements WalInserter, Closeable {
    /** Prepared WAL space that admitted changes can still count on, where segments are large enough. */
    static final int RESERVE_BYTES = 4 << 20;

    private static final int POSITION_BITS = 30;
    private static final int DISTANCE_BITS = 28;
    private static final int GENERATION_SHIFT = POSITION_BITS + DISTANCE_BITS;
    private static final int GENERATION_COUNT = 1 << (Long.SIZE - GENERATION_SHIFT);
    private static final long POSITION_MASK = (1L << POSITION_BITS) - 1;
    private static final long DISTANCE_MASK = (1L << DISTANCE_BITS) - 1;
    private static final long BYTE_POSITION_MASK = (POSITION_MASK << 3) | 7;
    private static final long RING_WAIT_NANOS = 20_000;
    private static final long ADMIT_WAIT_NANOS = 1_000_000;

    private final WalSegments segments;
    private final SegmentLayout layout;
    private final WalWriterOptions options;
    private final WalRing ring;
    private final WalFlusher flusher;
    private final SegmentPreparer preparer;
    private final PaddedLong state;
    private final PaddedLong written;
    private final PaddedLong flushed;
    private final AtomicLongArray redoLsns = new AtomicLongArray(GENERATION_COUNT);
    private final ReentrantLock redoLock = new ReentrantLock();
    private final FlushWaiters waiters;
    private final int timeline;
    private final long startLsn;
    private final long reserveBytes;
    private final int halfRing;
    private volatile boolean closed;

    /**
     * Opens the WAL for writing at {@code position}: wipes what stands behind it on this timeline, prepares segments,
     * starts the threads.
     *
     * @param redoLsn pages with an LSN at or below it get a full image at their next change; the start position is
     * always safe
     */
    public WalWriter(WalSegments segments, int timeline, WalPosition position, Lsn redoLsn, WalWriterOptions options,
            Clock clock, FatalErrorHandler fatalErrors) throws IOException {
        this.segments = segments;
        this.layout = segments.layout();
        this.timeline = timeline;
        this.options = options;
        Invariant.check(options.ringBytes() >= 2 * layout.recordSizeMax(), "ring of %d bytes, longest record %d",
                options.ringBytes(), layout.recordSizeMax());
        long start = position.endLsn().value();
        long last = position.lastRecordLsn().value();
        Invariant.check(start % WalFormat.RECORD_ALIGNMENT == 0 && start >= layout.firstLsn().value() && last < start,
                "WAL cannot start at %s after a record at %s", position.endLsn(), position.lastRecordLsn());
        startLsn = start;
        segments.cleanUp();
        segments.wipeFrom(timeline, start);
        reserveBytes = Math.min(RESERVE_BYTES, 4L * layout.sizeBytes());
        preparer = new SegmentPreparer(segments, timeline, start, fatalErrors);
        preparer.prepareThrough(start + reserveBytes);
        ring = new WalRing(options.ringBytes());
        halfRing = options.ringBytes() / 2;
        redoLsns.set(0, redoLsn.value());
        state = new PaddedLong(word(start, last == 0 ? 0 : start - last, 0));
        written = new PaddedLong(start);
        flushed = new PaddedLong(start);
        waiters = new FlushWaiters();
        flusher = new WalFlusher(segments, timeline, start, options, ring, preparer, written, flushed, waiters, clock,
                fatalErrors);
        if (options.background()) {
            preparer.request(start + reserveBytes + layout.sizeBytes());
            preparer.start();
            flusher.start();
        }
    }

    private static long word(long position, long distance, int generation) {
        long units = distance >> 3;
        Invariant.check(units >= 0 && units <= DISTANCE_MASK, "distance to the last record %d, limit %d units",
                distance, DISTANCE_MASK);
        return position >> 3 & POSITION_MASK | units << POSITION_BITS | (long) generation << GENERATION_SHIFT;
    }

    private static int generation(long word) {
        return (int) (word >>> GENERATION_SHIFT);
    }

    private static long distance(long word) {
        return (word >>> POSITION_BITS & DISTANCE_MASK) << 3;
    }

    /** The full insert position; {@code hint} is a written position read before {@code word}, hence not behind it. */
    private static long position(long word, long hint) {
        return hint + (((word & POSITION_MASK) << 3) - hint & BYTE_POSITION_MASK);
    }

    public int timeline() {
        return timeline;
    }

    public WalSegments segments() {
        return segments;
    }

    /** Where this writer began; everything before it was durable then. */
    public long startLsn() {
        return startLsn;
    }

    /**
     * Exclusive end of what has been handed to the kernel: always the end of a record, or the start of a segment's
     * records.
     */
    public long writtenLsn() {
        return written.get();
    }

    /**
     * Registers a listener that the flusher calls with the new written position, once a group and before the group's
     * sync; it must not block.
     */
    public void addWriteListener(LongConsumer listener) {
        flusher.addWriteListener(listener);
    }

    public void removeWriteListener(LongConsumer listener) {
        flusher.removeWriteListener(listener);
    }

    public void removeFlushListener(LongConsumer listener) {
        flusher.removeListener(listener);
    }

    /**
     * Copies written WAL out of memory: {@code target.remaining()} bytes from {@code lsn}, in one segment, which end at
     * or before {@link #writtenLsn}.
     *
     * @param target direct; its position moves only on success
     * @return false if the memory holds them no longer: they are in the segment file
     */
    public boolean copyWritten(long lsn, ByteBuffer target) {
        int length = target.remaining();
        Invariant.check(lsn + length <= written.get(), "copying WAL up to %d, written is %d", lsn + length,
                written.get());
        if (lsn < startLsn || insertLsn() - lsn > ring.size()) {
            return false;
        }
        ring.read(lsn, length, Memory.addressOf(target) + target.position());
        // An inserter reserves before it copies: while no reservation reaches a whole ring ahead, nobody has written.
        Memory.loadFence();
        if (insertLsn() - lsn > ring.size()) {
            return false;
        }
        target.position(target.limit());
        return true;
    }

    @Override
    public void admit() {
        long needed = insertLsn() + reserveBytes;
        if (needed + layout.sizeBytes() >= preparer.preparedEnd()) {
            preparer.request(needed + layout.sizeBytes());
            if (needed > preparer.preparedEnd()) {
                waitForSegments(needed);
            }
        }
    }

    private void waitForSegments(long needed) {
        while (needed > preparer.preparedEnd()) {
            flusher.checkAlive();
            IOException failure = preparer.failure();
            if (!options.background()) {
                try {
                    preparer.prepareThrough(needed);
                    return;
                } catch (IOException e) {
                    failure = e;
                }
            }
            if (failure != null) {
                throw new WalFullException("could not prepare WAL space in \"" + segments.directory() + "\": "
                        + failure.getMessage(), failure);
            }
            LockSupport.parkNanos(this, ADMIT_WAIT_NANOS);
        }
    }

    @Override
    public long insert(WalRecordBuilder builder) {
        flusher.checkAlive();
        Invariant.check(!closed, "insert into a closed WAL");
        WalRecordEncoder record = (WalRecordEncoder) builder;
        long preparedRedo = -1;
        int size = 0;
        while (true) {
            long hint = written.get();
            long word = state.get();
            int generation = generation(word);
            long redo = redoLsns.get(generation);
            if (redo != preparedRedo) {
                size = WalFormat.align(record.prepare(redo));
                Invariant.check(size <= layout.recordSizeMax(), "WAL record of %d bytes, limit is %d",
                        size, layout.recordSizeMax());
                preparedRedo = redo;
            }
            long position = position(word, hint);
            long first = layout.recordStartAt(position);
            boolean skip = layout.offsetOf(first) + size > layout.sizeBytes();
            long start = skip ? layout.firstRecordOf(layout.segmentOf(first) + 1) : first;
            long end = start + size;
            if (!state.compareAndSet(word, word(end, size, generation))) {
                Thread.onSpinWait();
                continue;
            }
            long previous = distance(word) == 0 ? 0 : position - distance(word);
            if (skip) {
                insertSkip(first, start, previous);
                previous = first;
            }
            copy(record, start, end, previous);
            if (layout.segmentOf(position) != layout.segmentOf(end)) {
                preparer.request(end + reserveBytes + layout.sizeBytes());
            }
            if (end - hint > halfRing) {
                flusher.requestWrite();
            }
            return end;
        }
    }

    /** Copies a record into the space reserved for it. Nothing in here may fail: the WAL would have a hole. */
    private void copy(WalRecordEncoder record, long start, long end, long previous) {
        try {
            int size = (int) (end - start);
            waitForRing(end);
            record.finish(start, previous, flushed.get());
            ring.copy(record.bytes(), size, start);
            ring.publish(start, end);
        } catch (Throwable e) {
            flusher.fail("WAL record at " + Lsn.format(start) + " was reserved but not copied", e);
            throw e;
        }
    }

    /** Ends a segment early: the record at {@code first} says that the next one is at {@code next}. */
    private void insertSkip(long first, long next, long previous) {
        WalRecordEncoder skip = new WalRecordEncoder();
        skip.beginSkip(0, 0).mainData();
        skip.prepare(0);
        waitForRing(first + WalFormat.HEADER_SIZE);
        skip.finish(first, previous, flushed.get());
        ring.copy(skip.bytes(), WalFormat.HEADER_SIZE, first);
        ring.publish(first, next);
    }

    private void waitForRing(long end) {
        while (end - written.get() > ring.size()) {
            flusher.checkAlive();
            if (options.background()) {
                flusher.requestWrite();
                LockSupport.parkNanos(this, RING_WAIT_NANOS);
            } else {
                flusher.writeInline();
            }
        }
    }

    /**
     * Leaves the rest of the current segment empty, unless nothing has been written to it, so that it can be archived.
     * Returns after everything inserted before is durable.
     *
     * @return the exclusive end LSN of what was inserted before
     */
    public long switchSegment() {
        while (true) {
            long hint = written.get();
            long word = state.get();
            long position = position(word, hint);
            long first = layout.recordStartAt(position);
            if (layout.offsetOf(first) == SegmentHeader.SIZE) {
                flush(position);
                return position;
            }
            long next = layout.firstRecordOf(layout.segmentOf(first) + 1);
            if (state.compareAndSet(word, word(next, next - first, generation(word)))) {
                insertSkip(first, next, distance(word) == 0 ? 0 : position - distance(word));
                preparer.request(next + reserveBytes + layout.sizeBytes());
                flush(first + WalFormat.HEADER_SIZE);
                return first + WalFormat.HEADER_SIZE;
            }
        }
    }

    @Override
    public long insertLsn() {
        long hint = written.get();
        return position(state.get(), hint);
    }

    /** Where the WAL stands: what {@link #insertLsn} says, and the record in front of it. */
    public WalPosition position() {
        long hint = written.get();
        long word = state.get();
        long position = position(word, hint);
        return new WalPosition(new Lsn(position), new Lsn(distance(word) == 0 ? 0 : position - distance(word)));
    }

    @Override
    public long flushLsn() {
        return flushed.get();
    }

    @Override
    public void flush(long lsn) {
        if (flushed.get() >= lsn) {
            return;
        }
        long end = insertLsn();
        Invariant.check(lsn <= end, "flush of WAL up to %d, which ends at %d", lsn, end);
        if (!options.background()) {
            flusher.flushInline(lsn);
            return;
        }
        waiters.add(lsn);
        flusher.requestFlush(lsn);
        boolean interrupted = false;
        while (flushed.get() < lsn) {
            flusher.checkAlive();
            LockSupport.park(waiters);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void requestFlush(long lsn) {
        if (flushed.get() < lsn) {
            if (options.background()) {
                flusher.requestFlush(Math.min(lsn, insertLsn()));
            } else {
                flusher.flushInline(Math.min(lsn, insertLsn()));
            }
        }
    }

    @Override
    public void addFlushListener(LongConsumer listener) {
        flusher.addListener(listener);
    }

    @Override
    public long redoLsn() {
        return redoLsns.get(generation(state.get()));
    }

    @Override
    public long startRedoPoint() {
        redoLock.lock();
        try {
            while (true) {
                long hint = written.get();
                long word = state.get();
                int next = (generation(word) + 1) % GENERATION_COUNT;
                long position = position(word, hint);
                if (position == redoLsns.get(generation(word))) {
                    return position;
                }
                redoLsns.set(next, position);
                if (state.compareAndSet(word, word(position, distance(word), next))) {
                    return position;
                }
            }
        } finally {
            redoLock.unlock();
        }
    }

    /**
     * Gives up the segments that end at or before {@code lsn}, of any timeline. Whoever needs them (redo, slots,
     * archive) has agreed.
     *
     * @param recycleMax number of files kept, the latest, to become future segments
     * @return number of files removed
     */
    public int removeSegmentsBefore(long lsn, int recycleMax) throws IOException {
        Invariant.check(lsn <= flushed.get(), "removing WAL before %d, flushed is %d", lsn, flushed.get());
        return preparer.removeBefore(lsn, recycleMax);
    }

    public WalStatistics statistics() {
        return new WalStatistics(insertLsn(), written.get(), flushed.get(), flusher.writes(), flusher.syncs(),
                flusher.syncNanos());
    }

    /** Flushes everything and stops the threads. No insert may be under way. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        try {
            if (flusher.isAlive()) {
                flush(insertLsn());
            }
        } finally {
            abandon();
        }
    }

    /** Stops the threads without flushing: what a crash does. No insert may be under way. */
    public void abandon() throws IOException {
        closed = true;
        preparer.stop();
        flusher.stop();
        preparer.join();
        flusher.join();
        flusher.closeFile();
    }

    static long millisToNanos(int millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
