package io.quantadb.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The files of another file system, with changes kept aside: whoever works on it sees what it wrote, and the files
 * below stay as they are. Tools use it to recover a copy of a data directory that they must not write to.
 *
 * <p>Changed parts live in memory, beyond {@code memoryBytesMax} in one scratch file that has no name and so ends with
 * the process. Nothing is ever durable: syncs do nothing. Safe for use by many threads; one lock covers everything.
 *
 * <p>Files below must not change meanwhile; the caller sees to that (the lock of the data directory).
 */
public final class OverlayFileSystem implements FileSystem, AutoCloseable {
    private static final int CHUNK_BYTES = 8192;
    private static final long UNLIMITED_BYTES = Long.MAX_VALUE / 2;
    /** Stands for a chunk of zeros: preallocated files consist of them. */
    private static final byte[] ZEROS = new byte[CHUNK_BYTES];

    private final FileSystem below;
    private final Path scratchDirectory;
    private final long memoryBytesMax;
    private final Object lock = new Object();
    /** What differs from below, by absolute path; {@link #DELETED} for what is gone. */
    private final Map<Path, OverlayFile> files = new HashMap<>();
    private final Set<Path> directories = new HashSet<>();
    private static final OverlayFile DELETED = new OverlayFile(null, 0);
    private long memoryBytes;
    private FileHandle scratch;
    private long scratchBytes;

    /** One part of a changed file: in memory, or at a place in the scratch file. */
    private static final class Chunk {
        private byte[] bytes;
        private long scratchPosition = -1;
    }

    /**
     * A file as it looks from above. {@code source} null: made here. Below, only bytes before {@code sourceSize} count.
     */
    private static final class OverlayFile {
        private final Path source;
        private final TreeMap<Long, Chunk> chunks = new TreeMap<>();
        private long sourceSize;
        private long size;

        private OverlayFile(Path source, long size) {
            this.source = source;
            this.sourceSize = size;
            this.size = size;
        }
    }

    /**
     * Puts an empty overlay over {@code below}.
     *
     * @param scratchDirectory where the scratch file is made when it is needed; outside what must not be written
     * @param memoryBytesMax changed bytes kept in memory
     */
    public OverlayFileSystem(FileSystem below, Path scratchDirectory, long memoryBytesMax) {
        this.below = below;
        this.scratchDirectory = scratchDirectory;
        this.memoryBytesMax = memoryBytesMax;
    }

    private static Path key(Path path) {
        return path.toAbsolutePath().normalize();
    }

    /** The file, noted as one that may change; null if there is none. The caller has the lock. */
    private OverlayFile find(Path path) throws IOException {
        OverlayFile file = files.get(key(path));
        if (file == DELETED) {
            return null;
        }
        if (file == null && below.exists(path)) {
            file = new OverlayFile(path, below.size(path));
            files.put(key(path), file);
        }
        return file;
    }

    private FileHandle openFile(Path path, boolean create, boolean writable) throws IOException {
        synchronized (lock) {
            OverlayFile file = find(path);
            if (file == null) {
                if (!create) {
                    throw new NoSuchFileException(path.toString());
                }
                file = new OverlayFile(null, 0);
                files.put(key(path), file);
            }
            return new Handle(path, file, file.source == null ? null : below.openReadOnly(file.source), writable);
        }
    }

    @Override
    public FileHandle open(Path path) throws IOException {
        return openFile(path, false, true);
    }

    @Override
    public FileHandle openOrCreate(Path path) throws IOException {
        return openFile(path, true, true);
    }

    @Override
    public FileHandle openReadOnly(Path path) throws IOException {
        return openFile(path, false, false);
    }

    @Override
    public FileHandle openDataSync(Path path) throws IOException {
        return openFile(path, false, true);
    }

    @Override
    public boolean exists(Path path) throws IOException {
        synchronized (lock) {
            OverlayFile file = files.get(key(path));
            return file != null ? file != DELETED : directories.contains(key(path)) || below.exists(path);
        }
    }

    @Override
    public long size(Path path) throws IOException {
        synchronized (lock) {
            OverlayFile file = find(path);
            if (file == null) {
                throw new NoSuchFileException(path.toString());
            }
            return file.size;
        }
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        synchronized (lock) {
            Path absolute = key(directory);
            Set<String> names = new HashSet<>(below.list(directory));
            files.forEach((path, file) -> {
                if (absolute.equals(path.getParent())) {
                    String name = path.getFileName().toString();
                    if (file == DELETED) {
                        names.remove(name);
                    } else {
                        names.add(name);
                    }
                }
            });
            directories.stream().filter(path -> absolute.equals(path.getParent()))
                    .forEach(path -> names.add(path.getFileName().toString()));
            return new ArrayList<>(names);
        }
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        synchronized (lock) {
            Path at = key(directory);
            if (files.get(at) != null && files.get(at) != DELETED) {
                throw new FileAlreadyExistsException(directory.toString());
            }
            for (; at != null && !below.exists(at); at = at.getParent()) {
                files.remove(at);
                directories.add(at);
            }
        }
    }

    @Override
    public void rename(Path source, Path target) throws IOException {
        synchronized (lock) {
            OverlayFile file = find(source);
            if (file == null) {
                throw new NoSuchFileException(source.toString());
            }
            files.put(key(source), DELETED);
            files.put(key(target), file);
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        synchronized (lock) {
            directories.remove(key(path));
            files.put(key(path), DELETED);
        }
    }

    @Override
    public void syncDirectory(Path directory) {
        // Nothing here outlives the process.
    }

    @Override
    public long usableSpace(Path path) {
        return UNLIMITED_BYTES;
    }

    /** Gives the scratch file back. Open handles must not be used afterwards. */
    @Override
    public void close() throws IOException {
        synchronized (lock) {
            files.clear();
            if (scratch != null) {
                scratch.close();
                scratch = null;
            }
        }
    }

    // ---- Chunks; the caller has the lock

    private void load(Chunk chunk, byte[] target) throws IOException {
        if (chunk.scratchPosition < 0) {
            System.arraycopy(chunk.bytes, 0, target, 0, CHUNK_BYTES);
            return;
        }
        int read = scratch.read(ByteBuffer.wrap(target), chunk.scratchPosition);
        Invariant.check(read == CHUNK_BYTES, "read %d bytes of a chunk of %d", read, CHUNK_BYTES);
    }

    private void store(Chunk chunk, byte[] content) throws IOException {
        if (chunk.scratchPosition < 0) {
            boolean owned = chunk.bytes != null && chunk.bytes != ZEROS;
            if (Arrays.equals(content, ZEROS)) {
                memoryBytes -= owned ? CHUNK_BYTES : 0;
                chunk.bytes = ZEROS;
                return;
            }
            if (owned || memoryBytes < memoryBytesMax) {
                memoryBytes += owned ? 0 : CHUNK_BYTES;
                chunk.bytes = content.clone();
                return;
            }
            chunk.bytes = null;
            chunk.scratchPosition = scratchBytes;
            scratchBytes += CHUNK_BYTES;
            openScratch();
        }
        scratch.write(ByteBuffer.wrap(content), chunk.scratchPosition);
    }

    private void openScratch() throws IOException {
        if (scratch == null) {
            Path path = scratchDirectory.resolve("quantadb-scratch-" + UUID.randomUUID());
            scratch = below.openOrCreate(path);
            below.delete(path);
        }
    }

    /** An open file. Its own handle below serves the parts that were not changed. */
    private final class Handle implements FileHandle {
        private final Path path;
        private final OverlayFile file;
        private final FileHandle source;
        private final boolean writable;
        private final byte[] chunkBytes = new byte[CHUNK_BYTES];

        private Handle(Path path, OverlayFile file, FileHandle source, boolean writable) {
            this.path = path;
            this.file = file;
            this.source = source;
            this.writable = writable;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (lock) {
                int total = 0;
                while (target.hasRemaining() && position + total < file.size) {
                    long at = position + total;
                    long number = at / CHUNK_BYTES;
                    int from = (int) (at % CHUNK_BYTES);
                    int length = (int) Math.min(Math.min(CHUNK_BYTES - from, target.remaining()), file.size - at);
                    loadChunk(number);
                    target.put(chunkBytes, from, length);
                    total += length;
                }
                return total;
            }
        }

        /** Brings a chunk into {@code chunkBytes}, zeros where there is nothing. */
        private void loadChunk(long number) throws IOException {
            Chunk chunk = file.chunks.get(number);
            if (chunk != null) {
                load(chunk, chunkBytes);
                return;
            }
            long start = number * CHUNK_BYTES;
            int wanted = source == null ? 0 : (int) Math.clamp(file.sourceSize - start, 0, CHUNK_BYTES);
            int read = wanted == 0 ? 0 : source.read(ByteBuffer.wrap(chunkBytes, 0, wanted), start);
            Arrays.fill(chunkBytes, read, CHUNK_BYTES, (byte) 0);
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            synchronized (lock) {
                checkWritable();
                long at = position;
                while (bytes.hasRemaining()) {
                    long number = at / CHUNK_BYTES;
                    int from = (int) (at % CHUNK_BYTES);
                    int length = Math.min(CHUNK_BYTES - from, bytes.remaining());
                    if (length < CHUNK_BYTES) {
                        loadChunk(number);
                    }
                    bytes.get(chunkBytes, from, length);
                    store(file.chunks.computeIfAbsent(number, n -> new Chunk()), chunkBytes);
                    at += length;
                }
                file.size = Math.max(file.size, at);
            }
        }

        private void checkWritable() throws IOException {
            if (!writable) {
                throw new IOException(path + " was opened for reading");
            }
        }

        @Override
        public void sync(boolean metadata) {
            // Nothing here outlives the process.
        }

        @Override
        public long size() {
            synchronized (lock) {
                return file.size;
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (lock) {
                checkWritable();
                if (size >= file.size) {
                    return;
                }
                long last = size / CHUNK_BYTES;
                Chunk partial = file.chunks.get(last);
                if (partial != null) {
                    load(partial, chunkBytes);
                    Arrays.fill(chunkBytes, (int) (size % CHUNK_BYTES), CHUNK_BYTES, (byte) 0);
                    store(partial, chunkBytes);
                }
                file.chunks.tailMap(last + 1).values().forEach(chunk ->
                        memoryBytes -= chunk.bytes == null || chunk.bytes == ZEROS ? 0 : CHUNK_BYTES);
                file.chunks.tailMap(last + 1).clear();
                file.sourceSize = Math.min(file.sourceSize, size);
                file.size = size;
            }
        }

        @Override
        public void close() throws IOException {
            if (source != null) {
                source.close();
            }
        }
    }
}
