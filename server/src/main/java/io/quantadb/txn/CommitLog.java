package io.quantadb.txn;

import io.quantadb.base.FileHandle;
import io.quantadb.base.FileSystem;
import io.quantadb.base.Memory;
import io.quantadb.storage.StorageException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;

/**
 * Two bits an xid, on disk for ever: 0 unknown (in progress, or lost in a crash), 1 committed, 2 aborted. Safe for use by many threads.
 *
 * <p>One file for each {@value #SEGMENT_XIDS} xids, named by its number in 16 hexadecimal digits, little-endian:
 *
 * <pre>
 *  0  magic "QDBXACT1"   8
 *  8  format version     4   1
 * 12  CRC32C             4   of everything else
 * 16  system identifier  8
 * 24  segment number     8
 * 32  bits           262144  xid n of the segment: bits 2(n mod 4) and up of byte n/4
 * </pre>
 *
 * A dirty segment is written whole to a temporary file, synced and renamed, so it can never be torn. That happens in a checkpoint, after the
 * redo point was chosen and the commits then under way have set their bits: redo brings back all later ones. The WAL is flushed first, because a
 * bit must not outlive a commit record that was lost.
 */
public final class CommitLog {
    public static final int SEGMENT_XIDS = 1 << 20;
    private static final int SEGMENT_BYTES = SEGMENT_XIDS / 4;
    private static final int HEADER_BYTES = 32;
    private static final long MAGIC = 0x3154434158424451L;
    private static final int VERSION = 1;
    private static final int CACHED_SEGMENTS_MAX = 64;
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private static final class Segment {
        final long number;
        final long[] words = new long[SEGMENT_BYTES / 8];
        volatile boolean dirty;
        volatile long lastUse;

        Segment(long number) {
            this.number = number;
        }
    }

    private final FileSystem files;
    private final Path directory;
    private final long systemIdentifier;
    private final ConcurrentHashMap<Long, Segment> segments = new ConcurrentHashMap<>();
    private final ReentrantLock loading = new ReentrantLock();
    private volatile Segment latest;
    private volatile long settledXid;
    private volatile long highestFile = -1;
    private volatile long uses;

    /** Opens or creates the directory; removes what an interrupted checkpoint left. */
    public CommitLog(FileSystem files, Path directory, long systemIdentifier) {
        this.files = files;
        this.directory = directory;
        this.systemIdentifier = systemIdentifier;
        try {
            files.createDirectories(directory);
            for (String name : files.list(directory)) {
                if (name.endsWith(".tmp")) {
                    files.delete(directory.resolve(name));
                } else if (name.matches("[0-9A-F]{16}")) {
                    highestFile = Math.max(highestFile, Long.parseLong(name, 16));
                }
            }
        } catch (IOException e) {
            throw StorageException.of("could not open directory \"" + directory + "\"", e);
        }
    }

    boolean isCommitted(long xid) {
        return bits(xid) == 1;
    }

    boolean isAborted(long xid) {
        return bits(xid) == 2;
    }

    private long bits(long xid) {
        long word = (long) WORD.getAcquire(segment(xid).words, index(xid));
        return word >>> shift(xid) & 3;
    }

    void setCommitted(long xid) {
        set(xid, 1);
    }

    void setAborted(long xid) {
        set(xid, 2);
    }

    private void set(long xid, long bits) {
        Segment segment = segment(xid);
        WORD.getAndBitwiseOr(segment.words, index(xid), bits << shift(xid));
        if (!segment.dirty) {
            segment.dirty = true;
        }
    }

    private static int index(long xid) {
        return (int) (xid & SEGMENT_XIDS - 1) >>> 5;
    }

    private static int shift(long xid) {
        return (int) (xid & 31) * 2;
    }

    private Segment segment(long xid) {
        long number = xid / SEGMENT_XIDS;
        Segment seen = latest;
        if (seen != null && seen.number == number) {
            return seen;
        }
        Segment known = segments.get(number);
        if (known == null) {
            known = load(number);
        }
        known.lastUse = ++uses;
        latest = known;
        return known;
    }

    private Segment load(long number) {
        loading.lock();
        try {
            Segment known = segments.get(number);
            if (known != null) {
                return known;
            }
            evict();
            Segment segment = new Segment(number);
            read(segment);
            segments.put(number, segment);
            return segment;
        } finally {
            loading.unlock();
        }
    }

    /** Only segments whose xids have all ended: nobody sets a bit in them any more. */
    private void evict() {
        while (segments.size() >= CACHED_SEGMENTS_MAX) {
            Segment oldest = null;
            for (Segment segment : segments.values()) {
                boolean ended = (segment.number + 1) * SEGMENT_XIDS <= settledXid;
                if (!segment.dirty && ended && (oldest == null || segment.lastUse < oldest.lastUse)) {
                    oldest = segment;
                }
            }
            if (oldest == null) {
                return;
            }
            segments.remove(oldest.number);
        }
    }

    private Path path(long number) {
        return directory.resolve(String.format("%016X", number));
    }

    private void read(Segment segment) {
        Path path = path(segment.number);
        ByteBuffer buffer = ByteBuffer.allocate(HEADER_BYTES + SEGMENT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (FileHandle file = files.openReadOnly(path)) {
            file.read(buffer, 0);
        } catch (NoSuchFileException e) {
            if (segment.number < highestFile) {
                throw StorageException.corrupted("transaction status file \"" + path + "\" is missing");
            }
            return;
        } catch (IOException e) {
            throw StorageException.of("could not read file \"" + path + "\"", e);
        }
        check(path, buffer, segment.number);
        for (int i = 0; i < segment.words.length; i++) {
            segment.words[i] = buffer.getLong(HEADER_BYTES + i * 8);
        }
    }

    private void check(Path path, ByteBuffer buffer, long number) {
        String file = "transaction status file \"" + path + "\" ";
        if (buffer.hasRemaining() || buffer.getLong(0) != MAGIC) {
            throw StorageException.corrupted(file + "is not one of ours or was cut off");
        }
        if (buffer.getInt(8) != VERSION) {
            throw StorageException.corrupted(file + "has format version " + buffer.getInt(8) + ", this server reads " + VERSION);
        }
        if (buffer.getInt(12) != checksum(buffer.array())) {
            throw StorageException.corrupted(file + "has a wrong checksum");
        }
        if (buffer.getLong(16) != systemIdentifier || buffer.getLong(24) != number) {
            throw StorageException.corrupted(file + "belongs to another system or place: system "
                    + Long.toUnsignedString(buffer.getLong(16)) + ", segment " + buffer.getLong(24));
        }
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 12);
        crc.update(bytes, 16, bytes.length - 16);
        return (int) crc.getValue();
    }

    void settledBelow(long xid) {
        settledXid = xid;
    }

    /**
     * Makes all bits set so far durable. Called by a checkpoint; see the class comment for when.
     *
     * @param flushWal returns after all WAL inserted so far is durable
     */
    void checkpoint(Runnable flushWal) {
        List<Segment> dirty = new ArrayList<>();
        for (Segment segment : segments.values()) {
            if (segment.dirty) {
                dirty.add(segment);
            }
        }
        if (dirty.isEmpty()) {
            return;
        }
        dirty.sort(java.util.Comparator.comparingLong(s -> s.number));
        List<byte[]> images = new ArrayList<>();
        for (Segment segment : dirty) {
            images.add(image(segment));
        }
        flushWal.run();
        for (int i = 0; i < dirty.size(); i++) {
            write(dirty.get(i), images.get(i));
        }
        try {
            files.syncDirectory(directory);
        } catch (IOException e) {
            throw StorageException.syncFailed(directory.toString(), e);
        }
    }

    /** Clears the dirty mark first, so that a bit set while copying marks the segment again. */
    private byte[] image(Segment segment) {
        segment.dirty = false;
        VarHandle.fullFence();
        byte[] bytes = new byte[HEADER_BYTES + SEGMENT_BYTES];
        Memory.putLong(bytes, 0, MAGIC);
        Memory.putInt(bytes, 8, VERSION);
        Memory.putLong(bytes, 16, systemIdentifier);
        Memory.putLong(bytes, 24, segment.number);
        for (int i = 0; i < segment.words.length; i++) {
            Memory.putLong(bytes, HEADER_BYTES + i * 8, (long) WORD.getAcquire(segment.words, i));
        }
        Memory.putInt(bytes, 12, checksum(bytes));
        return bytes;
    }

    private void write(Segment segment, byte[] bytes) {
        Path target = path(segment.number);
        Path temporary = directory.resolve(target.getFileName() + ".tmp");
        try {
            files.delete(temporary);
            try (FileHandle file = files.openOrCreate(temporary)) {
                file.write(ByteBuffer.wrap(bytes), 0);
                file.sync(true);
            }
            files.rename(temporary, target);
            highestFile = Math.max(highestFile, segment.number);
        } catch (IOException e) {
            segment.dirty = true;
            throw StorageException.of("could not write file \"" + target + "\"", e);
        }
    }

    /** Segments now in memory, for tests. */
    int cachedSegments() {
        return segments.size();
    }
}
