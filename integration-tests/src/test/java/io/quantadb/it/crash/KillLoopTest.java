package io.quantadb.it.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.it.process.ServerProcess;
import io.quantadb.it.wire.WireClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Goal: every acknowledged commit survives kill -9, no transaction in part, indexes agree with tables. Method: {@link KillLoop}; a few
 * lives here, {@code bin/kill-loop} for hundreds. {@code -Dquantadb.it.kills=N} and {@code -Dquantadb.it.seed=N} change the run.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KillLoopTest {

    @Test
    void shouldKeepEveryAcknowledgedCommitThroughKills() throws IOException, InterruptedException {
        long seed = Long.getLong("quantadb.it.seed", System.nanoTime());
        System.out.println("KillLoopTest: seed " + seed);
        KillLoop.Report report = KillLoop.run(Integer.getInteger("quantadb.it.kills", 5), seed, 4, false);
        assertEquals(List.of(), report.problems(), "seed " + seed);
        assertTrue(report.commits() > 0, "no transaction was acknowledged: the test tested nothing");
    }

    @Test
    void shouldStopCleanlyAndStartAgainWithinTwoSeconds() throws IOException {
        try (ServerProcess server = ServerProcess.startNew()) {
            try (WireClient session = server.connect()) {
                session.execute("create table t (a int primary key); insert into t select generate_series(1, 1000)");
            }
            assertEquals(0, server.stop(), "exit code after SIGTERM");
            server.start();
            try (WireClient session = server.connect()) {
                assertEquals("1000", session.queryOne("select count(*) from t").single());
            }
            // The limit is two seconds on a quiet machine; tests run on busy ones.
            assertTrue(server.startTime().compareTo(Duration.ofSeconds(6)) < 0, "start took " + server.startTime());
        }
    }
}
