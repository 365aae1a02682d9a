package io.quantadb.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Goal: an overlay reads as a file system that was written to, and the one below stays as it was. */
class OverlayFileSystemTest {
    private static final int SIZE = 100_000;

    private static byte[] read(FileSystem files, Path path) throws IOException {
        try (FileHandle handle = files.openReadOnly(path)) {
            ByteBuffer all = ByteBuffer.allocate((int) handle.size() + 10);
            int read = handle.read(all, 0);
            assertEquals(handle.size(), read);
            return Arrays.copyOf(all.array(), read);
        }
    }

    @Test
    void shouldReadAsIfWrittenInPlace(@TempDir Path directory, @TempDir Path scratch) throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] original = new byte[SIZE];
        random.nextBytes(original);
        Path path = Files.write(directory.resolve("f"), original);
        byte[] model = original.clone();
        // Room for two chunks in memory: the others go to the scratch file.
        try (OverlayFileSystem files = new OverlayFileSystem(PosixFileSystem.INSTANCE, scratch, 2 * 8192);
                FileHandle handle = files.open(path)) {
            for (int i = 0; i < 300; i++) {
                if (random.nextInt(20) == 0) {
                    int size = random.nextInt(model.length + 1);
                    handle.truncate(size);
                    model = Arrays.copyOf(model, size);
                } else {
                    int at = random.nextInt(SIZE);
                    byte[] bytes = new byte[random.nextInt(20_000)];
                    if (random.nextBoolean()) {
                        random.nextBytes(bytes);
                    }
                    handle.write(ByteBuffer.wrap(bytes), at);
                    model = bytes.length == 0 ? model : Arrays.copyOf(model, Math.max(model.length, at + bytes.length));
                    System.arraycopy(bytes, 0, model, bytes.length == 0 ? 0 : at, bytes.length);
                }
                assertArrayEquals(model, read(files, path), "seed " + seed + ", step " + i);
            }
            assertEquals(model.length, files.size(path));
        }
        assertArrayEquals(original, Files.readAllBytes(path));
        try (var left = Files.list(scratch)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void shouldKeepNamesApart(@TempDir Path directory) throws IOException {
        Path a = Files.writeString(directory.resolve("a"), "one");
        Path b = directory.resolve("b");
        Path sub = directory.resolve("sub");
        try (OverlayFileSystem files = new OverlayFileSystem(PosixFileSystem.INSTANCE, directory, 1 << 20)) {
            files.rename(a, b);
            assertFalse(files.exists(a));
            assertArrayEquals("one".getBytes(), read(files, b));
            files.createDirectories(sub.resolve("deep"));
            files.openOrCreate(sub.resolve("deep").resolve("c")).close();
            assertEquals(List.of("b", "sub"), List.copyOf(new TreeSet<>(files.list(directory))));
            assertEquals(List.of("c"), files.list(sub.resolve("deep")));
            files.delete(b);
            assertThrows(NoSuchFileException.class, () -> files.open(b));
            assertTrue(files.list(directory).contains("sub"));
            try (FileHandle handle = files.openOrCreate(a)) {
                assertEquals(0, handle.size());
            }
            assertThrows(IOException.class, () -> {
                try (FileHandle handle = files.openReadOnly(a)) {
                    handle.write(ByteBuffer.allocate(1), 0);
                }
            });
        }
        assertEquals("one", Files.readString(a));
        assertFalse(Files.exists(b));
        assertFalse(Files.exists(sub));
    }
}
