package io.quantadb.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Goal: one server without replicas keeps what it acknowledged and showed, through kill -9, sleep and cut clients.
 * Method: the clients, checkers and faults of the cluster tests, with a cluster of one.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SingleNodeFaultsTest {
    private final long seed = Long.getLong("quantadb.it.seed", System.nanoTime());

    @Test
    void shouldKeepRowsThroughKillsUnderPacedInserts() throws Exception {
        try (Cluster cluster = Cluster.start(ClusterOptions.three().withNodes(1))) {
            FailoverLoop.Report report = FailoverLoop.run(cluster, Fault.KILL_PRIMARY, 2, 200, true, seed);
            System.out.println(report);
            assertEquals(List.of(), report.anomalies(), "seed " + seed);
            assertTrue(report.acknowledged() > 50, report::toString);
        }
    }

    @Test
    void shouldShowNoAnomalyThroughMixedFaults() throws Exception {
        try (Cluster cluster = Cluster.start(ClusterOptions.three().withNodes(1).withProxies())) {
            assertEquals(List.of(), MixedFaults.run(cluster, List.of(Fault.KILL_PRIMARY, Fault.STOP_PRIMARY,
                Fault.CUT_CLIENTS_OF_PRIMARY), Duration.ofSeconds(12), seed, Path.of("target", "histories")),
                "seed " + seed);
        }
    }
}
