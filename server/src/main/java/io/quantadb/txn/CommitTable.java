package io.quantadb.txn;

import io.quantadb.base.Invariant;
import io.quantadb.base.Xid;
import io.quantadb.txn.lock.XidStatus;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Outcome of every xid: for recent ones the commit LSN, in memory; for older ones what {@link CommitLog} says. Safe for use by many threads;
 * reading takes no lock.
 *
 * <p>States of an entry and who changes them (an xid's own session, or redo):
 *
 * <pre>
 *   0 in progress ──markCommitting──▶ 1 committing ──publish──▶ LSN committed
 *        │     ▲                          │
 *        │     └──────undoCommitting──────┘   (the record could not be inserted)
 *        └──────────abort──────────▶ -1 aborted
 *   -(top xid), below -1: running subtransaction; leaves this state as 0 does
 * </pre>
 *
 * A reader that meets <em>committing</em> spins: the record's LSN is known within the time of one WAL insert. So no snapshot that is taken
 * meanwhile can answer differently later.
 *
 * <p>Entries below {@link #settledXid} have ended, and their commits are at or below every snapshot in use or to come: "committed" is then the whole
 * answer, and their chunks are dropped.
 */
public final class CommitTable implements XidStatus {
    /** Neither committed nor aborted. */
    public static final long IN_PROGRESS = 0;
    public static final long ABORTED = -1;
    /** Commit LSN given for what committed too long ago to be remembered: before every snapshot. */
    public static final long LONG_AGO = 2;
    private static final long COMMITTING = 1;

    private static final int CHUNK_BITS = 14;
    private static final int CHUNK_SIZE = 1 << CHUNK_BITS;
    private static final int CHUNK_MASK = CHUNK_SIZE - 1;
    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);

    /** Chunks of consecutive xids, from chunk number {@code first} on; null where nothing recent is known. */
    private record Directory(long first, long[][] chunks) {
        long[] chunk(long xid) {
            long index = (xid >>> CHUNK_BITS) - first;
            return index >= 0 && index < chunks.length ? chunks[(int) index] : null;
        }

        long end() {
            return first + chunks.length << CHUNK_BITS;
        }
    }

    private final CommitLog log;
    private final LongSupplier durableLsn;
    private final ReentrantLock growing = new ReentrantLock();
    private final ReentrantLock settling = new ReentrantLock();
    private volatile Directory directory = new Directory(0, new long[0][]);
    private volatile long settledXid = Xid.FIRST_NORMAL;
    /** Xids below it that are not known to have ended belong to no session: the server that ran them is gone. */
    private volatile long lostBelow;
    /** Xids from here on have no bit in the log that this table did not set: no need to look there. */
    private volatile long inheritedBelow = Long.MAX_VALUE;

    /** @param durableLsn the local flush position: hint bits may say "committed" only of durable commits */
    public CommitTable(CommitLog log, LongSupplier durableLsn) {
        this.log = log;
        this.durableLsn = durableLsn;
    }

    /** Commit LSN (positive), {@link #IN_PROGRESS} or {@link #ABORTED}; waits out a commit being published. */
    public long status(long xid) {
        long[] chunk = directory.chunk(xid);
        if (chunk == null) {
            return oldStatus(xid);
        }
        long value = (long) ENTRY.getAcquire(chunk, (int) xid & CHUNK_MASK);
        if (value > COMMITTING || value == ABORTED) {
            return value;
        }
        return unsettledStatus(chunk, xid, value);
    }

    private long unsettledStatus(long[] chunk, long xid, long value) {
        long seen = value;
        for (int spins = 0; seen == COMMITTING; spins++) {
            if (spins < 1000) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
            seen = (long) ENTRY.getAcquire(chunk, (int) xid & CHUNK_MASK);
        }
        if (seen > COMMITTING || seen == ABORTED) {
            return seen;
        }
        if (xid >= inheritedBelow) {
            return IN_PROGRESS;
        }
        long old = oldStatus(xid);
        // The log is set between COMMITTING and the LSN: if it was set just now, the entry tells when.
        long again = (long) ENTRY.getAcquire(chunk, (int) xid & CHUNK_MASK);
        return again == seen ? old : status(xid);
    }

    private long oldStatus(long xid) {
        if (xid < Xid.FIRST_NORMAL) {
            return xid == Xid.INVALID ? ABORTED : LONG_AGO;
        }
        if (xid >= settledXid && xid >= inheritedBelow) {
            return IN_PROGRESS;
        }
        if (log.isCommitted(xid)) {
            return LONG_AGO;
        }
        return xid < settledXid || xid < lostBelow || log.isAborted(xid) ? ABORTED : IN_PROGRESS;
    }

    /** Whether a commit at this LSN may be noted in a hint bit now: a crash cannot undo it. */
    public boolean isDurable(long commitLsn) {
        return commitLsn <= durableLsn.getAsLong();
    }

    /** Every xid below it has ended and, if it committed, is visible to every snapshot. */
    public long settledXid() {
        return settledXid;
    }

    @Override
    public boolean isInProgress(long xid) {
        return status(xid) == IN_PROGRESS;
    }

    @Override
    public long topLevelXid(long xid) {
        long[] chunk = directory.chunk(xid);
        if (chunk != null) {
            long value = (long) ENTRY.getAcquire(chunk, (int) xid & CHUNK_MASK);
            if (value < ABORTED) {
                return -value;
            }
        }
        return xid;
    }

    // ---- Changes

    /** Makes room for an xid before anybody can meet it. */
    void register(long xid) {
        if (directory.chunk(xid) == null) {
            grow(xid);
        }
    }

    void registerSubtransaction(long xid, long topXid) {
        register(xid);
        set(xid, -topXid);
    }

    void markCommitting(long topXid, long[] subXids, int subCount) {
        for (int i = 0; i < subCount; i++) {
            set(subXids[i], COMMITTING);
        }
        set(topXid, COMMITTING);
    }

    void undoCommitting(long topXid, long[] subXids, int subCount) {
        for (int i = 0; i < subCount; i++) {
            set(subXids[i], -topXid);
        }
        set(topXid, IN_PROGRESS);
    }

    /** Redo of a commit record. */
    void replayCommit(long topXid, long[] subXids, int subCount, long commitLsn) {
        register(topXid);
        for (int i = 0; i < subCount; i++) {
            register(subXids[i]);
        }
        markCommitting(topXid, subXids, subCount);
        publish(topXid, subXids, subCount, commitLsn);
    }

    /** Publishes a commit; the record is in the WAL buffer (or was replayed). */
    void publish(long topXid, long[] subXids, int subCount, long commitLsn) {
        Invariant.check(commitLsn > LONG_AGO, "commit LSN %d of xid %d", commitLsn, topXid);
        for (int i = 0; i < subCount; i++) {
            log.setCommitted(subXids[i]);
            set(subXids[i], commitLsn);
        }
        log.setCommitted(topXid);
        set(topXid, commitLsn);
    }

    void abort(long xid) {
        log.setAborted(xid);
        register(xid);
        set(xid, ABORTED);
    }

    private void set(long xid, long value) {
        long[] chunk = directory.chunk(xid);
        Invariant.check(chunk != null || xid < settledXid, "xid %d is not registered, settled below %d", xid, settledXid);
        if (chunk != null) {
            ENTRY.setVolatile(chunk, (int) xid & CHUNK_MASK, value);
        }
    }

    private void grow(long xid) {
        growing.lock();
        try {
            Directory old = directory;
            long number = xid >>> CHUNK_BITS;
            if (old.chunks.length == 0) {
                directory = new Directory(number, new long[][] {new long[CHUNK_SIZE]});
                return;
            }
            if (number < old.first && xid < settledXid) {
                return;
            }
            long first = Math.min(old.first, number);
            long end = Math.max(old.first + old.chunks.length, number + 1);
            long[][] chunks = new long[(int) (end - first)][];
            System.arraycopy(old.chunks, 0, chunks, (int) (old.first - first), old.chunks.length);
            if (chunks[(int) (number - first)] == null) {
                chunks[(int) (number - first)] = new long[CHUNK_SIZE];
            }
            directory = new Directory(first, chunks);
        } finally {
            growing.unlock();
        }
    }

    /**
     * Moves {@link #settledXid} up as far as the outcome of everything below is visible to everybody, and drops chunks below it.
     *
     * @param oldestLsn lower bound of all snapshots in use or to come
     * @param nextXid never assigned yet: the end of the search
     */
    void settle(long oldestLsn, long nextXid) {
        if (!settling.tryLock()) {
            return;
        }
        try {
            long xid = settledXid;
            while (xid < nextXid && isSettled(xid, oldestLsn)) {
                // Without a chunk all of its xids are alike: take them at once.
                xid = directory.chunk(xid) == null ? Math.min((xid | CHUNK_MASK) + 1, lostBelow) : xid + 1;
            }
            xid = Math.min(xid, nextXid);
            settledXid = xid;
            dropBelow(xid);
            log.settledBelow(xid);
        } finally {
            settling.unlock();
        }
    }

    private boolean isSettled(long xid, long oldestLsn) {
        long[] chunk = directory.chunk(xid);
        if (chunk == null) {
            return xid < lostBelow;
        }
        long value = (long) ENTRY.getAcquire(chunk, (int) xid & CHUNK_MASK);
        return value == ABORTED || value > COMMITTING && value <= oldestLsn || value != COMMITTING && xid < lostBelow && value <= 0
                || value == IN_PROGRESS && xid < inheritedBelow && endedBefore(chunk, xid);
    }

    /** On a replica: it ended before redo began. The log is set before the entry, so an entry still unset rules out an end just now. */
    private boolean endedBefore(long[] chunk, long xid) {
        return (log.isCommitted(xid) || log.isAborted(xid)) && (long) ENTRY.getAcquire(chunk, (int) xid & CHUNK_MASK) == IN_PROGRESS;
    }

    /** Whether an xid below {@code nextXid} has not ended. */
    boolean isAnyInProgress(long nextXid) {
        for (long xid = settledXid; xid < nextXid; xid++) {
            if (status(xid) == IN_PROGRESS) {
                return true;
            }
        }
        return false;
    }

    private void dropBelow(long xid) {
        Directory seen = directory;
        if (seen.chunks.length == 0 || seen.first >= xid >>> CHUNK_BITS) {
            return;
        }
        growing.lock();
        try {
            Directory old = directory;
            long first = Math.min(xid >>> CHUNK_BITS, old.first + old.chunks.length - 1);
            int drop = (int) (first - old.first);
            directory = new Directory(first, Arrays.copyOfRange(old.chunks, drop, old.chunks.length));
        } finally {
            growing.unlock();
        }
    }

    /** A replica begins redo where everything below {@code oldestXid} had ended; the log says how, once it is consistent. */
    void startRedo(long oldestXid) {
        settledXid = Math.max(settledXid, oldestXid);
        log.settledBelow(settledXid);
    }

    /** Ends recovery: what has not ended below {@code nextXid} never will. */
    void loseBelow(long nextXid) {
        lostBelow = Math.max(lostBelow, nextXid);
        inheritedBelow = nextXid;
    }
}
