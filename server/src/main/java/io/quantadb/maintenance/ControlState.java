package io.quantadb.maintenance;

import io.quantadb.base.Clock;
import io.quantadb.base.FileSystem;
import io.quantadb.storage.StorageException;
import io.quantadb.wal.recovery.ControlFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * The control file of an open data directory: every change goes through here and is durable when {@link #update}
 * returns. Safe for use by many threads.
 */
public final class ControlState {
    private final FileSystem fileSystem;
    private final Path dataDirectory;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile ControlFile current;

    public ControlState(FileSystem fileSystem, Path dataDirectory, Clock clock, ControlFile current) {
        this.fileSystem = fileSystem;
        this.dataDirectory = dataDirectory;
        this.clock = clock;
        this.current = current;
    }

    public ControlFile get() {
        return current;
    }

    public long nowWallMicros() {
        return clock.wallMicros();
    }

    /**
     * Replaces the file by what {@code change} makes of it. After an exception the old or the new contents are there.
     */
    public void update(UnaryOperator<ControlFile> change) {
        lock.lock();
        try {
            ControlFile next = change.apply(current);
            next.write(fileSystem, dataDirectory);
            current = next;
        } catch (IOException e) {
            throw StorageException.of("could not write file \"global/" + ControlFile.FILE_NAME + "\"", e);
        } finally {
            lock.unlock();
        }
    }

    public void setState(ControlFile.State state) {
        update(control -> control.withState(state, clock.wallMicros()));
    }
}
