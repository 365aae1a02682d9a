package io.quantadb.it.slt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quantadb.it.Requirements;
import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.process.PostgresProcess;
import io.quantadb.it.process.ServerProcess;
import io.quantadb.it.wire.WireClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Goal: the answers of the sqllogictest corpus, 200,000 queries by many authors' generators. Method: every file of the
 * test data's
 * {@code slt} directory on a fresh schema; what PostgreSQL 15 answers differently is listed in {@code
 * slt/exceptions.txt}, and that list
 * is checked against PostgreSQL 15 itself.
 */
@Timeout(value = 600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SqlLogicTest {
    private static final int FAILURES_SHOWN = 20;
    private static ServerProcess server;

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    static List<String> files() throws IOException {
        Path corpus = Requirements.testDataDirectory().resolve("slt");
        if (!Files.isDirectory(corpus)) {
            return List.of("(none)");
        }
        try (Stream<Path> paths = Files.walk(corpus)) {
            return paths.filter(path -> path.toString().endsWith(".test"))
                .map(path -> corpus.relativize(path).toString()).sorted().toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void shouldGiveTheAnswersOfTheFile(String file) throws IOException {
        Path path = Requirements.testData("slt").resolve(file);
        if (server == null) {
            server = ServerProcess.startNew();
        }
        check(file, SltExceptions.load().unexplained(file, run(server, path)));
    }

    @Test
    void shouldListExactlyWherePostgresDiffers() throws IOException {
        Path corpus = Requirements.testData("slt");
        SltExceptions exceptions = SltExceptions.load();
        try (PostgresProcess postgres = Requirements.startOracle()) {
            for (String file : exceptions.files()) {
                check(file, exceptions.unexplained(file, run(postgres, corpus.resolve(file))));
            }
        }
        assertEquals(List.of(), exceptions.unused(), "PostgreSQL passes these records: they are no exceptions");
    }

    private static List<SltRunner.Failure> run(DatabaseServer server, Path file) throws IOException {
        try (WireClient session = WireClient.connect(server, DatabaseServer.USER)) {
            session.execute("drop schema if exists slt cascade; create schema slt; set search_path to slt");
            return new SltRunner(session).run(file);
        }
    }

    private static void check(String file, List<SltRunner.Failure> failures) {
        assertEquals(0, failures.size(), () -> file + ": " + failures.size() + " records differ, the first ones:\n"
            + failures.stream().limit(FAILURES_SHOWN).map(SltRunner.Failure::toString)
            .collect(Collectors.joining("\n")));
    }
}
