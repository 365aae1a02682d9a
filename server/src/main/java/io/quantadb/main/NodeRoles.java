package io.quantadb.main;

import io.quantadb.base.Lsn;
import io.quantadb.base.TimelineId;
import io.quantadb.maintenance.CheckpointLog;
import io.quantadb.maintenance.Replica;
import io.quantadb.maintenance.ReplicaCheckpointLog;
import io.quantadb.session.Recovery;
import io.quantadb.storage.buffer.DeferredRemovals;
import io.quantadb.txn.snapshot.SnapshotRegistry;
import io.quantadb.wal.record.WalPosition;
import io.quantadb.wal.record.WalRecord;
import io.quantadb.wal.recovery.ControlFile;
import io.quantadb.wal.recovery.RecoveryDriver;
import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.recovery.WalReplay;
import io.quantadb.wal.recovery.WalScan;
import io.quantadb.wal.rmgr.CheckpointRecord;
import io.quantadb.wal.rmgr.ResourceManagers;
import io.quantadb.wal.rmgr.XlogKind;
import io.quantadb.wal.segment.WalSegments;
import io.quantadb.wal.writer.ClusterHorizon;
import io.quantadb.wal.writer.WalWriter;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The roles of a cluster's node: replica, primary, and the ways between them. Positions may be asked for and announced by any thread; role
 * changes are one at a time.
 *
 * <pre>
 * open --&gt; replica --promote--&gt; primary --demote--&gt; replica ...
 *                                   \--abandon, cutWal, open again: a deposed primary that has WAL nobody else has
 * </pre>
 *
 * <p>The horizon outlives all changes: {@link #limit} moves it in either role.
 */
final class NodeRoles implements Recovery, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeRoles.class);
    private static final long CONFLICT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long CANCEL_GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long REMOVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Node node;
    private final Consumer<Throwable> failed;
    private final ClusterHorizon horizon;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile Replica replica;
    private ReplicaCheckpointLog replicaLog;
    private volatile long externalOldestLsn = Long.MAX_VALUE;
    private volatile long replayedCommitLsn;
    private volatile long lastCommitMicros;
    private volatile boolean stopping;
    private volatile Lease lease = () -> { };
    private volatile boolean cutOff;
    private volatile boolean givenUp;
    private volatile long conflictWaitMillis = 30_000;
    private volatile ReaderCancellation readers = (lsn, disown) -> { };
    private Thread housekeeper;

    /** The right of a primary to show what is newest. */
    @FunctionalInterface
    interface Lease {
        /** Returns when the lease is valid, or the node has been told that it is cut off. */
        void await();
    }

    /** A role change could not be made; the node is as it was. */
    static final class RoleException extends Exception {
        private static final long serialVersionUID = 1L;

        RoleException(String message) {
            super(message);
        }
    }

    NodeRoles(Node node, Consumer<Throwable> failed) {
        this.node = node;
        this.failed = failed;
        this.horizon = node.wal.horizon();
    }

    // ---- Opening

    /**
     * Before {@link Node#openReplica}, on a closed directory: gives up the WAL that is not in the cluster's history.
     *
     * @throws HistoryCut.NewCopyNeededException if that is not enough
     */
    static HistoryCut.Result cutWal(Node.DirectoryAccess access, TimelineHistory target) throws IOException {
        return new HistoryCut(access.files(), access.path(), access.clock()).cut(target);
    }

    /** Opens the directory as a replica and starts replay. */
    CheckpointLog open() throws IOException {
        node.storage.changes().deferRemovals();
        node.transactions.setReplayListener(this::replayedCommit);
        node.transactions.snapshots().addExternal(() -> node.wal.isPrimary() ? externalOldestLsn : Long.MAX_VALUE);
        Replica opened = node.storage.openReplay(new RecoveryDriver.SerialDispatcher(node.storage.resourceManagers()), failed);
        node.noteCheckpoint(node.storage.lastCheckpoint());
        node.transactions.startRedo(node.storage.lastCheckpoint().oldestXid());
        beginReplica(opened);
        replicaLog = new ReplicaCheckpointLog(node.storage, opened, node.storage.changes().removals(), node.walRetainers());
        node.connectPages();
        opened.start();
        housekeeper = Thread.ofPlatform().daemon().name("node-housekeeper").start(this::removeFiles);
        return replicaLog;
    }

    private void beginReplica(Replica opened) {
        replica = opened;
        node.wal.becomeReplica(opened);
        node.transactions.startReplica(node.wal, node.wal::flushLsn, this::snapshotLsn);
    }

    /** A promotion then needs to make no file. */
    private void prepareSpare() {
        try {
            node.storage.segments().prepareSpare();
        } catch (IOException e) {
            LOG.debug("no spare WAL segment: {}", e.toString());
        }
    }

    private void removeFiles() {
        DeferredRemovals removals = node.storage.changes().removals();
        while (!stopping) {
            LockSupport.parkNanos(REMOVAL_NANOS);
            long oldest = node.transactions.advanceHorizon();
            if (!stopping && !isPrimary()) {
                prepareSpare();
            }
            if (!stopping && removals.oldestLsn() <= oldest && isConsistent()) {
                try {
                    removals.run(oldest);
                } catch (RuntimeException e) {
                    LOG.warn("files of dropped relations could not be removed, the next round tries again: {}", e.getMessage(), e);
                }
            }
        }
    }

    // ---- Redo tells

    void replayedCheckpoint(CheckpointRecord checkpoint, WalRecord record) {
        Replica now = replica;
        if (now != null) {
            now.noteCheckpoint(checkpoint, record);
        }
    }

    /**
     * Catalog readers look at the commit from here on, then caches forget what it changed; snapshots get there only when the
     * record has been replayed. So nobody loads an old value after its invalidation, and no snapshot meets an old one.
     */
    private void replayedCommit(long xid, List<byte[]> invalidations, long commitLsn, long wallMicros) {
        lastCommitMicros = wallMicros;
        if (!invalidations.isEmpty()) {
            replayedCommitLsn = commitLsn;
            node.catalogs.applyReplayed(invalidations);
        }
    }

    /** Redo is about to remove row versions whose deletion committed at this LSN. */
    void beforeRemoval(long conflictLsn) {
        SnapshotRegistry snapshots = node.transactions.snapshots();
        if (snapshots.oldestSnapshotLsn() >= conflictLsn || snapshots.refreshOldestLsn() >= conflictLsn) {
            return;
        }
        // The primary did not know of the snapshot: feedback was cut off, or had not begun.
        long begin = System.nanoTime();
        boolean cancelled = false;
        while (snapshots.refreshOldestLsn() < conflictLsn && !stopping && !replica.replay().isStopping()) {
            long waited = System.nanoTime() - begin;
            long limit = TimeUnit.MILLISECONDS.toNanos(conflictWaitMillis);
            if (!cancelled && limit >= 0 && waited >= limit) {
                LOG.info("replay has waited {} ms for queries that may need removed rows: they are cancelled", conflictWaitMillis);
                readers.cancelBelow(conflictLsn, false);
                cancelled = true;
            } else if (cancelled && waited >= limit + CANCEL_GRACE_NANOS) {
                // They fail when they look the next time; nothing they return counts.
                readers.cancelBelow(conflictLsn, true);
            }
            LockSupport.parkNanos(CONFLICT_PAUSE_NANOS);
        }
    }

    /**
     * What to do with readers whose snapshots are in replay's way.
     *
     * @param waitMillis how long replay waits first; negative: for ever
     */
    void onConflict(long waitMillis, ReaderCancellation cancellation) {
        conflictWaitMillis = waitMillis;
        readers = cancellation;
    }

    /** Cancels sessions with snapshots below an LSN; with {@code disown} replay goes on although they have not let go of them yet. */
    @FunctionalInterface
    interface ReaderCancellation {
        void cancelBelow(long lsn, boolean disown);
    }

    /**
     * Where snapshots stand. A reader who has seen what a commit changed in the catalogs waits for the end of its redo, which is a
     * matter of microseconds: so no snapshot is older than the catalogs it is used with.
     */
    private long snapshotLsn() {
        if (!node.wal.isPrimary()) {
            long seen = replayedCommitLsn;
            while (node.wal.flushLsn() < seen && !stopping) {
                Thread.yield();
            }
        }
        return node.wal.flushLsn();
    }

    /** Where a primary's snapshots stand: at the horizon, as long as nobody else can have moved it on. */
    long primarySnapshotLsn() {
        lease.await();
        return node.wal.flushLsn();
    }

    void setLease(Lease newLease) {
        lease = newLease;
    }

    /** Whether this node will not show or accept anything any more. */
    boolean isGivenUp() {
        return givenUp;
    }

    /** As a primary: behaves as a replica that hears nothing, until this is taken back. */
    void setCutOff(boolean newCutOff) {
        cutOff = newCutOff;
    }

    boolean isCutOff() {
        return cutOff;
    }

    /** Where catalog readers look. */
    long catalogLsn() {
        return node.wal.isPrimary() ? node.wal.insertLsn() : Math.max(replayedCommitLsn, node.wal.insertLsn());
    }

    // ---- Positions

    boolean isPrimary() {
        return node.wal.isPrimary();
    }

    @Override
    public boolean isReplica() {
        return cutOff || !node.wal.isPrimary();
    }

    @Override
    public int timeline() {
        return node.storage.control().get().timeline().value();
    }

    @Override
    public long receivedLsn() {
        return storedLsn();
    }

    TimelineHistory history() {
        Replica now = replica;
        return now != null ? now.replay().history() : node.storage.history();
    }

    /** The cluster's horizon is at least here: on a replica as the primary announced it, on a primary as the in-sync set confirmed it. */
    void limit(long horizonLsn) {
        Replica now = replica;
        if (now != null) {
            now.limit(horizonLsn);
        }
        horizon.advance(horizonLsn);
    }

    long horizonLsn() {
        return horizon.lsn();
    }

    /** A replica's WAL is stored durably up to here. */
    void received(long flushedLsn) {
        Replica now = replica;
        if (now != null) {
            now.replay().received(flushedLsn);
        }
    }

    /** End of the WAL stored durably on this node: received, or flushed locally. */
    long storedLsn() {
        WalWriter writer = node.wal.writer();
        Replica now = replica;
        return writer != null ? writer.flushLsn() : now.replay().receivedLsn();
    }

    /**
     * Of a replica: end of the last complete record that is stored. What it reports before an election, and where it can be
     * promoted. Reads what has not been replayed.
     */
    Lsn walEnd() throws IOException {
        Replica now = replica;
        WalReplay replay = now.replay();
        Lsn from = new Lsn(Math.max(replay.replayedLsn(), node.storage.control().get().checkpointLsn().value()));
        return WalScan.end(node.storage.segments(), replay.history(), from, new Lsn(replay.receivedLsn())).endLsn();
    }

    @Override
    public long replayedLsn() {
        Replica now = replica;
        return now != null ? now.replayedLsn() : node.wal.insertLsn();
    }

    @Override
    public long lastReplayedCommitMicros() {
        return lastCommitMicros;
    }

    /** WAIT FOR LSN. @return whether it was replayed (on a primary: is below the horizon) before the {@code System.nanoTime} deadline */
    @Override
    public boolean awaitReplayed(long lsn, long deadlineNanos) {
        Replica now = replica;
        return now != null ? now.replay().awaitReplayed(lsn, deadlineNanos) : horizon.await(lsn, deadlineNanos);
    }

    /** Whether snapshots may be taken here. */
    boolean isConsistent() {
        Replica now = replica;
        return now == null || now.isConsistent();
    }

    boolean awaitConsistent(long deadlineNanos) {
        Replica now = replica;
        while (now != null && !now.isConsistent()) {
            long left = deadlineNanos - System.nanoTime();
            if (left <= 0 || now.replay().failure() != null) {
                return false;
            }
            // Unknown until the first horizon is announced, so in steps.
            now.replay().awaitReplayed(now.consistentLsn(), System.nanoTime() + Math.min(left, TimeUnit.MILLISECONDS.toNanos(10)));
        }
        return true;
    }

    /** Lower bound of all snapshots in use or to come on this node: what a replica tells its primary. */
    long oldestSnapshotLsn() {
        return node.transactions.snapshots().refreshOldestLsn();
    }

    /** The oldest LSN replicas need: vacuum and pruning keep what snapshots from there on see. {@code Long.MAX_VALUE}: no replica.
     * Means nothing while this node is a replica itself: what replicas of a replica need goes with its own {@link #oldestSnapshotLsn}. */
    void setExternalOldestSnapshot(long lsn) {
        externalOldestLsn = lsn;
    }

    @Override
    public void pauseReplay() {
        replica.replay().pause();
    }

    @Override
    public void resumeReplay() {
        replica.replay().resume();
    }

    @Override
    public boolean isReplayPaused() {
        Replica now = replica;
        return now != null && now.replay().isPaused();
    }

    // ---- Role changes

    /** The primary has another history: replay goes on along it. Throws IllegalStateException if this node has replayed what is not in it. */
    void follow(TimelineHistory history) throws IOException {
        changing.lock();
        try {
            replica.follow(history);
        } finally {
            changing.unlock();
        }
    }

    /**
     * Makes this replica the primary: replays all stored WAL up to {@code forkLsn} and goes on from there on a new timeline. What lies between
     * the horizon and the fork becomes visible when the horizon passes it. Nobody writes WAL into the directory any more.
     *
     * @param forkLsn as {@link #walEnd} said
     */
    void promote(TimelineId newTimeline, Lsn forkLsn) throws IOException {
        changing.lock();
        try {
            long begin = System.nanoTime();
            Replica ending = replica;
            WalPosition position = ending.replay().finishAt(forkLsn.value());
            long replayedNanos = System.nanoTime();
            TimelineHistory old = ending.replay().history();
            branch(old, newTimeline, forkLsn, position);
            long branchedNanos = System.nanoTime();
            WalWriter writer = node.openWriter(position);
            replicaLog.close();
            replica = null;
            externalOldestLsn = 0;
            node.transactions.catalogCommitted(replayedCommitLsn);
            node.wal.becomePrimary(writer);
            long now = node.clock.wallMicros();
            writer.insert(writer.newRecord().begin(ResourceManagers.XLOG, XlogKind.END_OF_RECOVERY, 0).mainData()
                .putInt(newTimeline.value()).putInt(old.timeline().value()).putLong(now));
            node.acceptChanges();
            node.checkpointer.useLog(node.checkpointLog(writer));
            node.checkpointer.requestSpread();
            LOG.info("promoted: timeline {} begins at {}; the rest of the replay took {} ms, the new timeline {} ms, opening the WAL {} ms",
                newTimeline, forkLsn, (replayedNanos - begin) / 1_000_000, (branchedNanos - replayedNanos) / 1_000_000,
                (System.nanoTime() - branchedNanos) / 1_000_000);
        } finally {
            changing.unlock();
        }
    }

    /** Durable in this order: the new timeline's first segment, its history, the control file that names it. */
    private void branch(TimelineHistory old, TimelineId newTimeline, Lsn forkLsn, WalPosition position) throws IOException {
        WalSegments segments = node.storage.segments();
        segments.cleanUp();
        if (newTimeline.equals(old.timeline())) {
            // The same primary goes on, where nobody has begun a history of his own.
            long same = node.clock.wallMicros();
            node.storage.control().update(file -> file.withState(ControlFile.State.IN_PRODUCTION, same));
            return;
        }
        if (segments.layout().segmentOf(position.endLsn().value()) == segments.layout().segmentOf(forkLsn.value())) {
            segments.branch(old.timelineOf(new Lsn(forkLsn.value() - 1)).value(), newTimeline.value(), forkLsn.value());
        }
        TimelineHistory history = old.branch(newTimeline, forkLsn, "promoted");
        history.write(node.files, segments.directory());
        node.storage.setHistory(history);
        long now = node.clock.wallMicros();
        node.storage.control().update(file -> file.withTimeline(newTimeline, now).withState(ControlFile.State.IN_PRODUCTION, now));
    }

    /**
     * Makes this primary a replica in place, if nothing stands above the horizon: planned switchover. Sessions stay; their next write fails.
     *
     * @param deadlineNanos {@code System.nanoTime} value up to which to wait for running transactions and for the horizon
     * @return the LSN at which it became a replica: where the successor begins its timeline
     * @throws RoleException if that did not happen in time; the node still is the primary
     */
    Lsn demote(long deadlineNanos) throws IOException, RoleException {
        changing.lock();
        try {
            awaitNoWriters(deadlineNanos);
            node.heaps.stopPrimary();
            node.oids.stopPrimary();
            WalWriter writer = node.wal.writer();
            long end = writer.insertLsn();
            writer.requestFlush(end);
            node.checkpointer.switchLog(new IdleLog());
            long settled = writer.insertLsn();
            writer.requestFlush(settled);
            if (!horizon.await(settled, deadlineNanos) || writer.insertLsn() != settled) {
                node.heaps.startPrimary(node.wal);
                node.oids.startPrimary(node.wal);
                node.transactions.resumePrimary();
                node.checkpointer.useLog(node.checkpointLog(writer));
                throw new RoleException("the in-sync replicas did not confirm the WAL up to " + Lsn.format(settled) + " in time");
            }
            WalPosition position = writer.position();
            Replica opened = node.storage.continueReplay(node.storage.history(), position,
                new RecoveryDriver.SerialDispatcher(node.storage.resourceManagers()), failed);
            beginReplica(opened);
            opened.limit(settled);
            writer.close();
            replicaLog = new ReplicaCheckpointLog(node.storage, opened, node.storage.changes().removals(), node.walRetainers());
            node.checkpointer.useLog(replicaLog);
            opened.start();
            LOG.info("demoted: replica from {} on", position.endLsn());
            return position.endLsn();
        } finally {
            changing.unlock();
        }
    }

    private void awaitNoWriters(long deadlineNanos) throws RoleException {
        while (!node.transactions.stopPrimary()) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new RoleException("transactions that write are still running");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** While neither role's log is right: no checkpoint is due. */
    private static final class IdleLog implements CheckpointLog {
        @Override
        public long startRedoPoint() {
            throw new IllegalStateException("the node changes its role");
        }

        @Override
        public long currentLsn() {
            return 0;
        }

        @Override
        public long complete(io.quantadb.maintenance.CheckpointKind kind, long redoLsn) {
            throw new IllegalStateException("the node changes its role");
        }

        @Override
        public void recycle(long redoLsn) {
        }
    }

    /**
     * This node will not see the horizon move again: it is deposed, or stops. Whoever waits for it gets an error, and the node is
     * {@link Node#abandon abandoned} next.
     */
    void closeHorizon() {
        givenUp = true;
        horizon.close();
    }

    @Override
    public String toString() {
        Replica now = replica;
        return now == null ? "primary at " + Lsn.format(node.wal.insertLsn()) : now.replay().toString();
    }

    /** @return whether a shutdown checkpoint can be completed */
    boolean prepareShutdown(long waitNanos) {
        WalWriter writer = node.wal.writer();
        if (writer == null) {
            return replica.isConsistent() && replica.replay().failure() == null;
        }
        long end = writer.insertLsn();
        writer.requestFlush(end);
        return horizon.await(end, System.nanoTime() + waitNanos);
    }

    /** Ends replay and the file remover. */
    @Override
    public void close() {
        stopping = true;
        Replica now = replica;
        if (now != null) {
            now.close();
        }
        boolean interrupted = false;
        while (housekeeper != null && housekeeper.isAlive()) {
            LockSupport.unpark(housekeeper);
            try {
                housekeeper.join(10);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
