package io.quantadb.sql.analyzer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Records what a real PostgreSQL 15 says about each query of a file: result columns, parameter types, or the error. Not
 * a test; run by hand with a JDBC URL of a database that holds schema.sql, the list of queries and the file to write.
 */
public final class AnalyzerRecorder {
    private static final String PREFIX = "PREPARE recorded AS ";

    private AnalyzerRecorder() {
    }

    /** Arguments: URL, user, input, output. */
    public static void main(String[] args) throws Exception {
        List<String> queries = Files.readAllLines(Path.of(args[2])).stream().filter(q -> !q.isBlank()).toList();
        Properties properties = new Properties();
        properties.setProperty("user", args[1]);
        properties.setProperty("prepareThreshold", "1");
        StringBuilder out = new StringBuilder();
        try (Connection connection = DriverManager.getConnection(args[0], properties)) {
            for (String query : queries) {
                out.append(query).append('\n').append(answer(connection, query)).append("\n\n");
            }
        }
        Files.writeString(Path.of(args[3]), out.toString());
    }

    private static String answer(Connection connection, String query) throws SQLException {
        StringBuilder out = new StringBuilder();
        try {
            if (query.contains("$1") || query.contains("$2")) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(PREFIX + query);
                    try (ResultSet rows = statement.executeQuery("SELECT parameter_types::text FROM "
                            + "pg_prepared_statements WHERE name = 'recorded'")) {
                        rows.next();
                        out.append("PARAMETERS ").append(rows.getString(1));
                    }
                    statement.execute("DEALLOCATE recorded");
                }
                return out.toString();
            }
            try (PreparedStatement statement = connection.prepareStatement(query)) {
                ResultSetMetaData columns = statement.getMetaData();
                out.append("OK");
                for (int i = 1; columns != null && i <= columns.getColumnCount(); i++) {
                    out.append(i == 1 ? " " : ", ").append(columns.getColumnLabel(i)).append(' ')
                            .append(columns.getColumnTypeName(i));
                }
            }
        } catch (PSQLException e) {
            ServerErrorMessage error = e.getServerErrorMessage();
            int position = error.getPosition();
            if (position > 0 && query.contains("$")) {
                position -= PREFIX.length();
            }
            out.append("ERROR ").append(error.getSQLState()).append(' ').append(position).append(' ')
                    .append(error.getMessage());
            if (error.getDetail() != null) {
                out.append("\nDETAIL ").append(error.getDetail());
            }
            if (error.getHint() != null) {
                out.append("\nHINT ").append(error.getHint());
            }
        }
        return out.toString();
    }
}
