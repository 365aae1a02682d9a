package io.quantadb.it.differential;

import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.wire.StatementResult;
import io.quantadb.it.wire.WireClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Runs one script on two servers, statement by statement, and collects the answers that are not equal to the byte.
 * Queries outside a transaction block are sent by the extended protocol too. Confined to one thread.
 */
final class ScriptComparison {
    private static final int READ_LIMIT_MILLIS = 30_000;

    private final DatabaseServer oracle;
    private final DatabaseServer subject;
    private final String database;
    private final List<String> differences = new ArrayList<>();

    /** @param database of both servers */
    ScriptComparison(DatabaseServer oracle, DatabaseServer subject, String database) {
        this.oracle = oracle;
        this.subject = subject;
        this.database = database;
    }

    /** @return one entry a difference: line, statement, both answers */
    List<String> run(List<SqlScript.Step> steps) throws IOException {
        try (WireClient expected = WireClient.connect(oracle, database); Restarting ours = new Restarting()) {
            for (SqlScript.Step step : steps) {
                boolean same = compare("", step, answer(expected, step, false), ours.answer(step, false));
                if (same && step.isQuery() && expected.transactionStatus() == 'I') {
                    compare(" (extended)", step, answer(expected, step, true), ours.answer(step, true));
                }
            }
        }
        return differences;
    }

    private boolean compare(String how, SqlScript.Step step, String expected, String got) {
        if (!expected.equals(got)) {
            differences.add("line " + step.line() + how + ": " + step.sql() + "\n--- PostgreSQL\n" + expected
                + "\n--- QuantaDB\n" + got);
            return false;
        }
        return true;
    }

    private static String answer(WireClient session, SqlScript.Step step, boolean extended) {
        List<StatementResult> results = extended ? List.of(session.extended(step.sql()))
            : session.query(step.sql(), step.copyData());
        return results.stream().map(result -> result.render(false)).collect(Collectors.joining("\n"))
            + "\nstatus " + session.transactionStatus();
    }

    /**
     * A session that is opened anew when the server closed it, so that one crash does not hide the rest of the script.
     */
    private final class Restarting implements AutoCloseable {
        private WireClient session;

        Restarting() throws IOException {
            open();
        }

        private void open() throws IOException {
            session = WireClient.connect(subject, database, Map.of());
            session.readTimeoutMillis(READ_LIMIT_MILLIS);
        }

        String answer(SqlScript.Step step, boolean extended) throws IOException {
            try {
                return ScriptComparison.answer(session, step, extended);
            } catch (UncheckedIOException e) {
                session.abort();
                open();
                return "connection lost: " + e.getMessage();
            }
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
