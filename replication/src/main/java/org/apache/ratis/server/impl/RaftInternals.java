package org.apache.ratis.server.impl;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.protocol.TermIndex;

/**
 * What QuantaDB needs of Ratis 3.3 and Ratis shows only inside this package: when followers answered, and an election
 * without waiting for a timeout. This class is ours; it is in Ratis's package because the classes it uses are package
 * private. It changes nothing in them.
 */
public final class RaftInternals {
    private RaftInternals() {
    }

    /**
     * For each follower the time at which the last request that it has answered was <em>sent</em>, on the clock of
     * {@link System#nanoTime} and never too late. Empty unless this server is the ready leader.
     */
    public static Map<String, Long> answeredSendNanos(RaftServer.Division division) {
        RaftServerImpl server = (RaftServerImpl) division;
        Map<String, Long> times = new TreeMap<>();
        if (!server.getInfo().isLeaderReady()) {
            return times;
        }
        server.getRole().getLeaderState().ifPresent(leader -> leader.getLogAppenders().forEach(appender -> {
            FollowerInfo follower = appender.getFollower();
            // The clock is read first: a pause in between makes the time earlier, which is safe.
            long now = System.nanoTime();
            long elapsed = follower.getLastRespondedAppendEntriesSendTime().elapsedTime()
                    .toLong(TimeUnit.NANOSECONDS);
            times.put(follower.getId().toString(), now - elapsed);
        }));
        return times;
    }

    /**
     * The latest time such that a majority (of both groups, while the membership changes) had answered requests sent
     * at or after it; {@code nowNanos} in a group of one.
     *
     * @return null if this server is not the ready leader, or steps down
     */
    public static Long majorityNanos(RaftServer.Division division, long nowNanos) {
        RaftServerImpl server = (RaftServerImpl) division;
        Map<String, Long> times = answeredSendNanos(division);
        if (!server.getInfo().isLeaderReady()) {
            return null;
        }
        RaftConfigurationImpl configuration = server.getRaftConf();
        String self = server.getId().toString();
        Map<String, Long> withSelf = new HashMap<>(times);
        withSelf.put(self, nowNanos);
        Long current = majority(configuration.getConf().getPeers(RaftPeerRole.FOLLOWER), withSelf);
        if (configuration.getOldConf() == null || current == null) {
            return current;
        }
        Long old = majority(configuration.getOldConf().getPeers(RaftPeerRole.FOLLOWER), withSelf);
        return old == null ? null : (Long) (current - old < 0 ? current : old);
    }

    private static Long majority(Collection<RaftPeer> voters, Map<String, Long> times) {
        // Differences, not absolute values: the clock may be negative and wrap.
        long[] known = voters.stream().map(p -> times.get(p.getId().toString())).filter(t -> t != null)
                .mapToLong(Long::longValue).toArray();
        int needed = voters.size() / 2 + 1;
        if (known.length < needed) {
            return null;
        }
        java.util.Arrays.sort(known);
        return known[known.length - needed];
    }

    /**
     * Starts an election at once, as a leader does that hands over: it skips the pre-vote and stays safe, since votes
     * follow Raft's rules.
     */
    public static void electNow(RaftServer raftServer, RaftServer.Division division, String deadLeader)
            throws IOException {
        RaftServerImpl server = (RaftServerImpl) division;
        TermIndex last = server.getState().getLastEntry();
        RaftGroupMemberId requestor = RaftGroupMemberId.valueOf(RaftPeerId.valueOf(deadLeader),
                server.getMemberId().getGroupId());
        raftServer.startLeaderElection(
                ServerProtoUtils.toStartLeaderElectionRequestProto(requestor, server.getId(), last));
    }
}
