package io.quantadb.storage;

import io.quantadb.base.FileHandle;
import io.quantadb.base.FileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Files in memory that fail on demand. For losing unsynced writes there is the simulated disk of the WAL module. */
public final class MemoryFileSystem implements FileSystem {
    public final ConcurrentHashMap<Path, Content> files = new ConcurrentHashMap<>();
    public final AtomicInteger reads = new AtomicInteger();
    public final AtomicInteger writes = new AtomicInteger();
    public final AtomicInteger syncs = new AtomicInteger();
    public final AtomicInteger open = new AtomicInteger();
    /** Bytes all files together may have. */
    public volatile long capacity = Long.MAX_VALUE;
    public volatile boolean failReads;
    public volatile boolean failWrites;
    public volatile boolean failSyncs;
    public volatile int readDelayMillis;
    private final AtomicLong used = new AtomicLong();

    public final class Content {
        private byte[] bytes = new byte[0];
        private int size;

        synchronized int read(ByteBuffer target, long position) {
            int count = (int) Math.max(0, Math.min(target.remaining(), size - position));
            target.put(bytes, (int) Math.min(position, size), count);
            return count;
        }

        synchronized void write(ByteBuffer source, long position) throws IOException {
            int end = (int) position + source.remaining();
            if (end > size) {
                if (used.get() + end - size > capacity) {
                    throw new IOException("No space left on device");
                }
                resize(end);
            }
            source.get(bytes, (int) position, source.remaining());
        }

        synchronized void resize(int newSize) {
            used.addAndGet(newSize - size);
            if (newSize > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(newSize, bytes.length * 2));
            }
            if (newSize < size) {
                Arrays.fill(bytes, newSize, size, (byte) 0);
            }
            size = newSize;
        }

        public synchronized void flip(int position) {
            bytes[position] ^= 0x40;
        }

        public synchronized int size() {
            return size;
        }
    }

    @Override
    public FileHandle open(Path path) throws IOException {
        Content content = files.get(path);
        if (content == null) {
            throw new NoSuchFileException(path.toString());
        }
        open.incrementAndGet();
        return new Handle(content);
    }

    @Override
    public FileHandle openOrCreate(Path path) throws IOException {
        files.computeIfAbsent(path, p -> new Content());
        return open(path);
    }

    @Override
    public FileHandle openReadOnly(Path path) throws IOException {
        return open(path);
    }

    @Override
    public FileHandle openDataSync(Path path) throws IOException {
        return open(path);
    }

    @Override
    public boolean exists(Path path) {
        return files.containsKey(path) || files.keySet().stream().anyMatch(p -> p.startsWith(path));
    }

    @Override
    public long size(Path path) throws IOException {
        return files.get(path).size();
    }

    @Override
    public List<String> list(Path directory) {
        return files.keySet().stream().filter(p -> directory.equals(p.getParent())).map(p -> p.getFileName().toString())
            .toList();
    }

    @Override
    public void createDirectories(Path directory) {
        // Directories exist by having files.
    }

    @Override
    public void rename(Path source, Path target) {
        files.put(target, files.remove(source));
    }

    @Override
    public void delete(Path path) {
        Content gone = files.remove(path);
        if (gone != null) {
            gone.resize(0);
        }
    }

    @Override
    public void syncDirectory(Path directory) {
        // Nothing is ever lost here.
    }

    @Override
    public long usableSpace(Path path) {
        return capacity - used.get();
    }

    private final class Handle implements FileHandle {
        private final Content content;

        Handle(Content content) {
            this.content = content;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            reads.incrementAndGet();
            if (readDelayMillis > 0) {
                try {
                    Thread.sleep(readDelayMillis);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            if (failReads) {
                throw new IOException("Input/output error");
            }
            return content.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            writes.incrementAndGet();
            if (failWrites) {
                throw new IOException("Input/output error");
            }
            Thread.yield();
            content.write(source, position);
        }

        @Override
        public void sync(boolean metadata) throws IOException {
            syncs.incrementAndGet();
            if (failSyncs) {
                throw new IOException("Input/output error");
            }
        }

        @Override
        public long size() {
            return content.size();
        }

        @Override
        public void truncate(long size) {
            content.resize((int) size);
        }

        @Override
        public void close() {
            open.decrementAndGet();
        }
    }
}
