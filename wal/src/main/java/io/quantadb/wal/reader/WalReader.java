package io.quantadb.wal.reader;

import io.quantadb.base.FileHandle;
import io.quantadb.base.Invariant;
import io.quantadb.base.Lsn;
import io.quantadb.wal.reader.WalEnd.Reason;
import io.quantadb.wal.record.WalFormat;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.record.WalRecordView;
import io.quantadb.wal.record.WalRecordView.Status;
import io.quantadb.wal.segment.SegmentHeader;
import io.quantadb.wal.segment.SegmentLayout;
import io.quantadb.wal.segment.SegmentSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Decodes records in order, into one reused buffer, up to a limit or the true end of the WAL. Confined to one thread.
 *
 * <p>The WAL ends where a position holds no record that continues it: zeros, a torn record, old contents of a recycled
 * segment, no segment. A segment with a bad header or of another system is never the end but a
 * {@link io.quantadb.wal.segment.SegmentException}: segments get their names only after their headers are durable.
 *
 * <p>End or damage? Each record says what was durable when it was inserted ({@link WalFormat}). If a valid record
 * behind the supposed end says that the end was durable, something was lost that a crash cannot lose:
 * {@link WalCorruptionException}. That holds only on the node that inserted the records; a replica may have stored them
 * in any order ({@link DamageCheck}).
 */
public final class WalReader implements Closeable {
    /** Whether to look behind the end for proof of damage. */
    public enum DamageCheck { ON, OFF }

    private static final int CHUNK_SIZE = 1 << 17;
    /** Where a segment is missing, this many later ones are looked for. */
    private static final int MISSING_PROBE = 16;

    private final SegmentLayout layout;
    private final SegmentSource source;
    private final DamageCheck damageCheck;
    private final WalRecordView record = new WalRecordView();
    private long limitLsn = Long.MAX_VALUE;
    /** Where the next record is expected; not yet stepped over a segment boundary. */
    private long position;
    /** Start of the record before {@link #position}; -1 if unknown. */
    private long lastRecord;
    private WalEnd end;
    private FileHandle handle;
    private long openSegment = -1;
    private byte[] buffer = new byte[CHUNK_SIZE];
    private ByteBuffer wrapped = ByteBuffer.wrap(buffer);
    private long bufferLsn;
    private int bufferLength;

    /**
     * Starts at {@code start}, which is the start of a record or the end of one.
     *
     * @param lastRecord start of the record before it, if known; else null, and the first record's back pointer is
     * believed
     */
    public WalReader(SegmentLayout layout, SegmentSource source, Lsn start, Lsn lastRecord, DamageCheck damageCheck) {
        this.layout = layout;
        this.source = source;
        this.damageCheck = damageCheck;
        position = Math.max(start.value(), layout.firstLsn().value());
        this.lastRecord = lastRecord == null ? -1 : lastRecord.value();
    }

    public WalReader(SegmentLayout layout, SegmentSource source, Lsn start) {
        this(layout, source, start, null, DamageCheck.OFF);
    }

    /**
     * Never reads at or behind this position: for a WAL that is being written, its flush LSN. May be raised after a
     * null.
     */
    public void limit(Lsn limitLsn) {
        this.limitLsn = limitLsn.value();
    }

    /** Where the WAL goes on behind the last record returned. */
    public WalPosition position() {
        return new WalPosition(new Lsn(position), new Lsn(Math.max(0, lastRecord)));
    }

    /** Why {@link #next} returned null; null before. */
    public WalEnd end() {
        return end;
    }

    /**
     * The next record, valid until the next call; null at the end, which {@link #end} explains. Records that only end a
     * segment are left out.
     *
     * @throws WalCorruptionException if a later record proves that the WAL went on here
     */
    public WalRecord next() throws IOException {
        while (true) {
            end = null;
            long start = layout.recordStartAt(position);
            if (start >= limitLsn) {
                return stop(Reason.LIMIT, start, "limit reached");
            }
            Status status = decodeAt(start);
            if (status == null) {
                return ended(Reason.MISSING_SEGMENT, start, "segment " + layout.segmentOf(start) + " does not exist");
            }
            switch (status) {
                case VALID -> { }
                case ZEROES -> {
                    return ended(Reason.ZEROES, start, "zeros");
                }
                case INCOMPLETE -> {
                    if (start + record.neededLength() > limitLsn) {
                        return stop(Reason.LIMIT, start, "limit reached inside a record");
                    }
                    return ended(Reason.INVALID_RECORD, start, "the segment file is too short");
                }
                case BAD_LENGTH -> {
                    return ended(Reason.INVALID_RECORD, start, "impossible record length "
                            + Integer.toUnsignedString(record.length()));
                }
                case BAD_CRC -> {
                    return ended(Reason.INVALID_RECORD, start, "wrong checksum of a record of " + record.length()
                            + " bytes");
                }
                case BAD_STRUCTURE -> throw new WalCorruptionException("WAL record at " + Lsn.format(start)
                        + " has a right checksum but contradictory contents: written by a newer version?",
                        new Lsn(start), new Lsn(start));
            }
            if (lastRecord >= 0 ? record.previousLsn() != lastRecord : record.previousLsn() >= start) {
                return ended(Reason.WRONG_PREVIOUS, start, "record points back to " + Lsn.format(record.previousLsn())
                        + (lastRecord >= 0 ? " instead of " + Lsn.format(lastRecord) : ""));
            }
            lastRecord = start;
            if (record.isSkip()) {
                position = layout.firstRecordOf(layout.segmentOf(start) + 1);
            } else {
                position = record.endLsn();
                return record;
            }
        }
    }

    private WalRecord stop(Reason reason, long lsn, String detail) {
        end = new WalEnd(reason, new Lsn(lsn), detail);
        return null;
    }

    private WalRecord ended(Reason reason, long lsn, String detail) throws IOException {
        if (damageCheck == DamageCheck.ON) {
            long later = findProofOfDamage(lsn);
            if (later >= 0) {
                throw new WalCorruptionException("WAL is damaged at " + Lsn.format(lsn) + " (" + detail
                        + "): the valid record at " + Lsn.format(later)
                        + " shows that it was complete and durable there",
                        new Lsn(lsn), new Lsn(later));
            }
        }
        bufferLength = 0;
        return stop(reason, lsn, detail);
    }

    /** Decodes what stands at {@code start}; null if its segment does not exist. */
    private Status decodeAt(long start) throws IOException {
        long segment = layout.segmentOf(start);
        if (!openSegment(segment)) {
            return null;
        }
        int lengthMax = layout.sizeBytes() - layout.offsetOf(start);
        int available = fill(start, Math.min(WalFormat.HEADER_SIZE, lengthMax));
        Status status = record.decode(buffer, (int) (start - bufferLsn), available, lengthMax, start);
        if (status == Status.INCOMPLETE) {
            available = fill(start, record.neededLength());
            status = record.decode(buffer, (int) (start - bufferLsn), available, lengthMax, start);
        }
        return status;
    }

    private boolean openSegment(long segment) throws IOException {
        if (segment == openSegment) {
            return true;
        }
        close();
        handle = source.open(segment);
        if (handle == null) {
            return false;
        }
        openSegment = segment;
        return true;
    }

    /**
     * Makes {@code needed} bytes from {@code lsn} available if the segment and the limit allow.
     *
     * @return how many are there, often more
     */
    private int fill(long lsn, int needed) throws IOException {
        if (lsn >= bufferLsn && lsn + needed <= bufferLsn + bufferLength) {
            return (int) (bufferLsn + bufferLength - lsn);
        }
        if (needed > buffer.length) {
            buffer = new byte[WalFormat.align(needed) + CHUNK_SIZE];
            wrapped = ByteBuffer.wrap(buffer);
        }
        int offset = layout.offsetOf(lsn);
        long length = Math.min(buffer.length, layout.sizeBytes() - offset);
        wrapped.clear().limit((int) Math.min(length, limitLsn - lsn));
        bufferLsn = lsn;
        bufferLength = handle.read(wrapped, offset);
        return bufferLength;
    }

    /** Start of a valid record behind {@code lsn} that says {@code lsn} was durable; -1 if there is none. */
    private long findProofOfDamage(long lsn) throws IOException {
        long segment = layout.segmentOf(lsn);
        int missing = 0;
        for (long at = lsn; missing < MISSING_PROBE; segment++, at = layout.firstRecordOf(segment)) {
            if (!openSegment(segment)) {
                missing++;
                continue;
            }
            long proof = searchSegment(at, lsn);
            if (proof >= 0) {
                return proof;
            }
        }
        return -1;
    }

    private long searchSegment(long from, long damagedLsn) throws IOException {
        byte[] bytes = new byte[layout.sizeBytes() - layout.offsetOf(from)];
        int length = handle.read(ByteBuffer.wrap(bytes), layout.offsetOf(from));
        WalRecordView candidate = new WalRecordView();
        for (int at = 0; at + WalFormat.HEADER_SIZE <= length; at += WalFormat.RECORD_ALIGNMENT) {
            long lsn = from + at;
            if (candidate.looksLikeHeader(bytes, at, lsn, lsn - layout.sizeBytes() - SegmentHeader.SIZE)
                    && candidate.decode(bytes, at, length - at, bytes.length - at, lsn) == Status.VALID
                    && candidate.durableLsn() > damagedLsn) {
                return lsn;
            }
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        openSegment = -1;
        bufferLength = 0;
        if (handle != null) {
            FileHandle closing = handle;
            handle = null;
            closing.close();
        }
    }

    /** Throws unless the reader stands behind a record: for callers about to continue the WAL. */
    public WalPosition verifiedPosition() {
        Invariant.check(end != null, "reader at %s has not reached an end (%s)", new Lsn(position), end);
        return position();
    }
}
