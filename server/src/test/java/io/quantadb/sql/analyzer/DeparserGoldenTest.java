package io.quantadb.sql.analyzer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quantadb.sql.parser.ParsedStatement;
import io.quantadb.sql.parser.SqlParser;
import io.quantadb.types.TextContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Goal: a view's text comes back as PostgreSQL prints it. Method: views.txt holds what {@code pg_get_viewdef} of a
 * PostgreSQL 15 printed for the same queries (DeparserRecorder wrote it).
 */
class DeparserGoldenTest {
    private record Case(String query, boolean pretty, String expected) {
    }

    private static List<Case> cases() throws IOException {
        try (InputStream in = DeparserGoldenTest.class.getResourceAsStream("/analyzer/views.txt")) {
            List<Case> result = new ArrayList<>();
            for (String block : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("### ")) {
                String[] parts = block.split("--- (false|true)\n");
                if (parts.length == 3) {
                    result.add(new Case(parts[0].strip(), false, parts[1].stripTrailing()));
                    result.add(new Case(parts[0].strip(), true, parts[2].stripTrailing()));
                }
            }
            return result;
        }
    }

    private static String print(TestScene scene, Case c) {
        ParsedStatement parsed = SqlParser.parse(c.query).getFirst();
        AnalyzedStatement.Plannable analyzed = (AnalyzedStatement.Plannable) Analyzer.analyze(parsed, c.query,
                scene.context(false));
        List<String> columns = analyzed.query().resultColumns().stream().map(t -> t.name()).toList();
        return new Deparser(scene.reader, TextContext.DEFAULT, c.pretty ? Deparser.Style.PRETTY
                : Deparser.Style.INDENTED).query(analyzed.query(), columns) + ";";
    }

    @TestFactory
    List<DynamicTest> shouldPrintViewsAsPostgres() throws IOException {
        TestScene scene = new TestScene();
        return cases().stream().map(c -> DynamicTest.dynamicTest(c.query + (c.pretty ? " (pretty)" : ""),
                () -> assertEquals(c.expected, print(scene, c)))).toList();
    }

    /** Prints every difference; for development. */
    public static void main(String[] args) throws IOException {
        TestScene scene = new TestScene();
        int wrong = 0;
        for (Case c : cases()) {
            String actual;
            try {
                actual = print(scene, c);
            } catch (RuntimeException e) {
                actual = e.toString();
            }
            if (!actual.equals(c.expected)) {
                wrong++;
                System.err.println("### " + c.query + "\n" + c.expected + "\n~~~\n" + actual + "\n");
            }
        }
        System.err.println(wrong + " of " + cases().size() + " differ");
    }
}
