package io.quantadb.main;

import io.quantadb.base.Clock;
import io.quantadb.base.FileSystem;
import io.quantadb.base.PosixFileSystem;
import io.quantadb.base.Xid;
import io.quantadb.catalog.CatalogIds;
import io.quantadb.config.ServerConfig;
import io.quantadb.maintenance.StorageRecovery;
import io.quantadb.maintenance.WalCheckpointLog;
import io.quantadb.replication.receiver.BaseCopy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The data directory of this node: locked against a second server for as long as this object is open.
 *
 * <p>A directory is initialised in this order: control file and WAL, catalogs, and last {@value #MARKER}. One without
 * the marker belongs to an initialisation that did not finish; it is emptied and
 * begun again.
 */
final class DataDirectory implements AutoCloseable {
    static final String LOCK = "quantadb.pid";
    static final String MARKER = "QUANTADB_VERSION";
    static final String FORMAT = "1";
    /** What a node knows of its cluster: Raft's files, slots, reports. Not part of base copies. */
    static final String CLUSTER = "cluster";

    private final Path path;
    private final FileChannel lockFile;
    private volatile boolean created;
    private final boolean readOnly;

    private DataDirectory(Path path, FileChannel lockFile, boolean created, boolean readOnly) {
        this.path = path;
        this.lockFile = lockFile;
        this.created = created;
        this.readOnly = readOnly;
    }

    /**
     * Creates the directory (0700) if it is absent, and locks it. Throws {@link StartupException} if somebody else has
     * it, or it holds something else.
     */
    static DataDirectory open(Path path) throws IOException, StartupException {
        if (!Files.exists(path)) {
            Files.createDirectories(path.toAbsolutePath().getParent());
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        if (!Files.isDirectory(path)) {
            throw new StartupException("data directory " + path + " is not a directory");
        }
        FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            ByteBuffer pid = ByteBuffer.allocate(32);
            channel.read(pid, 0);
            channel.close();
            throw new StartupException("data directory " + path + " is in use by another QuantaDB server (process "
                + new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII).trim() + ")");
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
        boolean finished = Files.exists(path.resolve(MARKER));
        if (finished) {
            checkFormat(path, channel);
        } else if (!BaseCopy.isIncomplete(PosixFileSystem.INSTANCE, path)) {
            clear(path, channel);
        }
        return new DataDirectory(path, channel, !finished, false);
    }

    /**
     * Opens an existing directory for looking at it only, and locks it against servers: writes nothing. Throws {@link
     * StartupException} if a server has it, or it is not a finished data directory.
     */
    static DataDirectory openReadOnly(Path path) throws IOException, StartupException {
        if (!Files.exists(path.resolve(MARKER))) {
            throw new StartupException(path + " is not a QuantaDB data directory, or its initialisation did not finish");
        }
        if (!Files.exists(path.resolve(LOCK))) {
            return new DataDirectory(path, null, false, true);
        }
        FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.READ);
        boolean free;
        try {
            free = channel.tryLock(0, Long.MAX_VALUE, true) != null;
        } catch (OverlappingFileLockException e) {
            // The server runs in this process.
            free = false;
        }
        if (!free) {
            channel.close();
            throw new StartupException("data directory " + path + " is in use by a QuantaDB server");
        }
        checkFormat(path, channel);
        return new DataDirectory(path, channel, false, true);
    }

    private static void checkFormat(Path path, FileChannel channel) throws IOException, StartupException {
        String format = Files.readString(path.resolve(MARKER)).trim();
        if (!format.equals(FORMAT)) {
            channel.close();
            throw new StartupException("data directory " + path + " has format " + format + ", this server reads format " + FORMAT);
        }
    }

    /** Removes what an unfinished initialisation left; refuses a directory with files of others. */
    private static void clear(Path path, FileChannel channel) throws IOException, StartupException {
        boolean ours = Files.exists(path.resolve("global")) || Files.exists(path.resolve(StorageRecovery.WAL_DIRECTORY));
        try (Stream<Path> entries = Files.list(path)) {
            for (Path entry : entries.toList()) {
                String name = entry.getFileName().toString();
                if (name.equals(LOCK) || name.equals("lost+found") || name.equals("wal") || name.equals("backups") || name.equals("data")
                    || name.equals(CLUSTER)) {
                    continue;
                }
                if (!ours && !Secrets.isSecretFile(name)) {
                    channel.close();
                    throw new StartupException("data directory " + path + " is not empty and is not a QuantaDB data directory (it holds " + name + ")");
                }
                if (!Secrets.isSecretFile(name)) {
                    delete(entry);
                }
            }
        }
    }

    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            try (Stream<Path> entries = Files.list(path)) {
                for (Path entry : entries.toList()) {
                    delete(entry);
                }
            }
        }
        Files.delete(path);
    }

    Path path() {
        return path;
    }

    /** Whether it has no database yet. */
    boolean isNew() {
        return created;
    }

    /** Writes control file and WAL of a new system. */
    void initialiseStorage(FileSystem files, ServerConfig config, Clock clock) throws IOException {
        if (config.server().walDirectory() != null) {
            Path link = path.resolve(StorageRecovery.WAL_DIRECTORY);
            Path wal = config.server().walDirectory().toAbsolutePath();
            Files.createDirectories(wal);
            if (!wal.equals(link.toAbsolutePath())) {
                Files.createSymbolicLink(link, wal);
            }
        }
        long systemId = clock.wallMicros() << 12 | new SecureRandom().nextInt(1 << 12);
        StorageRecovery.initialise(files, path, systemId & Long.MAX_VALUE, config.wal().segmentBytes(), new WalCheckpointLog.Counters() {
            @Override
            public long nextXid() {
                return Xid.FIRST_NORMAL;
            }

            @Override
            public long nextOid() {
                return CatalogIds.FIRST_USER_OID;
            }

            @Override
            public long oldestXid() {
                return Xid.FIRST_NORMAL;
            }
        }, clock);
    }

    /** Gives up the database in it, durably: from here on it counts as not initialised. Keeps top-level names that are {@code own}. */
    void discard(Predicate<String> own) throws IOException {
        created = true;
        Files.deleteIfExists(path.resolve(MARKER));
        PosixFileSystem.INSTANCE.syncDirectory(path);
        try (Stream<Path> entries = Files.list(path)) {
            for (Path entry : entries.toList()) {
                if (!own.test(entry.getFileName().toString())) {
                    delete(entry);
                }
            }
        }
        try (Stream<Path> entries = Files.list(path.resolve(StorageRecovery.WAL_DIRECTORY))) {
            for (Path entry : entries.toList()) {
                delete(entry);
            }
        }
    }

    /** The catalogs are complete and durable: the directory may be used from now on. */
    void finishInitialisation(FileSystem files) throws IOException {
        Path temporary = path.resolve(MARKER + ".new");
        Files.writeString(temporary, FORMAT + "\n");
        try (var handle = files.open(temporary)) {
            handle.sync(true);
        }
        files.rename(temporary, path.resolve(MARKER));
        files.syncDirectory(path);
        created = false;
    }

    @Override
    public void close() throws IOException {
        if (lockFile != null) {
            if (!readOnly) {
                lockFile.truncate(0);
            }
            lockFile.close();
        }
    }
}
