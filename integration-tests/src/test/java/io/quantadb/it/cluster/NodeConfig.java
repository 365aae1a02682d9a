package io.quantadb.it.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the configuration files of a cluster's nodes. The one place that knows their keys. */
final class NodeConfig {
    /** For machines that are too busy for the default: {@code -Dquantadb.it.election.millis=1000}. */
    private static final int ELECTION_TIMEOUT_MILLIS = Integer.getInteger("quantadb.it.election.millis", 0);

    private NodeConfig() {
    }

    /**
     * @param mode primary, replica or witness; null for a single server, without a section {@code cluster}
     * @param reached where others reach the node; equal to {@code ports} without proxies
     * @param join replication port of the first node, at {@code joinHost}
     */
    static String json(String mode, String name, String host, ClusterNode.Ports ports, ClusterNode.Ports reached,
        String joinHost, int join, ClusterOptions options) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("server", Map.of("host", host, "port", ports.sql()));
        Map<String, Object> cluster = new LinkedHashMap<>();
        cluster.put("node_id", name);
        cluster.put("api_port", ports.api());
        if (mode != null) {
            cluster.put("mode", mode);
            cluster.put("replication_port", ports.replication());
            cluster.put("raft_port", ports.raft());
            if (ELECTION_TIMEOUT_MILLIS != 0) {
                cluster.put("election_timeout", ELECTION_TIMEOUT_MILLIS + "ms");
            }
            if (!mode.equals("primary")) {
                cluster.put("primary_host", joinHost);
                cluster.put("primary_replication_port", join);
            }
            if (!reached.equals(ports)) {
                cluster.put("advertise_host", host);
                cluster.put("advertise_port", reached.sql());
                cluster.put("advertise_replication_port", reached.replication());
                cluster.put("advertise_raft_port", reached.raft());
            }
            Map<String, Object> replication = new LinkedHashMap<>();
            replication.put("mode", "sync");
            replication.put("max_replicas", options.nodes() - 1);
            replication.put("sync_timeout", options.syncTimeoutMillis() + "ms");
            replication.putAll(options.replication());
            root.put("replication", replication);
        }
        root.put("cluster", cluster);
        root.put("storage", Map.of("buffer_pool_size", options.bufferPoolMegabytes() + "MB"));
        return text(root);
    }

    private static String text(Object value) {
        if (value instanceof Map<?, ?> map) {
            List<String> fields = new ArrayList<>();
            map.forEach((key, field) -> fields.add("\"" + key + "\": " + text(field)));
            return "{" + String.join(", ", fields) + "}";
        }
        return value instanceof Number || value instanceof Boolean ? value.toString() : "\"" + value + "\"";
    }
}
