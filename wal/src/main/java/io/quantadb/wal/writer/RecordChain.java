package io.quantadb.wal.writer;

import io.quantadb.base.Lsn;
import io.quantadb.base.Memory;
import io.quantadb.wal.record.WalFormat;
import io.quantadb.wal.segment.SegmentHeader;
import io.quantadb.wal.segment.SegmentLayout;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Follows the records in a stream of WAL bytes that arrives in pieces of any size: verifies checksum, back pointer and
 * length of each, and knows where the last complete one ends. Confined to one thread; allocates nothing per record.
 *
 * <p>A piece lies in one segment and begins where the last one ended, or where the next record starts. Bytes that
 * belong to no record (the rest of a segment) are stepped over.
 *
 * <pre>
 *   BETWEEN --first byte of a header--> HEADER --32 bytes--> BODY --length reached--> PADDING --aligned--> BETWEEN
 * </pre>
 */
public final class RecordChain {
    private final SegmentLayout layout;
    private final CRC32C crc = new CRC32C();
    /** Header of the current record, then its LSN: what the record's checksum covers behind the body. */
    private final byte[] header = new byte[WalFormat.HEADER_SIZE + Long.BYTES];
    /** End of the last complete record; after a skip the first record of the next segment. */
    private long position;
    private long lastRecord;
    private int lastCrc;
    /** End of the bytes accepted. */
    private long received;
    /** Bytes seen of the record at {@link #recordStart}; 0 = between records. */
    private int seen;
    private long recordStart;
    private int length;

    /**
     * @param position end of a record, or start of one
     * @param lastRecord start of the record before it; -1 if unknown, then the first record's back pointer is believed
     * @param lastCrc its checksum, 0 if unknown
     */
    public RecordChain(SegmentLayout layout, long position, long lastRecord, int lastCrc) {
        this.layout = layout;
        reset(position, lastRecord, lastCrc);
    }

    /** Starts again elsewhere. */
    public void reset(long newPosition, long newLastRecord, int newLastCrc) {
        position = newPosition;
        lastRecord = newLastRecord;
        lastCrc = newLastCrc;
        forgetPartial();
    }

    /** Gives up the bytes behind the last complete record: a new connection sends them again. */
    public void forgetPartial() {
        received = position;
        seen = 0;
    }

    /** End of the last complete record. */
    public long position() {
        return position;
    }

    /** Start of the last complete record; -1 if unknown. */
    public long lastRecord() {
        return lastRecord;
    }

    /** Checksum of the last complete record; 0 if unknown. */
    public int lastCrc() {
        return lastCrc;
    }

    /**
     * Takes the remaining bytes of {@code source}, the first of which is at {@code lsn}.
     *
     * @throws WalStreamException if they do not continue the WAL; the state is then that after the last complete record
     */
    public void accept(ByteBuffer source, long lsn) throws WalStreamException {
        try {
            acceptChecked(source, lsn);
        } catch (WalStreamException e) {
            forgetPartial();
            throw e;
        }
    }

    /** The first of the given bytes that may belong to a record. */
    public long usefulFrom(long lsn) {
        return seen > 0 ? received : Math.max(lsn, layout.recordStartAt(position));
    }

    /**
     * After {@link #accept} of bytes at {@code lsn}: the end of those that belong to records; what is behind it in
     * their segment is meaningless. At or below {@link #usefulFrom} as it was before if there are none.
     */
    public long usefulTo(long lsn) {
        if (seen > 0) {
            return received;
        }
        return layout.segmentOf(position) == layout.segmentOf(lsn) ? position : lastRecordEnd();
    }

    private void acceptChecked(ByteBuffer source, long lsn) throws WalStreamException {
        long end = lsn + source.remaining();
        long next = layout.recordStartAt(position);
        if (lsn != received && (seen > 0 || lsn != next)) {
            throw new WalStreamException("WAL bytes at " + Lsn.format(lsn) + " do not continue what ends at "
                    + Lsn.format(received));
        }
        if (end > lsn && layout.segmentOf(lsn) != layout.segmentOf(end - 1)) {
            throw new WalStreamException("WAL bytes [" + Lsn.format(lsn) + ", " + Lsn.format(end)
                    + ") span two segments");
        }
        long at = lsn;
        while (at < end) {
            if (seen == 0) {
                long start = layout.recordStartAt(position);
                if (start >= end) {
                    break;
                }
                if (start > at) {
                    source.position(source.position() + (int) (start - at));
                    at = start;
                }
                recordStart = start;
            }
            at += takeSome(source, (int) (end - at));
        }
        source.position(source.limit());
        received = end;
    }

    private long lastRecordEnd() {
        return lastRecord < 0 ? 0 : lastRecord + WalFormat.align(length);
    }

    /** Consumes a part of the current record. Returns the number of bytes, at least 1. */
    private int takeSome(ByteBuffer source, int available) throws WalStreamException {
        int count;
        if (seen < WalFormat.HEADER_SIZE) {
            count = Math.min(available, WalFormat.HEADER_SIZE - seen);
            source.get(header, seen, count);
            seen += count;
            if (seen == WalFormat.HEADER_SIZE) {
                checkHeader();
            }
        } else if (seen < length) {
            count = Math.min(available, length - seen);
            int limit = source.limit();
            source.limit(source.position() + count);
            crc.update(source);
            source.limit(limit);
            seen += count;
        } else {
            count = Math.min(available, WalFormat.align(length) - seen);
            source.position(source.position() + count);
            seen += count;
        }
        if (seen >= WalFormat.HEADER_SIZE && seen == WalFormat.align(length)) {
            complete();
        }
        return count;
    }

    private void checkHeader() throws WalStreamException {
        length = Memory.getInt(header, WalFormat.OFFSET_LENGTH);
        int room = layout.sizeBytes() - layout.offsetOf(recordStart);
        if (length < WalFormat.HEADER_SIZE || length > WalFormat.RECORD_SIZE_MAX || length > room) {
            throw new WalStreamException("WAL record at " + Lsn.format(recordStart) + " has impossible length "
                    + Integer.toUnsignedString(length));
        }
        long previous = Memory.getLong(header, WalFormat.OFFSET_PREVIOUS);
        if (lastRecord >= 0 ? previous != lastRecord : previous >= recordStart) {
            throw new WalStreamException("WAL record at " + Lsn.format(recordStart) + " points back to "
                    + Lsn.format(previous) + (lastRecord >= 0 ? " instead of " + Lsn.format(lastRecord) : ""));
        }
        crc.reset();
    }

    private void complete() throws WalStreamException {
        int stored = Memory.getInt(header, WalFormat.OFFSET_CRC);
        boolean skip = (header[WalFormat.OFFSET_FLAGS] & WalFormat.FLAG_SKIP) != 0;
        Memory.putInt(header, WalFormat.OFFSET_CRC, 0);
        Memory.putLong(header, WalFormat.HEADER_SIZE, recordStart);
        crc.update(header, 0, header.length);
        if ((int) crc.getValue() != stored) {
            throw new WalStreamException(String.format("WAL record at %s has checksum %08X, computed %08X",
                    Lsn.format(recordStart), stored, (int) crc.getValue()));
        }
        lastRecord = recordStart;
        lastCrc = stored;
        position = skip ? layout.startOf(layout.segmentOf(recordStart) + 1) + SegmentHeader.SIZE : recordStart + seen;
        seen = 0;
    }
}
