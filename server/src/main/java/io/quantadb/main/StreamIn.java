package io.quantadb.main;

import io.quantadb.base.Lsn;
import io.quantadb.replication.control.ControlState;
import io.quantadb.replication.control.Member;
import io.quantadb.replication.failover.Upstream;
import io.quantadb.replication.protocol.Endpoint;
import io.quantadb.replication.protocol.ErrorCode;
import io.quantadb.replication.protocol.Message.Welcome;
import io.quantadb.replication.protocol.NodeInfo;
import io.quantadb.replication.receiver.ReceivedLog;
import io.quantadb.replication.receiver.ReceiverHost;
import io.quantadb.replication.receiver.ReplicaLog;
import io.quantadb.wal.recovery.TimelineHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The receiving side of a member. Called by the receiver's thread; fields are read and set by the role thread too. */
final class StreamIn implements ReceiverHost {
    private static final Logger LOG = LoggerFactory.getLogger(StreamIn.class);

    private final ClusterMember member;
    private volatile long systemId;
    private volatile ReplicaLog log;
    private volatile boolean receiving = true;
    private volatile long epoch;
    private volatile long announced;
    private volatile long announcedNanos;
    /** When the horizon was announced up to which everything had been replayed when the next one came. */
    private volatile long currentNanos;
    private volatile Upstream upstream;
    private volatile Welcome welcome;
    private volatile double copyPercent = -1;

    StreamIn(ClusterMember member) {
        this.member = member;
    }

    void systemId(long id) {
        systemId = id;
    }

    ReplicaLog replicaLog() {
        return log;
    }

    void replicaLog(ReplicaLog newLog) {
        log = newLog;
    }

    /** From now on, or until told otherwise, nothing is received. In force when what is being received now has been stored. */
    void receive(boolean on) {
        receiving = on;
    }

    void upstream(Upstream newUpstream) {
        upstream = newUpstream;
    }

    Upstream upstream() {
        return upstream;
    }

    void copyProgress(long bytes, long total) {
        copyPercent = total == 0 ? 0 : 100.0 * bytes / total;
    }

    double copyPercent() {
        return member.stage().equals("copying") ? copyPercent : -1;
    }

    /** WAL up to here is durable on this node. */
    void flushed(long lsn) {
        ServedNode served = member.served();
        if (served != null && !served.node.wal.isPrimary()) {
            served.node.roles().received(lsn);
        }
        member.tracker.onAnnounced(Math.min(announced, lsn));
        member.client().wake();
    }

    long announcedLsn() {
        return announced;
    }

    /** When the horizon was last heard of, {@code System.nanoTime}; 0 = never. */
    long announcedNanos() {
        return announcedNanos;
    }

    /** Age of the newest horizon that has been replayed, nanoseconds; {@code Long.MAX_VALUE} if none was ever announced. */
    long stalenessNanos() {
        long heard = replayedLsn() >= announced ? announcedNanos : currentNanos;
        return heard == 0 ? Long.MAX_VALUE : System.nanoTime() - heard;
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
    public long epoch() {
        return epoch;
    }

    @Override
    public void onEpoch(long seen) {
        epoch = Math.max(epoch, seen);
    }

    @Override
    public ReceivedLog log() {
        return receiving ? log : null;
    }

    @Override
    public String slotName() {
        return member.self.nodeId().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
    }

    @Override
    public List<Endpoint> candidates() {
        Upstream now = upstream;
        List<Endpoint> candidates = new ArrayList<>();
        if (now != null) {
            candidates.add(endpoint(now.address()));
            return candidates;
        }
        ControlState state = member.state();
        if (state.isEmpty() && member.config.cluster().primaryHost() != null) {
            candidates.add(new Endpoint(member.config.cluster().primaryHost(), member.config.cluster().primaryReplicationPort()));
        }
        for (Member other : state.dataMembers()) {
            if (!other.id().equals(member.self.nodeId()) && other.id().equals(state.primary())) {
                candidates.add(endpoint(other.addresses().replication()));
            }
        }
        return candidates;
    }

    static Endpoint endpoint(String address) {
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon);
        return new Endpoint(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, Integer.parseInt(address.substring(colon + 1)));
    }

    @Override
    public void onWelcome(Welcome message) {
        welcome = message;
        if (message.primary()) {
            member.roles.primaryAnswered(message.node().nodeId());
        }
    }

    Welcome welcome() {
        return welcome;
    }

    @Override
    public void onHorizon(long lsn) {
        long now = System.nanoTime();
        if (replayedLsn() >= announced) {
            currentNanos = announcedNanos;
        }
        announcedNanos = now;
        if (lsn > announced) {
            announced = lsn;
        }
        ReplicaLog stored = log;
        if (stored != null) {
            member.tracker.onAnnounced(Math.min(announced, stored.flushLsn()));
        }
    }

    @Override
    public long replayedLsn() {
        ServedNode served = member.served();
        return served == null ? 0 : served.node.roles().replayedLsn();
    }

    @Override
    public long oldestSnapshotLsn() {
        ServedNode served = member.served();
        return served == null ? 0 : served.node.roles().oldestSnapshotLsn();
    }

    @Override
    public void onDiverged(int timeline, long forkLsn, TimelineHistory theirs) {
        LOG.info("WAL of timeline {} leaves the primary's history at {}", timeline, Lsn.format(forkLsn));
        receiving = false;
        member.roles.cut(theirs, timeline, forkLsn);
    }

    @Override
    public void onTimeline(TimelineHistory history) {
        ServedNode served = member.served();
        if (served == null) {
            return;
        }
        try {
            served.node.roles().follow(history);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void onRefused(ErrorCode code, String text) {
        LOG.warn("replication is refused: {}", text);
        if (code.needsBaseCopy()) {
            member.roles.copyAnew(text);
        }
    }
}
