package io.quantadb.storage.file;

import io.quantadb.base.FileHandle;
import io.quantadb.base.FileSystem;
import io.quantadb.base.ForkNumber;
import io.quantadb.base.RelationId;
import io.quantadb.storage.StorageException;
import io.quantadb.storage.page.Page;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Relation forks as files: {@code base/<database>/<file number>[_fsm|_vm][.<segment>]}, shared relations in {@code
 * global/}.
 *
 * <p>A segment holds {@link #SEGMENT_BLOCKS} blocks (1 GiB) behind one {@link SegmentHeader}. The length of a fork is
 * the <em>logical</em> block count kept here; the files may be longer, because space is taken in pieces. After a
 * restart what was taken but not used counts as zero pages, which are valid.
 *
 * <p>Nothing is durable before {@link #syncPending}. Safe for use by many threads; extension of one fork is serialised
 * by its {@link #extensionLock}. Failures are {@link StorageException}s.
 */
public final class RelationFiles implements AutoCloseable {
    /** Blocks in one segment file: 1 GiB of pages. */
    public static final int SEGMENT_BLOCKS = (1 << 30) / Page.SIZE;
    public static final int DEFAULT_OPEN_FILES = 1000;
    private static final Logger LOG = LoggerFactory.getLogger(RelationFiles.class);
    private static final int ALLOCATE_BLOCKS_MAX = 64;
    private static final ByteBuffer ZEROS =
        ByteBuffer.allocateDirect(ALLOCATE_BLOCKS_MAX * Page.SIZE).asReadOnlyBuffer();

    private final FileSystem fileSystem;
    private final Path dataDirectory;
    private final long systemIdentifier;
    private final int segmentBlocks;
    private final OpenSegments segments;
    private final PendingSyncs pendingSyncs;
    private final List<ConcurrentHashMap<RelationId, ForkState>> forks = new ArrayList<>();

    public RelationFiles(FileSystem fileSystem, Path dataDirectory, long systemIdentifier) {
        this(fileSystem, dataDirectory, systemIdentifier, DEFAULT_OPEN_FILES, SEGMENT_BLOCKS);
    }

    /** @param segmentBlocks blocks a segment; other than {@link #SEGMENT_BLOCKS} only in tests */
    public RelationFiles(FileSystem fileSystem, Path dataDirectory, long systemIdentifier, int openFilesMax,
        int segmentBlocks) {
        this.fileSystem = fileSystem;
        this.dataDirectory = dataDirectory;
        this.systemIdentifier = systemIdentifier;
        this.segmentBlocks = segmentBlocks;
        this.segments = new OpenSegments(openFilesMax, this::openSegment);
        this.pendingSyncs = new PendingSyncs(fileSystem);
        for (int i = 0; i < ForkNumber.values().length; i++) {
            forks.add(new ConcurrentHashMap<>());
        }
    }

    public Path dataDirectory() {
        return dataDirectory;
    }

    /** The segment file of a block, relative to the data directory: for messages. */
    public String path(RelationId relation, ForkNumber fork, int block) {
        return new SegmentKey(relation, fork, block / segmentBlocks).path();
    }

    // ---- Existence

    /** Creates the fork with no blocks. Nothing happens if it exists: for redo. */
    public void create(RelationId relation, ForkNumber fork) {
        SegmentKey key = new SegmentKey(relation, fork, 0);
        try {
            segments.acquire(key, true).release();
            requestSync(key);
        } catch (IOException e) {
            throw StorageException.of("could not create file \"" + key.path() + "\"", e);
        }
    }

    public boolean exists(RelationId relation, ForkNumber fork) {
        ForkState known = forks.get(fork.id()).get(relation);
        if (known != null && known.blocks >= 0) {
            return known.exists;
        }
        return state(relation, fork).exists;
    }

    /** Number of blocks, 0 if the fork does not exist. Cached. */
    public int blockCount(RelationId relation, ForkNumber fork) {
        ForkState known = forks.get(fork.id()).get(relation);
        int blocks = known == null ? -1 : known.blocks;
        return blocks >= 0 ? blocks : state(relation, fork).blocks;
    }

    /**
     * Serialises extension of the fork; held around {@link #blockCount}, {@link #ensureAllocated} and {@link
     * #setBlockCount}.
     */
    public ReentrantLock extensionLock(RelationId relation, ForkNumber fork) {
        return slot(relation, fork).extension;
    }

    /** Publishes a new length; the caller holds the extension lock and has allocated the blocks. */
    public void setBlockCount(RelationId relation, ForkNumber fork, int blocks) {
        state(relation, fork).blocks = blocks;
    }

    /**
     * Takes space on disk for blocks [0, {@code blocks}), and some more in a large fork, creating files as needed. The
     * caller holds the extension lock.
     */
    public void ensureAllocated(RelationId relation, ForkNumber fork, int blocks) {
        ForkState state = state(relation, fork);
        if (!state.exists) {
            create(relation, fork);
            state.exists = true;
        }
        while (state.allocated < blocks) {
            int more = Math.max(blocks - state.allocated, Math.min(ALLOCATE_BLOCKS_MAX, state.allocated / 8));
            int leftInSegment = segmentBlocks - state.allocated % segmentBlocks;
            int count = Math.min(Math.min(more, leftInSegment), ALLOCATE_BLOCKS_MAX);
            allocate(relation, fork, state, count, Math.min(count, blocks - state.allocated));
        }
    }

    /** Appends {@code count} zero blocks; if the disk is too full for that, {@code least}. */
    private void allocate(RelationId relation, ForkNumber fork, ForkState state, int count, int least) {
        SegmentKey key = new SegmentKey(relation, fork, state.allocated / segmentBlocks);
        try {
            int inSegment = state.allocated % segmentBlocks;
            if (inSegment + count == segmentBlocks) {
                removeStale(new SegmentKey(relation, fork, key.segment() + 1));
            }
            writeZeros(key, inSegment, count);
            state.allocated += count;
        } catch (IOException e) {
            if (count == least) {
                throw StorageException.of("could not extend file \"" + key.path() + "\"", e);
            }
            LOG.debug("allocating {} blocks of {} ahead failed: {}", count, key.path(), e.toString());
            allocate(relation, fork, state, least, least);
        }
    }

    /**
     * A crash can leave a later segment behind one that is short (a truncation whose deletions were lost). It must not
     * come back into the fork when the shorter one is filled, or begun anew.
     */
    private void removeStale(SegmentKey next) throws IOException {
        if (fileSystem.exists(dataDirectory.resolve(next.path()))) {
            LOG.info("removing {}, which a truncation before a crash has left", next.path());
            deleteSegment(next);
        }
    }

    private void writeZeros(SegmentKey key, int blockInSegment, int count) throws IOException {
        OpenSegments.Segment segment = segments.acquire(key, true);
        try {
            if (blockInSegment == 0 && segment.handle().size() > position(0)) {
                segment.handle().truncate(position(0));
            }
            segment.handle().write(ZEROS.duplicate().limit(count * Page.SIZE), position(blockInSegment));
            pendingSyncs.file(key);
        } finally {
            segment.release();
        }
    }

    private static long position(int blockInSegment) {
        return (long) Page.SIZE * (blockInSegment + 1L);
    }

    // ---- Blocks

    /**
     * Reads consecutive blocks until {@code target} is full or the allocated file ends.
     *
     * @return whole blocks read
     */
    public int read(RelationId relation, ForkNumber fork, int firstBlock, ByteBuffer target) {
        int wanted = target.remaining() / Page.SIZE;
        int start = target.position();
        int done = 0;
        while (done < wanted) {
            int block = firstBlock + done;
            SegmentKey key = new SegmentKey(relation, fork, block / segmentBlocks);
            int count = Math.min(wanted - done, segmentBlocks - block % segmentBlocks);
            int from = start + done * Page.SIZE;
            target.limit(from + count * Page.SIZE).position(from);
            int got = readSegment(key, block, target);
            done += got;
            if (got < count) {
                break;
            }
        }
        target.limit(start + wanted * Page.SIZE).position(start + done * Page.SIZE);
        return done;
    }

    private int readSegment(SegmentKey key, int block, ByteBuffer target) {
        try {
            OpenSegments.Segment segment = segments.acquire(key, false);
            try {
                return segment.handle().read(target, position(block % segmentBlocks)) / Page.SIZE;
            } finally {
                segment.release();
            }
        } catch (IOException e) {
            throw StorageException.of("could not read block " + block + " in file \"" + key.path() + "\"", e);
        }
    }

    /**
     * Writes one block, {@code source} having {@value Page#SIZE} bytes remaining, and notes that its file has to be
     * synced.
     */
    public void write(RelationId relation, ForkNumber fork, int block, ByteBuffer source) {
        SegmentKey key = new SegmentKey(relation, fork, block / segmentBlocks);
        try {
            OpenSegments.Segment segment = segments.acquire(key, false);
            try {
                segment.handle().write(source, position(block % segmentBlocks));
                pendingSyncs.file(key);
            } finally {
                segment.release();
            }
        } catch (IOException e) {
            throw StorageException.of("could not write block " + block + " of file \"" + key.path() + "\"", e);
        }
    }

    /**
     * Cuts the fork down to {@code blocks}. If there is nothing to cut that is made durable too: a process that died
     * may have cut and not synced.
     *
     * <p>Its pages beyond are no longer in the pool, and the WAL that says so is durable.
     */
    public void truncate(RelationId relation, ForkNumber fork, int blocks) {
        ReentrantLock lock = extensionLock(relation, fork);
        lock.lock();
        try {
            ForkState state = state(relation, fork);
            state.blocks = Math.min(state.blocks, blocks);
            if (!state.exists) {
                return;
            }
            int last = blocks / segmentBlocks;
            requestSync(new SegmentKey(relation, fork, last));
            deleteSegmentsFrom(relation, fork, last + 1, state.allocated);
            if (state.allocated <= blocks) {
                return;
            }
            truncateSegment(new SegmentKey(relation, fork, last), blocks % segmentBlocks);
            state.allocated = blocks;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Deletes segments from {@code first} on, the last one first. Goes by the files and not by the block count alone: a
     * crash can have left a later segment behind one that is short, and it must not outlive the checkpoint that moves
     * the redo point past this.
     */
    private void deleteSegmentsFrom(RelationId relation, ForkNumber fork, int first, int allocated) {
        int end = Math.max(first, (allocated + segmentBlocks - 1) / segmentBlocks);
        try {
            while (fileSystem.exists(dataDirectory.resolve(new SegmentKey(relation, fork, end).path()))) {
                end++;
            }
        } catch (IOException e) {
            throw StorageException.of("could not look for segments of file \"" + path(relation, fork, 0) + "\"", e);
        }
        for (int segment = end - 1; segment >= first; segment--) {
            deleteSegment(new SegmentKey(relation, fork, segment));
        }
    }

    private void truncateSegment(SegmentKey key, int blocks) {
        try {
            OpenSegments.Segment segment = segments.acquire(key, true);
            try {
                segment.handle().truncate(position(blocks));
                pendingSyncs.file(key);
            } finally {
                segment.release();
            }
        } catch (IOException e) {
            throw StorageException.of("could not truncate file \"" + key.path() + "\" to " + blocks + " blocks", e);
        }
    }

    /** Deletes all forks. Their pages are no longer in the pool. Nothing happens if there are none. */
    public void drop(RelationId relation) {
        for (ForkNumber fork : ForkNumber.values()) {
            ReentrantLock lock = extensionLock(relation, fork);
            lock.lock();
            try {
                ForkState state = state(relation, fork);
                deleteSegmentsFrom(relation, fork, 0, state.allocated);
                pendingSyncs.directory(dataDirectory.resolve(new SegmentKey(relation, fork, 0).path()).getParent());
            } finally {
                forks.get(fork.id()).remove(relation);
                lock.unlock();
            }
        }
    }

    /** Deletes the directory of a dropped database with all that is in it. */
    public void dropDatabase(int databaseOid) {
        Path directory = dataDirectory.resolve("base").resolve(Integer.toUnsignedString(databaseOid));
        for (ConcurrentHashMap<RelationId, ForkState> map : forks) {
            map.keySet().removeIf(relation -> relation.databaseOid() == databaseOid);
        }
        try {
            for (String name : fileSystem.list(directory)) {
                fileSystem.delete(directory.resolve(name));
            }
            segments.closeWhere(key -> key.relation().databaseOid() == databaseOid);
            pendingSyncs.forgetWhere(key -> key.relation().databaseOid() == databaseOid);
            fileSystem.delete(directory);
            pendingSyncs.directory(dataDirectory.resolve("base"));
        } catch (IOException e) {
            throw StorageException.of("could not remove directory \"base/" + databaseOid + "\"", e);
        }
    }

    /**
     * Deletes first and closes afterwards: a sync that opens the file in between must not leave the handle of a deleted
     * file behind.
     */
    private void deleteSegment(SegmentKey key) {
        try {
            Path path = dataDirectory.resolve(key.path());
            fileSystem.delete(path);
            segments.close(key);
            pendingSyncs.forget(key);
            pendingSyncs.directory(path.getParent());
        } catch (IOException e) {
            throw StorageException.of("could not remove file \"" + key.path() + "\"", e);
        }
    }

    /**
     * Gives back space that was taken ahead and never used: before a clean shutdown, so that the next start does not
     * find it as zero pages. Failures are only logged.
     */
    public void releaseUnused() {
        for (ForkNumber fork : ForkNumber.values()) {
            forks.get(fork.id()).forEach((relation, state) -> {
                if (state.exists && state.allocated > state.blocks) {
                    try {
                        truncate(relation, fork, state.blocks);
                    } catch (StorageException e) {
                        LOG.warn("space taken ahead was not given back: {}", e.getMessage());
                    }
                }
            });
        }
    }

    // ---- Durability

    /**
     * Makes everything written, created or deleted before the call durable: every file once.
     *
     * @return files synced
     * @throws StorageException fatal: what failed to reach the disk may be lost although a later sync succeeds
     */
    public int syncPending() {
        return pendingSyncs.sync(this::syncSegment);
    }

    /**
     * For redo of a block: has its file synced by the next {@link #syncPending} although this process may not
     * write to it.
     */
    public void touch(RelationId relation, ForkNumber fork, int block) {
        SegmentKey key = new SegmentKey(relation, fork, block / segmentBlocks);
        try {
            segments.acquire(key, false).release();
            requestSync(key);
        } catch (IOException e) {
            throw StorageException.of("could not open file \"" + key.path() + "\"", e);
        }
    }

    private void requestSync(SegmentKey key) {
        pendingSyncs.file(key);
        pendingSyncs.directory(dataDirectory.resolve(key.path()).getParent());
    }

    private void syncSegment(SegmentKey key) {
        try {
            OpenSegments.Segment segment = segments.acquire(key, false);
            try {
                segment.handle().sync(true);
            } finally {
                segment.release();
            }
        } catch (NoSuchFileException e) {
            LOG.debug("file {} was dropped before its sync", key.path());
        } catch (IOException e) {
            throw StorageException.syncFailed(key.path(), e);
        }
    }

    /** Number of open file handles: for metrics and tests. */
    public int openFiles() {
        return segments.size();
    }

    @Override
    public void close() {
        segments.closeAll();
    }

    // ---- Inside

    private ForkState slot(RelationId relation, ForkNumber fork) {
        return forks.get(fork.id()).computeIfAbsent(relation, r -> new ForkState());
    }

    /** The fork's state, looked up on disk the first time. */
    private ForkState state(RelationId relation, ForkNumber fork) {
        ForkState state = slot(relation, fork);
        if (state.blocks >= 0) {
            return state;
        }
        state.extension.lock();
        try {
            if (state.blocks < 0) {
                measure(relation, fork, state);
            }
            return state;
        } finally {
            state.extension.unlock();
        }
    }

    private void measure(RelationId relation, ForkNumber fork, ForkState state) {
        int blocks = 0;
        try {
            for (int segment = 0;; segment++) {
                Path path = dataDirectory.resolve(new SegmentKey(relation, fork, segment).path());
                if (!fileSystem.exists(path)) {
                    state.exists = segment > 0;
                    break;
                }
                int inSegment = (int) Math.clamp(fileSystem.size(path) / Page.SIZE - 1, 0, segmentBlocks);
                blocks += inSegment;
                if (inSegment < segmentBlocks) {
                    state.exists = true;
                    break;
                }
            }
        } catch (IOException e) {
            throw StorageException.of("could not determine the size of file \"" + path(relation, fork, 0) + "\"", e);
        }
        state.allocated = blocks;
        state.blocks = blocks;
    }

    private FileHandle openSegment(SegmentKey key, boolean create) throws IOException {
        Path path = dataDirectory.resolve(key.path());
        boolean exists = fileSystem.exists(path);
        if (!exists && !create) {
            throw new NoSuchFileException(key.path());
        }
        if (!exists) {
            fileSystem.createDirectories(path.getParent());
        }
        FileHandle handle = create ? fileSystem.openOrCreate(path) : fileSystem.open(path);
        boolean opened = false;
        try {
            if (!exists) {
                writeHeader(handle, key, path);
            } else {
                checkHeader(handle, key, path);
            }
            opened = true;
            return handle;
        } finally {
            if (!opened) {
                handle.close();
            }
        }
    }

    private void writeHeader(FileHandle handle, SegmentKey key, Path path) throws IOException {
        handle.write(SegmentHeader.encode(systemIdentifier, key.relation(), key.fork(), key.segment()), 0);
        ForkState state = slot(key.relation(), key.fork());
        if (key.segment() == 0 && state.blocks >= 0) {
            state.exists = true;
        }
        pendingSyncs.file(key);
        pendingSyncs.directory(path.getParent());
        pendingSyncs.directory(path.getParent().getParent());
    }

    /**
     * Creation is not synced by itself, so a crash can leave a file without the header. Redo brings back what belongs
     * into it, or nothing does: then its pages are zeros.
     */
    private void checkHeader(FileHandle handle, SegmentKey key, Path path) throws IOException {
        ByteBuffer header = ByteBuffer.allocateDirect(Page.SIZE);
        int read = handle.read(header, 0);
        header.position(0).limit(read);
        if (SegmentHeader.isAbsent(header)) {
            LOG.info("file {} was created just before a crash and has no header yet", key.path());
            writeHeader(handle, key, path);
            return;
        }
        SegmentHeader.verify(header, key.path(), systemIdentifier, key.relation(), key.fork(), key.segment());
    }

    /** What is known of one fork. {@code blocks} -1: not yet looked at. Changes happen under {@code extension}. */
    private static final class ForkState {
        private final ReentrantLock extension = new ReentrantLock();
        private volatile int blocks = -1;
        private volatile int allocated;
        private volatile boolean exists;
    }
}
