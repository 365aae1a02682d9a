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
 * Goal: every acknowledged commit survives kill -9, no transaction in part, indexes agree with tables. Method: {@link
 * KillLoop}; a few
 * lives here, {@code bin/kill-loop} for hundreds. {@code -Dquantadb.it.kills=N} and {@code -Dquantadb.it.seed=N} change
 * the run.
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

    /** The checker itself: what it must notice is made by hand. */
    @Test
    void shouldNoticeLostAndHalfDoneWork() throws IOException {
        try (ServerProcess server = ServerProcess.startNew(); WireClient session = server.connect()) {
            session.execute(KillLoop.SCHEMA);
            KillLoad load = new KillLoad(server, 0, 1);
            assertEquals(List.of(), new KillChecker(session).check(List.of(load)));
            load.transfersAcknowledged = 1;
            assertProblem(session, load, "acknowledged 1");
            load.transfersAcknowledged = 0;
            session.execute("insert into ledger values (0, 1, 2, 3, 10, '')");
            load.transferUncertain = true;
            assertProblem(session, load, "a transaction is there in part");
            session.execute("delete from ledger; insert into items (worker, batch, n, label) values (0, 1, 0, 'x')");
            load.transfersAcknowledged = 0;
            assertProblem(session, load, "batches are there in part");
            session.execute("delete from items");
            load.batches.add(4);
            assertProblem(session, load, "missing [4]");
            load.batches.clear();
            load.tables.add("extra_0_1");
            assertProblem(session, load, "missing [extra_0_1]");
        }
    }

    private static void assertProblem(WireClient session, KillLoad load, String text) {
        List<String> problems = new KillChecker(session).check(List.of(load));
        assertTrue(problems.stream().anyMatch(problem -> problem.contains(text)), text + " not in " + problems);
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
