package io.quantadb.txn.serializable;

import io.quantadb.base.Invariant;
import io.quantadb.txn.lock.InterruptCheck;
import io.quantadb.txn.lock.LockInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/**
 * Keeps the read-write conflicts among serializable transactions and finds dangerous structures: T1 -&gt; T2 -&gt; T3
 * (each arrow: reads what the next overwrites, both
 * concurrent), T3 committed first, and, if T1 writes nothing, T3 committed before T1's snapshot. Safe for use by many
 * threads.
 *
 * <p>One mutex guards the graph. Begin and commit are in its order, commit record included, so commit LSNs and
 * snapshots ascend in it. The tables of reads have locks of their own:
 * order page latch, mutex, {@link HeldReads}, table partition; nobody takes the mutex holding one behind it.
 *
 * <p>Source: Cahill, Röhm, Fekete, "Serializable Isolation for Snapshot Databases", 2008; Ports and Grittner,
 * "Serializable Snapshot Isolation in PostgreSQL", 2012.
 */
public final class ConflictTracker {
    /**
     * Entries of all transactions in the tables of reads; then the oldest finished ones are made coarse, and running
     * ones read whole relations.
     */
    static final int HELD_MAX = 100_000;
    /** Committed transactions remembered one by one. */
    static final int FINISHED_MAX = 50_000;
    private static final long SAFE_WAIT_NANOS = 20_000_000;

    private final LongSupplier horizon;
    private final int heldMax;
    private final ReadTable readTable = new ReadTable();
    private final KeyRangeTable keyRanges = new KeyRangeTable();
    private final ConcurrentHashMap<Long, SerializableTransaction> writers = new ConcurrentHashMap<>();
    private final AtomicInteger held = new AtomicInteger();
    private final ReentrantLock mutex = new ReentrantLock();
    /** Running transactions but for safe ones, ascending by snapshot. */
    private SerializableTransaction oldestActive;
    private SerializableTransaction newestActive;
    /** Later serializable snapshots stand at least here: who begins later sees no less. */
    private long newestSnapshotLsn;
    private final FinishedTransactions finished;

    /** @param horizon where snapshots stand; never falls */
    public ConflictTracker(LongSupplier horizon) {
        this(horizon, HELD_MAX, FINISHED_MAX);
    }

    ConflictTracker(LongSupplier horizon, int heldMax, int finishedMax) {
        this.horizon = horizon;
        this.heldMax = heldMax;
        finished = new FinishedTransactions(this, finishedMax);
    }

    ReadTable readTable() {
        return readTable;
    }

    KeyRangeTable keyRanges() {
        return keyRanges;
    }

    ConcurrentHashMap<Long, SerializableTransaction> writers() {
        return writers;
    }

    void countHeld(int change) {
        held.addAndGet(change);
    }

    int held() {
        return held.get();
    }

    // ---- Begin

    /**
     * Begins a transaction with its snapshot.
     *
     * @param readOnly it will write nothing
     * @param register registers the snapshot at or above the LSN it is given, and returns its LSN
     * @return if it {@link SerializableTransaction#isSafe}, nothing has to be done with it any more
     */
    public SerializableTransaction begin(int processId, boolean readOnly, LongUnaryOperator register) {
        mutex.lock();
        try {
            long lsn = register.applyAsLong(newestSnapshotLsn);
            Invariant.check(lsn >= newestSnapshotLsn, "serializable snapshot at %d after one at %d", lsn,
                    newestSnapshotLsn);
            newestSnapshotLsn = lsn;
            SerializableTransaction begun = new SerializableTransaction(this, processId, lsn, readOnly);
            if (readOnly && !isThreatened(begun)) {
                begun.safe = true;
                return begun;
            }
            begun.previousActive = newestActive;
            if (newestActive == null) {
                oldestActive = begun;
            } else {
                newestActive.nextActive = begun;
            }
            newestActive = begun;
            return begun;
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Whether a read-only transaction may be T1: somebody it does not see has overlooked, or may yet be found to have
     * overlooked, what it sees.
     */
    private boolean isThreatened(SerializableTransaction reader) {
        for (SerializableTransaction at = oldestActive; at != null && at.snapshotLsn < reader.snapshotLsn;
                at = at.nextActive) {
            if (!at.readOnly && !at.doomed) {
                reader.threats.add(at);
                at.threatened.add(reader);
            }
        }
        reader.unsafe = finished.hasPivotFor(reader.snapshotLsn);
        return reader.unsafe || !reader.threats.isEmpty();
    }

    /**
     * DEFERRABLE: waits until the transaction is safe.
     *
     * @return false if it never will be: begin again
     */
    public boolean awaitSafe(SerializableTransaction reader, InterruptCheck interrupts) {
        while (true) {
            mutex.lock();
            try {
                if (reader.safe || reader.unsafe) {
                    reader.waiter = null;
                    return reader.safe;
                }
                reader.waiter = Thread.currentThread();
            } finally {
                mutex.unlock();
            }
            interrupts.check();
            LockSupport.parkNanos(this, SAFE_WAIT_NANOS);
        }
    }

    // ---- Conflicts

    /** The reader, running and the caller's, does not see what {@code xid} did. */
    void conflictOut(SerializableTransaction reader, long xid, long commitLsn) {
        SerializableTransaction writer = writers.get(xid);
        if (writer == reader) {
            return;
        }
        mutex.lock();
        try {
            if (reader.safe) {
                return;
            }
            if (reader.doomed) {
                throw SerializationFailure.of(SerializationFailure.DURING_READ);
            }
            if (writer != null) {
                conflictOut(reader, writer);
            } else if (commitLsn > 0 && finished.mayHaveForgotten(xid, commitLsn)) {
                throw SerializationFailure.outToOldPivot(xid);
            }
        } finally {
            mutex.unlock();
        }
    }

    /** Up to which commit LSN a T3 is dangerous to a running T1. */
    private static long newestT3(SerializableTransaction t1) {
        return t1.readOnly ? t1.snapshotLsn : SerializableTransaction.NONE - 1;
    }

    private void conflictOut(SerializableTransaction reader, SerializableTransaction writer) {
        long newestT3 = newestT3(reader);
        switch (writer.state) {
            case ABORTED -> { }
            case COMMITTED -> {
                if (writer.finishBound <= reader.snapshotLsn) {
                    return;
                }
                // The writer as T2, or as T3 with the reader as T2.
                if (writer.earliestOut <= newestT3 || hasReaderSince(reader, writer.finishBound)) {
                    throw SerializationFailure.outToPivot(writer.topXid());
                }
                reader.earliestOut = Math.min(reader.earliestOut, writer.finishBound);
            }
            case RUNNING -> {
                if (writer.doomed || !writer.in.add(reader)) {
                    return;
                }
                reader.out.add(writer);
                if (writer.earliestOut <= newestT3) {
                    doom(writer);
                }
            }
        }
    }

    /**
     * Whether some T1 reads what the pivot overwrites, and is still running, or finished, at {@code t3Lsn}; with its
     * snapshot not before that if it writes nothing.
     */
    private static boolean hasReaderSince(SerializableTransaction pivot, long t3Lsn) {
        if (pivot.finishedIn >= t3Lsn) {
            return true;
        }
        for (SerializableTransaction reader : pivot.in) {
            if (!reader.doomed && (!reader.readOnly || reader.snapshotLsn >= t3Lsn)) {
                return true;
            }
        }
        return false;
    }

    /** The writer, running and the caller's, overwrites what the readers read. */
    void conflictIn(SerializableTransaction writer, Readers readers) {
        if (readers.count() == 0 && readers.finishedBound() <= writer.snapshotLsn) {
            return;
        }
        mutex.lock();
        try {
            conflictInLocked(writer, readers);
        } finally {
            mutex.unlock();
        }
    }

    private static void conflictInLocked(SerializableTransaction writer, Readers readers) {
        long finishedBound = readers.finishedBound();
        for (int i = 0; i < readers.count(); i++) {
            SerializableTransaction reader = readers.reader(i);
            switch (reader.state) {
                case ABORTED -> { }
                case COMMITTED -> finishedBound = Math.max(finishedBound, reader.finishBound);
                case RUNNING -> {
                    if (reader.doomed || reader.safe || !writer.in.add(reader)) {
                        continue;
                    }
                    reader.out.add(writer);
                    if (writer.earliestOut <= newestT3(reader)) {
                        throw SerializationFailure.of(SerializationFailure.DURING_WRITE);
                    }
                }
            }
        }
        if (finishedBound > writer.snapshotLsn) {
            writer.finishedIn = Math.max(writer.finishedIn, finishedBound);
            if (writer.earliestOut <= finishedBound) {
                throw SerializationFailure.of(SerializationFailure.DURING_WRITE);
            }
        }
    }

    void conflictInOfRelation(SerializableTransaction writer, long relation, Readers readers) {
        mutex.lock();
        try {
            readers.clear();
            for (SerializableTransaction at = oldestActive; at != null; at = at.nextActive) {
                if (at.reads.hasRead(relation)) {
                    readers.add(at);
                }
            }
            finished.collect(relation, readers);
            conflictInLocked(writer, readers);
        } finally {
            mutex.unlock();
        }
    }

    private static void doom(SerializableTransaction victim) {
        victim.doomed = true;
    }

    // ---- The end

    void beginCommit(SerializableTransaction committer) {
        mutex.lock();
        if (committer.doomed) {
            mutex.unlock();
            throw SerializationFailure.of(SerializationFailure.DURING_COMMIT);
        }
    }

    void endCommit(SerializableTransaction committer, long commitLsn) {
        try {
            if (commitLsn != 0 && committer.safe) {
                committer.state = SerializableTransaction.State.COMMITTED;
            } else if (commitLsn != 0) {
                committer.wrote = true;
                commit(committer, commitLsn);
            }
        } finally {
            mutex.unlock();
        }
    }

    void commitReadOnly(SerializableTransaction committer) {
        mutex.lock();
        try {
            if (committer.doomed) {
                throw SerializationFailure.of(SerializationFailure.DURING_COMMIT);
            }
            if (committer.safe) {
                committer.state = SerializableTransaction.State.COMMITTED;
            } else {
                commit(committer, committer.snapshotLsn);
            }
        } finally {
            mutex.unlock();
        }
    }

    private void commit(SerializableTransaction committer, long bound) {
        committer.state = SerializableTransaction.State.COMMITTED;
        committer.finishBound = bound;
        for (SerializableTransaction pivot : committer.in) {
            // The committer as T3. Its reader is the pivot if somebody still runs who can be T1; the committer itself
            // can.
            if (!pivot.doomed && hasRunningReader(pivot, committer)) {
                doom(pivot);
            }
            pivot.earliestOut = Math.min(pivot.earliestOut, bound);
            pivot.out.remove(committer);
        }
        for (SerializableTransaction writer : committer.out) {
            writer.in.remove(committer);
            writer.finishedIn = Math.max(writer.finishedIn, bound);
        }
        leave(committer);
        long limit = limit();
        if (bound <= limit) {
            committer.reads.drop(limit);
            committer.xids().forEach(writers::remove);
        } else {
            committer.reads.finish(bound, limit);
            finished.add(committer);
        }
        finished.release(limit);
    }

    private static boolean hasRunningReader(SerializableTransaction pivot, SerializableTransaction committer) {
        for (SerializableTransaction reader : pivot.in) {
            if (reader == committer || !reader.doomed && !reader.readOnly) {
                return true;
            }
        }
        return false;
    }

    void abort(SerializableTransaction aborter) {
        mutex.lock();
        try {
            if (aborter.state != SerializableTransaction.State.RUNNING) {
                return;
            }
            aborter.state = SerializableTransaction.State.ABORTED;
            if (aborter.safe) {
                return;
            }
            forgetEdges(aborter);
            leave(aborter);
            long limit = limit();
            aborter.reads.drop(limit);
            aborter.xids().forEach(writers::remove);
            finished.release(limit);
        } finally {
            mutex.unlock();
        }
    }

    private static void forgetEdges(SerializableTransaction gone) {
        gone.in.forEach(reader -> reader.out.remove(gone));
        gone.out.forEach(writer -> writer.in.remove(gone));
        gone.in.clear();
        gone.out.clear();
    }

    /** Takes a transaction that ends off the list of active ones, and tells the read-only ones it threatened. */
    private void leave(SerializableTransaction leaver) {
        leaver.in.clear();
        leaver.out.clear();
        unlink(leaver);
        for (SerializableTransaction writer : leaver.threats) {
            writer.threatened.remove(leaver);
        }
        leaver.threats.clear();
        for (SerializableTransaction reader : List.copyOf(leaver.threatened)) {
            reader.threats.remove(leaver);
            if (leaver.wrote && leaver.earliestOut <= reader.snapshotLsn) {
                reader.unsafe = true;
            }
            if (reader.threats.isEmpty() && !reader.unsafe) {
                becomeSafe(reader);
            }
            LockSupport.unpark(reader.waiter);
        }
        leaver.threatened.clear();
    }

    private void becomeSafe(SerializableTransaction reader) {
        reader.safe = true;
        forgetEdges(reader);
        unlink(reader);
        reader.reads.drop(0);
    }

    private void unlink(SerializableTransaction gone) {
        if (gone.previousActive == null) {
            oldestActive = gone.nextActive;
        } else {
            gone.previousActive.nextActive = gone.nextActive;
        }
        if (gone.nextActive == null) {
            newestActive = gone.previousActive;
        } else {
            gone.nextActive.previousActive = gone.previousActive;
        }
        gone.previousActive = null;
        gone.nextActive = null;
    }

    /** Whoever finished at or below it is seen by all who run and all who will begin. */
    private long limit() {
        long future = Math.max(newestSnapshotLsn, horizon.getAsLong());
        return oldestActive == null ? future : Math.min(future, oldestActive.snapshotLsn);
    }

    // ---- Memory

    /** Called after each entry: gives up precision, never an entry, when there are too many. */
    void relieve(SerializableTransaction reader) {
        if (held.get() <= heldMax) {
            return;
        }
        mutex.lock();
        try {
            finished.release(limit());
            finished.coarsen(heldMax - heldMax / 8);
        } finally {
            mutex.unlock();
        }
        if (held.get() > heldMax) {
            reader.reads.coarsen();
        }
    }

    // ---- For DDL and views

    /**
     * A rewritten table: who has read anything of {@code old} counts as having read all of {@code replacement}. To be
     * called by the rewriter, who has locked out everybody else. Also for a dropped index,
     * with its table as the replacement.
     */
    public void transfer(long old, long replacement) {
        mutex.lock();
        try {
            for (SerializableTransaction at = oldestActive; at != null; at = at.nextActive) {
                if (at.reads.hasRead(old)) {
                    at.reads.readWhole(replacement, 0);
                }
            }
            finished.transfer(old, replacement);
        } finally {
            mutex.unlock();
        }
    }

    /** Lines of pg_locks, mode SIReadLock. */
    public List<LockInfo> list() {
        List<LockInfo> result = new ArrayList<>();
        mutex.lock();
        try {
            for (SerializableTransaction at = oldestActive; at != null; at = at.nextActive) {
                at.reads.report(result);
            }
            finished.report(result);
        } finally {
            mutex.unlock();
        }
        return result;
    }

    /** Committed transactions still remembered one by one. */
    public int finishedCount() {
        mutex.lock();
        try {
            finished.release(limit());
            return finished.size();
        } finally {
            mutex.unlock();
        }
    }
}
