package io.quantadb.replication.control;

import java.util.Map;

/**
 * What a node's Raft server knows at one moment. Times are monotonic nanoseconds of this node.
 *
 * @param leaderReady whether this node is the leader and has committed an entry of its term
 * @param leaderSinceNanos when it became so; meaningless unless {@code leaderReady}
 * @param leader the leader as far as this node knows; null = none
 * @param leaseUntilNanos until when no other node can have become leader by a timeout; meaningless unless
 * {@code leaderReady}
 * @param epoch of the state as applied by the Raft server; an agent that knows an older one has not caught up
 * @param answeredNanos for each follower, when the last request that it has answered was sent; empty unless
 * {@code leaderReady}
 * @param refused a node that has just refused connections to its Raft port, so that its process seems dead; null = none
 */
public record RaftView(boolean leaderReady, long leaderSinceNanos, String leader, long leaseUntilNanos,
        long epoch, Map<String, Long> answeredNanos, String refused) {
    /** Knows nothing. */
    public static final RaftView NONE = new RaftView(false, 0, null, 0, 0, Map.of(), null);

    public RaftView {
        answeredNanos = Map.copyOf(answeredNanos);
    }

    /** Whether the follower has answered a request sent at or after the time. */
    public boolean answeredSince(String node, long nanos) {
        Long time = answeredNanos.get(node);
        return time != null && time - nanos >= 0;
    }
}
