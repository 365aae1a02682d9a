package io.quantadb.it.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.process.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Goal: each isolation level prevents the anomalies it must, allows what PostgreSQL allows, and deadlocks end. Method:
 * scripts of several
 * sessions. READ COMMITTED and REPEATABLE READ must give PostgreSQL's transcript, kept in {@code isolation/*.expected};
 * at SERIALIZABLE a
 * transaction must fail with 40001, in a deadlock exactly one with 40P01, whichever it is. {@code
 * -Dquantadb.it.record=DIR} writes
 * the transcripts of PostgreSQL into DIR.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IsolationTest {
    private DatabaseServer server;

    @BeforeAll
    void start() {
        server = startServer();
    }

    /** Overridden to run the same scripts with another server. */
    DatabaseServer startServer() {
        return ServerProcess.startNew();
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    static Stream<Arguments> transcripts() throws IOException {
        return Stream.concat(scripts("read-committed"), scripts("repeatable-read"));
    }

    static Stream<Arguments> serializable() throws IOException {
        return scripts("serializable");
    }

    static Stream<Arguments> deadlocks() throws IOException {
        return scripts("deadlock");
    }

    private static Stream<Arguments> scripts(String file) throws IOException {
        return IsolationScript.parse(resource(file + ".txt")).stream()
            .map(script -> Arguments.of(file, script.name(), script));
    }

    private static List<String> resource(String name) throws IOException {
        try (InputStream in = IsolationTest.class.getResourceAsStream("/isolation/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("transcripts")
    void shouldGiveThePostgresTranscript(String file, String name, IsolationScript script) throws IOException {
        List<String> got = script.run(server).transcript();
        String record = System.getProperty("quantadb.it.record");
        if (record != null) {
            List<String> lines = new ArrayList<>(List.of("== " + name));
            lines.addAll(got);
            Files.write(Path.of(record, file + ".expected"), lines, java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND);
            return;
        }
        assertEquals(String.join("\n", expected(file, name)), String.join("\n", got));
    }

    private static List<String> expected(String file, String name) throws IOException {
        List<String> lines = resource(file + ".expected");
        int start = lines.indexOf("== " + name) + 1;
        assertTrue(start > 0, "no transcript of " + name);
        int end = start;
        while (end < lines.size() && !lines.get(end).startsWith("== ")) {
            end++;
        }
        return lines.subList(start, end);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("serializable")
    void shouldFailOneTransactionToStaySerializable(String file, String name,
        IsolationScript script) throws IOException {
        IsolationScript.Outcome outcome = script.run(server);
        assertTrue(outcome.errors().contains("40001"), String.join("\n", outcome.transcript()));
        assertTrue(outcome.errors().stream().allMatch(state -> state.equals("40001") || state.equals("25P02")),
            String.join("\n", outcome.transcript()));
        assertTrue(outcome.transcript().stream().anyMatch(line -> line.endsWith("-> COMMIT")), "nobody got through:\n"
            + String.join("\n", outcome.transcript()));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("deadlocks")
    void shouldEndADeadlockByFailingOneSession(String file, String name, IsolationScript script) throws IOException {
        IsolationScript.Outcome outcome = script.run(server);
        assertEquals(List.of("40P01"), outcome.errors(), String.join("\n", outcome.transcript()));
        assertTrue(outcome.transcript().stream().anyMatch(line -> line.endsWith("ERROR 40P01: deadlock detected")),
            String.join("\n",
            outcome.transcript()));
    }
}
