package io.quantadb.main;

import io.quantadb.replication.control.Command;
import io.quantadb.replication.control.ControlGroup;
import io.quantadb.replication.control.ControlState;
import io.quantadb.replication.control.Member;
import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.protocol.Message.Feedback;
import io.quantadb.replication.protocol.NodeInfo;
import io.quantadb.replication.protocol.PeerKind;
import io.quantadb.replication.protocol.ProtocolException;
import io.quantadb.replication.sender.BaseSource;
import io.quantadb.replication.sender.SenderHost;
import io.quantadb.replication.sender.WalSource;
import io.quantadb.replication.slot.ReplicationSlots;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sending side of a member. Called by event loops; never blocks. */
final class StreamOut implements SenderHost {
    private static final Logger LOG = LoggerFactory.getLogger(StreamOut.class);
    /** A replica that is back sooner finds the rows its queries need. */
    private static final long AWAY_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final ClusterMember member;
    private final Map<String, Long> snapshots = new ConcurrentHashMap<>();
    private final Map<String, Long> departures = new ConcurrentHashMap<>();
    private final Set<String> joining = ConcurrentHashMap.newKeySet();
    private volatile long systemId;
    private volatile WalSource source;

    StreamOut(ClusterMember member) {
        this.member = member;
    }

    void systemId(long id) {
        systemId = id;
    }

    /** What is sent from now on; null: nothing. */
    void source(WalSource newSource) {
        source = newSource;
    }

    @Override
    public long systemId() {
        return systemId;
    }

    @Override
    public NodeInfo self() {
        return member.self;
    }

    @Override
    public boolean isPrimary() {
        ServedNode served = member.served();
        // Also while the agent has not heard of it yet: replicas connect at once, and are told only here.
        return served != null && served.node.wal.isPrimary();
    }

    @Override
    public long epoch() {
        return Math.max(member.in.epoch(), member.state().epoch());
    }

    @Override
    public WalSource wal() {
        return member.served() == null ? null : source;
    }

    @Override
    public long horizonLsn() {
        return member.tracker.horizon();
    }

    @Override
    public ReplicationSlots slots() {
        return member.slots();
    }

    @Override
    public BaseSource base() {
        ServedNode served = member.served();
        return served == null || !served.node.roles().isConsistent() ? null : new NodeBaseSource(served.node);
    }

    @Override
    public boolean wantsReplayAcknowledgements() {
        return member.roles.isReplayWaitedFor();
    }

    @Override
    public void onJoin(NodeInfo node, PeerKind kind) throws ProtocolException {
        if (kind != PeerKind.REPLICA && kind != PeerKind.CASCADING) {
            return;
        }
        ControlState state = member.state();
        if (state.isEmpty() || state.member(node.nodeId()) != null) {
            return;
        }
        if (state.dataMembers().size() > member.config.replication().maxReplicas()) {
            throw new ProtocolException(ErrorCode.REFUSED, "the cluster has " + state.dataMembers().size()
                + " nodes, replication.max_replicas is " + member.config.replication().maxReplicas());
        }
        if (joining.add(node.nodeId())) {
            Thread.ofVirtual().start(() -> draw(node));
        }
    }

    /** Makes the node a member, of the control state and of Raft. */
    private void draw(NodeInfo node) {
        try {
            ControlGroup group = member.group();
            LOG.info("node {} joins the cluster", node.nodeId());
            while (!member.isClosed() && !group.voters().contains(node.nodeId())) {
                try {
                    group.addMember(node.nodeId(), node.raft().toString()).join();
                } catch (RuntimeException e) {
                    LOG.info("node {} could not be drawn into the Raft group yet: {}", node.nodeId(), e.getMessage());
                    Thread.sleep(200);
                }
            }
            String refusal = group.propose(new Command.AddMember(Member.of(node.nodeId(), Member.Kind.DATA, 50,
                ClusterMember.addresses(node)))).join();
            if (refusal != null) {
                LOG.warn("node {} cannot join: {}", node.nodeId(), refusal);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("node {} could not join: {}", node.nodeId(), e.getMessage());
        } finally {
            joining.remove(node.nodeId());
        }
    }

    @Override
    public void onLeave(NodeInfo node, PeerKind kind) {
        if (kind == PeerKind.REPLICA) {
            member.tracker.onDisconnected(node.nodeId());
            departures.put(node.nodeId(), System.nanoTime());
        }
    }

    @Override
    public void onFeedback(NodeInfo node, Feedback feedback, long roundTripNanos) {
        member.tracker.onFeedback(node.nodeId(), member.tracker.epoch(), feedback.writeLsn(), feedback.flushLsn(), feedback.replayLsn(),
            System.nanoTime());
        ServedNode served = member.served();
        if (served != null && feedback.oldestSnapshotLsn() != 0) {
            departures.remove(node.nodeId());
            snapshots.put(node.nodeId(), feedback.oldestSnapshotLsn());
            served.node.roles().setExternalOldestSnapshot(oldestSnapshot());
        }
    }

    /** The oldest LSN any member's queries need; members that stay away are not waited for. */
    long oldestSnapshot() {
        snapshots.keySet().retainAll(member.state().members().keySet());
        long now = System.nanoTime();
        departures.forEach((node, since) -> {
            if (now - since > AWAY_NANOS && departures.remove(node, since)) {
                snapshots.remove(node);
            }
        });
        long oldest = Long.MAX_VALUE;
        for (long lsn : snapshots.values()) {
            oldest = Math.min(oldest, lsn);
        }
        return oldest;
    }

    void forgetSnapshots() {
        snapshots.clear();
        departures.clear();
    }

    @Override
    public void onNewerEpoch(long newer, NodeInfo node) {
        LOG.info("node {} knows epoch {}, this one {}", node.nodeId(), newer, epoch());
    }
}
