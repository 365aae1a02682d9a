package io.quantadb.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Goal: pgbench, unmodified, runs without an error and the money adds up. Method: its three built-in scripts in all
 * protocols at 1, 8 and 64
 * clients, one after the other on the same tables. {@code -Dquantadb.it.pgbench.scale=50
 * -Dquantadb.it.pgbench.seconds=30} for the full size.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PgBenchTest {
    private static final int SCALE = Integer.getInteger("quantadb.it.pgbench.scale", 2);
    private static final int SECONDS = Integer.getInteger("quantadb.it.pgbench.seconds", 1);
    private ServerProcess server;
    private String pgbench;

    @BeforeAll
    void start() {
        pgbench = Requirements.program("pgbench");
        server = ServerProcess.startNew();
        pgbench(Duration.ofMinutes(8), "-i", "-s", Integer.toString(SCALE));
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private String pgbench(Duration limit, String... arguments) {
        List<String> command = new ArrayList<>(List.of(pgbench));
        command.addAll(List.of(arguments));
        Processes.Outcome outcome = Processes.run(limit, server.clientEnvironment(), command);
        String output = outcome.throwIfFailed(String.join(" ", command));
        assertFalse(outcome.errors().contains("error:"), outcome.errors());
        return output;
    }

    @ParameterizedTest(name = "{0}, {1}, {2} clients")
    @CsvSource({
        "tpcb-like, simple, 1", "tpcb-like, simple, 8", "tpcb-like, simple, 64", "tpcb-like, extended, 1",
            "tpcb-like, extended, 8",
        "tpcb-like, extended, 64", "tpcb-like, prepared, 1", "tpcb-like, prepared, 8", "tpcb-like, prepared, 64",
        "simple-update, simple, 1",
        "simple-update, simple, 8", "simple-update, simple, 64", "simple-update, extended, 1",
        "simple-update, extended, 8",
        "simple-update, extended, 64", "simple-update, prepared, 1", "simple-update, prepared, 8",
        "simple-update, prepared, 64",
        "select-only, simple, 1", "select-only, simple, 8", "select-only, simple, 64", "select-only, extended, 1",
        "select-only, extended, 8",
        "select-only, extended, 64", "select-only, prepared, 1", "select-only, prepared, 8",
        "select-only, prepared, 64"})
    void shouldRunWithoutErrorAndKeepTheSums(String script, String protocol, int clients) throws IOException {
        String output = pgbench(Duration.ofSeconds(SECONDS + 60), "-n", "-b", script, "-M", protocol, "-c",
            Integer.toString(clients), "-j", "2", "-T",
            Integer.toString(SECONDS));
        assertTrue(output.contains("number of failed transactions: 0 (0.000%)"), output);
        assertFalse(output.contains("number of transactions actually processed: 0\n"), output);
        checkSums();
    }

    private void checkSums() throws IOException {
        try (WireClient session = server.connect()) {
            List<String> sums = session.queryOne("""
                select (select sum(abalance) from pgbench_accounts), (select coalesce(sum(delta), 0) from pgbench_history),
                    (select sum(bbalance) from pgbench_branches), (select sum(tbalance) from pgbench_tellers)""").throwIfFailed().rows.getFirst();
            assertEquals(sums.get(0), sums.get(1), "sum(abalance) and sum(delta)");
            // Only tpcb-like writes tellers and branches, simple-update leaves them alone: both get the same deltas.
            assertEquals(sums.get(2), sums.get(3), "sum(bbalance) and sum(tbalance)");
        }
    }

    @Test
    void shouldCountTheRowsItMade() throws IOException {
        try (WireClient session = server.connect()) {
            assertEquals(Integer.toString(SCALE * 100_000),
                session.queryOne("select count(*) from pgbench_accounts").single());
            assertEquals(Integer.toString(SCALE * 10), session.queryOne("select count(*) from pgbench_tellers")
                .single());
        }
    }
}
