package io.quantadb.sql.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quantadb.error.SqlException;
import io.quantadb.sql.parser.ParsedStatement;
import io.quantadb.sql.parser.SqlParser;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.types.PgType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Goal: names, types, errors and their positions are PostgreSQL's. Method: queries.txt holds what a PostgreSQL 15
 * with the same objects answered (AnalyzerRecorder wrote it); a block's line beginning with DIFFERS names a known
 * difference.
 */
class AnalyzerGoldenTest {
    private record Case(String query, String expected) {
    }

    private static List<Case> cases() throws IOException {
        try (InputStream in = AnalyzerGoldenTest.class.getResourceAsStream("/analyzer/queries.txt")) {
            List<Case> result = new ArrayList<>();
            for (String block : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n\n")) {
                int end = block.indexOf('\n');
                if (end > 0 && !block.substring(end + 1).startsWith("DIFFERS")) {
                    result.add(new Case(block.substring(0, end), block.substring(end + 1).strip()));
                }
            }
            return result;
        }
    }

    @TestFactory
    List<DynamicTest> shouldAnswerAsPostgres() throws IOException {
        TestScene scene = new TestScene();
        return cases().stream().map(c -> DynamicTest.dynamicTest(c.query, () -> assertEquals(c.expected,
                answer(scene, c.query)))).toList();
    }

    static String answer(TestScene scene, String sql) {
        boolean parameters = sql.contains("$1") || sql.contains("$2");
        try {
            ParsedStatement parsed = SqlParser.parse(sql).getFirst();
            AnalyzedStatement result = Analyzer.analyze(parsed, sql, scene.context(parameters));
            if (parameters) {
                return "PARAMETERS {" + result.parameterTypes().stream().map(t -> quoted(scene, t))
                        .collect(Collectors.joining(",")) + "}";
            }
            return columns(scene, ((AnalyzedStatement.Plannable) result).query());
        } catch (SqlException e) {
            StringBuilder out = new StringBuilder("ERROR " + e.code() + " " + e.position() + " " + e.getMessage());
            if (e.detail() != null) {
                out.append("\nDETAIL ").append(e.detail());
            }
            if (e.hint() != null) {
                out.append("\nHINT ").append(e.hint());
            }
            return out.toString();
        }
    }

    private static String quoted(TestScene scene, PgType type) {
        String name = scene.reader.formatType(type.oid(), -1);
        return name.contains(" ") ? "\"" + name + "\"" : name;
    }

    /** RowDescription reports a domain as its base type. */
    private static String columns(TestScene scene, Query query) {
        StringBuilder out = new StringBuilder("OK");
        List<TargetEntry> columns = query.resultColumns();
        for (int i = 0; i < columns.size(); i++) {
            out.append(i == 0 ? " " : ", ").append(columns.get(i).name()).append(' ')
                    .append(scene.reader.pgType(scene.reader.baseTypeOf(columns.get(i).expr().type().oid())).name());
        }
        return out.toString();
    }

    /** Prints every difference; for development. */
    public static void main(String[] args) throws IOException {
        TestScene scene = new TestScene();
        int wrong = 0;
        for (Case c : cases()) {
            String actual;
            try {
                actual = answer(scene, c.query);
            } catch (RuntimeException | StackOverflowError e) {
                java.io.StringWriter trace = new java.io.StringWriter();
                e.printStackTrace(new java.io.PrintWriter(trace));
                actual = trace.toString().lines().limit(6).collect(Collectors.joining("\n"));
            }
            if (!actual.equals(c.expected)) {
                wrong++;
                System.err.println(c.query + "\n  expected " + c.expected + "\n  actual   " + actual + "\n");
            }
        }
        System.err.println(wrong + " of " + cases().size() + " differ");
    }
}
