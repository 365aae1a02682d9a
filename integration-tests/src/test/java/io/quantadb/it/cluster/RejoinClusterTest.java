package io.quantadb.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quantadb.it.Requirements;
import io.quantadb.it.process.Processes;
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
 * Goal: a node with old data, or none, becomes an in-sync replica by itself while clients write, and changes nothing
 * for the others. Method: data directories copied, put back and wiped. {@code -Dquantadb.it.join.scale=340} makes about
 * 5 GB.
 */
@Tag("cluster")
@Timeout(value = 1800, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RejoinClusterTest {
    private static final int SCALE = Integer.getInteger("quantadb.it.join.scale", 5);
    private static final Duration LIMIT = Duration.ofSeconds(60 + SCALE * 3L);

    @Test
    void shouldTakeBackAnOldCopyOfAReplica() throws IOException {
        try (Cluster cluster = Cluster.start(ClusterOptions.three())) {
            ClusterNode replica = cluster.replicas().getFirst();
            oldCopyRejoins(cluster, replica, false);
        }
    }

    @Test
    void shouldTakeBackAnOldCopyOfAPrimary() throws IOException {
        try (Cluster cluster = Cluster.start(ClusterOptions.three())) {
            oldCopyRejoins(cluster, cluster.awaitPrimary(LIMIT), true);
        }
    }

    /** The node is copied when dead; the cluster goes on with it, then it dies again and gets its old data. */
    private static void oldCopyRejoins(Cluster cluster, ClusterNode node, boolean failover) throws IOException {
        HostList hosts = cluster.hosts();
        try (PacedInserts inserts = PacedInserts.start(hosts, List.of(RowInserter.wire(hosts)))) {
            Cluster.pause(1_000);
            node.kill();
            Path copy = cluster.directory().resolve("old-copy");
            node.saveData(copy);
            node.start();
            cluster.awaitInSync(3, LIMIT);
            Cluster.pause(1_000);
            if (failover) {
                ClusterNode present = cluster.awaitPrimary(LIMIT);
                present.kill();
                long killed = System.nanoTime();
                cluster.await("writes", LIMIT, () -> inserts.acknowledgedSince(killed));
                present.start();
                cluster.awaitInSync(3, LIMIT);
            }
            node.kill();
            Cluster.pause(500);
            node.restoreData(copy);
            node.start();
            cluster.awaitInSync(3, LIMIT);
            assertEquals(List.of(), inserts.finish());
        }
        assertEquals(List.of(), cluster.compareContents(List.of(PacedInserts.TABLE)));
    }

    @Test
    void shouldFillAnEmptyReplicaUnderLoad() throws IOException {
        String pgbench = Requirements.program("pgbench");
        try (Cluster cluster = Cluster.start(ClusterOptions.three())) {
            ClusterNode primary = cluster.awaitPrimary(LIMIT);
            Processes.run(Duration.ofMinutes(20), primary.endpoint().clientEnvironment(), List.of(pgbench, "-i", "-q",
                "-s", Integer.toString(SCALE))).throwIfFailed("pgbench -i");
            ClusterNode replica = cluster.replicas().getFirst();
            replica.kill();
            replica.wipe();
            HostList hosts = cluster.hosts();
            try (PacedInserts inserts = PacedInserts.start(hosts, List.of(RowInserter.wire(hosts)))) {
                cluster.await("two in sync", LIMIT, () -> !cluster.inSync().contains(replica.name()));
                long began = System.nanoTime();
                replica.start();
                cluster.awaitInSync(3, LIMIT);
                System.out.printf("empty replica in sync after %d ms, scale %d; longest stall %d ms%n",
                    (System.nanoTime() - began) / 1_000_000, SCALE, inserts.longestGapMillis(began,
                        System.nanoTime()));
                assertEquals(List.of(), inserts.finish());
            }
            assertEquals(List.of(), cluster.compareContents(List.of(PacedInserts.TABLE, "pgbench_tellers",
                "pgbench_branches")));
        }
    }
}
