package io.quantadb.wal.recovery;

import io.quantadb.base.FileHandle;
import io.quantadb.base.FileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Small files that are replaced as a whole. */
public final class DurableFile {
    private DurableFile() {
    }

    /**
     * Writes the contents beside the file, syncs them, renames them over it and syncs the directory; durable on return.
     * A crash leaves the old or the new contents.
     */
    public static void replace(FileSystem files, Path path, byte[] contents) throws IOException {
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        files.delete(temporary);
        try (FileHandle handle = files.openOrCreate(temporary)) {
            handle.write(ByteBuffer.wrap(contents), 0);
            handle.sync(true);
        }
        files.rename(temporary, path);
        files.syncDirectory(path.getParent());
    }

    /** Reads a whole small file. Throws {@link java.nio.file.NoSuchFileException}. */
    public static byte[] read(FileSystem files, Path path) throws IOException {
        try (FileHandle handle = files.openReadOnly(path)) {
            byte[] bytes = new byte[Math.toIntExact(handle.size())];
            int length = handle.read(ByteBuffer.wrap(bytes), 0);
            return length == bytes.length ? bytes : java.util.Arrays.copyOf(bytes, length);
        }
    }
}
