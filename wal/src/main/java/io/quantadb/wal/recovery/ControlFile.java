package io.quantadb.wal.recovery;

import io.quantadb.base.FileHandle;
import io.quantadb.base.FileSystem;
import io.quantadb.base.Lsn;
import io.quantadb.base.Memory;
import io.quantadb.base.TimelineId;
import io.quantadb.wal.record.WalFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The file {@code global/quanta_control} of a data directory: which system this is, and where recovery starts.
 *
 * <p>512 bytes, so that one sector holds it; little-endian:
 *
 * <pre>
 *   0  u64  magic: the characters "QUANTCTL"
 *   8  u32  format version
 *  12  u32  state: {@link State#id}
 *  16  u64  system identifier
 *  24  u64  start LSN of the last checkpoint's record
 *  32  u64  its redo LSN
 *  40  u32  timeline
 *  44  u32  WAL segment size
 *  48  u32  page size
 *  52  u32  version of the WAL format
 *  56  u64  minimum recovery LSN: a replica is consistent only behind it; 0 = none
 *  64  i64  wall time of the last write of this file, microseconds since 1970-01-01 UTC
 *  72       zeros
 * 508  u32  CRC32C of bytes 0 to 507
 * </pre>
 *
 * <p>Replaced as a whole: written beside, synced, renamed, directory synced. Immutable value.
 *
 * @param wallMicros time of the last write, for people only
 */
public record ControlFile(long systemId, State state, Lsn checkpointLsn, Lsn redoLsn, TimelineId timeline,
        int segmentSizeBytes, Lsn minimumRecoveryLsn, long wallMicros) {
    public static final int VERSION = 1;
    public static final int SIZE = 512;
    /** Below the data directory. */
    public static final String DIRECTORY = "global";
    public static final String FILE_NAME = "quanta_control";

    private static final long MAGIC = 0x4C54_4354_4E41_5551L;
    private static final int OFFSET_CRC = SIZE - 4;
    private static final State[] STATES = State.values();

    /**
     * What the process that owns the directory was doing when it wrote the file.
     *
     * <pre>
     * STARTING --&gt; IN_CRASH_RECOVERY --&gt; IN_PRODUCTION --&gt; SHUTTING_DOWN --&gt; SHUT_DOWN --&gt; STARTING
     *         \--&gt; IN_ARCHIVE_RECOVERY (replica) --&gt; IN_PRODUCTION (promotion) | SHUT_DOWN_IN_RECOVERY
     * </pre>
     */
    public enum State {
        STARTING(0, "starting up"),
        SHUT_DOWN(1, "shut down"),
        SHUT_DOWN_IN_RECOVERY(2, "shut down in recovery"),
        SHUTTING_DOWN(3, "shutting down"),
        IN_CRASH_RECOVERY(4, "in crash recovery"),
        IN_ARCHIVE_RECOVERY(5, "in archive recovery"),
        IN_PRODUCTION(6, "in production");

        private final int id;
        private final String text;

        State(int id, String text) {
            this.id = id;
            this.text = text;
        }

        public int id() {
            return id;
        }

        /** Whether this node inserted the last records itself, so that damage can be told from a torn tail. */
        public boolean wroteWal() {
            return this == SHUT_DOWN || this == SHUTTING_DOWN || this == IN_PRODUCTION || this == IN_CRASH_RECOVERY;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** The file cannot be used: damaged, or of another version. */
    public static final class ControlFileException extends IOException {
        private static final long serialVersionUID = 1L;

        ControlFileException(String message) {
            super(message);
        }
    }

    public static Path path(Path dataDirectory) {
        return dataDirectory.resolve(DIRECTORY).resolve(FILE_NAME);
    }

    public ControlFile withState(State newState, long nowWallMicros) {
        return new ControlFile(systemId, newState, checkpointLsn, redoLsn, timeline, segmentSizeBytes,
                minimumRecoveryLsn,
                nowWallMicros);
    }

    public ControlFile withCheckpoint(Lsn newCheckpointLsn, Lsn newRedoLsn, TimelineId newTimeline,
            long nowWallMicros) {
        return new ControlFile(systemId, state, newCheckpointLsn, newRedoLsn, newTimeline, segmentSizeBytes,
                minimumRecoveryLsn, nowWallMicros);
    }

    public ControlFile withMinimumRecoveryLsn(Lsn lsn, long nowWallMicros) {
        return new ControlFile(systemId, state, checkpointLsn, redoLsn, timeline, segmentSizeBytes, lsn, nowWallMicros);
    }

    /** @param newTimeline the timeline this node's WAL is on; redo reads along its history */
    public ControlFile withTimeline(TimelineId newTimeline, long nowWallMicros) {
        return new ControlFile(systemId, state, checkpointLsn, redoLsn, newTimeline, segmentSizeBytes,
                minimumRecoveryLsn, nowWallMicros);
    }

    public byte[] encode() {
        byte[] bytes = new byte[SIZE];
        Memory.putLong(bytes, 0, MAGIC);
        Memory.putInt(bytes, 8, VERSION);
        Memory.putInt(bytes, 12, state.id());
        Memory.putLong(bytes, 16, systemId);
        Memory.putLong(bytes, 24, checkpointLsn.value());
        Memory.putLong(bytes, 32, redoLsn.value());
        Memory.putInt(bytes, 40, timeline.value());
        Memory.putInt(bytes, 44, segmentSizeBytes);
        Memory.putInt(bytes, 48, WalFormat.PAGE_SIZE);
        Memory.putInt(bytes, 52, WalFormat.VERSION);
        Memory.putLong(bytes, 56, minimumRecoveryLsn.value());
        Memory.putLong(bytes, 64, wallMicros);
        Memory.putInt(bytes, OFFSET_CRC, crc(bytes));
        return bytes;
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, OFFSET_CRC);
        return (int) crc.getValue();
    }

    /** Decodes the contents of the file {@code name}; throws {@link ControlFileException}. */
    public static ControlFile decode(byte[] bytes, int length, String name) throws ControlFileException {
        if (length < SIZE || Memory.getLong(bytes, 0) != MAGIC) {
            throw new ControlFileException("\"" + name + "\" is not a QuantaDB control file");
        }
        int version = Memory.getInt(bytes, 8);
        int walVersion = Memory.getInt(bytes, 52);
        if (version != VERSION) {
            throw new ControlFileException("control file \"" + name + "\" has version " + version
                    + ", this program reads "
                    + VERSION + (version > VERSION ? ": it is of a newer QuantaDB" : ": it is of an older QuantaDB"));
        }
        int stored = Memory.getInt(bytes, OFFSET_CRC);
        if (stored != crc(bytes)) {
            throw new ControlFileException(String.format("control file \"%s\" has checksum %08X, computed %08X", name,
                    stored,
                    crc(bytes)));
        }
        if (Memory.getInt(bytes, 48) != WalFormat.PAGE_SIZE || walVersion != WalFormat.VERSION) {
            throw new ControlFileException("control file \"" + name + "\" is for pages of " + Memory.getInt(bytes, 48)
                    + " bytes and WAL format " + walVersion + ", this program uses " + WalFormat.PAGE_SIZE + " and "
                    + WalFormat.VERSION);
        }
        int state = Memory.getInt(bytes, 12);
        if (state < 0 || state >= STATES.length) {
            throw new ControlFileException("control file \"" + name + "\" has unknown state " + state);
        }
        return new ControlFile(Memory.getLong(bytes, 16), STATES[state], new Lsn(Memory.getLong(bytes, 24)),
                new Lsn(Memory.getLong(bytes, 32)), new TimelineId(Memory.getInt(bytes, 40)), Memory.getInt(bytes, 44),
                new Lsn(Memory.getLong(bytes, 56)), Memory.getLong(bytes, 64));
    }

    /**
     * Reads it. Throws {@link java.nio.file.NoSuchFileException} if absent, {@link ControlFileException} if unusable.
     */
    public static ControlFile read(FileSystem files, Path dataDirectory) throws IOException {
        Path path = path(dataDirectory);
        try (FileHandle handle = files.openReadOnly(path)) {
            byte[] bytes = new byte[SIZE];
            int length = handle.read(ByteBuffer.wrap(bytes), 0);
            return decode(bytes, length, path.toString());
        }
    }

    /** Replaces the file; durable on return. After an exception the old or the new contents are there, never a mix. */
    public void write(FileSystem files, Path dataDirectory) throws IOException {
        Path path = path(dataDirectory);
        if (!files.exists(path.getParent())) {
            files.createDirectories(path.getParent());
            files.syncDirectory(dataDirectory);
        }
        DurableFile.replace(files, path, encode());
    }
}
