package io.quantadb.maintenance;

import io.quantadb.base.Clock;
import io.quantadb.base.FatalErrorHandler;
import io.quantadb.base.FileHandle;
import io.quantadb.base.FileSystem;
import io.quantadb.base.Lsn;
import io.quantadb.base.TimelineId;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.buffer.CheckpointBarrier;
import io.quantadb.storage.buffer.FreeSpaceMap;
import io.quantadb.storage.buffer.PageWal;
import io.quantadb.storage.buffer.RedoBuffers;
import io.quantadb.storage.buffer.StorageChanges;
import io.quantadb.storage.buffer.StorageResourceManager;
import io.quantadb.storage.buffer.VisibilityMap;
import io.quantadb.storage.file.RelationFiles;
import io.quantadb.wal.reader.WalReader;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.recovery.ControlFile;
import io.quantadb.wal.recovery.RecoveryDriver;
import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.recovery.WalReplay;
import io.quantadb.wal.recovery.WalScan;
import io.quantadb.wal.rmgr.CheckpointRecord;
import io.quantadb.wal.rmgr.ResourceManagers;
import io.quantadb.wal.segment.SegmentLayout;
import io.quantadb.wal.segment.SegmentName;
import io.quantadb.wal.segment.WalSegments;
import io.quantadb.wal.writer.WalWriter;
import io.quantadb.wal.writer.WalWriterOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the storage of a data directory and brings it to the end of its WAL after a crash. Confined to the starting
 * thread.
 *
 * <p>Use, in this order: the constructor; register resource managers on {@link #resourceManagers} (the storage manager
 * is there already); {@link #recover}; {@link #openWal}; build the rest; then one {@link
 * CheckpointKind#END_OF_RECOVERY} checkpoint, which also marks the control file as in production. Only then are changes
 * allowed.
 *
 * <pre>
 * control file says       what recover() does
 * SHUT_DOWN               replays nothing but the shutdown checkpoint record
 * anything else           makes the WAL durable, then replays from the redo point of the last checkpoint to the end
 * </pre>
 */
public final class StorageRecovery {
    public static final String WAL_DIRECTORY = "pg_wal";
    private static final Logger LOG = LoggerFactory.getLogger(StorageRecovery.class);

    private final FileSystem fileSystem;
    private final Clock clock;
    private final ControlState control;
    private final WalSegments segments;
    private final RelationFiles files;
    private final BufferPool pool;
    private final FreeSpaceMap freeSpaceMap;
    private final VisibilityMap visibilityMap;
    private final CheckpointBarrier barrier = new CheckpointBarrier();
    private final StorageChanges changes;
    private final RedoBuffers redoBuffers;
    private final ResourceManagers managers = new ResourceManagers();
    private final StorageResourceManager storageManager;
    private CheckpointRecord lastCheckpoint;
    private TimelineHistory history;

    /** Opens an initialised data directory. Throws IOException if the control file is absent or unusable. */
    public StorageRecovery(FileSystem fileSystem, Path dataDirectory, long poolBytes, Clock clock) throws IOException {
        this(fileSystem, dataDirectory, poolBytes, clock, RelationFiles.DEFAULT_OPEN_FILES,
            RelationFiles.SEGMENT_BLOCKS);
    }

    StorageRecovery(FileSystem fileSystem, Path dataDirectory, long poolBytes, Clock clock, int openFilesMax,
        int segmentBlocks)
        throws IOException {
        this.fileSystem = fileSystem;
        this.clock = clock;
        ControlFile file = ControlFile.read(fileSystem, dataDirectory);
        control = new ControlState(fileSystem, dataDirectory, clock, file);
        segments = new WalSegments(fileSystem, dataDirectory.resolve(WAL_DIRECTORY),
            new SegmentLayout(file.segmentSizeBytes()),
            file.systemId());
        files = new RelationFiles(fileSystem, dataDirectory, file.systemId(), openFilesMax, segmentBlocks);
        pool = new BufferPool(poolBytes, PageWal.DURABLE, files);
        freeSpaceMap = new FreeSpaceMap(pool);
        visibilityMap = new VisibilityMap(pool);
        changes = new StorageChanges(pool, freeSpaceMap, barrier, null);
        redoBuffers = new RedoBuffers(pool);
        storageManager = new StorageResourceManager(redoBuffers, changes);
        managers.register(ResourceManagers.STORAGE, storageManager);
    }

    /**
     * Makes a data directory that {@link #StorageRecovery} can open: WAL with one shutdown checkpoint in it, and the
     * control file last, so that a crash in between leaves a directory that is recognisably unfinished.
     *
     * @param counters the first values of xid and OID
     */
    public static void initialise(FileSystem fileSystem, Path dataDirectory, long systemId, int walSegmentBytes,
        WalCheckpointLog.Counters counters, Clock clock) throws IOException {
        SegmentLayout layout = new SegmentLayout(walSegmentBytes);
        Path walDirectory = dataDirectory.resolve(WAL_DIRECTORY);
        for (Path directory : new Path[] {walDirectory, dataDirectory.resolve("global"),
            dataDirectory.resolve("base")}) {
            fileSystem.createDirectories(directory);
        }
        fileSystem.syncDirectory(dataDirectory);
        WalSegments segments = new WalSegments(fileSystem, walDirectory, layout, systemId);
        Lsn start = layout.firstLsn();
        ControlFile first = new ControlFile(systemId, ControlFile.State.STARTING, Lsn.INVALID, Lsn.INVALID,
            TimelineId.FIRST,
            walSegmentBytes, Lsn.INVALID, clock.wallMicros());
        var options = new WalWriterOptions(Math.max(1 << 20, Integer.highestOneBit(layout.recordSizeMax()) * 2),
            WalWriterOptions.DEFAULT.syncMethod(), WalWriterOptions.DEFAULT_WRITER_DELAY_MILLIS, false);
        ControlState control = new ControlState(fileSystem, dataDirectory, clock, first);
        try (WalWriter wal = new WalWriter(segments, TimelineId.FIRST.value(), new WalPosition(start, Lsn.INVALID),
            start, options, clock,
            FatalErrorHandler.HALT)) {
            var log = new WalCheckpointLog(wal, control, counters, List.of(), 0);
            log.complete(CheckpointKind.SHUTDOWN, log.startRedoPoint());
        }
    }

    public ControlState control() {
        return control;
    }

    public WalSegments segments() {
        return segments;
    }

    public RelationFiles files() {
        return files;
    }

    public BufferPool pool() {
        return pool;
    }

    public FreeSpaceMap freeSpaceMap() {
        return freeSpaceMap;
    }

    public VisibilityMap visibilityMap() {
        return visibilityMap;
    }

    public CheckpointBarrier barrier() {
        return barrier;
    }

    public StorageChanges changes() {
        return changes;
    }

    public RedoBuffers redoBuffers() {
        return redoBuffers;
    }

    /** For transaction redo, which deletes the files a commit or abort record names. */
    public StorageResourceManager storageManager() {
        return storageManager;
    }

    public ResourceManagers resourceManagers() {
        return managers;
    }

    /**
     * The checkpoint recovery started from: its counters are the first values for redo to raise. Set by {@link
     * #recover}.
     */
    public CheckpointRecord lastCheckpoint() {
        return lastCheckpoint;
    }

    /**
     * Replays the WAL.
     *
     * @return where the WAL goes on
     * @throws io.quantadb.storage.StorageException if WAL names pages that nothing explains
     */
    public WalPosition recover() throws IOException {
        ControlFile file = control.get();
        history = TimelineHistory.read(fileSystem, segments.directory(), file.timeline());
        var driver = new RecoveryDriver(segments.layout(), history.source(segments), managers, clock,
            (replayedLsn, records, millis) -> LOG.info("redo has reached {}, {} records in {} ms", replayedLsn, records,
                millis));
        lastCheckpoint = driver.readCheckpoint(file.checkpointLsn());
        boolean clean = file.state() == ControlFile.State.SHUT_DOWN;
        if (!clean) {
            LOG.info("the system was not shut down properly ({}); recovery starts at {}", file.state(), file.redoLsn());
            syncWal();
            control.setState(ControlFile.State.IN_CRASH_RECOVERY);
        }
        var check = file.state().wroteWal() ? WalReader.DamageCheck.ON : WalReader.DamageCheck.OFF;
        var result = driver.run(file.redoLsn(), null, file.checkpointLsn(), check);
        redoBuffers.checkNothingMissing();
        LOG.info("redo ends at {}: {}", result.position().endLsn(), result.end().detail());
        return result.position();
    }

    /** The timelines of this node's WAL, as found by {@link #recover} or {@link #openReplay}. */
    public TimelineHistory history() {
        return history;
    }

    /** This node has begun a timeline. */
    public void setHistory(TimelineHistory newHistory) {
        history = newHistory;
    }

    /**
     * Prepares continuous replay instead of {@link #recover}: reads the last checkpoint, makes the stored WAL durable and finds its end.
     */
    public Replica openReplay(RecoveryDriver.Dispatcher dispatcher, Consumer<Throwable> failed) throws IOException {
        ControlFile file = control.get();
        history = TimelineHistory.read(fileSystem, segments.directory(), file.timeline());
        var driver = new RecoveryDriver(segments.layout(), history.source(segments), managers, clock, (lsn, records, millis) -> { });
        lastCheckpoint = driver.readCheckpoint(file.checkpointLsn());
        syncWal();
        Lsn end = WalScan.end(segments, history, file.checkpointLsn()).endLsn();
        var replay = new WalReplay(segments, managers, dispatcher, history, new WalPosition(file.redoLsn(), Lsn.INVALID), clock, failed);
        LOG.info("redo of a replica begins at {} on timeline {}; WAL is stored up to {}", file.redoLsn(), file.timeline(), end);
        Replica replica = new Replica(this, replay, file, end);
        control.setState(ControlFile.State.IN_ARCHIVE_RECOVERY);
        return replica;
    }

    /** Continuous replay of a primary that gives up its role: goes on where its WAL ends. */
    public Replica continueReplay(TimelineHistory followed, WalPosition position, RecoveryDriver.Dispatcher dispatcher,
        Consumer<Throwable> failed) {
        history = followed;
        control.update(file -> file.withMinimumRecoveryLsn(position.endLsn(), clock.wallMicros())
            .withState(ControlFile.State.IN_ARCHIVE_RECOVERY, clock.wallMicros()));
        var replay = new WalReplay(segments, managers, dispatcher, followed, position, clock, failed);
        return new Replica(this, replay, control.get(), position.endLsn());
    }

    /** The directory's files. */
    public FileSystem fileSystem() {
        return fileSystem;
    }

    /**
     * A process that died without the machine leaves WAL that is written but not synced. Pages that carry its LSNs may
     * be written during redo, so it is made durable first: WAL before data holds for redo too.
     */
    private void syncWal() throws IOException {
        for (SegmentName name : segments.list()) {
            try (FileHandle handle = fileSystem.open(segments.path(name.timeline(), name.number()))) {
                handle.sync(true);
            }
        }
        fileSystem.syncDirectory(segments.directory());
    }

    /**
     * Opens the WAL for changes and connects the pool to it. Changes are allowed after the END_OF_RECOVERY checkpoint.
     */
    public WalWriter openWal(WalPosition position, WalWriterOptions options, FatalErrorHandler fatalErrors)
        throws IOException {
        WalWriter wal = openWriter(position, options, fatalErrors);
        pool.setWal(PageWal.of(wal));
        changes.setWal(wal);
        return wal;
    }

    /** Opens the WAL for inserts on the control file's timeline. Connecting pool and changes is the caller's. */
    public WalWriter openWriter(WalPosition position, WalWriterOptions options, FatalErrorHandler fatalErrors)
        throws IOException {
        return new WalWriter(segments, control.get().timeline().value(), position, position.endLsn(), options, clock,
            fatalErrors);
    }
}
