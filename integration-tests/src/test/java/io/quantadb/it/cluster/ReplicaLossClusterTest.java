package io.quantadb.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.it.wire.StatementResult;
import io.quantadb.it.wire.WireClient;
import io.quantadb.it.workload.HostList;
import io.quantadb.it.workload.PacedInserts;
import io.quantadb.it.workload.RowInserter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Goal: a lost replica stalls writes for a bounded time; without any replica writes fail, and nothing becomes
 * asynchronous in silence; a full disk is survived. Method: paced inserts while replicas are killed and come back.
 */
@Tag("cluster")
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReplicaLossClusterTest {
    private static final int SYNC_TIMEOUT_MILLIS = 2_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static Cluster start() {
        return Cluster.start(ClusterOptions.three().withSyncTimeout(SYNC_TIMEOUT_MILLIS));
    }

    @Test
    void shouldStallForTheSyncTimeoutAtMostWhenAReplicaDies() {
        try (Cluster cluster = start()) {
            ClusterNode replica = cluster.replicas().getFirst();
            HostList hosts = cluster.hosts();
            try (PacedInserts inserts = PacedInserts.start(hosts, List.of(RowInserter.wire(hosts)))) {
                Cluster.pause(1_000);
                long began = System.nanoTime();
                replica.kill();
                Cluster.pause(SYNC_TIMEOUT_MILLIS + 2_000);
                long gap = inserts.longestGapMillis(began, System.nanoTime());
                System.out.println("replica killed: longest stall " + gap + " ms");
                assertTrue(gap <= SYNC_TIMEOUT_MILLIS + 1_000, gap + " ms");
                replica.start();
                cluster.awaitInSync(3, LIMIT);
                assertEquals(List.of(), inserts.finish());
            }
        }
    }

    @Test
    void shouldRefuseWritesWithoutReplicasAndServeReads() throws IOException {
        try (Cluster cluster = start()) {
            ClusterNode primary = cluster.awaitPrimary(LIMIT);
            List<ClusterNode> replicas = cluster.replicas();
            try (WireClient session = cluster.connect(primary)) {
                session.execute("create table t (a int primary key); insert into t values (1)");
                replicas.forEach(ClusterNode::kill);
                session.readTimeoutMillis(30_000);
                long began = System.nanoTime();
                StatementResult refused = session.queryOne("insert into t values (2)");
                assertNotNull(refused.error, "a write without replicas was acknowledged");
                System.out.printf("without replicas: %s %s after %d ms%n", refused.sqlState(), refused.errorMessage(),
                    (System.nanoTime() - began) / 1_000_000);
                // What no replica has must not be seen, by nobody.
                try (WireClient other = cluster.connect(primary)) {
                    assertEquals("1", other.queryOne("select count(*) from t").single());
                }
            }
            replicas.forEach(ClusterNode::start);
            cluster.awaitInSync(2, LIMIT);
            cluster.await("writes", LIMIT, () -> {
                try (WireClient session = cluster.connect(cluster.awaitPrimary(LIMIT))) {
                    return session.queryOne("insert into t values (3)").error == null;
                } catch (IOException e) {
                    return false;
                }
            });
            cluster.awaitInSync(3, LIMIT);
            assertEquals(List.of(), cluster.compareContents(List.of("t")));
        }
    }

    @Test
    void shouldSurviveAFullDiskOfThePrimary() throws IOException {
        Cluster cluster = Cluster.prepare(ClusterOptions.three());
        Path place = cluster.directory().resolve("disk");
        try (cluster; SmallDisk disk = SmallDisk.mount(place, 400)) {
            cluster.nodes().getFirst().dataDirectory(place.resolve("data"));
            cluster.nodes().forEach(ClusterNode::start);
            cluster.awaitInSync(3, LIMIT);
            HostList hosts = cluster.hosts();
            try (PacedInserts inserts = PacedInserts.start(hosts, List.of(RowInserter.wire(hosts)))) {
                Cluster.pause(1_000);
                disk.fill();
                Cluster.pause(5_000);
                disk.empty();
                long emptied = System.nanoTime();
                if (!cluster.nodes().getFirst().isAlive()) {
                    cluster.nodes().getFirst().start();
                }
                cluster.await("writes", LIMIT, () -> inserts.acknowledgedSince(emptied));
                cluster.awaitInSync(3, LIMIT);
                assertEquals(List.of(), inserts.finish());
            }
            assertEquals(List.of(), cluster.compareContents(List.of(PacedInserts.TABLE)));
        }
    }
}
