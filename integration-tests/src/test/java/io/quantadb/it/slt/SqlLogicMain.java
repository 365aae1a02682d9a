package io.quantadb.it.slt;

import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.process.PostgresProcess;
import io.quantadb.it.process.ServerProcess;
import io.quantadb.it.wire.WireClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs files of the corpus on one server and prints every failure: for finding out why, and for writing the list of
 * exceptions.
 */
final class SqlLogicMain {
    private SqlLogicMain() {
    }

    /** Arguments: "postgres" or "quantadb", the corpus's directory, and how many failures to print a file. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[1]);
        int shown = Integer.parseInt(arguments[2]);
        try (DatabaseServer server = arguments[0].equals("postgres") ? PostgresProcess.startNew("fsync = off")
            : ServerProcess.startNew();
            Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                runFile(server, directory, file, shown);
            }
        }
    }

    private static void runFile(DatabaseServer server, Path directory, Path file, int shown) throws IOException {
        long started = System.nanoTime();
        try (WireClient session = WireClient.connect(server, DatabaseServer.USER)) {
            session.execute("drop schema if exists slt cascade; create schema slt; set search_path to slt");
            SltRunner runner = new SltRunner(session);
            List<SltRunner.Failure> failures = runner.run(file);
            System.out.printf("%s: %d records, %d failures, %d ms%n", directory.relativize(file), runner.records(),
                failures.size(),
                (System.nanoTime() - started) / 1_000_000);
            failures.stream().limit(shown).forEach(System.out::println);
        }
    }
}
