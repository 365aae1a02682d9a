package io.quantadb.storage.buffer;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Invariant;
import io.quantadb.base.Memory;
import io.quantadb.base.RelationId;
import io.quantadb.error.SqlState;
import io.quantadb.storage.StorageException;
import io.quantadb.storage.file.RelationFiles;
import io.quantadb.storage.page.Page;
import io.quantadb.wal.writer.WalInserter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pages of relations in memory: pins, latches, eviction, and WAL before data. Safe for use by many threads, virtual
 * ones included.
 *
 * <p>A buffer is an {@code int} in [0, {@link #size()}). It means something only while it is <em>pinned</em>; what the
 * page contains may be read under the shared latch, an optimistic stamp or the exclusive latch, and changed under the
 * exclusive latch. Every pin is given back by exactly one {@link #unpin}, latches first.
 *
 * <p>Recipe of a change: {@code wal.admit()}, pin, latchExclusive, check that nothing can fail any more, change the
 * page, {@link #markDirty}, insert the record, {@link Page#setLsn} with its end LSN, unlatch, unpin. {@code markDirty}
 * comes before the insert: see README, "Checkpoint".
 *
 * <p>All methods that can read or evict throw {@link StorageException}; then they have pinned nothing.
 */
public final class BufferPool implements AutoCloseable {
    /** Largest number of blocks one read-ahead takes in, 128 KiB. */
    public static final int READ_AHEAD_BLOCKS = 16;
    private static final Logger LOG = LoggerFactory.getLogger(BufferPool.class);
    private static final int MIN_BUFFERS = 16;
    private static final long READABLE = Descriptors.TAGGED | Descriptors.VALID;

    private final RelationFiles files;
    private final int buffers;
    private final PoolMemory memory;
    private final long pages;
    private final Descriptors descriptors;
    private final ParkingLot lot = new ParkingLot();
    private final BufferLatch latch;
    private final PageTable table;
    private final BufferWriter writer;
    private final VictimFinder victims;
    private final LongAdder hits = new LongAdder();
    private final LongAdder reads = new LongAdder();
    private volatile PageWal wal;

    public BufferPool(long sizeBytes, WalInserter wal, RelationFiles files) {
        this(sizeBytes, PageWal.of(wal), files);
    }

    /** @param sizeBytes rounded down to whole pages, at least {@value #MIN_BUFFERS} of them */
    public BufferPool(long sizeBytes, PageWal wal, RelationFiles files) {
        this.buffers = (int) Math.clamp(sizeBytes / Page.SIZE, MIN_BUFFERS, (1 << 30));
        this.wal = wal;
        this.files = files;
        this.memory = PoolMemory.allocate((long) buffers * Page.SIZE);
        this.pages = memory.address();
        this.descriptors = new Descriptors(buffers);
        this.latch = new BufferLatch(descriptors.latchWords(), Descriptors.SIZE, lot);
        this.table = new PageTable(descriptors, buffers);
        this.writer = new BufferWriter(pages, descriptors, latch, lot, () -> this.wal, files);
        this.victims = new VictimFinder(buffers, descriptors, latch, table, writer);
    }

    /** Gives the memory back. Nobody uses the pool any more; nothing is written. */
    @Override
    public void close() {
        table.close();
        descriptors.close();
        memory.close();
    }

    /** Number of buffers. */
    public int size() {
        return buffers;
    }

    /** Blocks a fork has now, 0 if it does not exist. */
    public int forkBlocks(RelationId relation, ForkNumber fork) {
        return files.blockCount(relation, fork);
    }

    /** Path of a relation's first file, relative to the data directory. */
    public String filePath(RelationId relation) {
        return files.path(relation, ForkNumber.MAIN, 0);
    }

    public RelationFiles files() {
        return files;
    }

    /**
     * Changes where the pool waits for WAL: when recovery ends, and when a replica is promoted. Nobody writes pages
     * meanwhile.
     */
    public void setWal(PageWal wal) {
        this.wal = wal;
    }

    /** The relation as the allocation-free variants take it. */
    public static long key(RelationId relation) {
        return (long) relation.databaseOid() << 32 | relation.fileNumber() & 0xFFFFFFFFL;
    }

    public static RelationId relationOf(long key) {
        return new RelationId((int) (key >>> 32), (int) key);
    }

    static long forkBlock(ForkNumber fork, int block) {
        return (long) fork.id() << 32 | block & 0xFFFFFFFFL;
    }

    // ---- Pins

    /** Pins the block, reading it if it is not in memory. The block exists: it is below {@link #blockCount}. */
    public int pin(RelationId relation, ForkNumber fork, int block) {
        return pin(key(relation), fork, block, null);
    }

    public int pin(long relationKey, ForkNumber fork, int block) {
        return pin(relationKey, fork, block, null);
    }

    /** @param ring the caller's ring, null for {@link BufferAccess#NORMAL} */
    public int pin(long relationKey, ForkNumber fork, int block, BufferRing ring) {
        int buffer = pinResident(relationKey, forkBlock(fork, block), ring == null);
        if (buffer >= 0) {
            hits.increment();
            return buffer;
        }
        return pinMissing(relationKey, fork, block, 1, ring);
    }

    /**
     * As {@link #pin}, for a scan that goes on up to {@code endBlock} (exclusive): a miss reads some of the blocks that
     * follow too.
     */
    public int pinSequential(long relationKey, ForkNumber fork, int block, int endBlock, BufferRing ring) {
        int buffer = pinResident(relationKey, forkBlock(fork, block), ring == null);
        if (buffer >= 0) {
            hits.increment();
            return buffer;
        }
        int most = ring == null ? Math.min(READ_AHEAD_BLOCKS, buffers / 8)
            : Math.min(READ_AHEAD_BLOCKS, ring.pages() / 2);
        return pinMissing(relationKey, fork, block, Math.clamp(endBlock - block, 1, Math.max(1, most)), ring);
    }

    /**
     * Pins and exclusively latches a block that the caller is going to overwrite whole. If it is not in memory it is
     * not read (it may be torn on disk) but zeroed. The block is below {@link #blockCount}.
     */
    public int pinToOverwrite(RelationId relation, ForkNumber fork, int block) {
        long key = key(relation);
        long forkBlock = forkBlock(fork, block);
        while (true) {
            int buffer = pinResident(key, forkBlock, true);
            if (buffer < 0) {
                int claimed = victims.claim(null);
                buffer = installOrFind(claimed, key, forkBlock, true);
                if (buffer < 0) {
                    Memory.fill(address(claimed), Page.SIZE, 0);
                    descriptors.changeState(claimed, Descriptors.VALID, 0);
                    return claimed;
                }
                victims.giveBack(claimed);
                if ((descriptors.state(buffer) & Descriptors.VALID) == 0 && !awaitRead(buffer)) {
                    continue;
                }
            }
            latch.exclusive(buffer);
            return buffer;
        }
    }

    /**
     * As {@link #pin} for forks whose loss is harmless (free-space and visibility maps): a damaged page is replaced by
     * zeros, with a warning in the log.
     */
    public int pinOrZero(RelationId relation, ForkNumber fork, int block) {
        try {
            return pin(relation, fork, block);
        } catch (StorageException e) {
            if (e.sqlState() != SqlState.DATA_CORRUPTED) {
                throw e;
            }
            LOG.warn("{}; zeroing out page", e.getMessage());
            int buffer = pinToOverwrite(relation, fork, block);
            latch.unlockExclusive(buffer);
            return buffer;
        }
    }

    /** Pins the block only if it is in memory; -1 if not. */
    public int pinIfResident(long relationKey, ForkNumber fork, int block) {
        return pinResident(relationKey, forkBlock(fork, block), true);
    }

    /** A further pin of a buffer the caller has pinned. */
    public void pinAgain(int buffer) {
        long before = descriptors.addState(buffer, Descriptors.PIN);
        Invariant.check(Descriptors.pins(before) > 0, "second pin of buffer %d, which has %d", buffer,
            Descriptors.pins(before));
    }

    public void unpin(int buffer) {
        long before = descriptors.addState(buffer, -Descriptors.PIN);
        Invariant.check(Descriptors.pins(before) > 0, "buffer %d unpinned with %d pins", buffer,
            Descriptors.pins(before));
    }

    /** Unlatches and unpins. */
    public void releaseShared(int buffer) {
        latch.unlockShared(buffer);
        unpin(buffer);
    }

    /** Unlatches and unpins. */
    public void releaseExclusive(int buffer) {
        latch.unlockExclusive(buffer);
        unpin(buffer);
    }

    /** Address of the page, {@value Page#SIZE} bytes. Stays mapped for the life of the pool. */
    public long address(int buffer) {
        return pages + (long) buffer * Page.SIZE;
    }

    public int blockNumber(int buffer) {
        return (int) descriptors.forkBlock(buffer);
    }

    public ForkNumber fork(int buffer) {
        return ForkNumber.of((int) (descriptors.forkBlock(buffer) >>> 32));
    }

    public long relationKey(int buffer) {
        return descriptors.relation(buffer);
    }

    public RelationId relation(int buffer) {
        return relationOf(descriptors.relation(buffer));
    }

    // ---- Latches

    public void latchShared(int buffer) {
        latch.shared(buffer);
    }

    public boolean tryLatchShared(int buffer) {
        return latch.tryShared(buffer);
    }

    public void unlatchShared(int buffer) {
        latch.unlockShared(buffer);
    }

    public void latchExclusive(int buffer) {
        latch.exclusive(buffer);
    }

    public boolean tryLatchExclusive(int buffer) {
        return latch.tryExclusive(buffer);
    }

    public void unlatchExclusive(int buffer) {
        latch.unlockExclusive(buffer);
    }

    /**
     * Latches exclusively if that is possible at once and the caller's pin is the only one: then nobody else has an
     * address into the page, and items may be moved. New pins may come while it is held; they see the page only after
     * the latch is gone.
     */
    public boolean tryLatchForCleanup(int buffer) {
        if (!latch.tryExclusive(buffer)) {
            return false;
        }
        if (Descriptors.pins(descriptors.state(buffer)) == 1) {
            return true;
        }
        latch.unlockExclusive(buffer);
        return false;
    }

    /**
     * Redo has to move items of a page that readers keep pinned: gives the block another buffer with the same
     * content, and leaves
     * the old one to those readers, whose snapshots need nothing newer. So replay never waits for a pin.
     *
     * <p>The caller has the buffer pinned, not latched, and is the only one who changes pages: a replica's redo.
     *
     * @return the new buffer, pinned and exclusively latched; the caller's pin of the old one is gone
     */
    int moveAwayFromReaders(int buffer) {
        long relation = descriptors.relation(buffer);
        long forkBlock = descriptors.forkBlock(buffer);
        // Clean, so that a checkpoint that looks for dirty buffers misses nothing while the block moves.
        writer.write(buffer, true);
        int fresh = victims.claim(null);
        latch.exclusive(buffer);
        ReentrantLock stripe = table.stripe(relation, forkBlock);
        stripe.lock();
        try {
            Invariant.check((descriptors.state(buffer) & (Descriptors.DIRTY | Descriptors.WRITING)) == 0,
                "buffer %d was changed while redo moved it: %d", buffer, forkBlock);
            table.remove(buffer);
            descriptors.changeState(buffer, 0, Descriptors.TAGGED | Descriptors.USAGE_MASK | Descriptors.CHECKPOINT);
            Memory.copy(address(buffer), address(fresh), Page.SIZE);
            descriptors.setTag(fresh, relation, forkBlock);
            table.insert(fresh);
            descriptors.changeState(fresh, Descriptors.TAGGED | Descriptors.VALID | Descriptors.USAGE, 0);
        } finally {
            stripe.unlock();
        }
        releaseExclusive(buffer);
        return fresh;
    }

    /** For one who holds the exclusive latch: whether it is as good as a cleanup latch. */
    public boolean isOnlyPin(int buffer) {
        return Descriptors.pins(descriptors.state(buffer)) == 1;
    }

    /** Stamp for an optimistic read; 0 while the buffer is exclusively latched. */
    public long optimisticRead(int buffer) {
        return latch.optimistic(buffer);
    }

    /**
     * Whether everything read since {@link #optimisticRead} returned {@code stamp} belongs to one state of the page.
     */
    public boolean validate(int buffer, long stamp) {
        return latch.validate(buffer, stamp);
    }

    /** Takes the exclusive latch if nothing changed since {@code stamp}; the caller has a pin. */
    public boolean tryUpgrade(int buffer, long stamp) {
        return latch.upgrade(buffer, stamp);
    }

    /**
     * Finds a resident block without pinning it; -1 if absent. For optimistic readers: take a stamp of the buffer, then
     * check {@link #holds}, read, {@link #validate}. Replacing the page of a buffer changes its version, so a valid
     * stamp vouches for the block too. Does not count as a use for eviction.
     */
    public int find(long relationKey, ForkNumber fork, int block) {
        return table.find(relationKey, forkBlock(fork, block));
    }

    /** Whether the buffer holds this block, readable. Certain only with a stamp taken before and validated after. */
    public boolean holds(int buffer, long relationKey, ForkNumber fork, int block) {
        return descriptors.isTag(buffer, relationKey, forkBlock(fork, block))
            && (descriptors.state(buffer) & READABLE) == READABLE;
    }

    /**
     * Notes that the page is newer than its file. The caller holds the exclusive latch and has not yet inserted the WAL
     * record of the change.
     */
    public void markDirty(int buffer) {
        long state = descriptors.state(buffer);
        assert latch.isExclusive(buffer) : "buffer " + buffer + " marked dirty without the exclusive latch";
        if ((state & Descriptors.DIRTY) == 0) {
            descriptors.changeState(buffer, Descriptors.DIRTY, 0);
            descriptors.setRecoveryLsn(buffer, wal.insertLsn());
        }
    }

    /** As {@link #markDirty}, for redo of the record that starts at {@code recordStartLsn}. */
    void markDirtyInRedo(int buffer, long recordStartLsn) {
        if ((descriptors.state(buffer) & Descriptors.DIRTY) == 0) {
            descriptors.changeState(buffer, Descriptors.DIRTY, 0);
            descriptors.setRecoveryLsn(buffer, recordStartLsn);
        }
    }

    public boolean isDirty(int buffer) {
        return (descriptors.state(buffer) & Descriptors.DIRTY) != 0;
    }

    // ---- Sizes

    /** Blocks of the fork, 0 if it does not exist. */
    public int blockCount(RelationId relation, ForkNumber fork) {
        return files.blockCount(relation, fork);
    }

    /**
     * Appends a zeroed block and returns its buffer, pinned and exclusively latched, not dirty. Space on disk is taken
     * before it returns, so a full disk shows here (53100) and not when the page is written.
     */
    public int extend(RelationId relation, ForkNumber fork) {
        return extend(relation, fork, null);
    }

    public int extend(RelationId relation, ForkNumber fork, BufferRing ring) {
        int buffer = victims.claim(ring);
        ReentrantLock extension = files.extensionLock(relation, fork);
        extension.lock();
        try {
            int block = files.blockCount(relation, fork);
            files.ensureAllocated(relation, fork, block + 1);
            install(buffer, key(relation), forkBlock(fork, block), ring == null);
            Memory.fill(address(buffer), Page.SIZE, 0);
            descriptors.changeState(buffer, Descriptors.VALID, 0);
            files.setBlockCount(relation, fork, block + 1);
            return buffer;
        } catch (StorageException e) {
            victims.giveBack(buffer);
            throw e;
        } finally {
            extension.unlock();
        }
    }

    /**
     * Appends {@code count} zeroed blocks without pinning them: for loads that know how much comes, and contended
     * tables. A new page is recognised by {@link Page#isNew}.
     *
     * @return number of the first
     */
    public int extendBlocks(RelationId relation, ForkNumber fork, int count) {
        ReentrantLock extension = files.extensionLock(relation, fork);
        extension.lock();
        try {
            int first = files.blockCount(relation, fork);
            files.ensureAllocated(relation, fork, first + count);
            files.setBlockCount(relation, fork, first + count);
            return first;
        } finally {
            extension.unlock();
        }
    }

    /** Makes the fork at least {@code count} blocks long. Used by redo and by maps that are addressed directly. */
    public void ensureBlocks(RelationId relation, ForkNumber fork, int count) {
        ReentrantLock extension = files.extensionLock(relation, fork);
        extension.lock();
        try {
            if (files.blockCount(relation, fork) < count) {
                files.ensureAllocated(relation, fork, count);
                files.setBlockCount(relation, fork, count);
            }
        } finally {
            extension.unlock();
        }
    }

    // ---- Bulk access

    /** NORMAL for relations that fit well into the pool, BULK_READ for others. */
    public BufferAccess accessForScan(int blocks) {
        return blocks > buffers / 4 ? BufferAccess.BULK_READ : BufferAccess.NORMAL;
    }

    /** A ring for one operation; null for NORMAL, which every method taking a ring understands. */
    public BufferRing newRing(BufferAccess access) {
        if (access == BufferAccess.NORMAL) {
            return null;
        }
        return new BufferRing(access, Math.max(1, Math.min(access.ringPages(), buffers / 8)));
    }

    // ---- Removing and writing

    /** Forgets all pages of all forks, dirty or not; nobody uses the relation any more. The files stay. */
    public void dropRelation(RelationId relation) {
        long key = key(relation);
        forEachTagged((buffer, tagRelation, forkBlock) -> tagRelation == key, victims::invalidate);
    }

    /**
     * Forgets the pages from {@code blocks} on. The caller shortens the file afterwards, see {@code
     * StorageChanges.truncate}.
     */
    public void dropBlocks(RelationId relation, ForkNumber fork, int blocks) {
        long key = key(relation);
        forEachTagged((buffer, tagRelation, forkBlock) -> tagRelation == key && forkBlock >>> 32 == fork.id()
            && (int) forkBlock >= blocks, victims::invalidate);
    }

    /** Forgets all pages of a database that is dropped. */
    public void invalidateDatabase(int databaseOid) {
        forEachTagged((buffer, tagRelation, forkBlock) -> (int) (tagRelation >>> 32) == databaseOid,
            victims::invalidate);
    }

    /** Writes all dirty pages of the relation to its files, without syncing them. */
    public void flushRelation(RelationId relation) {
        long key = key(relation);
        forEachTagged((buffer, tagRelation, forkBlock) -> tagRelation == key, this::flushBlock);
    }

    /** Writes one block if it is in memory and dirty; waits for a write that is under way. */
    void flushBlock(long relation, long forkBlock) {
        int buffer = pinResident(relation, forkBlock, false);
        if (buffer >= 0) {
            try {
                writer.write(buffer, true);
            } finally {
                unpin(buffer);
            }
        }
    }

    // ---- For the checkpointer and background writer

    /** Marks every dirty buffer as to be written by the checkpoint that begins, and returns their tags, unsorted. */
    public List<DirtyBlock> collectDirty() {
        var dirty = new ArrayList<DirtyBlock>();
        for (int buffer = 0; buffer < buffers; buffer++) {
            long state = descriptors.state(buffer);
            if ((state & (Descriptors.DIRTY | Descriptors.WRITING)) != 0 && pinAny(buffer)) {
                if ((descriptors.state(buffer) & (Descriptors.DIRTY | Descriptors.WRITING)) != 0) {
                    descriptors.changeState(buffer, Descriptors.CHECKPOINT, 0);
                    dirty.add(new DirtyBlock(descriptors.relation(buffer), descriptors.forkBlock(buffer)));
                }
                unpin(buffer);
            }
        }
        return dirty;
    }

    /** Writes the block unless it has been written since {@link #collectDirty}. @return whether it wrote */
    public boolean writeForCheckpoint(DirtyBlock block) {
        int buffer = pinResident(block.relationKey(), block.forkBlock(), false);
        if (buffer < 0) {
            return false;
        }
        try {
            return writer.writeIfMarked(buffer);
        } finally {
            unpin(buffer);
        }
    }

    /**
     * Writes up to {@code most} dirty unused pages that eviction would meet next.
     *
     * @return pages written
     */
    public int writeAhead(int most) {
        return victims.writeAhead(most);
    }

    /** Smallest recovery LSN of all dirty pages, {@code Long.MAX_VALUE} if none is dirty. */
    public long oldestRecoveryLsn() {
        long oldest = Long.MAX_VALUE;
        for (int buffer = 0; buffer < buffers; buffer++) {
            if ((descriptors.state(buffer) & Descriptors.DIRTY) != 0) {
                oldest = Math.min(oldest, descriptors.recoveryLsn(buffer));
            }
        }
        return oldest;
    }

    public long hitCount() {
        return hits.sum();
    }

    public long readCount() {
        return reads.sum();
    }

    public BufferPoolMetrics metrics() {
        return new BufferPoolMetrics(buffers, hits.sum(), reads.sum(), writer.writes(), victims.evictions(),
            victims.backendWrites());
    }

    /** Pins held right now, all buffers together: for tests that look for leaks. */
    public long pinsHeld() {
        long pins = 0;
        for (int buffer = 0; buffer < buffers; buffer++) {
            pins += Descriptors.pins(descriptors.state(buffer));
        }
        return pins;
    }

    // ---- Inside

    /** Pins whatever the buffer holds; false if it holds nothing. */
    private boolean pinAny(int buffer) {
        while (true) {
            long state = descriptors.state(buffer);
            if ((state & Descriptors.TAGGED) == 0) {
                return false;
            }
            if (descriptors.compareAndSetState(buffer, state, state + Descriptors.PIN)) {
                return true;
            }
        }
    }

    /** The hit path: no lock, no allocation. Waits while another thread reads the block. */
    private int pinResident(long relation, long forkBlock, boolean countUse) {
        while (true) {
            int buffer = table.find(relation, forkBlock);
            if (buffer < 0) {
                return -1;
            }
            long state = descriptors.state(buffer);
            if ((state & Descriptors.TAGGED) == 0) {
                return -1;
            }
            long next = state + Descriptors.PIN;
            if (countUse && (state & Descriptors.USAGE_MASK) < Descriptors.USAGE_MAX) {
                next += Descriptors.USAGE;
            }
            if (!descriptors.compareAndSetState(buffer, state, next)) {
                continue;
            }
            if (!descriptors.isTag(buffer, relation, forkBlock)) {
                unpin(buffer);
                continue;
            }
            if ((state & Descriptors.VALID) != 0 || awaitRead(buffer)) {
                return buffer;
            }
        }
    }

    /** The reader of a block holds its latch exclusively. False if the read failed; then the pin is gone. */
    private boolean awaitRead(int buffer) {
        latch.shared(buffer);
        latch.unlockShared(buffer);
        if ((descriptors.state(buffer) & Descriptors.VALID) != 0) {
            return true;
        }
        unpin(buffer);
        return false;
    }

    private int pinMissing(long relation, ForkNumber fork, int block, int readAhead, BufferRing ring) {
        while (true) {
            int buffer = victims.claim(ring);
            int other = installOrFind(buffer, relation, forkBlock(fork, block), ring == null);
            if (other >= 0) {
                victims.giveBack(buffer);
                if ((descriptors.state(other) & Descriptors.VALID) != 0 || awaitRead(other)) {
                    hits.increment();
                    return other;
                }
                continue;
            }
            BlockReader reader = new BlockReader(relation, fork, block, buffer);
            if (readAhead > 1) {
                claimFollowing(reader, readAhead, ring);
            }
            reader.read();
            return buffer;
        }
    }

    /** Adds the blocks behind the first as long as they are missing and buffers are at hand. */
    private void claimFollowing(BlockReader reader, int most, BufferRing ring) {
        boolean normal = ring == null;
        while (reader.count < most) {
            long forkBlock = forkBlock(reader.fork, reader.first + reader.count);
            if (table.find(reader.relation, forkBlock) >= 0) {
                return;
            }
            int buffer = claimForReadAhead(ring);
            if (buffer < 0) {
                return;
            }
            int other = installOrFind(buffer, reader.relation, forkBlock, normal);
            if (other >= 0) {
                victims.giveBack(buffer);
                unpin(other);
                return;
            }
            reader.add(buffer);
        }
    }

    /** Read-ahead is a favour: it never fails, least of all while the first block's buffer waits for its read. */
    private int claimForReadAhead(BufferRing ring) {
        try {
            return victims.tryClaim(ring);
        } catch (RuntimeException e) {
            LOG.debug("no read-ahead: {}", e.toString());
            return -1;
        }
    }

    /** Publishes a claimed buffer under a block nobody else can install (the extension lock is held). */
    private void install(int buffer, long relation, long forkBlock, boolean countUse) {
        int other = installOrFind(buffer, relation, forkBlock, countUse);
        Invariant.check(other < 0, "block %d of a file that ends before it is in buffer %d", (int) forkBlock, other);
    }

    /**
     * Publishes the claimed buffer for the block and returns -1; or pins the buffer that already has it and returns
     * that.
     */
    private int installOrFind(int buffer, long relation, long forkBlock, boolean countUse) {
        ReentrantLock stripe = table.stripe(relation, forkBlock);
        stripe.lock();
        try {
            int other = table.findLocked(relation, forkBlock);
            if (other >= 0) {
                descriptors.addState(other, Descriptors.PIN);
                return other;
            }
            descriptors.setTag(buffer, relation, forkBlock);
            table.insert(buffer);
            descriptors.changeState(buffer, Descriptors.TAGGED | (countUse ? Descriptors.USAGE : 0), 0);
            return -1;
        } finally {
            stripe.unlock();
        }
    }

    private void forEachTagged(TagFilter filter, TagAction action) {
        for (int buffer = 0; buffer < buffers; buffer++) {
            if ((descriptors.state(buffer) & Descriptors.TAGGED) != 0) {
                long relation = descriptors.relation(buffer);
                long forkBlock = descriptors.forkBlock(buffer);
                if (filter.test(buffer, relation, forkBlock)) {
                    action.accept(relation, forkBlock);
                }
            }
        }
    }

    private interface TagFilter {
        boolean test(int buffer, long relation, long forkBlock);
    }

    private interface TagAction {
        void accept(long relation, long forkBlock);
    }

    /** One read of consecutive blocks into claimed, installed, exclusively latched buffers. */
    private final class BlockReader {
        private final long relation;
        private final ForkNumber fork;
        private final int first;
        private final int[] targets = new int[READ_AHEAD_BLOCKS];
        private int count = 1;

        BlockReader(long relation, ForkNumber fork, int first, int buffer) {
            this.relation = relation;
            this.fork = fork;
            this.first = first;
            this.targets[0] = buffer;
        }

        void add(int buffer) {
            targets[count++] = buffer;
        }

        /**
         * Afterwards the first buffer is valid and pinned, the others are valid or gone, and unpinned. A failure to
         * read or verify the first is thrown; of the others it is left to whoever wants them.
         */
        void read() {
            StorageException failure = null;
            int verified = 0;
            try {
                verified = writer.readBlocks(relationOf(relation), fork, first, targets, count);
            } catch (StorageException e) {
                failure = e;
            } finally {
                reads.add(verified);
                for (int i = 0; i < count; i++) {
                    finish(targets[i], i < verified, i > 0);
                }
            }
            if (failure != null && verified == 0) {
                throw failure;
            }
        }

        private void finish(int buffer, boolean read, boolean unpin) {
            if (!read) {
                victims.discard(buffer);
                return;
            }
            descriptors.changeState(buffer, Descriptors.VALID, 0);
            latch.unlockExclusive(buffer);
            if (unpin) {
                unpin(buffer);
            }
        }
    }
}
