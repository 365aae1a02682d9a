package io.quantadb.storage.buffer;

import static io.quantadb.storage.buffer.Descriptors.CHECKPOINT;
import static io.quantadb.storage.buffer.Descriptors.DIRTY;
import static io.quantadb.storage.buffer.Descriptors.WRITE_WAITERS;
import static io.quantadb.storage.buffer.Descriptors.WRITING;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.Memory;
import io.quantadb.base.RelationId;
import io.quantadb.storage.StorageException;
import io.quantadb.storage.file.RelationFiles;
import io.quantadb.storage.page.Page;
import io.quantadb.storage.page.PageChecksum;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Moves pages between buffers and files: WAL before data, checksums, one writer a buffer at a time.
 *
 * <p>A write copies the page under the shared latch, clears DIRTY in the same breath, and works on the copy: no latch
 * is held during the WAL flush or the I/O, and hint bits that others set meanwhile cannot spoil the checksum. WRITING
 * keeps writes of one buffer in order, and its page in memory until the copy is in the file.
 */
final class BufferWriter {
    private static final int SCRATCH_BYTES = BufferPool.READ_AHEAD_BLOCKS * Page.SIZE;
    private static final int SCRATCHES_KEPT = 16;

    private final long pages;
    private final Descriptors descriptors;
    private final BufferLatch latch;
    private final ParkingLot lot;
    private final Supplier<PageWal> wal;
    private final RelationFiles files;
    private final ArrayBlockingQueue<ByteBuffer> scratches = new ArrayBlockingQueue<>(SCRATCHES_KEPT);
    private final LongAdder writes = new LongAdder();
    private final LongAdder unconfirmed = new LongAdder();

    BufferWriter(long pages, Descriptors descriptors, BufferLatch latch, ParkingLot lot, Supplier<PageWal> wal,
        RelationFiles files) {
        this.pages = pages;
        this.descriptors = descriptors;
        this.latch = latch;
        this.lot = lot;
        this.wal = wal;
        this.files = files;
    }

    long writes() {
        return writes.sum();
    }

    /** Writes that were not done because replicas had not confirmed the page's last change. */
    long unconfirmed() {
        return unconfirmed.sum();
    }

    /** Asks for the WAL to become durable, which lets more pages be written. */
    void hurry() {
        wal.get().hurry();
    }

    /**
     * Writes the buffer, which the caller has pinned, if it is dirty.
     *
     * @param mayWait wait for another writer and for the latch; only for callers that hold no latch
     * @return whether the file now has everything the page had at the call; false only if {@code mayWait} is false
     */
    boolean write(int buffer, boolean mayWait) {
        while (true) {
            long state = descriptors.state(buffer);
            if ((state & WRITING) != 0) {
                if (!mayWait) {
                    return false;
                }
                awaitWrite(buffer);
            } else if ((state & DIRTY) == 0) {
                return true;
            } else if (descriptors.compareAndSetState(buffer, state, state | WRITING)) {
                return writeMarked(buffer, mayWait);
            }
        }
    }

    /**
     * Writes the buffer if the checkpoint marked it and nobody has since. Waits for a write that is under way in any
     * case: it may be the one that took the mark.
     */
    boolean writeIfMarked(int buffer) {
        while (true) {
            long state = descriptors.state(buffer);
            if ((state & WRITING) != 0) {
                awaitWrite(buffer);
            } else if ((state & CHECKPOINT) == 0) {
                return false;
            } else if ((state & DIRTY) == 0) {
                descriptors.changeState(buffer, 0, CHECKPOINT);
            } else if (descriptors.compareAndSetState(buffer, state, state | WRITING)) {
                writeMarked(buffer, true);
                return true;
            }
        }
    }

    private boolean writeMarked(int buffer, boolean mayWait) {
        ByteBuffer scratch = takeScratch();
        boolean done = false;
        boolean copied = false;
        long before = 0;
        long recoveryLsn = 0;
        try {
            if (mayWait) {
                latch.shared(buffer);
            } else if (!latch.tryShared(buffer)) {
                return false;
            }
            if (!mayWait && !wal.get().mayWrite(Page.lsn(pages + (long) buffer * Page.SIZE))) {
                latch.unlockShared(buffer);
                unconfirmed.increment();
                return false;
            }
            Memory.copy(pages + (long) buffer * Page.SIZE, Memory.addressOf(scratch), Page.SIZE);
            recoveryLsn = descriptors.recoveryLsn(buffer);
            descriptors.setRecoveryLsn(buffer, Long.MAX_VALUE);
            before = descriptors.changeState(buffer, 0, DIRTY | CHECKPOINT);
            copied = true;
            latch.unlockShared(buffer);
            writeCopy(buffer, scratch);
            done = true;
            return true;
        } finally {
            if (copied && !done) {
                descriptors.lowerRecoveryLsn(buffer, recoveryLsn);
            }
            endWrite(buffer, copied && !done ? before & (DIRTY | CHECKPOINT) : 0);
            scratches.offer(scratch);
        }
    }

    private void writeCopy(int buffer, ByteBuffer scratch) {
        long forkBlock = descriptors.forkBlock(buffer);
        int block = (int) forkBlock;
        wal.get().flush(Page.lsn(Memory.addressOf(scratch)));
        PageChecksum.stamp(scratch, 0, block);
        scratch.limit(Page.SIZE).position(0);
        files.write(BufferPool.relationOf(descriptors.relation(buffer)), ForkNumber.of((int) (forkBlock >>> 32)), block,
            scratch);
        writes.increment();
    }

    /**
     * The mark of a checkpoint goes with the copy and not here: it may have been set since, for a change the copy
     * lacks.
     */
    private void endWrite(int buffer, long set) {
        while (true) {
            long state = descriptors.state(buffer);
            if (descriptors.compareAndSetState(buffer, state, state & ~(WRITING | WRITE_WAITERS) | set)) {
                if ((state & WRITE_WAITERS) != 0) {
                    lot.wake(buffer);
                }
                return;
            }
        }
    }

    /** Returns when the write that was under way has ended, one way or the other. */
    void awaitWrite(int buffer) {
        ParkingLot.Bucket bucket = lot.bucket(buffer);
        bucket.lock.lock();
        try {
            while (true) {
                long state = descriptors.state(buffer);
                if ((state & WRITING) == 0) {
                    return;
                }
                if ((state & WRITE_WAITERS) == 0
                    && !descriptors.compareAndSetState(buffer, state, state | WRITE_WAITERS)) {
                    continue;
                }
                bucket.changed.awaitUninterruptibly();
            }
        } finally {
            bucket.lock.unlock();
        }
    }

    /**
     * Reads {@code count} consecutive blocks with one request into the buffers and verifies them.
     *
     * @return how many, from the first on, are good; at least 1
     * @throws StorageException if the read failed or the first block is damaged
     */
    int readBlocks(RelationId relation, ForkNumber fork, int first, int[] buffers, int count) {
        ByteBuffer scratch = takeScratch();
        try {
            scratch.limit(count * Page.SIZE).position(0);
            int found = files.read(relation, fork, first, scratch);
            if (found == 0) {
                throw StorageException.corrupted("could not read block " + first + " in file \""
                    + files.path(relation, fork, first)
                    + "\": read only 0 of " + Page.SIZE + " bytes");
            }
            for (int i = 0; i < found; i++) {
                StorageException damage = verify(relation, fork, first + i, scratch, i * Page.SIZE);
                if (damage != null && i == 0) {
                    throw damage;
                }
                if (damage != null) {
                    return i;
                }
                Memory.copy(Memory.addressOf(scratch) + (long) i * Page.SIZE, pages + (long) buffers[i] * Page.SIZE,
                    Page.SIZE);
            }
            return found;
        } finally {
            scratches.offer(scratch);
        }
    }

    private StorageException verify(RelationId relation, ForkNumber fork, int block, ByteBuffer scratch, int start) {
        int stored = PageChecksum.stored(scratch, start);
        long page = Memory.addressOf(scratch) + start;
        if (stored == 0 && PageChecksum.isAllZero(page)) {
            return null;
        }
        int computed = PageChecksum.compute(scratch, start, block);
        if (computed == stored && Page.isHeaderSane(page)) {
            return null;
        }
        String where = "invalid page in block " + block + " of relation " + files.path(relation, fork, block);
        if (computed != stored) {
            return StorageException.corrupted(String.format("%s: checksum %08x, expected %08x", where, stored,
                computed));
        }
        return StorageException.corrupted(String.format("%s: header lower %d, upper %d, special %d, layout version %d",
            where, Page.lower(page), Page.upper(page), Page.special(page), Page.layoutVersion(page)));
    }

    private ByteBuffer takeScratch() {
        ByteBuffer scratch = scratches.poll();
        return scratch != null ? scratch : ByteBuffer.allocateDirect(SCRATCH_BYTES);
    }
}
