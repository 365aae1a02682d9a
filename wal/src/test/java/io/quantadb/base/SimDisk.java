package io.quantadb.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A disk in memory that loses, tears and refuses, by a seed. Safe for use by many threads (one lock).
 *
 * <p>What a power cut leaves ({@link #powerOff}, {@link #powerOn}):
 * <ul>
 * <li>every 512-byte sector written since the file's last sync holds its old or its new contents; a seed decides
 * between "all old", "all new",
 *     by 4 KiB page and by sector, and the kernel may also have written a sector back at any time before;
 * <li>the length of a file that grew or shrank since its last sync is the old or the new one;
 * <li>of the creations, renames and deletions since the directory's last sync a prefix has happened (a journal keeps
 * their order).
 * </ul>
 *
 * <p>After a failed sync the unsynced data is dropped as the Linux kernel does it: still readable, but no later sync
 * makes it durable.
 *
 * <p>Source of the idea: SQLite's test6.c and Lucene's MockDirectoryWrapper.
 */
public final class SimDisk implements FileSystem {
    public static final int SECTOR_SIZE = 512;
    private static final int SECTORS_PER_PAGE = 8;

    /** What a fault hits. */
    public enum Operation { READ, WRITE, SYNC, CREATE, RENAME, SYNC_DIRECTORY }

    private static final class Inode {
        byte[] current = new byte[0];
        int currentSize;
        byte[] durable = new byte[0];
        int durableSize;
        final BitSet dirty = new BitSet();
    }

    private record DirectoryChange(Path directory, Path path, Inode inode, Path removed) {
    }

    private static final class Fault {
        final Operation operation;
        final Predicate<Path> path;
        int countdown;
        final boolean permanent;

        Fault(Operation operation, Predicate<Path> path, int countdown, boolean permanent) {
            this.operation = operation;
            this.path = path;
            this.countdown = countdown;
            this.permanent = permanent;
        }
    }

    private final Random random;
    private Map<Path, Inode> files = new HashMap<>();
    private Map<Path, Inode> durableFiles = new HashMap<>();
    private final Set<Path> directories = new HashSet<>();
    private final List<DirectoryChange> pending = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private long capacityBytes = Long.MAX_VALUE;
    private int syncPoints;
    private int powerOffAtSync = -1;
    private boolean off;
    private int generation;

    public SimDisk(long seed) {
        random = new Random(seed);
    }

    // --- what tests do -------------------------------------------------------------------------------------------

    /** Number of syncs (of files and directories) begun so far. */
    public synchronized int syncPoints() {
        return syncPoints;
    }

    /** Cuts the power when sync number {@code number} (counted from 1) begins: before it has any effect. */
    public synchronized void powerOffAtSync(int number) {
        powerOffAtSync = number;
    }

    /** Cuts the power now: every operation fails until {@link #powerOn}. */
    public synchronized void powerOff() {
        off = true;
    }

    public synchronized boolean isOff() {
        return off;
    }

    /** Decides what survived and makes the disk work again. Handles from before stay dead. */
    public synchronized void powerOn() {
        generation++;
        off = false;
        powerOffAtSync = -1;
        applyDirectoryPrefix();
        Set<Inode> survivors = new HashSet<>(durableFiles.values());
        int mode = random.nextInt(4);
        for (Inode inode : survivors) {
            settle(inode, mode);
        }
        files = new HashMap<>(durableFiles);
    }

    /** {@link #powerOff} and {@link #powerOn}. */
    public synchronized void crash() {
        powerOff();
        powerOn();
    }

    /** The {@code number}-th (from 1) matching operation fails with EIO; with {@code permanent} all later ones too. */
    public synchronized void fail(Operation operation, Predicate<Path> path, int number, boolean permanent) {
        faults.add(new Fault(operation, path, number, permanent));
    }

    public synchronized void clearFaults() {
        faults.clear();
    }

    /**
     * The sum of file sizes the volume holds; writes beyond it are cut short and fail with {@link DiskFullException}.
     */
    public synchronized void capacity(long bytes) {
        capacityBytes = bytes;
    }

    public synchronized long usedBytes() {
        long used = 0;
        for (Inode inode : new HashSet<>(files.values())) {
            used += inode.currentSize;
        }
        return used;
    }

    /** Changes bytes behind everybody's back, durably: bit rot. */
    public synchronized void corrupt(Path path, long position, byte[] bytes) throws IOException {
        Inode inode = inode(path);
        System.arraycopy(bytes, 0, inode.current, (int) position, bytes.length);
        if (position + bytes.length <= inode.durableSize) {
            System.arraycopy(bytes, 0, inode.durable, (int) position, bytes.length);
        }
    }

    public synchronized byte[] contents(Path path) throws IOException {
        Inode inode = inode(path);
        return Arrays.copyOf(inode.current, inode.currentSize);
    }

    // --- power loss ----------------------------------------------------------------------------------------------

    private void applyDirectoryPrefix() {
        Map<Path, List<DirectoryChange>> byDirectory = new TreeMap<>();
        for (DirectoryChange change : pending) {
            byDirectory.computeIfAbsent(change.directory(), key -> new ArrayList<>()).add(change);
        }
        for (List<DirectoryChange> changes : byDirectory.values()) {
            int kept = random.nextInt(changes.size() + 1);
            changes.subList(0, kept).forEach(this::makeDurable);
        }
        pending.clear();
    }

    private void makeDurable(DirectoryChange change) {
        if (change.removed() != null) {
            durableFiles.remove(change.removed());
        }
        if (change.inode() != null) {
            durableFiles.put(change.path(), change.inode());
        }
    }

    private void settle(Inode inode, int mode) {
        int size = inode.durableSize;
        if (inode.currentSize != inode.durableSize && random.nextBoolean()) {
            size = inode.currentSize;
        }
        byte[] result = Arrays.copyOf(inode.durable, Math.max(size, inode.durableSize));
        boolean keepPage = false;
        int lastPage = -1;
        for (int sector = inode.dirty.nextSetBit(0); sector >= 0; sector = inode.dirty.nextSetBit(sector + 1)) {
            if (sector / SECTORS_PER_PAGE != lastPage) {
                lastPage = sector / SECTORS_PER_PAGE;
                keepPage = random.nextBoolean();
            }
            boolean keep = switch (mode) {
                case 0 -> false;
                case 1 -> true;
                case 2 -> keepPage;
                default -> random.nextBoolean();
            };
            if (keep) {
                copySector(inode, sector, result, size);
            }
        }
        inode.durable = Arrays.copyOf(result, size);
        inode.durableSize = size;
        inode.current = inode.durable.clone();
        inode.currentSize = size;
        inode.dirty.clear();
    }

    private static void copySector(Inode inode, int sector, byte[] target, int limit) {
        int from = sector * SECTOR_SIZE;
        int to = Math.min(Math.min(from + SECTOR_SIZE, inode.currentSize), Math.min(limit, target.length));
        if (to > from) {
            System.arraycopy(inode.current, from, target, from, to - from);
        }
    }

    // --- checks --------------------------------------------------------------------------------------------------

    private void check(Operation operation, Path path) throws IOException {
        if (off) {
            throw new IOException("power is off: " + operation + " " + path);
        }
        for (Fault fault : faults) {
            if (fault.operation == operation && fault.path.test(path)) {
                fault.countdown--;
                if (fault.countdown == 0 || fault.countdown < 0 && fault.permanent) {
                    throw new IOException("Input/output error (injected): " + operation + " " + path);
                }
            }
        }
    }

    private void syncPoint(Path path) throws IOException {
        syncPoints++;
        if (syncPoints == powerOffAtSync) {
            off = true;
            throw new IOException("power cut at sync " + syncPoints + " of " + path);
        }
    }

    private static Path key(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private Inode inode(Path path) throws IOException {
        Inode inode = files.get(key(path));
        if (inode == null) {
            throw new NoSuchFileException(path.toString());
        }
        return inode;
    }

    // --- FileSystem ----------------------------------------------------------------------------------------------

    @Override
    public synchronized FileHandle open(Path path) throws IOException {
        check(Operation.READ, path);
        return new Handle(key(path), inode(path), false, false);
    }

    @Override
    public synchronized FileHandle openDataSync(Path path) throws IOException {
        check(Operation.READ, path);
        return new Handle(key(path), inode(path), false, true);
    }

    @Override
    public synchronized FileHandle openReadOnly(Path path) throws IOException {
        check(Operation.READ, path);
        return new Handle(key(path), inode(path), true, false);
    }

    @Override
    public synchronized FileHandle openOrCreate(Path path) throws IOException {
        Path key = key(path);
        Inode inode = files.get(key);
        if (inode == null) {
            check(Operation.CREATE, path);
            inode = new Inode();
            files.put(key, inode);
            pending.add(new DirectoryChange(key.getParent(), key, inode, null));
        } else {
            check(Operation.READ, path);
        }
        return new Handle(key, inode, false, false);
    }

    @Override
    public synchronized boolean exists(Path path) throws IOException {
        check(Operation.READ, path);
        return files.containsKey(key(path)) || directories.contains(key(path));
    }

    @Override
    public synchronized long size(Path path) throws IOException {
        check(Operation.READ, path);
        return inode(path).currentSize;
    }

    @Override
    public synchronized List<String> list(Path directory) throws IOException {
        check(Operation.READ, directory);
        Path parent = key(directory);
        List<String> names = new ArrayList<>();
        for (Path path : files.keySet()) {
            if (parent.equals(path.getParent())) {
                names.add(path.getFileName().toString());
            }
        }
        for (Path path : directories) {
            if (parent.equals(path.getParent())) {
                names.add(path.getFileName().toString());
            }
        }
        return names;
    }

    /** Directories are durable at once: losing them whole is not what these tests are about. */
    @Override
    public synchronized void createDirectories(Path directory) throws IOException {
        check(Operation.CREATE, directory);
        for (Path path = key(directory); path != null; path = path.getParent()) {
            directories.add(path);
        }
    }

    @Override
    public synchronized void rename(Path source, Path target) throws IOException {
        check(Operation.RENAME, source);
        Inode inode = inode(source);
        Path from = key(source);
        Path to = key(target);
        files.remove(from);
        files.put(to, inode);
        pending.add(new DirectoryChange(to.getParent(), to, inode, from));
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        check(Operation.CREATE, path);
        Path key = key(path);
        directories.remove(key);
        if (files.remove(key) != null) {
            pending.add(new DirectoryChange(key.getParent(), null, null, key));
        }
    }

    @Override
    public synchronized void syncDirectory(Path directory) throws IOException {
        check(Operation.SYNC_DIRECTORY, directory);
        syncPoint(directory);
        Path key = key(directory);
        for (DirectoryChange change : List.copyOf(pending)) {
            if (change.directory().equals(key)) {
                makeDurable(change);
                pending.remove(change);
            }
        }
    }

    @Override
    public synchronized long usableSpace(Path path) throws IOException {
        check(Operation.READ, path);
        return capacityBytes == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, capacityBytes - usedBytes());
    }

    private final class Handle implements FileHandle {
        private final Path path;
        private final Inode inode;
        private final boolean readOnly;
        private final boolean dataSync;
        private final int openedIn = generation;
        private boolean closed;

        Handle(Path path, Inode inode, boolean readOnly, boolean dataSync) {
            this.path = path;
            this.inode = inode;
            this.readOnly = readOnly;
            this.dataSync = dataSync;
        }

        private void checkOpen(Operation operation) throws IOException {
            if (closed || openedIn != generation) {
                throw new IOException("handle of " + path + (closed ? " is closed" : " is from before the power cut"));
            }
            if (readOnly && operation == Operation.WRITE) {
                throw new IOException("handle of " + path + " is read-only");
            }
            check(operation, path);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (SimDisk.this) {
                checkOpen(Operation.READ);
                int count = (int) Math.max(0, Math.min(target.remaining(), inode.currentSize - position));
                if (count > 0) {
                    target.put(inode.current, (int) position, count);
                }
                return count;
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (SimDisk.this) {
                checkOpen(Operation.WRITE);
                int offset = Math.toIntExact(position);
                int wanted = source.remaining();
                long growth = Math.max(0, offset + (long) wanted - inode.currentSize);
                long room = capacityBytes == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, capacityBytes - usedBytes());
                int count = growth <= room ? wanted : (int) Math.max(0, wanted - (growth - room));
                put(source, offset, count);
                if (count < wanted) {
                    throw new DiskFullException("No space left on device (simulated): " + path, null);
                }
                if (dataSync) {
                    syncPoint(path);
                    writeBack();
                }
            }
        }

        private void put(ByteBuffer source, int offset, int count) {
            int end = offset + count;
            if (count == 0) {
                return;
            }
            resize(Math.max(end, inode.currentSize));
            source.get(inode.current, offset, count);
            int first = offset / SECTOR_SIZE;
            int last = (end - 1) / SECTOR_SIZE;
            inode.dirty.set(first, last + 1);
            if (random.nextInt(16) == 0) {
                int early = first + random.nextInt(last - first + 1);
                if ((early + 1) * SECTOR_SIZE <= inode.durableSize) {
                    copySector(inode, early, inode.durable, inode.durableSize);
                }
            }
        }

        private void resize(int size) {
            if (size > inode.current.length) {
                inode.current = Arrays.copyOf(inode.current, Math.max(size, inode.current.length * 2));
            }
            inode.currentSize = size;
        }

        @Override
        public void sync(boolean metadata) throws IOException {
            synchronized (SimDisk.this) {
                try {
                    checkOpen(Operation.SYNC);
                } catch (IOException e) {
                    inode.dirty.clear();
                    throw e;
                }
                syncPoint(path);
                writeBack();
            }
        }

        private void writeBack() {
            if (inode.durableSize != inode.currentSize || inode.durable.length < inode.currentSize) {
                inode.durable = Arrays.copyOf(Arrays.copyOf(inode.durable, inode.durableSize), inode.currentSize);
                inode.durableSize = inode.currentSize;
            }
            for (int s = inode.dirty.nextSetBit(0); s >= 0; s = inode.dirty.nextSetBit(s + 1)) {
                copySector(inode, s, inode.durable, inode.durableSize);
            }
            inode.dirty.clear();
        }

        @Override
        public long size() throws IOException {
            synchronized (SimDisk.this) {
                checkOpen(Operation.READ);
                return inode.currentSize;
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (SimDisk.this) {
                checkOpen(Operation.WRITE);
                if (size < inode.currentSize) {
                    Arrays.fill(inode.current, (int) size, inode.currentSize, (byte) 0);
                    inode.currentSize = (int) size;
                }
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
