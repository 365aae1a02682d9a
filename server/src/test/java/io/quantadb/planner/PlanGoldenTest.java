package io.quantadb.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quantadb.planner.explain.Explain;
import io.quantadb.planner.explain.ExplainOptions;
import io.quantadb.planner.explain.NodeActuals;
import io.quantadb.types.TextContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Goal: plans change only on purpose. Method: EXPLAIN (COSTS OFF) of planner/queries.txt against planner/plans.txt,
 * whose
 * changes are reviewed like code; {@code -Dplanner.rewrite=file} writes what the planner does now.
 */
class PlanGoldenTest {
    private static final ExplainOptions OPTIONS = new ExplainOptions(false, false, false, false, false, false);

    private static String read(String resource) throws IOException {
        try (InputStream in = PlanGoldenTest.class.getResourceAsStream(resource)) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldKeepThePlansOfTypicalQueries() throws IOException {
        PlannerScene scene = new PlannerScene();
        StringBuilder actual = new StringBuilder();
        for (String sql : read("/planner/queries.txt").split("\n\\s*\n")) {
            actual.append(sql.strip()).append('\n');
            new Explain(scene.plan(sql), scene.reader, TextContext.DEFAULT, OPTIONS, NodeActuals.NONE).text(-1, -1)
                    .forEach(line -> actual.append("  ").append(line).append('\n'));
            actual.append('\n');
        }
        String rewrite = System.getProperty("planner.rewrite");
        if (rewrite != null) {
            Files.writeString(Path.of(rewrite), actual);
        }
        assertEquals(read("/planner/plans.txt"), actual.toString());
    }
}
