package io.quantadb.management;

import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import io.prometheus.client.SummaryMetricFamily;
import io.quantadb.session.SessionRegistry;
import io.quantadb.session.StatementStatistics;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.storage.buffer.BufferPoolMetrics;
import io.quantadb.wal.writer.WalInserter;
import java.util.ArrayList;
import java.util.List;

/** The server's metrics, read from its counters when they are scraped. Nothing is counted twice for them. */
public final class ServerMetrics extends Collector {
    private final StatementStatistics statements;
    private final BufferPool buffers;
    private final SessionRegistry sessions;
    private final WalInserter wal;

    public ServerMetrics(StatementStatistics statements, BufferPool buffers, SessionRegistry sessions, WalInserter wal) {
        this.statements = statements;
        this.buffers = buffers;
        this.sessions = sessions;
        this.wal = wal;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        BufferPoolMetrics pool = buffers.metrics();
        List<MetricFamilySamples> all = new ArrayList<>();
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
        all.add(new GaugeMetricFamily("quantadb_sessions", "Client sessions.", sessions.size()));
        all.add(new CounterMetricFamily("quantadb_wal_inserted_bytes_total", "End of the WAL, in bytes since its beginning.", wal.insertLsn()));
        all.add(new CounterMetricFamily("quantadb_wal_flushed_bytes_total", "End of the durable WAL.", wal.flushLsn()));
        all.add(new GaugeMetricFamily("quantadb_cluster_nodes_total", "Nodes of the cluster.", 1));
        all.add(new CounterMetricFamily("quantadb_cluster_leader_elections_total", "Changes of Raft leadership.", 0));
        all.add(new CounterMetricFamily("quantadb_cluster_network_partitions_total", "Network partitions noticed.", 0));
        all.add(new GaugeMetricFamily("quantadb_replication_lag_bytes", "WAL not yet flushed by the slowest replica.", 0));
        all.add(new GaugeMetricFamily("quantadb_replication_lag_seconds", "Age of the oldest WAL not yet flushed by the slowest replica.", 0));
        all.add(new GaugeMetricFamily("quantadb_replication_connections_active", "Replicas streaming.", 0));
        return all;
    }
}
