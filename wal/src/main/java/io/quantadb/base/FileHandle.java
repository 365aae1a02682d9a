package io.quantadb.base;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** One open file with positional I/O. Safe for use by many threads; nothing written is durable before {@link #sync}. */
public interface FileHandle extends Closeable {
    /**
     * Reads until the buffer is full or the file ends.
     *
     * @return bytes read, 0 at or behind the end of file
     */
    int read(ByteBuffer target, long position) throws IOException;

    /** Writes all remaining bytes. On an exception an unknown prefix was written. */
    void write(ByteBuffer source, long position) throws IOException;

    /** Flushes to stable storage; with {@code metadata} false the length may be left out if it did not grow. */
    void sync(boolean metadata) throws IOException;

    long size() throws IOException;

    void truncate(long size) throws IOException;

    /**
     * The channel behind this handle, for sends without a copy; null where there is none. Its owner is the handle: the
     * caller does not close it.
     */
    default FileChannel channel() {
        return null;
    }

    @Override
    void close() throws IOException;
}
