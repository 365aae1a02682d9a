package io.quantadb.planner.explain;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.planner.physical.PhysicalStatement;
import io.quantadb.types.TextContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * EXPLAIN in PostgreSQL's text and JSON formats. Source: PostgreSQL documentation, "Using EXPLAIN". Confined to one
 * thread.
 */
public final class Explain {
    private final ExplainOptions options;
    private final NodeActuals actuals;
    private final ExplainNode root;

    /** @param actuals {@link NodeActuals#NONE} without ANALYZE */
    public Explain(PhysicalStatement statement, CatalogReader catalog, TextContext text, ExplainOptions options,
            NodeActuals actuals) {
        this.options = options;
        this.actuals = actuals;
        PlanNames names = new PlanNames(statement, catalog, text, options.verbose());
        this.root = new ExplainBuilder(statement, names, options.verbose()).root();
    }

    /**
     * One line a row of the result.
     *
     * @param planningMillis  negative if unknown; shown with {@code summary}
     * @param executionMillis negative if it was not run
     */
    public List<String> text(double planningMillis, double executionMillis) {
        List<String> lines = new ArrayList<>();
        write(root, 0, true, lines);
        if (options.summary()) {
            if (planningMillis >= 0) {
                lines.add("Planning Time: " + millis(planningMillis) + " ms");
            }
            if (executionMillis >= 0) {
                lines.add("Execution Time: " + millis(executionMillis) + " ms");
            }
        }
        return lines;
    }

    static String millis(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    /** @param indent columns in front of the node's line, the arrow included */
    private void write(ExplainNode node, int indent, boolean top, List<String> lines) {
        int own = indent;
        if (node.label != null) {
            lines.add(" ".repeat(indent) + node.label);
            own += 2;
        }
        boolean arrow = !top;
        String prefix = " ".repeat(own) + (arrow ? "->  " : "");
        lines.add(prefix + node.title + costs(node) + actual(node));
        int details = own + (arrow ? 4 : 0) + 2;
        String pad = " ".repeat(details);
        for (ExplainNode.Property property : node.properties) {
            lines.add(pad + property.label() + ": " + (property.value() instanceof List<?> list
                    ? String.join(", ", list.stream().map(String::valueOf).toList()) : property.value()));
            if (property.label().equals("Filter") && measured(node) != null
                    && measured(node).removedByFilter() > 0) {
                lines.add(pad + "Rows Removed by Filter: "
                        + Math.round((double) measured(node).removedByFilter() / Math.max(1, measured(node).loops())));
            }
        }
        NodeActuals.Actual a = measured(node);
        if (a != null) {
            a.notes().forEach(note -> lines.add(pad + note));
            if (options.buffers() && (a.buffersHit() > 0 || a.buffersRead() > 0)) {
                lines.add(pad + "Buffers: shared" + (a.buffersHit() > 0 ? " hit=" + a.buffersHit() : "")
                        + (a.buffersRead() > 0 ? " read=" + a.buffersRead() : ""));
            }
        }
        for (ExplainNode child : node.children) {
            write(child, details, false, lines);
        }
    }

    private String costs(ExplainNode node) {
        if (!options.costs()) {
            return "";
        }
        return String.format(Locale.ROOT, "  (cost=%.2f..%.2f rows=%.0f width=%d)", node.info.startupCost(),
                node.info.totalCost(), node.info.rows(), node.info.width());
    }

    private NodeActuals.Actual measured(ExplainNode node) {
        return options.analyze() ? actuals.of(node.nodeIds.getLast()) : null;
    }

    private String actual(ExplainNode node) {
        if (!options.analyze()) {
            return "";
        }
        NodeActuals.Actual a = measured(node);
        if (a == null || a.loops() == 0) {
            return " (never executed)";
        }
        double loops = a.loops();
        String time = options.timing() ? "time=" + millis(a.startupMillis() / loops) + ".."
                + millis(a.totalMillis() / loops) + " " : "";
        return " (actual " + time + "rows=" + Math.round(a.rows() / loops) + " loops=" + a.loops() + ")";
    }

    /** The whole answer of FORMAT JSON. */
    public String json(double planningMillis, double executionMillis) {
        return new ExplainJson(options, actuals).write(root, planningMillis, executionMillis);
    }
}
