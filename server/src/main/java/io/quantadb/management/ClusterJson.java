package io.quantadb.management;

import io.quantadb.base.Lsn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The cluster's state as the API's JSON. The field names are a contract: they are added to, never changed. */
final class ClusterJson {
    private ClusterJson() {
    }

    static Map<String, Object> status(ClusterView view) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("node_id", view.nodeId());
        body.put("role", view.role());
        body.put("state", view.state());
        body.put("writable", view.writable());
        body.put("epoch", view.epoch());
        body.put("timeline", view.timeline());
        body.put("primary", view.primary());
        body.put("raft_leader", view.raftLeader());
        body.put("in_sync", view.inSync());
        body.put("min_in_sync", view.minInSync());
        List<Map<String, Object>> nodes = new ArrayList<>();
        for (ClusterView.Member member : view.members()) {
            nodes.add(member(member));
        }
        body.put("nodes", nodes);
        return body;
    }

    private static Map<String, Object> member(ClusterView.Member member) {
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("node_id", member.nodeId());
        node.put("role", member.role());
        node.put("kind", member.kind());
        node.put("priority", member.priority());
        node.put("in_sync", member.inSync());
        node.put("reachable", member.reachable());
        node.put("sql_address", member.sqlAddress());
        node.put("replication_address", member.replicationAddress());
        node.put("raft_address", member.raftAddress());
        node.put("api_address", member.apiAddress());
        return node;
    }

    static Map<String, Object> replication(ClusterView view, List<ClusterView.Replica> replicas,
            ClusterView.Upstream upstream) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("node_id", view.nodeId());
        body.put("role", view.role());
        List<Map<String, Object>> rows = new ArrayList<>();
        for (ClusterView.Replica replica : replicas) {
            rows.add(replica(replica));
        }
        body.put("replicas", rows);
        body.put("upstream", upstream == null ? null : upstream(upstream));
        return body;
    }

    private static Map<String, Object> replica(ClusterView.Replica replica) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("node_id", replica.nodeId());
        row.put("client_address", replica.clientAddress());
        row.put("state", replica.state());
        row.put("sync_state", replica.syncState());
        row.put("sent_lsn", Lsn.format(replica.sentLsn()));
        row.put("write_lsn", Lsn.format(replica.writeLsn()));
        row.put("flush_lsn", Lsn.format(replica.flushLsn()));
        row.put("replay_lsn", Lsn.format(replica.replayLsn()));
        row.put("lag_bytes", replica.lagBytes());
        row.put("lag_seconds", replica.lagSeconds());
        row.put("flush_lag_seconds", replica.flushLagSeconds());
        return row;
    }

    private static Map<String, Object> upstream(ClusterView.Upstream upstream) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("node_id", upstream.nodeId());
        row.put("address", upstream.address());
        row.put("status", upstream.status());
        row.put("received_lsn", Lsn.format(upstream.receivedLsn()));
        row.put("flushed_lsn", Lsn.format(upstream.flushedLsn()));
        row.put("replayed_lsn", Lsn.format(upstream.replayedLsn()));
        row.put("horizon_lsn", Lsn.format(upstream.horizonLsn()));
        row.put("timeline", upstream.timeline());
        row.put("lag_seconds", upstream.lagSeconds());
        row.put("base_copy_percent", upstream.progressPercent() < 0 ? null : upstream.progressPercent());
        return row;
    }
}
