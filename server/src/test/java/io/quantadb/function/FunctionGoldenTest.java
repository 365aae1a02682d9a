package io.quantadb.function;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Goal: functions, operators and aggregates answer as PostgreSQL 15 does, errors included. Method: the golden files hold
 * a query and PostgreSQL's answer on each line, written by {@code record_golden.py}; NULL is ∅, lines that begin with
 * DIFFERS are known differences and are not run.
 */
class FunctionGoldenTest {
    private static final String[] FILES = {"text", "math", "datetime", "array", "json", "regex", "format", "aggregate",
        "misc"};

    private record Case(String file, String query, String expected) {
    }

    private static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String file : FILES) {
            try (InputStream in = FunctionGoldenTest.class.getResourceAsStream("/function/" + file + ".tsv")) {
                if (in == null) {
                    continue;
                }
                for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                    String[] fields = line.split("\t", -1);
                    if (fields.length == 2) {
                        cases.add(new Case(file, unescape(fields[0]), unescape(fields[1])));
                    }
                }
            }
        }
        return cases;
    }

    private static String unescape(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                char next = text.charAt(++i);
                out.append(next == 'n' ? '\n' : next == 't' ? '\t' : next == 'r' ? '\r' : next);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    @TestFactory
    Stream<DynamicTest> shouldAnswerAsPostgres() throws IOException {
        ExpressionScene scene = new ExpressionScene();
        return cases().stream().map(c -> DynamicTest.dynamicTest(c.file + ": " + c.query,
                () -> assertEquals(c.expected, scene.run(c.query))));
    }

    /** Prints every difference; for development. */
    public static void main(String[] args) throws IOException {
        ExpressionScene scene = new ExpressionScene();
        int wrong = 0;
        List<Case> cases = cases();
        for (Case c : cases) {
            if (args.length > 0 && !args[0].contains(c.file)) {
                continue;
            }
            String actual;
            try {
                actual = scene.run(c.query);
            } catch (RuntimeException | StackOverflowError e) {
                java.io.StringWriter trace = new java.io.StringWriter();
                e.printStackTrace(new java.io.PrintWriter(trace));
                actual = trace.toString().lines().limit(5).reduce("", (a, b) -> a + "\n" + b);
            }
            if (!actual.equals(c.expected)) {
                wrong++;
                System.err.println(c.file + ": " + c.query + "\n  expected " + c.expected + "\n  actual   " + actual);
            }
        }
        System.err.println(wrong + " of " + cases.size() + " differ");
    }
}
