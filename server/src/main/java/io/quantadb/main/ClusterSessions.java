package io.quantadb.main;

import io.quantadb.base.Lsn;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.replication.control.ControlState;
import io.quantadb.replication.failover.Upstream;
import io.quantadb.replication.protocol.Endpoint;
import io.quantadb.replication.protocol.Message.Feedback;
import io.quantadb.replication.protocol.PeerKind;
import io.quantadb.replication.receiver.ReplicaLog;
import io.quantadb.replication.sender.ReplicationServer.LinkStatus;
import io.quantadb.replication.slot.ReplicationSlots;
import io.quantadb.replication.slot.SlotException;
import io.quantadb.replication.sync.SyncTracker;
import io.quantadb.session.ClusterInfo;
import io.quantadb.session.CommitLevel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The cluster, as SQL sessions of a member see it. Safe for use by many threads. */
final class ClusterSessions implements ClusterInfo {
    private static final long LEVEL_PAUSE_NANOS = 50_000;

    private final ClusterMember member;

    ClusterSessions(ClusterMember member) {
        this.member = member;
    }

    @Override
    public List<Sender> senders() {
        List<Sender> senders = new ArrayList<>();
        ControlState state = member.state();
        for (LinkStatus link : member.server().links()) {
            if (link.kind() == PeerKind.TOOL) {
                continue;
            }
            String node = link.node().nodeId();
            Endpoint peer = address(link.address());
            Feedback positions = link.feedback();
            boolean sync = state.inSync().contains(node);
            String shown = link.kind() == PeerKind.BASE_COPY ? "backup" : link.streaming() ? "streaming" : "catchup";
            senders.add(new Sender(node, peer.host(), peer.port(), 0, shown, link.sentLsn(), positions == null ? 0 : positions.writeLsn(),
                positions == null ? 0 : positions.flushLsn(), positions == null ? 0 : positions.replayLsn(), -1, -1, -1, sync ? 1 : 0,
                sync ? SyncState.SYNC : SyncState.ASYNC, 0));
        }
        return senders;
    }

    /** As sockets print themselves: {@code name/address:port}. */
    private static Endpoint address(String text) {
        int slash = text.indexOf('/');
        int colon = text.lastIndexOf(':');
        return colon < 0 ? new Endpoint(null, -1) : new Endpoint(text.substring(slash + 1, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    @Override
    public Receiver receiver() {
        ReplicaLog log = member.in.replicaLog();
        if (log == null) {
            return null;
        }
        Upstream from = member.in.upstream();
        Endpoint sender = from == null ? new Endpoint(null, 0) : StreamIn.endpoint(from.address());
        return new Receiver(member.client().isStreaming() ? "streaming" : "waiting", 0, log.startLsn(), log.history().timeline().value(), log.writeLsn(),
            log.flushLsn(), log.history().timeline().value(), 0, 0, member.in.announcedLsn(), 0, member.in.slotName(), sender.host(), sender.port());
    }

    @Override
    public List<Slot> slots() {
        List<Slot> slots = new ArrayList<>();
        for (ReplicationSlots.View view : member.slots().list()) {
            boolean lost = view.slot().invalidated();
            slots.add(new Slot(view.slot().name(), view.active() ? view.slot().name() : null, view.slot().restartLsn().value(),
                lost ? WalStatus.LOST : WalStatus.RESERVED, -1));
        }
        return slots;
    }

    @Override
    public long createSlot(String name, boolean reserve) {
        Lsn from = new Lsn(member.served().node.wal.insertLsn());
        try {
            member.slots().create(name, from);
            return reserve ? from.value() : 0;
        } catch (SlotException e) {
            throw new SqlException(SqlState.CONFIGURATION_LIMIT_EXCEEDED, e.getMessage(), e);
        } catch (IOException e) {
            throw new SqlException(SqlState.IO_ERROR, "could not create replication slot \"" + name + "\": " + e.getMessage(), e);
        }
    }

    @Override
    public void dropSlot(String name) {
        try {
            member.slots().drop(name);
        } catch (SlotException e) {
            throw new SqlException(SqlState.OBJECT_IN_USE, e.getMessage(), e);
        } catch (IOException e) {
            throw new SqlException(SqlState.IO_ERROR, "could not drop replication slot \"" + name + "\": " + e.getMessage(), e);
        }
    }

    @Override
    public long levelLsn(CommitLevel level) {
        return switch (level) {
            case ON -> member.tracker.horizon();
            case LOCAL -> member.tracker.lsn(SyncTracker.Level.LOCAL);
            case REMOTE_WRITE -> member.tracker.lsn(SyncTracker.Level.REMOTE_WRITE);
            case REMOTE_APPLY -> member.tracker.lsn(SyncTracker.Level.REMOTE_APPLY);
            case OFF -> Long.MAX_VALUE;
        };
    }

    @Override
    public boolean awaitLevel(CommitLevel level, long lsn, long deadlineNanos) {
        member.roles.waitForReplay(level == CommitLevel.REMOTE_APPLY);
        try {
            while (levelLsn(level) < lsn) {
                if (System.nanoTime() - deadlineNanos >= 0 || isInsufficient() || member.isClosed() || !member.out.isPrimary()) {
                    return levelLsn(level) >= lsn;
                }
                LockSupport.parkNanos(LEVEL_PAUSE_NANOS);
            }
            return true;
        } finally {
            member.roles.stopWaitingForReplay(level == CommitLevel.REMOTE_APPLY);
        }
    }

    @Override
    public boolean isInsufficient() {
        return member.tracker.isInsufficient();
    }

    @Override
    public CompletableFuture<Boolean> promote() {
        return new ClusterMonitor(member).switchover(member.self.nodeId()).thenApply(outcome -> {
            if (outcome.isDone()) {
                return true;
            }
            throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, outcome.message());
        });
    }

    @Override
    public long stalenessMicros() {
        if (member.out.isPrimary()) {
            return 0;
        }
        long nanos = member.in.stalenessNanos();
        return nanos == Long.MAX_VALUE ? nanos : TimeUnit.NANOSECONDS.toMicros(nanos);
    }
}
