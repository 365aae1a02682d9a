package io.quantadb.txn;

import io.quantadb.base.Clock;
import io.quantadb.base.FileSystem;
import io.quantadb.base.Xid;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.storage.buffer.CheckpointBarrier;
import io.quantadb.storage.buffer.CheckpointParticipant;
import io.quantadb.storage.buffer.StorageChanges;
import io.quantadb.txn.lock.LockInfo;
import io.quantadb.txn.lock.LockManager;
import io.quantadb.txn.lock.LockOwner;
import io.quantadb.txn.serializable.ConflictTracker;
import io.quantadb.txn.snapshot.SnapshotRegistry;
import io.quantadb.wal.writer.WalInserter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Assigns xids and opens sessions; owns commit table, commit log, snapshots and locks. Safe for use by many threads. See README for the commit protocol.
 *
 * <p>Life: constructed before recovery, when only redo uses it; {@link #startPrimary} after recovery (or at promotion). On a replica
 * sessions may be opened before that for reading; writing needs an xid, which is refused.
 */
public final class TransactionManager implements CheckpointParticipant {
    /** Settling is tried once in so many assigned xids. */
    private static final int SETTLE_INTERVAL_XIDS = 256;

    /**
     * @param directory of the commit log's files
     * @param systemIdentifier written into them
     * @param rowLocksMax row locks held in memory at a time, then 53200
     */
    public record Options(Path directory, long systemIdentifier, long rowLocksMax) {
    }

    private final Clock clock;
    private final CheckpointBarrier barrier;
    private final StorageChanges storage;
    private final CommitLog commitLog;
    private final CommitTable commits;
    private final SnapshotRegistry snapshots;
    private final LockManager locks;
    private final ConflictTracker conflicts;
    private final AtomicLong catalogLsn = new AtomicLong();
    private final AtomicLong nextXid = new AtomicLong(Xid.FIRST_NORMAL);
    private volatile LongSupplier horizon = () -> 0;
    private volatile LongSupplier newSnapshots = () -> 0;
    private volatile LongSupplier durableLsn = () -> 0;
    private volatile WalInserter wal;
    private volatile boolean primary;
    private volatile CommitReplayListener replayListener = (xid, messages, lsn, micros) -> { };

    /**
     * @param barrier held around each commit, see {@link CommitLog}
     * @param storage deletes files of dropped relations
     */
    public TransactionManager(Options options, Clock clock, FileSystem files, CheckpointBarrier barrier, StorageChanges storage) {
        this.clock = clock;
        this.barrier = barrier;
        this.storage = storage;
        commitLog = new CommitLog(files, options.directory(), options.systemIdentifier());
        commits = new CommitTable(commitLog, () -> durableLsn.getAsLong());
        snapshots = new SnapshotRegistry(() -> horizon.getAsLong(), () -> newSnapshots.getAsLong());
        locks = new LockManager(clock, commits, options.rowLocksMax());
        conflicts = new ConflictTracker(() -> horizon.getAsLong());
    }

    /**
     * Begins normal operation: recovery is over (its checkpoint too), or this replica is promoted. Logs where xids go on. {@link #noteXid} has been told of the
     * last checkpoint's next xid.
     *
     * @param durableHorizon highest LSN safe to show: flushed here and on the in-sync replicas; must never fall
     */
    public void startPrimary(WalInserter newWal, LongSupplier durableHorizon) {
        startPrimary(newWal, durableHorizon, durableHorizon);
    }

    /** @param newSnapshotLsn where new snapshots stand: the horizon; may wait */
    public void startPrimary(WalInserter newWal, LongSupplier durableHorizon, LongSupplier newSnapshotLsn) {
        long next = nextXid.get();
        commits.loseBelow(next);
        long lsn = newWal.insert(newWal.newRecord().begin(TransactionRecords.RESOURCE_MANAGER, TransactionRecords.NEXT_XID, 0)
                .mainData().putLong(next).putByte(1));
        newWal.requestFlush(lsn);
        wal = newWal;
        durableLsn = durableHorizon;
        horizon = durableHorizon;
        newSnapshots = newSnapshotLsn;
        primary = true;
        advanceHorizon();
    }

    /**
     * Ends the role of the primary: no xids are assigned from now on.
     *
     * @return false, and nothing has changed, if a transaction that has an xid is running
     */
    public boolean stopPrimary() {
        primary = false;
        // Who assigns an xid from here on sees the role when it has: see assignXid.
        if (commits.isAnyInProgress(nextXid.get())) {
            primary = true;
            return false;
        }
        return true;
    }

    /** Takes {@link #stopPrimary} back. */
    public void resumePrimary() {
        primary = true;
    }

    /**
     * Lets a replica open snapshots.
     *
     * @param newWal for the checkpoint's flush; nothing is inserted
     * @param replayHorizon min(replayed, durable horizon announced by the primary); must never fall
     * @param newSnapshotLsn where new snapshots stand: never below the former; may wait
     */
    public void startReplica(WalInserter newWal, LongSupplier replayHorizon, LongSupplier newSnapshotLsn) {
        wal = newWal;
        newSnapshots = newSnapshotLsn;
        horizon = replayHorizon;
        durableLsn = replayHorizon;
        primary = false;
    }

    /**
     * A replica begins redo at a checkpoint.
     *
     * @param oldestXid everything below it had ended then
     */
    public void startRedo(long oldestXid) {
        commits.startRedo(oldestXid);
    }

    public TxnSession openSession(int processId) {
        return new TxnSession(this, locks.openOwner(processId), snapshots.open());
    }

    public LockManager locks() {
        return locks;
    }

    /** Conflicts among serializable transactions. */
    public ConflictTracker conflicts() {
        return conflicts;
    }

    /** For pg_locks: locks, and reads of serializable transactions. */
    public List<LockInfo> listLocks() {
        List<LockInfo> all = new ArrayList<>(locks.list());
        all.addAll(conflicts.list());
        return all;
    }

    public SnapshotRegistry snapshots() {
        return snapshots;
    }

    public CommitTable commits() {
        return commits;
    }

    /** The last commit that changed catalogs, which everybody looks up at the end of the WAL: new snapshots stand there at least. */
    long catalogLsn() {
        return catalogLsn.get();
    }

    /** A commit changed catalogs; told before it is visible. Also for what a promoted replica has replayed above the horizon. */
    public void catalogCommitted(long commitLsn) {
        catalogLsn.accumulateAndGet(commitLsn, Math::max);
    }

    /** The xid that will be assigned next. */
    public long nextXid() {
        return nextXid.get();
    }

    /** The commit or abort of an old xid for pg_xact_status: "in progress", "committed", "aborted"; null for one never assigned. */
    public String xactStatus(long xid) {
        if (xid >= nextXid.get() || xid < Xid.FIRST_NORMAL) {
            return null;
        }
        long status = commits.status(xid);
        return status == CommitTable.IN_PROGRESS ? "in progress" : status == CommitTable.ABORTED ? "aborted" : "committed";
    }

    /** Oldest xid some session runs; nextXid if none does. For pg_current_snapshot and statistics: walks all sessions. */
    public long oldestRunningXid() {
        long oldest = nextXid.get();
        for (LockOwner owner : locks.owners()) {
            long xid = owner.xid();
            if (xid != 0 && xid < oldest) {
                oldest = xid;
            }
        }
        return oldest;
    }

    /** All xids below it have ended: for checkpoint records, from which replicas begin. */
    public long endedBelow() {
        advanceHorizon();
        return commits.settledXid();
    }

    /**
     * Recomputes the oldest snapshot and settles finished xids. Sessions do it now and then; the background writer does too, for idle times.
     *
     * @return the new lower bound of all snapshots
     */
    public long advanceHorizon() {
        long oldest = snapshots.refreshOldestLsn();
        commits.settle(oldest, nextXid.get());
        return oldest;
    }

    // ---- For sessions

    Clock clock() {
        return clock;
    }

    WalInserter wal() {
        return wal;
    }

    /** Sections that a checkpoint, and the end of the primary's role, wait for. */
    public CheckpointBarrier barrier() {
        return barrier;
    }

    StorageChanges storage() {
        return storage;
    }

    /** Whether this node is a primary. */
    public boolean acceptsWrites() {
        return primary;
    }

    long assignXid(long topXid) {
        long xid = nextXid.getAndIncrement();
        if (!primary) {
            throw new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot assign TransactionIds during recovery");
        }
        if (topXid == Xid.INVALID) {
            commits.register(xid);
        } else {
            commits.registerSubtransaction(xid, topXid);
        }
        if (xid % SETTLE_INTERVAL_XIDS == 0) {
            advanceHorizon();
        }
        return xid;
    }

    // ---- For redo and checkpoints

    /** Who is told of replayed commits. */
    public void setReplayListener(CommitReplayListener listener) {
        replayListener = listener;
    }

    /** Redo of any record: its xid has been assigned. */
    public void noteXid(long xid) {
        if (xid >= nextXid.get()) {
            nextXid.accumulateAndGet(xid + 1, Math::max);
        }
    }

    void replay(boolean commit, TransactionRecords.Outcome outcome, long endLsn) {
        noteXid(outcome.xid());
        for (long subXid : outcome.subXids()) {
            noteXid(subXid);
        }
        if (commit) {
            commits.replayCommit(outcome.xid(), outcome.subXids(), outcome.subXids().length, endLsn);
            replayListener.replayed(outcome.xid(), outcome.invalidations(), endLsn, outcome.wallMicros());
        } else {
            for (long subXid : outcome.subXids()) {
                commits.abort(subXid);
            }
            if (outcome.xid() != Xid.INVALID) {
                commits.abort(outcome.xid());
            }
        }
        if (outcome.xid() % SETTLE_INTERVAL_XIDS == 0) {
            advanceHorizon();
        }
    }

    void replayNextXid(long xid, boolean lost) {
        noteXid(xid - 1);
        if (lost) {
            commits.loseBelow(xid);
        }
    }

    /**
     * A checkpoint's share: makes the commit log durable. The next xid is a counter of the checkpoint record.
     */
    @Override
    public void checkpoint(long redoLsn) {
        WalInserter inserter = wal;
        commitLog.checkpoint(inserter == null ? () -> { } : () -> inserter.flush(inserter.insertLsn()));
    }
}
