package io.quantadb.management;

import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import io.prometheus.client.SummaryMetricFamily;
import io.quantadb.session.SessionRegistry;
import io.quantadb.session.StatementStatistics;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.buffer.BufferPoolMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The server's metrics, read from its counters when they are scraped. Nothing is counted twice for them. */
public final class ServerMetrics extends Collector {
    private final Supplier<Sources> sources;
    private final ClusterAdministration cluster;
    private final ServerStatus status;

    /** Where counters are; a node that starts again has new ones. */
    public record Sources(StatementStatistics statements, BufferPool buffers, SessionRegistry sessions) {
    }

    /** @param sources gives null while there is no node */
    public ServerMetrics(Supplier<Sources> sources, ServerStatus status, ClusterAdministration cluster) {
        this.sources = sources;
        this.status = status;
        this.cluster = cluster;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        List<MetricFamilySamples> all = new ArrayList<>();
        Sources now = sources.get();
        if (now != null) {
            addNode(all, now);
        }
        all.add(new CounterMetricFamily("quantadb_wal_inserted_bytes_total", "End of the WAL, in bytes since its beginning.", status.insertLsn()));
        all.add(new CounterMetricFamily("quantadb_wal_flushed_bytes_total", "End of the durable WAL.", status.flushLsn()));
        addCluster(all);
        return all;
    }

    private static void addNode(List<MetricFamilySamples> all, Sources now) {
        StatementStatistics statements = now.statements();
        BufferPoolMetrics pool = now.buffers().metrics();
        all.add(new CounterMetricFamily("quantadb_queries_total", "Statements executed.", statements.queries()));
        all.add(new CounterMetricFamily("quantadb_query_errors_total", "Statements that failed.", statements.errors()));
        all.add(new SummaryMetricFamily("quantadb_query_duration_seconds", "Execution time of statements.", statements.queries(),
            statements.querySeconds()));
        all.add(new GaugeMetricFamily("quantadb_storage_buffer_hit_ratio", "Share of page requests answered from the buffer pool.",
            pool.hitRatio()));
        all.add(new CounterMetricFamily("quantadb_storage_buffer_hits_total", "Page requests answered from the buffer pool.", pool.hits()));
        all.add(new CounterMetricFamily("quantadb_storage_buffer_reads_total", "Pages read from files.", pool.reads()));
        all.add(new CounterMetricFamily("quantadb_storage_buffer_writes_total", "Pages written to files.", pool.writes()));
        all.add(new CounterMetricFamily("quantadb_storage_buffer_evictions_total", "Pages evicted.", pool.evictions()));
        all.add(new GaugeMetricFamily("quantadb_sessions", "Client sessions.", now.sessions().size()));
    }

    private void addCluster(List<MetricFamilySamples> all) {
        ClusterView view = cluster.view();
        all.add(new GaugeMetricFamily("quantadb_cluster_nodes_total", "Nodes of the cluster.", view.members().size()));
        all.add(new GaugeMetricFamily("quantadb_cluster_epoch", "Rises with each change of primary.", view.epoch()));
        all.add(new GaugeMetricFamily("quantadb_cluster_is_primary", "1 on the primary.",
            view.role().equals("primary") ? 1 : 0));
        all.add(new GaugeMetricFamily("quantadb_cluster_in_sync_nodes",
            "Members that have flushed all that was acknowledged.", view.inSync().size()));
        all.add(new CounterMetricFamily("quantadb_cluster_leader_elections_total", "Changes of Raft leadership.",
            view.elections()));
        all.add(new CounterMetricFamily("quantadb_cluster_network_partitions_total",
            "Times this node lost the majority of the cluster.", view.partitions()));
        long bytes = 0;
        double seconds = 0;
        GaugeMetricFamily perReplica = new GaugeMetricFamily("quantadb_replication_replica_lag_bytes",
            "WAL a replica has not yet replayed.", List.of("replica"));
        for (ClusterView.Replica replica : cluster.replicas()) {
            bytes = Math.max(bytes, replica.lagBytes());
            seconds = Math.max(seconds, replica.lagSeconds());
            perReplica.addMetric(List.of(replica.nodeId()), replica.lagBytes());
        }
        ClusterView.Upstream upstream = cluster.upstream();
        if (upstream != null) {
            bytes = Math.max(bytes, upstream.horizonLsn() - upstream.replayedLsn());
            seconds = Math.max(seconds, upstream.lagSeconds());
        }
        all.add(perReplica);
        all.add(new GaugeMetricFamily("quantadb_replication_lag_bytes",
            "WAL not yet replayed: by the slowest replica on a primary, by itself on a replica.", bytes));
        all.add(new GaugeMetricFamily("quantadb_replication_lag_seconds", "Age of the oldest WAL not yet replayed.",
            seconds));
        all.add(new GaugeMetricFamily("quantadb_replication_connections_active", "Replicas streaming from this node.",
            cluster.replicas().size()));
    }
}
