package io.quantadb.wal.segment;

import io.quantadb.base.FileHandle;
import io.quantadb.base.FileSystem;
import io.quantadb.base.Invariant;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segment files of one WAL directory: creates, recycles, verifies, lists and removes them. Knows nothing of
 * records.
 *
 * <p>A segment appears under its name only when it has its full length and a valid header and both are durable: it is
 * made under a temporary name, synced, renamed, and the directory is synced. So a file under a segment's name with a
 * bad header is always damage.
 *
 * <p>Recycling renames an old file to a <em>later</em> segment, never an earlier or the same: the old contents then
 * carry checksums for lower LSNs and cannot validate.
 *
 * <p>Safe for use by many threads, except that at most one thread creates or recycles at a time.
 */
public final class WalSegments {
    private static final Logger LOGGER = LoggerFactory.getLogger(WalSegments.class);
    private static final String TEMPORARY_NAME = "walseg.tmp";
    private static final String SPARE_NAME = "walseg.spare";
    private static final int ZEROES_SIZE = 1 << 18;

    private final FileSystem files;
    private final Path directory;
    private final SegmentLayout layout;
    private final long systemId;

    public WalSegments(FileSystem files, Path directory, SegmentLayout layout, long systemId) {
        this.files = files;
        this.directory = directory;
        this.layout = layout;
        this.systemId = systemId;
    }

    public SegmentLayout layout() {
        return layout;
    }

    public Path directory() {
        return directory;
    }

    public long systemId() {
        return systemId;
    }

    public Path path(int timeline, long segment) {
        return directory.resolve(layout.fileName(timeline, segment));
    }

    public boolean exists(int timeline, long segment) throws IOException {
        return files.exists(path(timeline, segment));
    }

    /** All segments in the directory, by number, then timeline. */
    public List<SegmentName> list() throws IOException {
        List<SegmentName> result = new ArrayList<>();
        for (String name : files.list(directory)) {
            SegmentName segment = layout.parse(name);
            if (segment != null) {
                result.add(segment);
            }
        }
        result.sort(null);
        return result;
    }

    /**
     * Opens a segment for reading. Returns null if it is absent; throws {@link SegmentException} if it is another one.
     */
    public FileHandle openForReading(int timeline, long segment) throws IOException {
        Path path = path(timeline, segment);
        try {
            return verified(files.openReadOnly(path), timeline, segment);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Opens an existing segment for writing; with {@code dataSync} every write is durable when it returns. */
    public FileHandle openForWriting(int timeline, long segment, boolean dataSync) throws IOException {
        Path path = path(timeline, segment);
        return verified(dataSync ? files.openDataSync(path) : files.open(path), timeline, segment);
    }

    /**
     * Reads the header of any segment file, wherever it lies. Throws {@link SegmentException} if it has none that is
     * valid.
     */
    public static SegmentHeader readHeader(FileSystem files, Path path) throws IOException {
        try (FileHandle handle = files.openReadOnly(path)) {
            byte[] bytes = new byte[SegmentHeader.SIZE];
            int length = handle.read(ByteBuffer.wrap(bytes), 0);
            if (length < SegmentHeader.SIZE) {
                throw new SegmentException(SegmentException.Reason.CORRUPT,
                        "WAL segment " + path.getFileName() + " has only " + length + " bytes");
            }
            return SegmentHeader.decode(bytes, path.getFileName().toString());
        }
    }

    private FileHandle verified(FileHandle handle, int timeline, long segment) throws IOException {
        boolean done = false;
        try {
            byte[] bytes = new byte[SegmentHeader.SIZE];
            String name = layout.fileName(timeline, segment);
            int length = handle.read(ByteBuffer.wrap(bytes), 0);
            if (length < SegmentHeader.SIZE) {
                throw new SegmentException(SegmentException.Reason.CORRUPT,
                        "WAL segment " + name + " has only " + length + " bytes");
            }
            SegmentHeader.decode(bytes, name).verify(header(timeline, segment), name);
            done = true;
            return handle;
        } finally {
            if (!done) {
                handle.close();
            }
        }
    }

    private SegmentHeader header(int timeline, long segment) {
        return new SegmentHeader(layout.sizeBytes(), systemId, segment, timeline);
    }

    /** Reads segments of one timeline. */
    public SegmentSource source(int timeline) {
        return segment -> openForReading(timeline, segment);
    }

    /** Makes a segment full of zeros; durable on return. Nothing happens if it is there already. */
    public void create(int timeline, long segment) throws IOException {
        if (exists(timeline, segment)) {
            return;
        }
        Path temporary = directory.resolve(TEMPORARY_NAME);
        files.delete(temporary);
        boolean done = false;
        try {
            try (FileHandle handle = files.openOrCreate(temporary)) {
                writeHeader(handle, timeline, segment);
                fillWithZeroes(handle, SegmentHeader.SIZE, layout.sizeBytes());
                handle.sync(true);
            }
            install(temporary, timeline, segment);
            done = true;
        } finally {
            if (!done) {
                discard(temporary);
            }
        }
    }

    /** Gives its space back: a file that could not be completed is useless, and the volume may be full. */
    private void discard(Path temporary) {
        try {
            files.delete(temporary);
        } catch (IOException e) {
            LOGGER.warn("Could not remove {}: {}", temporary, e.toString());
        }
    }

    private void writeHeader(FileHandle handle, int timeline, long segment) throws IOException {
        handle.write(ByteBuffer.wrap(header(timeline, segment).encode()), 0);
    }

    private static void fillWithZeroes(FileHandle handle, long from, long to) throws IOException {
        ByteBuffer zeroes = ByteBuffer.allocateDirect((int) Math.min(ZEROES_SIZE, Math.max(0, to - from)));
        for (long at = from; at < to; at += zeroes.limit()) {
            zeroes.clear().limit((int) Math.min(zeroes.capacity(), to - at));
            handle.write(zeroes, at);
        }
    }

    private void install(Path temporary, int timeline, long segment) throws IOException {
        files.rename(temporary, path(timeline, segment));
        files.syncDirectory(directory);
    }

    /** Turns an old segment into a later one with undefined contents; durable on return. */
    public void recycle(SegmentName old, int timeline, long segment) throws IOException {
        Invariant.check(segment > old.number(), "recycling segment %d as %d, which is not later", old.number(),
                segment);
        Path temporary = directory.resolve(TEMPORARY_NAME);
        files.rename(path(old.timeline(), old.number()), temporary);
        boolean done = false;
        try {
            // Else a crash could leave the new header under the old name.
            files.syncDirectory(directory);
            try (FileHandle handle = files.open(temporary)) {
                writeHeader(handle, timeline, segment);
                long size = handle.size();
                if (size != layout.sizeBytes()) {
                    handle.truncate(Math.min(size, layout.sizeBytes()));
                    fillWithZeroes(handle, size, layout.sizeBytes());
                }
                handle.sync(true);
            }
            install(temporary, timeline, segment);
            done = true;
        } finally {
            if (!done) {
                discard(temporary);
            }
        }
    }

    /**
     * Removes a segment. Not durable until the directory is synced, which is harmless: a removed segment that comes
     * back is removed again by the next checkpoint.
     */
    public void remove(SegmentName segment) throws IOException {
        files.delete(path(segment.timeline(), segment.number()));
    }

    /** Removes the remains of a creation that a crash interrupted, and creates the directory. */
    public void cleanUp() throws IOException {
        files.createDirectories(directory);
        files.delete(directory.resolve(TEMPORARY_NAME));
    }

    /**
     * Makes everything from {@code endLsn} on read as zeros on this timeline: the rest of its segment is overwritten,
     * later segments are removed. Durable on return.
     *
     * <p>Without it a record that survived a crash behind a lost one could validate after a new record of the lost
     * one's length had been written in front of it. What stands before {@code endLsn} is synced too: after a killed
     * process it may have been read from the kernel's cache only. Two segments suffice, because each is synced before
     * the next is begun.
     */
    public void wipeFrom(int timeline, long endLsn) throws IOException {
        long segment = layout.segmentOf(endLsn);
        for (SegmentName name : list()) {
            if (name.timeline() == timeline && name.number() > segment) {
                remove(name);
            }
        }
        files.syncDirectory(directory);
        if (segment > 0 && exists(timeline, segment - 1)) {
            try (FileHandle handle = openForWriting(timeline, segment - 1, false)) {
                handle.sync(true);
            }
        }
        if (!exists(timeline, segment)) {
            return;
        }
        try (FileHandle handle = openForWriting(timeline, segment, false)) {
            int from = Math.max(layout.offsetOf(endLsn), SegmentHeader.SIZE);
            long to = endOfContents(handle, from);
            if (to > from || handle.size() < layout.sizeBytes()) {
                fillWithZeroes(handle, from, handle.size() < layout.sizeBytes() ? layout.sizeBytes() : to);
            }
            handle.sync(true);
        }
    }

    /** Offset behind the last byte that is not zero at or behind {@code from}; {@code from} if there is none. */
    private static long endOfContents(FileHandle handle, int from) throws IOException {
        byte[] bytes = new byte[ZEROES_SIZE];
        byte[] zeroes = new byte[ZEROES_SIZE];
        long end = from;
        long at = from;
        while (true) {
            int count = handle.read(ByteBuffer.wrap(bytes), at);
            if (count <= 0) {
                return end;
            }
            if (Arrays.mismatch(bytes, 0, count, zeroes, 0, count) < 0) {
                at += count;
                continue;
            }
            for (int i = count - 1; i >= 0; i--) {
                if (bytes[i] != 0) {
                    end = at + i + 1;
                    break;
                }
            }
            at += count;
        }
    }

    /** Makes an empty segment file in advance, so that {@link #branch} need not: for replicas. One thread at a time. */
    public void prepareSpare() throws IOException {
        Path spare = directory.resolve(SPARE_NAME);
        if (files.exists(spare)) {
            return;
        }
        Path temporary = directory.resolve(SPARE_NAME + ".tmp");
        files.delete(temporary);
        try (FileHandle handle = files.openOrCreate(temporary)) {
            fillWithZeroes(handle, 0, layout.sizeBytes());
            handle.sync(true);
        }
        files.rename(temporary, spare);
    }

    /** Moves the spare file to {@code target}, if there is one of the right length. */
    private boolean takeSpare(Path target) throws IOException {
        Path spare = directory.resolve(SPARE_NAME);
        if (!files.exists(spare) || files.size(spare) != layout.sizeBytes()) {
            return false;
        }
        files.rename(spare, target);
        return true;
    }

    /**
     * Begins a timeline inside a segment: copies the old timeline's segment up to {@code forkLsn} and leaves zeros
     * behind it. Durable on return. Nothing happens if the new segment is there already.
     */
    public void branch(int oldTimeline, int newTimeline, long forkLsn) throws IOException {
        Invariant.check(newTimeline > oldTimeline, "branching timeline %d into %d", newTimeline, oldTimeline);
        long segment = layout.segmentOf(forkLsn);
        int prefix = layout.offsetOf(forkLsn);
        if (prefix <= SegmentHeader.SIZE || exists(newTimeline, segment)) {
            create(newTimeline, segment);
            return;
        }
        Path temporary = directory.resolve(TEMPORARY_NAME);
        files.delete(temporary);
        boolean spare = takeSpare(temporary);
        boolean done = false;
        try {
            try (FileHandle source = openForReading(oldTimeline,
                    segment); FileHandle handle = files.openOrCreate(temporary)) {
                if (source == null) {
                    throw new NoSuchFileException(path(oldTimeline, segment).toString());
                }
                ByteBuffer contents = ByteBuffer.allocate(prefix);
                source.read(contents, 0);
                handle.write(contents.flip(), 0);
                if (!spare) {
                    fillWithZeroes(handle, prefix, layout.sizeBytes());
                }
                writeHeader(handle, newTimeline, segment);
                handle.sync(true);
            }
            install(temporary, newTimeline, segment);
            done = true;
        } finally {
            if (!done) {
                discard(temporary);
            }
        }
    }
}
