package io.quantadb.it.workload;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.it.Requirements;
import io.quantadb.it.history.Anomaly;
import io.quantadb.it.history.Level;
import io.quantadb.it.process.DatabaseServer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same with PostgreSQL: what the checkers report there is a mistake of theirs. And judged by a level above the one
 * it ran at, PostgreSQL must show the anomalies that the level adds.
 */
class WorkloadPostgresTest extends WorkloadTest {
    private static final int TRIES = 10;

    @Override
    DatabaseServer startServer() {
        return Requirements.startOracle();
    }

    @ParameterizedTest
    @CsvSource({"READ_COMMITTED, REPEATABLE_READ, G-single", "REPEATABLE_READ, SERIALIZABLE, G2-item"})
    void shouldFindWhatAWeakerLevelShows(Level level, Level judgedAs, String kind) throws InterruptedException {
        HostList hosts = HostList.of(List.of(Endpoint.of(server)));
        List<Anomaly> anomalies = List.of();
        for (int i = 0; i < TRIES && anomalies.stream().noneMatch(anomaly -> anomaly.kind().equals(kind)); i++) {
            dropTables(hosts);
            try (WorkloadRun run = WorkloadRun.start(hosts, List.of(new ListAppendWorkload(level, judgedAs),
                new RegisterWorkload(level, judgedAs)), new WorkloadRun.Clients(5, 0, 0), i)) {
                Thread.sleep(1_000);
                anomalies = run.finish();
            }
        }
        assertTrue(anomalies.stream().anyMatch(anomaly -> anomaly.kind().equals(kind)), anomalies::toString);
    }

    private static void dropTables(HostList hosts) {
        HostList.Connected connected = hosts.connect(Role.PRIMARY, 0);
        try (var client = connected.client()) {
            for (Level level : Level.values()) {
                client.execute("drop table if exists " + new ListAppendWorkload(level).name() + ", "
                    + new RegisterWorkload(level).name());
            }
        }
    }
}
