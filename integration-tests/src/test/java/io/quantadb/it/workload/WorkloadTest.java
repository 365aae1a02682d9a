package io.quantadb.it.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.process.ServerProcess;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * Goal: the workloads run, and a single healthy server shows no anomaly at any level. Method: all of them at once for
 * some seconds; {@code -Dquantadb.it.workload.seconds=N} for more.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkloadTest {
    private static final int SECONDS = Integer.getInteger("quantadb.it.workload.seconds", 6);
    DatabaseServer server;

    @BeforeAll
    void start() {
        server = startServer();
    }

    /** Overridden to run the same with another server. */
    DatabaseServer startServer() {
        return ServerProcess.startNew();
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void shouldShowNoAnomaly() throws Exception {
        long seed = Long.getLong("quantadb.it.seed", System.nanoTime());
        System.out.println("seed " + seed);
        HostList hosts = HostList.of(List.of(Endpoint.of(server)));
        // Other tests of this server may have used the names.
        for (Workload workload : Workloads.all(hosts, false)) {
            try (var client = hosts.connect(Role.PRIMARY, 0).client()) {
                client.execute("drop table if exists " + workload.name());
            }
        }
        try (WorkloadRun run = WorkloadRun.start(hosts, Workloads.all(hosts, false),
            new WorkloadRun.Clients(4, 0, 2), seed)) {
            Thread.sleep(SECONDS * 1_000L);
            assertEquals(List.of(), run.finish(), "seed " + seed);
            System.out.print(server.name() + ":\n" + run.summary());
            run.summary().lines().forEach(line ->
                assertTrue(Integer.parseInt(line.replaceFirst(".* OK ([0-9]+) .*", "$1")) >= 10, line));
        }
    }
}
