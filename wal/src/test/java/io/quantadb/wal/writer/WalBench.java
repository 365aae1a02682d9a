package io.quantadb.wal.writer;

import io.quantadb.base.Clock;
import io.quantadb.base.FileSystem;
import io.quantadb.base.Lsn;
import io.quantadb.base.Memory;
import io.quantadb.wal.reader.WalReader;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.segment.SegmentLayout;
import io.quantadb.wal.segment.SyncMethod;
import io.quantadb.wal.segment.WalSegments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A small WAL for tests: 64 KiB segments, and records that carry a number and bytes derived from it, so that what comes
 * back can be checked against what went in.
 */
public final class WalBench {
    public static final long SYSTEM_ID = 0x1122334455667788L;
    public static final SegmentLayout LAYOUT = new SegmentLayout(1 << 16);
    public static final Path DIRECTORY = Path.of("/wal");
    public static final WalPosition START = new WalPosition(LAYOUT.firstLsn(), Lsn.INVALID);

    public final FileSystem files;
    public final WalSegments segments;
    /** The first fatal error reported. */
    public final AtomicReference<Throwable> fatal = new AtomicReference<>();

    public WalBench(FileSystem files) {
        this(files, DIRECTORY, LAYOUT);
    }

    public WalBench(FileSystem files, Path directory, SegmentLayout layout) {
        this.files = files;
        this.segments = new WalSegments(files, directory, layout, SYSTEM_ID);
    }

    public static WalWriterOptions options(boolean background, SyncMethod method) {
        return new WalWriterOptions(1 << 17, method, 200, background);
    }

    public WalWriter open(WalPosition position, boolean background) throws IOException {
        return open(position, options(background, SyncMethod.FDATASYNC));
    }

    public WalWriter open(WalPosition position, WalWriterOptions options) throws IOException {
        return new WalWriter(segments, 1, position, position.endLsn(), options, Clock.SYSTEM,
                (message, cause) -> fatal.compareAndSet(null, cause));
    }

    /** Inserts record {@code number} with {@code length} more bytes; returns its end. */
    public static long insert(WalWriter writer, long number, int length) {
        var record = writer.newRecord().begin(4, (int) (number & 0x7F), number).mainData().putLong(number);
        byte[] filler = new byte[length];
        for (int i = 0; i < length; i++) {
            filler[i] = filler(number, i);
        }
        return writer.insert(record.putBytes(filler, 0, length));
    }

    private static byte filler(long number, int index) {
        return (byte) (number * 31 + index * 7);
    }

    /** The number of a record made by {@link #insert}, after checking every byte of it. */
    public static long number(WalRecord record) {
        long number = Memory.getLong(record.bytes(), record.dataOffset());
        if (record.xid() != number || record.kind() != (number & 0x7F) || record.resourceManager() != 4) {
            throw new AssertionError("header of record " + number + " at " + Lsn.format(record.startLsn()));
        }
        for (int i = 0; i < record.dataLength() - 8; i++) {
            if (record.bytes()[record.dataOffset() + 8 + i] != filler(number, i)) {
                throw new AssertionError("byte " + i + " of record " + number + " at " + Lsn.format(record.startLsn()));
            }
        }
        return number;
    }

    public WalReader reader(WalReader.DamageCheck check) {
        return new WalReader(segments.layout(), segments.source(1), START.endLsn(), Lsn.INVALID, check);
    }

    /** The numbers of all records, in order, and where the WAL ends. */
    public record Contents(List<Long> numbers, WalPosition position) {
    }

    public Contents readAll(WalReader.DamageCheck check) throws IOException {
        List<Long> numbers = new ArrayList<>();
        try (WalReader reader = reader(check)) {
            WalRecord record;
            while ((record = reader.next()) != null) {
                numbers.add(number(record));
            }
            return new Contents(numbers, reader.position());
        }
    }
}
