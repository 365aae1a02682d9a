package io.quantadb.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.planner.check.PlanChecker;
import io.quantadb.planner.physical.PhysicalStatement;
import io.quantadb.sql.analyzer.AnalyzedStatement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Goal: every kind of query becomes a plan the executor can rely on. Method: all queries of the analyzer's golden
 * file and
 * of planner/queries.txt are planned over a test catalog; the checker verifies each plan.
 */
class PlannerCorpusTest {
    private static List<String> queries(String resource) throws IOException {
        try (InputStream in = PlannerCorpusTest.class.getResourceAsStream(resource)) {
            List<String> result = new ArrayList<>();
            for (String block : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n\\s*\n")) {
                if (!block.isBlank()) {
                    result.add(block.strip());
                }
            }
            return result;
        }
    }

    @Test
    void shouldPlanWhatTheAnalyzerAccepts() throws IOException {
        List<String> sql = new ArrayList<>();
        for (String block : queries("/analyzer/queries.txt")) {
            int result = block.indexOf("\nOK");
            if (result > 0 && !block.contains("\nDIFFERS")) {
                sql.add(block.substring(0, result));
            }
        }
        planAll(sql, 220);
    }

    @Test
    void shouldPlanTheCorpus() throws IOException {
        planAll(queries("/planner/queries.txt"), 60);
    }

    private static void planAll(List<String> queries, int least) {
        PlannerScene scene = new PlannerScene();
        List<String> failures = new ArrayList<>();
        int planned = 0;
        for (String sql : queries) {
            AnalyzedStatement statement;
            try {
                statement = scene.analyze(sql);
            } catch (SqlException e) {
                failures.add(sql + "\n    analysis: " + e.getMessage());
                continue;
            }
            if (!(statement instanceof AnalyzedStatement.Plannable plannable)) {
                continue;
            }
            try {
                PhysicalStatement plan = Planner.plan(plannable.query(), scene.context());
                PlanChecker.check(plan);
                int columns = plannable.query().resultColumns().size();
                assertEquals(columns, plan.root().output().size(), sql);
                planned++;
            } catch (SqlException e) {
                if (!e.state().equals(SqlState.FEATURE_NOT_SUPPORTED)) {
                    failures.add(sql + "\n    " + e);
                }
            } catch (RuntimeException | Error e) {
                StackTraceElement at = e.getStackTrace()[Math.min(1, e.getStackTrace().length - 1)];
                failures.add(sql + "\n    " + e + " at " + at);
            }
        }
        assertTrue(failures.isEmpty(), failures.size() + " failures:\n" + String.join("\n", failures));
        assertTrue(planned >= least, planned + " queries planned");
    }
}
