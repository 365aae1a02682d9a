package io.quantadb.it.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.it.Requirements;
import io.quantadb.it.process.Processes;
import io.quantadb.it.wire.WireClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Goal: a planned switchover is a short stall to clients and nothing else. Method: pgbench with 32 clients, which
 * stops at the first error, and its log of each transaction's time.
 */
@Tag("cluster")
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SwitchoverClusterTest {
    private static final int CLIENTS = 32;
    private static final int SECONDS = Integer.getInteger("quantadb.it.switchover.seconds", 12);
    private static final int SWITCHOVERS = 2;
    private static final long STALL_MILLIS_MAX = Integer.getInteger("quantadb.it.switchover.stall", 2_000);

    @Test
    void shouldLookLikeAStallToPgbench() throws IOException {
        String pgbench = Requirements.program("pgbench");
        try (Cluster cluster = Cluster.start(ClusterOptions.three())) {
            ClusterNode primary = cluster.awaitPrimary(Duration.ofSeconds(10));
            Map<String, String> environment = new HashMap<>(primary.endpoint().clientEnvironment());
            Processes.run(Duration.ofMinutes(2), environment, List.of(pgbench, "-i", "-q", "-s", "10"))
                .throwIfFailed("pgbench -i");
            Path logs = Files.createDirectories(cluster.directory().resolve("pgbench"));
            CompletableFuture<Processes.Outcome> run = CompletableFuture.supplyAsync(() -> Processes.run(
                Duration.ofSeconds(SECONDS + 60), environment, List.of(pgbench, "-n", "-M", "prepared", "-c",
                    Integer.toString(CLIENTS), "-j", "2", "-T", Integer.toString(SECONDS), "-l", "--log-prefix="
                    + logs.resolve("log"))));
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < SWITCHOVERS; i++) {
                Cluster.pause(SECONDS * 1_000L / (SWITCHOVERS + 1));
                ClusterNode from = cluster.awaitPrimary(Duration.ofSeconds(10));
                ClusterNode to = cluster.nodes().get((cluster.nodes().indexOf(from) + 1) % cluster.nodes().size());
                var answer = from.post("/cluster/switchover", "{\"to\": \"" + to.name() + "\"}",
                    Duration.ofSeconds(20));
                answers.add(answer.statusCode() + " " + answer.body().strip());
                assertEquals(200, answer.statusCode(), answers::toString);
                cluster.await("primary " + to.name(), Duration.ofSeconds(10), () -> cluster.primary() == to);
            }
            Processes.Outcome outcome = run.join();
            String output = outcome.throwIfFailed("pgbench");
            assertFalse(outcome.errors().contains("error"), outcome.errors());
            assertTrue(output.contains("number of failed transactions: 0 (0.000%)"), output);
            long longest = longestMillis(logs);
            System.out.println("switchover: longest transaction " + longest + " ms; " + answers);
            assertTrue(longest <= STALL_MILLIS_MAX, longest + " ms");
            checkSums(cluster);
        }
    }

    private static void checkSums(Cluster cluster) throws IOException {
        cluster.awaitInSync(3, Duration.ofSeconds(30));
        try (WireClient session = cluster.connect(cluster.primary())) {
            assertEquals("t", session.queryOne("select (select sum(abalance) from pgbench_accounts) = "
                + "(select sum(delta) from pgbench_history)").single());
        }
        assertEquals(List.of(), cluster.compareContents(List.of("pgbench_history", "pgbench_branches")));
    }

    /** Third column of pgbench's log: microseconds of the transaction. */
    private static long longestMillis(Path logs) throws IOException {
        long longest = 0;
        try (Stream<Path> files = Files.list(logs)) {
            for (Path file : files.toList()) {
                longest = Math.max(longest, Files.readAllLines(file).stream()
                    .mapToLong(line -> Long.parseLong(line.split(" ")[2]) / 1_000).max().orElse(0));
            }
        }
        return longest;
    }
}
