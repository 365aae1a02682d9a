package io.quantadb.it.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.it.process.DatabaseServer;
import io.quantadb.it.process.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Goal: {@code pg_get_viewdef} prints what PostgreSQL prints. Method: some 300 views over most kinds of expressions
 * and clauses, each printed with all parentheses and with few, compared with the text recorded from PostgreSQL 15. To
 * record anew, set the system property {@code deparse.record} to a JDBC URL of a PostgreSQL database that may be
 * written to and {@code deparse.output} to the file.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeparseTest {
    @Test
    void shouldPrintViewsAsPostgres() throws Exception {
        String url = System.getProperty("deparse.record");
        if (url != null) {
            try (Connection connection = DriverManager.getConnection(url)) {
                Files.writeString(Path.of(System.getProperty("deparse.output")), printed(connection));
            }
            return;
        }
        String expected = resource("views.expected");
        assertTrue(expected.length() > 10_000, "answers are missing");
        try (ServerProcess server = ServerProcess.startNew(); Connection connection = DriverManager.getConnection(
                server.jdbcUrl(DatabaseServer.USER), DatabaseServer.USER, DatabaseServer.PASSWORD)) {
            assertEquals(expected, printed(connection));
        }
    }

    private static String printed(Connection connection) throws SQLException, IOException {
        StringBuilder out = new StringBuilder();
        List<String> views = resource("views.txt").lines().toList();
        try (Statement statement = connection.createStatement()) {
            statement.execute("drop schema if exists d cascade");
            statement.execute(resource("setup.sql"));
            int number = 0;
            for (String view : views) {
                number++;
                out.append("-- ").append(number).append(' ').append(view).append('\n');
                statement.execute("create view v" + number + " " + view);
                String plain = definition(statement, number, false);
                out.append(plain).append('\n').append(definition(statement, number, true)).append('\n');
            }
        }
        return out.toString();
    }

    private static String definition(Statement statement, int number, boolean pretty) throws SQLException {
        String query = "select pg_get_viewdef('v" + number + "'::regclass, " + pretty + ")";
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = DeparseTest.class.getResourceAsStream("/deparse/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
