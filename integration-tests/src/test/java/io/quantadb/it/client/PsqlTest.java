package io.quantadb.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.it.Requirements;
import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.process.PostgresProcess;
import io.quantadb.it.process.Processes;
import io.quantadb.it.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Goal: psql's and pg_dump's views of a database are those of PostgreSQL. Method: the same schema on both servers, the
 * output of each
 * backslash command compared character by character (without sizes, and without the descriptions of built-in objects,
 * which are
 * PostgreSQL's own texts); a dump of QuantaDB is restored into PostgreSQL and dumped again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PsqlTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private PostgresProcess postgres;
    private ServerProcess quanta;
    private String psql;

    @BeforeAll
    void start() {
        psql = Requirements.program("psql");
        postgres = Requirements.startOracle();
        quanta = ServerProcess.startNew();
        for (DatabaseServer server : List.of(postgres, quanta)) {
            run(server, "-q", "-v", "ON_ERROR_STOP=1", "-c", ClientSchema.SQL)
                .throwIfFailed(server.name() + ": schema");
        }
    }

    @AfterAll
    void stop() {
        for (DatabaseServer server : new DatabaseServer[] {postgres, quanta}) {
            if (server != null) {
                server.close();
            }
        }
    }

    private Processes.Outcome run(DatabaseServer server, String... arguments) {
        List<String> command = new ArrayList<>(List.of(psql, "-X"));
        command.addAll(List.of(arguments));
        return Processes.run(LIMIT, server.clientEnvironment(), command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\d", "\\d shop.*", "\\d shop.customers", "\\d+ shop.customers", "\\d shop.orders",
        "\\d shop.lines", "\\d+ shop.vips",
        "\\d shop.numbers", "\\d shop.orders_by_customer", "\\dt shop.*", "\\dt", "\\di shop.*", "\\di", "\\ds shop.*",
        "\\dv shop.*",
        "\\dn", "\\dn+ shop", "\\l", "\\du", "\\df shop.*", "\\df pg_catalog.abs", "\\df+ shop.twice", "\\dT shop.*",
        "\\dD shop.*", "\\dp shop.customers",
        "\\dd shop.*", "\\sf shop.twice", "\\sv shop.vips", "\\dx", "\\dC", "\\drds", "\\dconfig search_path",
        "\\encoding", "\\d nothing", "\\dO shop.*", "\\db", "\\conninfo"})
    void shouldDescribeAsPostgres(String command) {
        Processes.Outcome expected = run(postgres, "-c", command);
        Processes.Outcome got = run(quanta, "-c", command);
        assertEquals(normalised(expected), normalised(got));
    }

    private String normalised(Processes.Outcome outcome) {
        return (outcome.output() + outcome.errors()).replaceAll("port \"\\d+\"", "port N").replaceAll("(?m) +$", "");
    }

    @Test
    void shouldShowErrorsWithTheirPosition() {
        String sql = "select 1;\nselect nothing from shop.customers;\ninsert into shop.lines values (1, 1, 'far too long', 1);\nselect 1/0;";
        assertEquals(normalised(run(postgres, "-c", "\\set VERBOSITY verbose", "-c", sql))
            .replaceAll("(?m)^LOCATION.*\n", ""),
            normalised(run(quanta, "-c", "\\set VERBOSITY verbose", "-c", sql)).replaceAll("(?m)^LOCATION.*\n", ""));
    }

    @Test
    void shouldCopyToAndFromFilesOfTheClient() throws IOException {
        Path directory = Processes.temporaryDirectory("psql-copy");
        Path file = directory.resolve("rows.csv");
        Files.writeString(file, "1,one\n2,\"two, quoted\"\n3,\n");
        for (DatabaseServer server : List.of(postgres, quanta)) {
            String output = run(server, "-c", "create table copied (a int, b text)", "-c", "\\copy copied from '"
                + file + "' csv", "-c",
                "\\copy (select * from copied order by a desc) to stdout with (format csv, header)", "-c",
                "drop table copied").throwIfFailed(server.name());
            assertEquals("CREATE TABLE\nCOPY 3\na,b\n3,\n2,\"two, quoted\"\n1,one\nDROP TABLE\n", output,
                server.name());
        }
    }

    @Test
    void shouldDumpNorthwindSoThatPostgresCanRestoreIt() throws IOException {
        Path northwind = Requirements.testData("northwind.sql");
        String dump = Requirements.program("pg_dump");
        run(quanta, "-q", "-c", "create database northwind").throwIfFailed("create database");
        run(quanta, "-q", "-d", "northwind", "-v", "ON_ERROR_STOP=1", "-f", northwind.toString())
            .throwIfFailed("northwind.sql");
        String ours = Processes.run(LIMIT, quanta.clientEnvironment(), List.of(dump, "northwind"))
            .throwIfFailed("pg_dump of QuantaDB");
        assertTrue(ours.contains("CREATE TABLE public.orders"), "no table in the dump");
        Path file = Processes.temporaryDirectory("dump").resolve("northwind.sql");
        Files.writeString(file, ours);
        run(postgres, "-q", "-c", "create database restored").throwIfFailed("create database");
        run(postgres, "-q", "-d", "restored", "-v", "ON_ERROR_STOP=1", "-f", file.toString())
            .throwIfFailed("restore into PostgreSQL");
        String again = Processes.run(LIMIT, postgres.clientEnvironment(), List.of(dump, "restored"))
            .throwIfFailed("pg_dump of PostgreSQL");
        assertEquals(withoutVersions(again), withoutVersions(ours));
    }

    private static String withoutVersions(String dump) {
        return dump.replaceAll("(?m)^-- Dumped .*$", "").replaceAll("(?m)^\\\\(un)?restrict .*$", "");
    }
}
