package io.quantadb.base;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Files as a seam: everything durable goes through here, so that tests can lose, tear and refuse writes.
 *
 * <p>Safe for use by many threads. Creation, rename and deletion are durable only after {@link #syncDirectory}.
 */
public interface FileSystem {
    /** Opens an existing file for reading and writing. Throws {@link java.nio.file.NoSuchFileException}. */
    FileHandle open(Path path) throws IOException;

    /** Opens a file, creating it empty if it is absent. */
    FileHandle openOrCreate(Path path) throws IOException;

    /** Opens an existing file for reading. */
    FileHandle openReadOnly(Path path) throws IOException;

    /** Opens an existing file so that each write returns after its data is on stable storage ({@code O_DSYNC}). */
    FileHandle openDataSync(Path path) throws IOException;

    boolean exists(Path path) throws IOException;

    long size(Path path) throws IOException;

    /** Names in the directory, unsorted, without path; empty if the directory is absent. */
    List<String> list(Path directory) throws IOException;

    /** Creates the directory and its missing parents. */
    void createDirectories(Path directory) throws IOException;

    /** Atomically replaces {@code target}. */
    void rename(Path source, Path target) throws IOException;

    /** Deletes a file or empty directory; nothing happens if it is absent. */
    void delete(Path path) throws IOException;

    /** Makes creations, renames and deletions in the directory durable. */
    void syncDirectory(Path directory) throws IOException;

    /** Bytes available to us on the volume of {@code path}. */
    long usableSpace(Path path) throws IOException;
}
