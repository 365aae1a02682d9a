package io.quantadb.management;

import java.util.List;

/**
 * The cluster as one node knows it, at one moment. Immutable.
 *
 * @param nodeId of the node that says this
 * @param role primary, replica or witness
 * @param state what that node is doing: running, starting, electing, cut_off (a primary without lease), copying (base copy)
 * @param epoch rises with each change of primary; 0 on a single node
 * @param primary node id; null while there is none
 * @param raftLeader node id; null while there is none
 * @param inSync the members that have flushed all that was acknowledged, the primary among them
 * @param minInSync members below which writes wait and then fail
 * @param writable whether this node accepts writes now
 * @param elections changes of Raft leadership seen by this node since it started
 * @param partitions times this node has lost the majority since it started
 */
public record ClusterView(String nodeId, String role, String state, long epoch, int timeline, String primary,
        String raftLeader, List<String> inSync, int minInSync, boolean writable, long elections, long partitions,
        List<Member> members) {

    /**
     * A member according to the control state, and what this node hears of it.
     *
     * @param kind data or witness
     * @param reachable whether it answered lately; a node speaks for itself and, on the primary, for those linked to it
     */
    public record Member(String nodeId, String role, String kind, int priority, boolean inSync, boolean reachable,
            String sqlAddress, String replicationAddress, String raftAddress, String apiAddress) {
    }

    /**
     * One stream of WAL, seen from the sending side. LSNs are raw.
     *
     * @param state streaming, catchup or basecopy
     * @param lagBytes WAL inserted here and not yet replayed there
     * @param lagSeconds age of the oldest WAL not yet replayed there
     */
    public record Replica(String nodeId, String clientAddress, String state, String syncState, long sentLsn,
            long writeLsn, long flushLsn, long replayLsn, long lagBytes, double lagSeconds, double flushLagSeconds) {
    }

    /**
     * The stream this node receives; null on a primary.
     *
     * @param status streaming, connecting, basecopy or waiting
     * @param progressPercent of a base copy; -1 if there is none
     */
    public record Upstream(String nodeId, String address, String status, long receivedLsn, long flushedLsn,
            long replayedLsn, long horizonLsn, int timeline, double lagSeconds, double progressPercent) {
    }
}
