package io.quantadb.storage.file;

import io.quantadb.base.FileSystem;
import io.quantadb.storage.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Files and directories changed since the last checkpoint. Added to after the write, so that whoever sees a write
 * finished finds its file here.
 */
final class PendingSyncs {
    private final FileSystem fileSystem;
    private final Set<SegmentKey> files = ConcurrentHashMap.newKeySet();
    private final Set<Path> directories = ConcurrentHashMap.newKeySet();
    private final ReentrantLock syncing = new ReentrantLock();

    PendingSyncs(FileSystem fileSystem) {
        this.fileSystem = fileSystem;
    }

    void file(SegmentKey key) {
        if (!files.contains(key)) {
            files.add(key);
        }
    }

    void directory(Path directory) {
        directories.add(directory);
    }

    void forget(SegmentKey key) {
        files.remove(key);
    }

    void forgetWhere(Predicate<SegmentKey> filter) {
        files.removeIf(filter);
    }

    /** Each entry is removed before its sync: a write that comes during the sync adds it again. */
    int sync(Consumer<SegmentKey> syncFile) {
        syncing.lock();
        try {
            int count = 0;
            for (SegmentKey key : files.toArray(new SegmentKey[0])) {
                files.remove(key);
                syncFile.accept(key);
                count++;
            }
            for (Path directory : directories.toArray(new Path[0])) {
                directories.remove(directory);
                syncDirectory(directory);
            }
            return count;
        } finally {
            syncing.unlock();
        }
    }

    private void syncDirectory(Path directory) {
        try {
            if (fileSystem.exists(directory)) {
                fileSystem.syncDirectory(directory);
            }
        } catch (IOException e) {
            throw StorageException.syncFailed(directory.toString(), e);
        }
    }
}
