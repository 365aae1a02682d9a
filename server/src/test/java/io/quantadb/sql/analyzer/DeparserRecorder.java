package io.quantadb.sql.analyzer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Records {@code pg_get_viewdef} of each query of a file, plain and pretty. Arguments as {@link AnalyzerRecorder}. */
public final class DeparserRecorder {
    private DeparserRecorder() {
    }

    public static void main(String[] args) throws Exception {
        StringBuilder out = new StringBuilder();
        try (Connection connection = DriverManager.getConnection(args[0], args[1], "");
                Statement statement = connection.createStatement()) {
            for (String query : Files.readAllLines(Path.of(args[2]))) {
                statement.execute("DROP VIEW IF EXISTS recorded");
                out.append("### ").append(query).append('\n');
                try {
                    statement.execute("CREATE VIEW recorded AS " + query);
                } catch (SQLException e) {
                    System.err.println(query + ": " + e.getMessage());
                    continue;
                }
                for (String pretty : new String[] {"false", "true"}) {
                    try (ResultSet rows = statement.executeQuery("SELECT pg_get_viewdef('recorded', " + pretty + ")")) {
                        rows.next();
                        out.append("--- ").append(pretty).append('\n').append(rows.getString(1)).append('\n');
                    }
                }
            }
            statement.execute("DROP VIEW IF EXISTS recorded");
        }
        Files.writeString(Path.of(args[3]), out.toString());
    }
}
