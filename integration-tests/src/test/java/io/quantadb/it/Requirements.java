package io.quantadb.it;

import io.quantadb.it.process.PostgresProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** What a test may need and a machine may lack: such tests are skipped with a message that says what to install. */
public final class Requirements {
    private Requirements() {
    }

    /** Skips the test unless PostgreSQL 15's server programs are installed. */
    public static void postgres() {
        Assumptions.assumeTrue(PostgresProcess.programs().isPresent(),
            "needs PostgreSQL 15 (package postgresql-15), or -Dquantadb.it.postgres=DIR of its programs");
    }

    /** PostgreSQL with no waits for the disk: it is asked for answers, not for durability. */
    public static PostgresProcess startOracle() {
        postgres();
        return PostgresProcess.startNew("fsync = off", "full_page_writes = off", "shared_buffers = '64MB'");
    }

    /** Path of one of PostgreSQL's client programs; skips the test when it is missing. */
    public static String program(String name) {
        postgres();
        return PostgresProcess.programs().orElseThrow().resolve(name).toString();
    }

    /** A file or directory of the test data, which is not part of the repository; skips the test when it is missing. */
    public static Path testData(String name) {
        Path path = testDataDirectory().resolve(name);
        Assumptions.assumeTrue(Files.exists(path), "needs the test data: " + path
            + " does not exist; set QUANTADB_TEST_DATA to the directory that has it");
        return path;
    }

    public static Path testDataDirectory() {
        String environment = System.getenv("QUANTADB_TEST_DATA");
        for (String chosen : List.of(System.getProperty("quantadb.test.data", ""), environment == null ? ""
            : environment)) {
            if (!chosen.isEmpty()) {
                return Path.of(chosen);
            }
        }
        // Beside the repository; the working directory is this module's.
        return Path.of("../../shared/data").toAbsolutePath().normalize();
    }
}
