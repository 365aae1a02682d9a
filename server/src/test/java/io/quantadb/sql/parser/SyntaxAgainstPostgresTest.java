package io.quantadb.sql.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.error.SqlException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Goal: the same texts parse as in PostgreSQL 15, and the others fail with the same code, position, message and hint.
 * Method: statements with results recorded from it, in parser/syntax.txt.
 */
class SyntaxAgainstPostgresTest {
    private static final String MARK = "---- ";

    @Test
    void shouldAgreeWithRecordedResults() throws IOException {
        List<String> differences = new ArrayList<>();
        int count = 0;
        StringBuilder statement = new StringBuilder();
        for (String line : lines()) {
            if (line.startsWith(MARK)) {
                count++;
                String sql = statement.substring(0, statement.length() - 1);
                statement.setLength(0);
                String expected = line.substring(MARK.length());
                String actual = outcome(sql);
                if (!actual.equals(expected)) {
                    differences.add(sql + "\n  expected " + expected + "\n  actual   " + actual);
                }
            } else if (!statement.isEmpty() || !line.isEmpty() && !line.startsWith("#")) {
                statement.append(line).append('\n');
            }
        }
        assertTrue(count > 600, "recorded statements: " + count);
        assertEquals("", String.join("\n", differences));
    }

    private static List<String> lines() throws IOException {
        try (InputStream in = SyntaxAgainstPostgresTest.class.getResourceAsStream("/parser/syntax.txt")) {
            return List.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1));
        }
    }

    private static String outcome(String sql) {
        try {
            SqlParser.parse(sql);
            return "ok";
        } catch (SqlException e) {
            String hint = e.hint() == null ? "" : " | " + e.hint();
            return e.code() + " " + e.position() + " " + e.getMessage() + hint;
        }
    }
}
