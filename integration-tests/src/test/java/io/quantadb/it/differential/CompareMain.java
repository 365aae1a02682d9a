package io.quantadb.it.differential;

import io.quantadb.it.process.DatabaseServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Compares two running servers by files of statements: the fast way to try statements before they become a script of
 * {@link DifferentialTest}.
 *
 * <p>Arguments: {@code PORT_OF_QUANTADB PORT_OF_POSTGRES DATABASE FILE...}; both servers know the superuser of
 * {@link DatabaseServer}. Prints the differences; the exit code is 1 if there is one.
 */
final class CompareMain {
    private CompareMain() {
    }

    public static void main(String[] arguments) throws IOException {
        DatabaseServer subject = new Running("QuantaDB", Integer.parseInt(arguments[0]));
        DatabaseServer oracle = new Running("PostgreSQL", Integer.parseInt(arguments[1]));
        int count = 0;
        for (int i = 3; i < arguments.length; i++) {
            List<SqlScript.Step> steps = SqlScript.parse(Files.readAllLines(Path.of(arguments[i])));
            List<String> differences = new ScriptComparison(oracle, subject, arguments[2]).run(steps);
            differences.forEach(difference -> System.out.println(difference + "\n"));
            System.out.println(arguments[i] + ": " + differences.size() + " differences in " + steps.size()
                + " statements");
            count += differences.size();
        }
        System.exit(count == 0 ? 0 : 1);
    }

    private record Running(String name, int port) implements DatabaseServer {
        @Override
        public long residentBytes() {
            throw new UnsupportedOperationException("only connected to");
        }

        @Override
        public void close() {
            // Started by someone else, who will stop it.
        }
    }
}
