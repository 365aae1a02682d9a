package io.quantadb.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.it.Requirements;
import io.quantadb.it.process.Processes;
import io.quantadb.it.process.ServerProcess;
import io.quantadb.it.wire.WireClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Goal: under steady work nothing grows without end: files, memory, sessions. Method: pgbench for a while, sizes read
 * at intervals;
 * connections opened and closed by the thousand; many idle sessions. {@code -Dquantadb.it.steady.seconds=600} and
 * {@code -Dquantadb.it.connects=10000} for the full size.
 */
@Timeout(value = 1200, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SteadyStateTest {
    private static final int SECONDS = Integer.getInteger("quantadb.it.steady.seconds", 24);
    private static final int CONNECTS = Integer.getInteger("quantadb.it.connects", 1_000);
    private static final long MB = 1 << 20;
    /** Default buffer pool, and what the process may use beside it. */
    private static final long MEMORY_MAX = (128 + 512) * MB;

    @Test
    void shouldLevelOffUnderSteadyUpdates() throws IOException {
        String pgbench = Requirements.program("pgbench");
        try (ServerProcess server = ServerProcess.startNew(); WireClient session = server.connect()) {
            Processes.run(Duration.ofMinutes(2), server.clientEnvironment(), List.of(pgbench, "-i", "-s", "1"))
                .throwIfFailed("pgbench -i");
            List<Long> sizes = new ArrayList<>();
            for (int part = 0; part < 4; part++) {
                Processes.run(Duration.ofSeconds(SECONDS + 60), server.clientEnvironment(),
                    List.of(pgbench, "-n", "-M", "prepared", "-c", "8", "-T",
                    Integer.toString(SECONDS / 4))).throwIfFailed("pgbench");
                sizes.add(Long.parseLong(session.queryOne("""
                    select sum(pg_relation_size(oid)) from pg_class
                    where relname in ('pgbench_accounts', 'pgbench_tellers', 'pgbench_branches', 'pgbench_accounts_pkey', 'pgbench_tellers_pkey',
                        'pgbench_branches_pkey')""").single()));
                assertTrue(server.residentBytes() < MEMORY_MAX, "resident memory: " + server.residentBytes() / MB
                    + " MB");
            }
            assertTrue(sizes.get(3) < sizes.get(1) * 1.25 + 4 * MB, "tables and indexes grow on: " + sizes);
        }
    }

    @Test
    void shouldNotGrowFromConnections() throws IOException {
        try (ServerProcess server = ServerProcess.startNew()) {
            connectAndQuery(server, CONNECTS / 2);
            long before = server.residentBytes();
            connectAndQuery(server, CONNECTS);
            long growth = server.residentBytes() - before;
            assertTrue(growth < 48 * MB, CONNECTS + " connections cost " + growth / MB + " MB");
            assertTrue(server.residentBytes() < MEMORY_MAX, "resident memory: " + server.residentBytes() / MB + " MB");
        }
    }

    private static void connectAndQuery(ServerProcess server, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (WireClient session = server.connect()) {
                assertEquals("1", session.queryOne("select 1").single());
            }
        }
    }

    @Test
    void shouldServeAFewSessionsAmongManyIdleOnes() throws IOException {
        int idle = 900;
        try (ServerProcess server = ServerProcess.startNew()) {
            List<WireClient> sessions = new ArrayList<>();
            try {
                for (int i = 0; i < idle; i++) {
                    WireClient session = server.connect();
                    sessions.add(session);
                    session.execute("select " + i);
                }
                for (int i = 0; i < idle; i += 100) {
                    assertEquals(Integer.toString(i), sessions.get(i).queryOne("select " + i).single());
                }
                try (WireClient busy = server.connect()) {
                    assertEquals("499500", busy.queryOne("select sum(g) from generate_series(0, 999) g").single());
                }
                assertTrue(server.residentBytes() < MEMORY_MAX, "resident memory: " + server.residentBytes() / MB
                    + " MB");
            } finally {
                sessions.forEach(WireClient::close);
            }
        }
    }
}
