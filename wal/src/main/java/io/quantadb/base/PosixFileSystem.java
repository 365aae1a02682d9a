package io.quantadb.base;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of a POSIX system through NIO channels; sync is {@code fsync} or {@code fdatasync}.
 *
 * <p>Safe for use by many threads. Channels are made uninterruptible where the JVM allows it: by default an interrupt
 * of one thread closes the channel under all others. A full volume surfaces as {@link DiskFullException}.
 */
public final class PosixFileSystem implements FileSystem {
    public static final PosixFileSystem INSTANCE = new PosixFileSystem();

    private static final Logger LOGGER = LoggerFactory.getLogger(PosixFileSystem.class);
    private static final MethodHandle SET_UNINTERRUPTIBLE = findSetUninterruptible();

    private static MethodHandle findSetUninterruptible() {
        try {
            Class<?> type = Class.forName("sun.nio.ch.FileChannelImpl");
            Method method = type.getMethod("setUninterruptible");
            method.setAccessible(true);
            return MethodHandles.lookup().unreflect(method);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOGGER.warn("File channels stay interruptible (missing --add-opens java.base/sun.nio.ch=ALL-UNNAMED?): {}",
                    e.toString());
            return null;
        }
    }

    private static FileHandle openChannel(Path path, OpenOption... options) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(path, options);
        } catch (IOException e) {
            throw DiskFullException.classify(e);
        }
        if (SET_UNINTERRUPTIBLE != null) {
            try {
                SET_UNINTERRUPTIBLE.invoke(channel);
            } catch (Throwable e) {
                channel.close();
                throw new IOException("cannot prepare channel of " + path, e);
            }
        }
        return new Handle(path, channel);
    }

    @Override
    public FileHandle open(Path path) throws IOException {
        return openChannel(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public FileHandle openDataSync(Path path) throws IOException {
        return openChannel(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
    }

    @Override
    public FileHandle openOrCreate(Path path) throws IOException {
        return openChannel(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    }

    @Override
    public FileHandle openReadOnly(Path path) throws IOException {
        return openChannel(path, StandardOpenOption.READ);
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path);
    }

    @Override
    public long size(Path path) throws IOException {
        return Files.size(path);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                names.add(entry.getFileName().toString());
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        return names;
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw DiskFullException.classify(e);
        }
    }

    @Override
    public void rename(Path source, Path target) throws IOException {
        try {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw DiskFullException.classify(e);
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long usableSpace(Path path) throws IOException {
        Path existing = path.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return Files.getFileStore(existing).getUsableSpace();
    }

    private record Handle(Path path, FileChannel channel) implements FileHandle {
        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            int total = 0;
            while (target.hasRemaining()) {
                int count = channel.read(target, position + total);
                if (count < 0) {
                    break;
                }
                total += count;
            }
            return total;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            try {
                long at = position;
                while (source.hasRemaining()) {
                    at += channel.write(source, at);
                }
            } catch (IOException e) {
                throw DiskFullException.classify(e);
            }
        }

        @Override
        public void sync(boolean metadata) throws IOException {
            try {
                channel.force(metadata);
            } catch (IOException e) {
                throw DiskFullException.classify(e);
            }
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
