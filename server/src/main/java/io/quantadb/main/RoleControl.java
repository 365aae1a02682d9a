package io.quantadb.main;

import io.quantadb.base.Lsn;
import io.quantadb.base.TimelineId;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.pgwire.RelayTarget;
import io.quantadb.replication.control.ControlState;
import io.quantadb.replication.control.Fork;
import io.quantadb.replication.control.Member;
import io.quantadb.replication.control.Position;
import io.quantadb.replication.failover.NodeControl;
import io.quantadb.replication.failover.Reign;
import io.quantadb.replication.failover.Upstream;
import io.quantadb.replication.protocol.Endpoint;
import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.receiver.ReplicaLog;
import io.quantadb.replication.sender.WriterWalSource;
import io.quantadb.wal.recovery.TimelineHistory;
import io.quantadb.wal.writer.NotPrimaryException;
import io.quantadb.wal.writer.ReplicationStalledException;
import io.quantadb.wal.writer.WalWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what the cluster's agent decides about this node: one thread, one change of role at a time.
 *
 * <pre>
 *   replica --promote--> primary --park--> parked (a replica in place) --unpark--> primary
 *      ^                    |                  \--follow--> replica
 *      \--follow, fence (restart: what nobody else has is cut)--/
 * </pre>
 */
final class RoleControl implements NodeControl {
    private static final Logger LOG = LoggerFactory.getLogger(RoleControl.class);
    private static final long PARK_NANOS = TimeUnit.MILLISECONDS.toNanos(2_000);
    private static final long COPY_PAUSE_MILLIS = 100;
    private static final long LEASE_PAUSE_NANOS = 200_000;

    private final ClusterMember member;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("node-role").factory());
    /** Commits with synchronous_commit = remote_apply: while there are any, replicas report each replay at once. */
    private final AtomicInteger replayWaiters = new AtomicInteger();
    private volatile boolean parked;
    private volatile boolean cutOff;
    private volatile boolean moveClients;
    private final AtomicBoolean copying = new AtomicBoolean();
    private boolean insufficient;

    RoleControl(ClusterMember member) {
        this.member = member;
    }

    private <T> CompletableFuture<T> onThread(Callable<T> work) {
        CompletableFuture<T> future = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                try {
                    future.complete(work.call());
                } catch (Throwable e) {
                    if (!member.isClosed()) {
                        LOG.warn("a change of role failed", e);
                    }
                    future.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            future.completeExceptionally(e);
        }
        return future;
    }

    /** A new node is open: what of a primary's rights depends on the cluster is asked here. */
    void attach(Node node) {
        node.roles().setLease(() -> awaitLease(node));
        node.wal.setAdmission(this::admit);
        node.roles().setCutOff(false);
        cutOff = false;
    }

    private void awaitLease(Node node) {
        while (!member.tracker.leaseValid(System.nanoTime()) && !cutOff && node.wal.isPrimary()) {
            if (node.roles().isGivenUp() || member.isClosed()) {
                throw new SqlException(SqlState.ADMIN_SHUTDOWN, "terminating connection due to administrator command").fatal();
            }
            LockSupport.parkNanos(LEASE_PAUSE_NANOS);
        }
    }

    private void admit() {
        if (cutOff) {
            throw new NotPrimaryException();
        }
        if (member.tracker.isInsufficient()) {
            throw new ReplicationStalledException("fewer nodes are in sync than replication.min_in_sync demands");
        }
    }

    /** The tracker's levels or its judgement have moved. */
    void progress() {
        boolean now = member.tracker.isInsufficient();
        if (now == insufficient) {
            return;
        }
        insufficient = now;
        ServedNode served = member.served();
        if (now && served != null) {
            LOG.warn("fewer nodes are in sync than writes need: commits that wait are given up");
            served.clients().failHeld(new SqlException(SqlState.TRANSACTION_RESOLUTION_UNKNOWN,
                "the commit could not be confirmed: too few nodes are in sync")
                .withDetail("The transaction is in this node's WAL. It takes effect if enough nodes come back, and is lost if another one is made primary without it.")
                .fatal());
        }
    }

    boolean isReplayWaitedFor() {
        return replayWaiters.get() > 0;
    }

    void waitForReplay(boolean wanted) {
        if (wanted) {
            replayWaiters.incrementAndGet();
        }
    }

    void stopWaitingForReplay(boolean wanted) {
        if (wanted) {
            replayWaiters.decrementAndGet();
        }
    }

    // ---- NodeControl

    @Override
    public Position position() {
        ServedNode served = member.served();
        if (served != null && served.node.wal.isPrimary()) {
            return new Position(served.node.roles().timeline(), served.node.roles().storedLsn());
        }
        ReplicaLog log = member.in.replicaLog();
        return log == null ? new Position(0, 0) : new Position(log.history().timeline().value(), log.flushLsn());
    }

    @Override
    public CompletableFuture<Position> fence(long epoch) {
        return onThread(() -> {
            member.in.onEpoch(epoch);
            if (isPrimary()) {
                restart(null);
            } else {
                stopReceiving();
            }
            return position();
        });
    }

    private boolean isPrimary() {
        ServedNode served = member.served();
        return served != null && served.node.wal.isPrimary();
    }

    /** On return nothing more is stored, and what was stored is durable. */
    private void stopReceiving() throws Exception {
        member.in.receive(false);
        member.client().reconnect("fenced");
        CompletableFuture<Void> between = new CompletableFuture<>();
        member.client().execute(() -> between.complete(null));
        between.get(10, TimeUnit.SECONDS);
        ReplicaLog log = member.in.replicaLog();
        log.forgetPartial();
        log.wal().flush();
    }

    @Override
    public void follow(Upstream upstream) {
        onThread(() -> {
            member.in.onEpoch(upstream.epoch());
            TimelineHistory theirs = history(upstream.timeline(), upstream.history());
            if (isPrimary()) {
                restart(theirs);
            } else {
                stopReceiving();
                cutTo(theirs);
            }
            if (parked) {
                parked = false;
                moveClients = true;
            }
            member.in.upstream(upstream);
            member.in.receive(true);
            member.client().reconnect("following " + upstream.primary());
            return null;
        });
    }

    static TimelineHistory history(int timeline, List<Fork> forks) {
        List<TimelineHistory.Ancestor> ancestors = new ArrayList<>();
        for (Fork fork : forks) {
            ancestors.add(new TimelineHistory.Ancestor(new TimelineId(fork.timeline()), new Lsn(fork.switchLsn()), "promoted"));
        }
        return new TimelineHistory(new TimelineId(timeline), ancestors);
    }

    /** Cuts stored WAL that is not part of the history; replay has not been there. */
    private void cutTo(TimelineHistory theirs) throws Exception {
        ReplicaLog log = member.in.replicaLog();
        Lsn common = log.history().commonEnd(theirs);
        if (log.writeLsn() <= common.value()) {
            return;
        }
        if (member.served().node.roles().replayedLsn() > common.value()) {
            restart(theirs);
            return;
        }
        int timeline = theirs.timelineOf(new Lsn(common.value() - 1)).value();
        LOG.info("WAL behind {} is not part of the cluster's history and is cut", common);
        member.served().node.roles().follow(theirs);
        log.truncate(timeline, common.value());
    }

    /** The sender found that our WAL leaves its history. */
    void cut(TimelineHistory theirs, int timeline, long forkLsn) {
        onThread(() -> {
            stopReceiving();
            ReplicaLog log = member.in.replicaLog();
            long replayed = member.served().node.roles().replayedLsn();
            long fork = forkLsn == 0 ? replayed : forkLsn;
            if (replayed > fork) {
                restart(theirs);
            } else {
                if (!log.history().timeline().equals(theirs.timeline())) {
                    member.served().node.roles().follow(theirs);
                }
                log.truncate(timeline, fork);
            }
            member.in.receive(true);
            member.client().reconnect("cut");
            return null;
        });
    }

    /**
     * Begins anew in this process: ends the sessions, lets go of the node without writing anything above the horizon, and opens the
     * directory as a replica.
     *
     * @param theirs the history to cut the WAL to; null: none is known yet
     */
    private void restart(TimelineHistory theirs) throws Exception {
        LOG.info("this node starts again as a replica");
        try {
            closeNode();
            String unusable = cutClosed(theirs);
            parked = false;
            member.openLog();
            member.openNode();
            if (unusable == null) {
                Thread.ofVirtual().start(member::serveWhenConsistent);
            } else {
                member.in.receive(false);
                copyAnew(unusable);
            }
        } catch (Exception | Error e) {
            // Half closed it is of no use: what starts processes starts this one again.
            if (!member.isClosed()) {
                LOG.error("this node could not start again as a replica", e);
                member.supervisor.accept(e);
            }
            throw e;
        }
    }

    private void closeNode() throws Exception {
        member.stage("opening");
        boolean primary = isPrimary();
        member.out.source(null);
        member.server().disconnectAll(ErrorCode.NOT_READY, "node " + member.self.nodeId() + " changes its role");
        if (!primary) {
            stopReceiving();
            member.in.replicaLog().close();
        }
        member.served().close(false);
    }

    /** @return why the directory cannot be brought to this history; null if it has been */
    private String cutClosed(TimelineHistory theirs) throws IOException {
        if (theirs == null) {
            return null;
        }
        try {
            new HistoryCut(member.files, member.directory.path(), member.clock).cut(theirs);
            return null;
        } catch (HistoryCut.NewCopyNeededException e) {
            return e.getMessage();
        }
    }

    /** Only a new copy of a serving node helps: takes one, at once or when nobody relies on what is stored here. Returns at once. */
    void copyAnew(String reason) {
        if (copying.compareAndSet(false, true)) {
            LOG.warn("this node needs a new base copy: {}", reason);
            Thread.ofVirtual().start(this::copyWhenUnneeded);
        }
    }

    /** A member of the in-sync set has promised to keep what it has, whatever that is worth. */
    private void copyWhenUnneeded() {
        try {
            member.in.receive(false);
            boolean done = false;
            while (!done && !member.isClosed()) {
                done = isUnneeded() && onThread(this::copyNow).join();
                Thread.sleep(COPY_PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (!member.isClosed()) {
                LOG.error("a new base copy could not be taken", e);
                member.supervisor.accept(e);
            }
        } finally {
            copying.set(false);
        }
    }

    private boolean isUnneeded() {
        ControlState state = member.state();
        return state.isServing() && !state.inSync().contains(member.self.nodeId()) && !member.self.nodeId().equals(state.primary());
    }

    private boolean copyNow() throws Exception {
        if (!isUnneeded() || isPrimary()) {
            return false;
        }
        closeNode();
        member.copyAgain();
        return true;
    }

    @Override
    public CompletableFuture<Long> promote(Reign reign) {
        return onThread(() -> {
            member.in.onEpoch(reign.epoch());
            if (isPrimary()) {
                return member.served().node.roles().storedLsn();
            }
            stopReceiving();
            ReplicaLog log = member.in.replicaLog();
            long fork = reign.forkLsn() == 0 ? log.flushLsn() : reign.forkLsn();
            if (log.writeLsn() > fork) {
                log.truncate(log.history().timelineOf(new Lsn(fork - 1)).value(), fork);
            }
            try {
                becomePrimary(new TimelineId(reign.timeline()), fork);
            } catch (Exception e) {
                // The log is closed already; as a replica this node can go on.
                restart(null);
                throw e;
            }
            parked = false;
            return member.served().node.roles().storedLsn();
        });
    }

    private void becomePrimary(TimelineId timeline, long forkLsn) throws Exception {
        ServedNode served = member.served();
        ReplicaLog log = member.in.replicaLog();
        served.node.roles().received(forkLsn);
        log.close();
        served.node.roles().promote(timeline, new Lsn(forkLsn));
        member.in.replicaLog(null);
        member.in.upstream(null);
        moveClients = false;
        served.clients().moveInstead(null);
        WalWriter writer = served.node.wal.writer();
        writer.addFlushListener(member.tracker::onLocalFlush);
        writer.addWriteListener(lsn -> member.server().wake());
        member.out.forgetSnapshots();
        member.out.source(new WriterWalSource(writer, served.node.roles().history()));
        served.node.roles().setExternalOldestSnapshot(member.out.oldestSnapshot());
        member.server().disconnectAll(ErrorCode.NOT_READY, "node " + member.self.nodeId() + " is the primary now");
        served.startMaintenance();
        writer.requestFlush(writer.insertLsn());
    }

    @Override
    public CompletableFuture<Long> park(long epoch) {
        return onThread(() -> {
            ServedNode served = member.served();
            // What may take long comes before clients wait.
            served.node.checkpointer.giveUp();
            try {
                served.stopMaintenance();
                served.clients().park();
                awaitParked(served);
                WalWriter writer = served.node.wal.writer();
                Lsn end = served.node.roles().demote(System.nanoTime() + PARK_NANOS);
                member.tracker.onLocalFlush(end.value());
                member.in.receive(false);
                member.openLog(writer.segments(), served.node.roles().history(),
                    new io.quantadb.wal.record.WalPosition(end, Lsn.INVALID));
                parked = true;
                return end.value();
            } catch (Exception e) {
                served.clients().unpark();
                served.startMaintenance();
                throw e;
            }
        });
    }

    private static void awaitParked(ServedNode served) throws Exception {
        long deadline = System.nanoTime() + PARK_NANOS;
        while (served.clients().countUnparked().get(10, TimeUnit.SECONDS) > 0) {
            if (System.nanoTime() - deadline > 0) {
                throw new NodeRoles.RoleException("clients have transactions that do not end");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void unpark(long epoch) {
        onThread(() -> {
            if (parked) {
                parked = false;
                long end = member.in.replicaLog().flushLsn();
                becomePrimary(member.in.replicaLog().history().timeline(), end);
                member.served().clients().unpark();
            }
            return null;
        });
    }

    /** The primary that this node follows accepts changes: clients that were parked here go on there. */
    void primaryAnswered(String nodeId) {
        Member primary = member.state().member(nodeId);
        ServedNode served = member.served();
        boolean all = moveClients;
        moveClients = false;
        if (primary == null || served == null) {
            return;
        }
        Endpoint sql = StreamIn.endpoint(primary.addresses().sql());
        RelayTarget target = new RelayTarget(nodeId, sql.host(), sql.port(), member.secret);
        if (all) {
            LOG.info("clients go on at {}", nodeId);
            served.clients().moveClients(target);
        } else {
            served.clients().moveInstead(target);
        }
    }

    @Override
    public void cutOff(boolean newCutOff) {
        cutOff = newCutOff;
        ServedNode served = member.served();
        if (served != null) {
            served.node.roles().setCutOff(newCutOff);
        }
        LOG.info(newCutOff ? "cut off: reads only, from what was known last" : "no longer cut off");
    }

    /** The process stops. */
    void leave() {
        cutOff = true;
    }

    void close() {
        thread.shutdownNow();
    }
}
