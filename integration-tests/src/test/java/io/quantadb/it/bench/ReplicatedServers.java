package io.quantadb.it.bench;

import io.quantadb.it.cluster.Cluster;
import io.quantadb.it.cluster.ClusterNode;
import io.quantadb.it.cluster.ClusterOptions;
import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.process.PostgresProcess;
import io.quantadb.it.process.PostgresStandby;
import io.quantadb.it.process.Processes;
import io.quantadb.it.wire.WireClient;
import io.quantadb.it.workload.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A primary with synchronous replicas, of either kind of server, with remote flush by all replicas. One thread. */
interface ReplicatedServers extends AutoCloseable {
    /** To measure; its name is the server's. */
    DatabaseServer primary();

    DatabaseServer replica();

    /**
     * Takes one replica away and makes it anew.
     *
     * @return seconds from the empty directory until it is synchronous
     */
    double renewReplica() throws IOException;

    Path primaryData();

    @Override
    void close();

    /** Seconds that a plain copy of the primary's files takes, to the disk. */
    default double plainCopy() {
        Path copy = Processes.temporaryDirectory("plain-copy");
        try {
            long started = System.nanoTime();
            Processes.run(Duration.ofMinutes(60), Map.of(), List.of("sh", "-c",
                "cp -r " + primaryData() + " " + copy + "/ && sync -f " + copy)).throwIfFailed("cp");
            return (System.nanoTime() - started) / 1e9;
        } finally {
            Processes.deleteQuietly(copy);
        }
    }

    static ReplicatedServers postgres(int replicas, int bufferPoolMegabytes) throws IOException {
        return new Postgres(replicas, bufferPoolMegabytes);
    }

    static ReplicatedServers quantadb(int replicas, int bufferPoolMegabytes) {
        return new Quanta(replicas, bufferPoolMegabytes);
    }

    /** {@code synchronous_commit = on}; {@code ANY 1} of one, {@code FIRST 2} of two. */
    final class Postgres implements ReplicatedServers {
        private static final long SYNC_LIMIT_NANOS = 600_000_000_000L;
        private final PostgresProcess primary;
        private final List<PostgresStandby> standbys = new ArrayList<>();
        private final int replicas;

        private Postgres(int replicas, int bufferPoolMegabytes) throws IOException {
            this.replicas = replicas;
            primary = PostgresProcess.startNew("shared_buffers = '" + bufferPoolMegabytes + "MB'", "fsync = on",
                "wal_level = replica", "max_wal_senders = 10", "hot_standby = on", "max_wal_size = '4GB'",
                "wal_keep_size = '1GB'");
            try {
                for (int i = 1; i <= replicas; i++) {
                    standbys.add(PostgresStandby.startNew(primary, "standby" + i));
                }
                execute("alter system set synchronous_standby_names = '" + (replicas == 1 ? "ANY 1 (*)"
                    : "FIRST " + replicas + " (*)") + "'");
                execute("select pg_reload_conf()");
                awaitSynchronous();
            } catch (IOException | RuntimeException e) {
                close();
                throw e;
            }
        }

        private void execute(String sql) throws IOException {
            try (WireClient client = WireClient.connect(primary, DatabaseServer.USER)) {
                client.execute(sql);
            }
        }

        private void awaitSynchronous() throws IOException {
            long deadline = System.nanoTime() + SYNC_LIMIT_NANOS;
            try (WireClient client = WireClient.connect(primary, DatabaseServer.USER)) {
                while (!client.queryOne("select count(*) from pg_stat_replication where state = 'streaming' and "
                    + "sync_state in ('sync', 'quorum')").single().equals(Integer.toString(replicas))) {
                    if (System.nanoTime() > deadline) {
                        throw new IllegalStateException("the standbys did not become synchronous");
                    }
                    sleep();
                }
            }
        }

        private static void sleep() {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        @Override
        public DatabaseServer primary() {
            return primary;
        }

        @Override
        public DatabaseServer replica() {
            return standbys.getFirst();
        }

        @Override
        public double renewReplica() throws IOException {
            standbys.removeLast().close();
            long started = System.nanoTime();
            standbys.add(PostgresStandby.startNew(primary, "standby-new"));
            awaitSynchronous();
            return (System.nanoTime() - started) / 1e9;
        }

        @Override
        public Path primaryData() {
            return primary.dataDirectory();
        }

        @Override
        public void close() {
            standbys.forEach(PostgresStandby::close);
            primary.close();
        }
    }

    /** All members of the cluster in sync. */
    final class Quanta implements ReplicatedServers {
        private static final Duration LIMIT = Duration.ofMinutes(10);
        private final Cluster cluster;
        private final ClusterNode first;

        private Quanta(int replicas, int bufferPoolMegabytes) {
            cluster = Cluster.start(ClusterOptions.three().withNodes(replicas + 1)
                .withBufferPool(bufferPoolMegabytes));
            first = cluster.awaitPrimary(LIMIT);
        }

        private static DatabaseServer named(ClusterNode node) {
            return new Endpoint("QuantaDB", node.endpoint().host(), node.endpoint().port());
        }

        @Override
        public DatabaseServer primary() {
            return named(first);
        }

        @Override
        public DatabaseServer replica() {
            return named(cluster.replicas().getFirst());
        }

        @Override
        public double renewReplica() {
            ClusterNode replica = cluster.replicas().getLast();
            replica.kill();
            replica.wipe();
            cluster.await("the replica's leaving", LIMIT, () -> !cluster.inSync().contains(replica.name()));
            long started = System.nanoTime();
            replica.start();
            cluster.awaitInSync(cluster.options().nodes(), LIMIT);
            return (System.nanoTime() - started) / 1e9;
        }

        @Override
        public Path primaryData() {
            return first.dataDirectory();
        }

        @Override
        public void close() {
            cluster.close();
        }
    }
}
