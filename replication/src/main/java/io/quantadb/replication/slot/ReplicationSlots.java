package io.quantadb.replication.slot;

import io.quantadb.base.Clock;
import io.quantadb.base.FileSystem;
import io.quantadb.base.Lsn;
import io.quantadb.replication.slot.SlotException.Reason;
import io.quantadb.wal.recovery.DurableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slots of a node: one file each in a directory of their own. Safe for use by many threads.
 *
 * <p>Creation, removal and invalidation are durable on return. A restart LSN that moves is written by {@link #save}
 * (called at checkpoints, before WAL is removed): after a crash an older one comes back, which retains too much, never
 * too little.
 *
 * <p>Invariants: a restart LSN moves forward only; an invalidated slot retains nothing and stays so until dropped.
 */
public final class ReplicationSlots {
    /** One slot and whether a replica uses it now. */
    public record View(ReplicationSlot slot, boolean active) {
    }

    public static final int SLOTS_MAX = 64;
    private static final Logger LOGGER = LoggerFactory.getLogger(ReplicationSlots.class);
    private static final String SUFFIX = ".slot";

    private static final class Entry {
        ReplicationSlot slot;
        boolean dirty;
        /** Who uses it; null = nobody. */
        Object user;

        Entry(ReplicationSlot slot) {
            this.slot = slot;
        }
    }

    private final FileSystem files;
    private final Path directory;
    private final long systemId;
    private final Clock clock;
    private final Map<String, Entry> entries = new TreeMap<>();
    /** Held by whoever writes a file, so that no older state overwrites a newer one; taken before the monitor. */
    private final ReentrantLock fileLock = new ReentrantLock();
    private volatile long maxRetainedBytes;

    /**
     * Reads the slots of the directory, which is created if absent.
     *
     * @param maxRetainedBytes {@code replication.max_retained_wal}; 0 = no limit
     * @throws IOException if a file is damaged or of another system; the message names it
     */
    public ReplicationSlots(FileSystem files, Path directory, long systemId, long maxRetainedBytes, Clock clock)
            throws IOException {
        this.files = files;
        this.directory = directory;
        this.systemId = systemId;
        this.clock = clock;
        this.maxRetainedBytes = maxRetainedBytes;
        files.createDirectories(directory);
        files.syncDirectory(directory.getParent());
        for (String name : files.list(directory)) {
            if (name.endsWith(SUFFIX)) {
                ReplicationSlot slot = ReplicationSlot.decode(DurableFile.read(files, directory.resolve(name)), name);
                if (slot.systemId() != systemId) {
                    throw new IOException("replication slot \"" + name + "\" belongs to system "
                            + Long.toUnsignedString(slot.systemId()) + ", not " + Long.toUnsignedString(systemId));
                }
                entries.put(slot.name(), new Entry(slot));
            } else {
                files.delete(directory.resolve(name));
            }
        }
    }

    public void maxRetainedBytes(long bytes) {
        maxRetainedBytes = bytes;
    }

    public synchronized List<View> list() {
        List<View> result = new ArrayList<>();
        entries.values().forEach(entry -> result.add(new View(entry.slot, entry.user != null)));
        return result;
    }

    /** Null if there is none of the name. */
    public synchronized View get(String name) {
        Entry entry = entries.get(name);
        return entry == null ? null : new View(entry.slot, entry.user != null);
    }

    private Entry find(String name) throws SlotException {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new SlotException(Reason.NOT_FOUND, "replication slot \"" + name + "\" does not exist");
        }
        return entry;
    }

    /** Makes a slot that retains WAL from {@code restartLsn} on. Durable on return. */
    public void create(String name, Lsn restartLsn) throws SlotException, IOException {
        fileLock.lock();
        try {
            createLocked(name, restartLsn);
        } finally {
            fileLock.unlock();
        }
    }

    private synchronized void createLocked(String name, Lsn restartLsn) throws SlotException, IOException {
        if (entries.containsKey(name)) {
            throw new SlotException(Reason.EXISTS, "replication slot \"" + name + "\" already exists");
        }
        add(name, restartLsn, false);
    }

    private Entry add(String name, Lsn restartLsn, boolean baseCopy) throws SlotException, IOException {
        if (!ReplicationSlot.isValidName(name)) {
            throw new SlotException(Reason.INVALID_NAME, "replication slot name \"" + name + "\" is not valid");
        }
        if (entries.size() >= SLOTS_MAX) {
            throw new SlotException(Reason.TOO_MANY, "all " + SLOTS_MAX + " replication slots are in use");
        }
        Entry entry = new Entry(new ReplicationSlot(name, systemId, restartLsn, false, baseCopy, clock.wallMicros()));
        write(entry.slot);
        entries.put(name, entry);
        return entry;
    }

    /** Removes a slot that nobody uses. Durable on return. */
    public void drop(String name) throws SlotException, IOException {
        fileLock.lock();
        try {
            dropLocked(name);
        } finally {
            fileLock.unlock();
        }
    }

    private synchronized void dropLocked(String name) throws SlotException, IOException {
        Entry entry = find(name);
        if (entry.user != null) {
            throw new SlotException(Reason.IN_USE, "replication slot \"" + name + "\" is in use");
        }
        files.delete(path(name));
        files.syncDirectory(directory);
        entries.remove(name);
    }

    /**
     * Takes the slot for streaming from {@code startLsn}; makes it if there is none. A former user loses it: it is a
     * connection of the same replica that died.
     *
     * @throws SlotException INVALIDATED if its WAL is gone
     */
    public void acquire(String name, Lsn startLsn, Object user) throws SlotException, IOException {
        fileLock.lock();
        try {
            acquireLocked(name, startLsn, user);
        } finally {
            fileLock.unlock();
        }
    }

    private synchronized void acquireLocked(String name, Lsn startLsn, Object user) throws SlotException, IOException {
        Entry entry = entries.get(name);
        if (entry == null) {
            entry = add(name, startLsn, false);
        }
        checkValid(entry);
        entry.user = user;
    }

    private static void checkValid(Entry entry) throws SlotException {
        if (entry.slot.invalidated()) {
            throw new SlotException(Reason.INVALIDATED, "replication slot \"" + entry.slot.name()
                    + "\" was invalidated: it retained more WAL than replication.max_retained_wal allows; "
                    + "the replica needs a new base copy");
        }
    }

    /** Gives the slot back; nothing happens if somebody else has it now. */
    public synchronized void release(String name, Object user) {
        Entry entry = entries.get(name);
        if (entry != null && entry.user == user) {
            entry.user = null;
        }
    }

    /** Whether {@code user} still has the slot and it is valid. */
    public synchronized boolean isHeldBy(String name, Object user) {
        Entry entry = entries.get(name);
        return entry != null && entry.user == user && !entry.slot.invalidated();
    }

    /**
     * Prepares the slot for a base copy that starts at {@code redoLsn}: an old or invalidated slot of the name is
     * replaced. Until {@link #endBaseCopy} it stays at the redo point, also while WAL is streamed beside the copy, so
     * that the copy can be resumed. Durable on return.
     */
    public void beginBaseCopy(String name, Lsn redoLsn) throws SlotException, IOException {
        fileLock.lock();
        try {
            beginBaseCopyLocked(name, redoLsn);
        } finally {
            fileLock.unlock();
        }
    }

    private synchronized void beginBaseCopyLocked(String name, Lsn redoLsn) throws SlotException, IOException {
        Entry old = entries.get(name);
        if (old != null && old.user != null) {
            throw new SlotException(Reason.IN_USE, "replication slot \"" + name + "\" is in use");
        }
        entries.remove(name);
        try {
            add(name, redoLsn, true);
        } catch (IOException | SlotException e) {
            if (old != null) {
                entries.put(name, old);
            }
            throw e;
        }
    }

    /** The base copy is complete: from now on the slot follows what its replica reports. */
    public synchronized void endBaseCopy(String name) {
        Entry entry = entries.get(name);
        if (entry != null && entry.slot.baseCopy()) {
            entry.slot = entry.slot.withBaseCopy(false);
            entry.dirty = true;
        }
    }

    /** Whether a base copy with this redo point can be resumed: its WAL is still retained. */
    public synchronized boolean retains(String name, Lsn redoLsn) {
        Entry entry = entries.get(name);
        return entry != null && !entry.slot.invalidated() && entry.slot.restartLsn().compareTo(redoLsn) <= 0;
    }

    /** The replica has everything before {@code lsn}. Cheap; not durable before {@link #save}. */
    public synchronized void advance(String name, Lsn lsn, Object user) {
        Entry entry = entries.get(name);
        if (entry != null && entry.user == user && !entry.slot.invalidated() && !entry.slot.baseCopy()
                && entry.slot.restartLsn().compareTo(lsn) < 0) {
            entry.slot = entry.slot.withRestartLsn(lsn);
            entry.dirty = true;
        }
    }

    /** Writes the slots that have moved. Streams are not held up meanwhile. */
    public void save() throws IOException {
        fileLock.lock();
        try {
            List<ReplicationSlot> moved = new ArrayList<>();
            synchronized (this) {
                for (Entry entry : entries.values()) {
                    if (entry.dirty) {
                        moved.add(entry.slot);
                        entry.dirty = false;
                    }
                }
            }
            for (ReplicationSlot slot : moved) {
                saveMoved(slot);
            }
        } finally {
            fileLock.unlock();
        }
    }

    private void saveMoved(ReplicationSlot slot) throws IOException {
        boolean written = false;
        try {
            DurableFile.replace(files, path(slot.name()), slot.encode());
            written = true;
        } finally {
            if (!written) {
                synchronized (this) {
                    Entry entry = entries.get(slot.name());
                    if (entry != null) {
                        entry.dirty = true;
                    }
                }
            }
        }
    }

    /**
     * The oldest WAL that must be kept, for the checkpointer, who calls this before it removes WAL: saves the slots and
     * invalidates those that retain more than the limit.
     *
     * @param insertLsn end of the WAL
     * @return the smallest restart LSN of a valid slot; null if none retains anything
     */
    public Lsn enforceRetention(Lsn insertLsn) throws IOException {
        fileLock.lock();
        try {
            Lsn minimum = invalidateBeyond(insertLsn);
            // Restart LSNs only grow meanwhile: what is saved is at or behind the minimum.
            save();
            return minimum;
        } finally {
            fileLock.unlock();
        }
    }

    private synchronized Lsn invalidateBeyond(Lsn insertLsn) throws IOException {
        Lsn minimum = null;
        for (Entry entry : entries.values()) {
            ReplicationSlot slot = entry.slot;
            if (slot.invalidated()) {
                continue;
            }
            long retained = insertLsn.value() - slot.restartLsn().value();
            if (maxRetainedBytes > 0 && retained > maxRetainedBytes) {
                ReplicationSlot invalid = slot.asInvalidated();
                write(invalid);
                entry.slot = invalid;
                entry.dirty = false;
                LOGGER.warn("Replication slot \"{}\" is invalidated: it retains {} bytes of WAL from {} on, "
                        + "replication.max_retained_wal is {}; the replica needs a new base copy", slot.name(),
                        retained, slot.restartLsn(), maxRetainedBytes);
                continue;
            }
            if (minimum == null || slot.restartLsn().compareTo(minimum) < 0) {
                minimum = slot.restartLsn();
            }
        }
        return minimum;
    }

    /** The smallest restart LSN of a valid slot; null if none retains anything. */
    public synchronized Lsn minimumLsn() {
        return entries.values().stream().filter(entry -> !entry.slot.invalidated())
                .map(entry -> entry.slot.restartLsn()).min(Lsn::compareTo).orElse(null);
    }

    private Path path(String name) {
        return directory.resolve(name + SUFFIX);
    }

    private void write(ReplicationSlot slot) throws IOException {
        DurableFile.replace(files, path(slot.name()), slot.encode());
    }
}
