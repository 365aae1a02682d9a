package io.quantadb.it.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quantadb.it.Requirements;
import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.process.PostgresProcess;
import io.quantadb.it.process.Processes;
import io.quantadb.it.process.ServerProcess;
import io.quantadb.it.wire.StatementResult;
import io.quantadb.it.wire.WireClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Goal: a client cannot tell QuantaDB from PostgreSQL 15 by its answers. Method: both servers load the two sample
 * databases with psql and
 * run the scripts in {@code differential/}, statement by statement, by the simple and (queries) the extended protocol;
 * each {@code regress-} script has an empty database of its own;
 * column names, type
 * OIDs, modifiers, rows, command tags, notices and all fields of errors that a user sees must be equal. All differences
 * of a file go to
 * {@code target/differential/}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DifferentialTest {
    private static final Duration LOAD_LIMIT = Duration.ofMinutes(3);
    private static final int SHOWN = 25;
    private PostgresProcess postgres;
    private ServerProcess quanta;

    @BeforeAll
    void startAndLoadBoth() {
        Path northwind = Requirements.testData("northwind.sql");
        Path chinook = Requirements.testData("chinook.sql");
        String psql = Requirements.program("psql");
        postgres = Requirements.startOracle();
        quanta = ServerProcess.startNew();
        for (DatabaseServer server : List.of(postgres, quanta)) {
            run(server, psql, "-c", "create database northwind");
            run(server, psql, "-d", "northwind", "-f", northwind.toString());
            run(server, psql, "-d", "postgres", "-f", chinook.toString());
            // The planner's choice shows where a query leaves the order open; the scripts do not, but statistics make
            // plans realistic.
            run(server, psql, "-d", "northwind", "-c", "analyze");
            run(server, psql, "-d", "chinook", "-c", "analyze");
        }
    }

    private static void run(DatabaseServer server, String... command) {
        List<String> full = new ArrayList<>(List.of(command));
        full.addAll(1, List.of("-X", "-q", "-v", "ON_ERROR_STOP=1"));
        Processes.run(LOAD_LIMIT, server.clientEnvironment(), full)
            .throwIfFailed(server.name() + ": " + String.join(" ", full));
    }

    @AfterAll
    void stop() {
        for (DatabaseServer server : new DatabaseServer[] {postgres, quanta}) {
            if (server != null) {
                server.close();
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"northwind-select", "northwind-windows-cte", "northwind-write", "northwind-copy-cursor",
        "chinook-functions", "regress-arrays", "regress-cursors", "regress-datetime", "regress-dml",
        "regress-functions-sql", "regress-jsonpath", "regress-numbers", "regress-queries", "regress-ranges",
        "regress-search-cycle", "regress-strings", "regress-views"})
    void shouldAnswerAsPostgres(String script) throws IOException {
        List<SqlScript.Step> steps = SqlScript.parse(resource("/differential/" + script + ".sql"));
        // A regression script begins with nothing; the others share a loaded sample database.
        String area = script.substring(0, script.indexOf('-'));
        String database = area.equals("regress") ? script : area;
        if (area.equals("regress")) {
            for (DatabaseServer server : List.of(postgres, quanta)) {
                run(server, Requirements.program("psql"), "-c", "create database \"" + database + "\"");
            }
        }
        List<String> differences = new ScriptComparison(postgres, quanta, database).run(steps);
        write(script, differences);
        assertEquals(0, differences.size(), () -> script + ": " + differences.size() + " differences in "
            + steps.size() + " statements:\n\n"
            + differences.stream().limit(SHOWN).collect(Collectors.joining("\n\n")));
    }

    /** What is refused on purpose must say so clearly, and leave the session usable. */
    @Test
    void shouldRefuseWhatIsKnownToBeMissing() throws IOException {
        List<String> differences = new ArrayList<>();
        try (WireClient session = WireClient.connect(quanta, DatabaseServer.USER)) {
            for (SqlScript.Step step : SqlScript.parse(resource("/differential/known-refusals.sql"))) {
                StatementResult result = session.query(step.sql(), List.of()).getLast();
                if (!"0A000".equals(result.sqlState())) {
                    differences.add("line " + step.line() + ": " + step.sql() + "\n" + result.render(false));
                }
                session.query("rollback;", List.of());
            }
        }
        assertEquals(List.of(), differences);
    }

    private static List<String> resource(String name) throws IOException {
        try (InputStream in = DifferentialTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static void write(String script, List<String> differences) throws IOException {
        Path directory = Files.createDirectories(Path.of("target", "differential"));
        Files.writeString(directory.resolve(script + ".txt"), String.join("\n\n", differences) + "\n");
    }
}
