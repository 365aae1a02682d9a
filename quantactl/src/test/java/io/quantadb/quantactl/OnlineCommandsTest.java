package io.quantadb.quantactl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.client.CollectorRegistry;
import io.quantadb.management.ApiServer;
import io.quantadb.management.ClusterAdministration;
import io.quantadb.management.ClusterView;
import io.quantadb.management.ServerStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Goal: online commands say what the API says, and change nothing they were not let to. Method: a real API of a
 * made-up cluster.
 */
class OnlineCommandsTest {
    private static final String TOKEN = "the-token";

    @TempDir
    private Path directory;
    private final MadeUpCluster cluster = new MadeUpCluster();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private ApiServer api;
    private String url;
    private Path tokenFile;

    @BeforeEach
    void startApi() throws IOException {
        api = new ApiServer("127.0.0.1", 0, TOKEN, new MadeUpStatus(), cluster, new CollectorRegistry());
        url = "http://127.0.0.1:" + api.start();
        tokenFile = Files.writeString(directory.resolve("token"), TOKEN + "\n");
    }

    @AfterEach
    void stopApi() {
        api.close();
    }

    private int run(String... arguments) {
        return QuantaCtl.commandLine(new PrintWriter(out, true), new PrintWriter(err, true)).execute(arguments);
    }

    @Test
    void shouldShowEveryNodeWithItsRole() {
        assertEquals(0, run("status", "--api", url));
        assertTrue(out.toString().contains("Primary n1, epoch 7, timeline 3, 2 of 2 nodes in sync"), out.toString());
        assertTrue(out.toString().matches("(?s).*n2 +replica +data +yes +no +.*"), out.toString());
    }

    @Test
    void shouldPrintStatusAsJson() throws IOException {
        assertEquals(0, run("status", "--api", url, "--output", "json"));
        assertEquals("n1", ApiClient.json().readTree(out.toString()).path("primary").asText());
    }

    @Test
    void shouldSwitchOverToTheNamedNode() {
        assertEquals(0, run("cluster", "switchover", "--to", "n2", "--yes", "--api", url, "--token-file",
                tokenFile.toString()));
        assertEquals(List.of("switchover n2"), cluster.commands);
        assertEquals("n2 is the primary now", out.toString().strip());
    }

    @Test
    void shouldNotChangeAnythingWithoutToken() {
        assertEquals(1, run("cluster", "switchover", "--to", "n2", "--yes", "--api", url));
        assertEquals(List.of(), cluster.commands);
        assertTrue(err.toString().contains("the API wants a token"), err.toString());
    }

    @Test
    void shouldNotChangeAnythingWithAWrongToken() throws IOException {
        Files.writeString(tokenFile, "guess");
        assertEquals(1, run("cluster", "pause", "--api", url, "--token-file", tokenFile.toString()));
        assertEquals(List.of(), cluster.commands);
        assertTrue(err.toString().contains("does not accept this token"), err.toString());
    }

    @Test
    void shouldPassOnTheReasonOfARefusal() {
        assertEquals(1, run("cluster", "switchover", "--to", "n9", "--yes", "--api", url, "--token-file",
                tokenFile.toString()));
        assertEquals("quantactl: no node n9", err.toString().strip());
    }

    @Test
    void shouldSayThatTheApiCannotBeReached() {
        api.close();
        assertEquals(1, run("status", "--api", url));
        assertTrue(err.toString().contains("cannot be reached"), err.toString());
    }

    @Test
    void shouldTellWrongUsageFromFailure() {
        assertEquals(2, run("cluster", "remove-node", "--api", url));
        assertEquals(2, run("cluster"));
        assertEquals(2, run("no-such-command"));
    }

    private static final class MadeUpCluster implements ClusterAdministration {
        private final List<String> commands = new ArrayList<>();

        @Override
        public ClusterView view() {
            var first = new ClusterView.Member("n1", "primary", "data", 50, true, true, "h1:5432", "h1:6432",
                    "h1:7432", "h1:8432");
            var second = new ClusterView.Member("n2", "replica", "data", 50, true, false, "h2:5432", "h2:6432",
                    "h2:7432", "h2:8432");
            return new ClusterView("n1", "primary", "running", 7, 3, "n1", "n1", List.of("n1", "n2"), 2, true, 4, 0,
                List.of(first, second));
        }

        @Override
        public List<ClusterView.Replica> replicas() {
            return List.of();
        }

        @Override
        public ClusterView.Upstream upstream() {
            return null;
        }

        @Override
        public CompletableFuture<Outcome> switchover(String target) {
            if (!target.equals("n2")) {
                return CompletableFuture.completedFuture(new Outcome(404, "no node " + target));
            }
            return record("switchover " + target, target + " is the primary now");
        }

        @Override
        public CompletableFuture<Outcome> removeNode(String nodeId, boolean graceful) {
            return record("remove " + nodeId, "removed");
        }

        @Override
        public CompletableFuture<Outcome> forceLeader() {
            return record("force", "forced");
        }

        @Override
        public CompletableFuture<Outcome> setPaused(boolean paused) {
            return record("paused " + paused, "set");
        }

        private CompletableFuture<Outcome> record(String command, String message) {
            commands.add(command);
            return CompletableFuture.completedFuture(Outcome.done(message));
        }
    }

    private static final class MadeUpStatus implements ServerStatus {
        @Override
        public String nodeId() {
            return "n1";
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public long readySinceMillis() {
            return 0;
        }

        @Override
        public long insertLsn() {
            return 0x2000;
        }

        @Override
        public long flushLsn() {
            return 0x1000;
        }

        @Override
        public int timeline() {
            return 3;
        }

        @Override
        public int sessions() {
            return 1;
        }

        @Override
        public int maxSessions() {
            return 2;
        }

        @Override
        public boolean isReady() {
            return true;
        }
    }
}
