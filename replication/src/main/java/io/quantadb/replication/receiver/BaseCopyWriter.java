package io.quantadb.replication.receiver;

import io.quantadb.base.FileHandle;
import io.quantadb.base.FileSystem;
import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.protocol.Message.FileData;
import io.quantadb.replication.protocol.Message.FileEnd;
import io.quantadb.replication.protocol.Message.FileHeader;
import io.quantadb.replication.protocol.ProtocolException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Writes the files of a base copy. Messages come from one thread; syncs run beside it, so that the network does not
 * wait for the disk at each small file.
 */
final class BaseCopyWriter implements Closeable {
    private static final int SYNCS_MAX = 32;
    /** A long file is synced on the way, so that the disk works beside the network. */
    private static final long SYNC_EVERY = 16 << 20;

    private final FileSystem files;
    private final Path directory;
    private final Set<Path> directories = new TreeSet<>();
    private final ExecutorService syncer = Executors.newSingleThreadExecutor(
            work -> Thread.ofPlatform().daemon().name("base-copy-sync").unstarted(work));
    private final Semaphore syncs = new Semaphore(SYNCS_MAX);
    private final Set<String> durable = new LinkedHashSet<>();
    private volatile IOException failure;
    private int index = -1;
    private String path;
    private long length;
    private FileHandle handle;

    BaseCopyWriter(FileSystem files, Path directory, Set<String> alreadyDone) {
        this.files = files;
        this.directory = directory;
        durable.addAll(alreadyDone);
        for (String done : alreadyDone) {
            addDirectories(directory.resolve(done));
        }
    }

    /** Whether the name stays inside the data directory. */
    static boolean isSafe(String name) {
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0
                    || part.indexOf('\n') >= 0) {
                return false;
            }
        }
        return !name.equals(BaseCopyState.FILE_NAME);
    }

    private void addDirectories(Path file) {
        for (Path at = file.getParent(); at != null && at.startsWith(directory); at = at.getParent()) {
            directories.add(at);
        }
    }

    void begin(FileHeader header) throws ProtocolException, IOException {
        checkAlive();
        if (handle != null || !isSafe(header.path())) {
            throw new ProtocolException(ErrorCode.PROTOCOL, "file \"" + header.path() + "\" cannot begin here");
        }
        Path file = directory.resolve(header.path());
        addDirectories(file);
        files.createDirectories(file.getParent());
        handle = files.openOrCreate(file);
        handle.truncate(0);
        index = header.index();
        path = header.path();
        length = 0;
    }

    void data(FileData data) throws ProtocolException, IOException {
        checkAlive();
        if (handle == null || data.index() != index || data.offset() != length) {
            throw new ProtocolException(ErrorCode.PROTOCOL, "data of file " + data.index() + " at " + data.offset()
                    + ", expected file " + index + " at " + length);
        }
        int count = data.bytes().remaining();
        handle.write(data.bytes(), length);
        if (length / SYNC_EVERY != (length + count) / SYNC_EVERY && syncs.tryAcquire()) {
            sync(handle, false, () -> { });
        }
        length += count;
    }

    void end(FileEnd end) throws ProtocolException, IOException, InterruptedException {
        checkAlive();
        if (handle == null || end.index() != index || end.sizeBytes() >= 0 && end.sizeBytes() != length) {
            throw new ProtocolException(ErrorCode.PROTOCOL, "file " + end.index() + " ends at " + end.sizeBytes()
                    + ", received are " + length + " bytes of file " + index);
        }
        FileHandle finished = handle;
        String name = path;
        handle = null;
        if (end.sizeBytes() < 0) {
            finished.close();
            files.delete(directory.resolve(name));
            return;
        }
        syncs.acquire();
        sync(finished, true, () -> {
            finished.close();
            synchronized (durable) {
                durable.add(name);
            }
        });
    }

    /** What follows a sync. */
    private interface Completion {
        void run() throws IOException;
    }

    /** Syncs on the one thread, in order: a file is closed only after the syncs asked for before. */
    private void sync(FileHandle file, boolean metadata, Completion then) {
        syncer.execute(() -> {
            try {
                file.sync(metadata);
                then.run();
            } catch (IOException e) {
                failure = e;
            } finally {
                syncs.release();
            }
        });
    }

    private void checkAlive() throws IOException {
        if (failure != null) {
            throw new IOException("cannot sync a copied file: " + failure.getMessage(), failure);
        }
    }

    /** The files that are complete and whose contents are durable. */
    Set<String> durable() {
        synchronized (durable) {
            return new LinkedHashSet<>(durable);
        }
    }

    /** Makes the names durable as well: a file counts as done only then. */
    void syncDirectories() throws IOException {
        List<Path> all = new ArrayList<>(directories);
        for (int i = all.size() - 1; i >= 0; i--) {
            files.syncDirectory(all.get(i));
        }
    }

    /** Returns after all files are durable, names included. */
    void finish() throws IOException, InterruptedException {
        syncs.acquire(SYNCS_MAX);
        syncs.release(SYNCS_MAX);
        checkAlive();
        syncDirectories();
    }

    @Override
    public void close() throws IOException {
        syncer.shutdown();
        try {
            if (!syncer.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new IOException("the syncs of a base copy do not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (handle != null) {
            handle.close();
        }
    }
}
