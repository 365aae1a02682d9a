package io.quantadb.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Goal: whatever happens to the primary, another takes over in about a second, nothing acknowledged or seen is lost,
 * and the old one is back in sync by itself. Method: {@link FailoverLoop}, two rounds of each fault; {@code
 * -Dquantadb.it.faults=20} for the full number. The times are printed; only a generous bound is asserted, since the
 * machine may be busy.
 */
@Tag("cluster")
@Timeout(value = 900, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailoverClusterTest {
    private static final int TIMES = Integer.getInteger("quantadb.it.faults", 2);
    private final long seed = Long.getLong("quantadb.it.seed", System.nanoTime());
    private Cluster cluster;

    @AfterEach
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"KILL_PRIMARY, 2500, 10000", "STOP_PRIMARY, 6000, 15000", "CUT_WAL, 6000, 15000",
        "CUT_RAFT, 6000, 15000", "ISOLATE_PRIMARY, 6000, 15000", "ONE_WAY_RAFT, 6000, 15000",
        "ONE_WAY_WAL, 6000, 15000", "KILL_ALL, 500, 60000"})
    void shouldLoseNothingAndGoOn(Fault fault, int holdMillis, long boundMillis) throws IOException {
        cluster = Cluster.start(fault.needsProxies() ? ClusterOptions.three().withProxies() : ClusterOptions.three());
        FailoverLoop.Report report = FailoverLoop.run(cluster, fault, TIMES, holdMillis, true, seed);
        System.out.println(report);
        assertEquals(List.of(), report.anomalies(), () -> "seed " + seed + "\n" + cluster.describe());
        assertEquals(List.of(), report.differences(), "seed " + seed);
        assertTrue(report.worstMillis() < boundMillis, report::toString);
        assertEquals(1, cluster.allPrimaries().size(), () -> cluster.allPrimaries().toString());
    }
}
