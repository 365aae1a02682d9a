package io.quantadb.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Goal: no anomaly on primary and replicas through faults of all kinds. Method: {@link MixedFaults} for half a minute;
 * {@code bin/cluster-faults} for longer.
 */
@Tag("cluster")
class MixedFaultsClusterTest {
    private static final int SECONDS = Integer.getInteger("quantadb.it.mixed.seconds", 30);

    @Test
    @Timeout(value = 600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldShowNoAnomaly() throws IOException {
        long seed = Long.getLong("quantadb.it.seed", System.nanoTime());
        try (Cluster cluster = Cluster.start(ClusterOptions.three().withProxies())) {
            assertEquals(List.of(), MixedFaults.run(cluster, List.of(Fault.values()), Duration.ofSeconds(SECONDS),
                seed, Path.of("target", "histories")), () -> "seed " + seed + "\n" + cluster.describe());
        }
    }
}
