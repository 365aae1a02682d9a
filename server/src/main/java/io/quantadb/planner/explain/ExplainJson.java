package io.quantadb.planner.explain;

import java.util.List;
import java.util.Locale;

/** FORMAT JSON: laid out as PostgreSQL does, two blanks a level. */
final class ExplainJson {
    private final ExplainOptions options;
    private final NodeActuals actuals;
    private final StringBuilder out = new StringBuilder();
    private boolean first;

    ExplainJson(ExplainOptions options, NodeActuals actuals) {
        this.options = options;
        this.actuals = actuals;
    }

    String write(ExplainNode root, double planningMillis, double executionMillis) {
        out.append("[\n  {\n    \"Plan\": ");
        node(root, 2);
        if (options.summary()) {
            if (planningMillis >= 0) {
                out.append(",\n    \"Planning Time\": ").append(Explain.millis(planningMillis));
            }
            if (executionMillis >= 0) {
                out.append(",\n    \"Execution Time\": ").append(Explain.millis(executionMillis));
            }
        }
        return out.append("\n  }\n]").toString();
    }

    private void node(ExplainNode node, int level) {
        out.append("{\n");
        first = true;
        int inner = level + 1;
        field("Node Type", quote(node.type), inner);
        if (node.relationship != null) {
            field("Parent Relationship", quote(node.relationship), inner);
        }
        if (node.label != null) {
            field("Subplan Name", quote(node.label), inner);
        }
        field("Parallel Aware", "false", inner);
        field("Async Capable", "false", inner);
        int on = node.title.indexOf(" on ");
        if (on > 0 && node.type.contains("Scan") || node.type.equals("ModifyTable")) {
            String[] names = node.title.substring(on + 4).split(" ");
            if (node.title.contains(" using ")) {
                int using = node.title.indexOf(" using ") + 7;
                field("Index Name", quote(node.title.substring(using, node.title.indexOf(' ', using))), inner);
            }
            if (node.type.equals("Bitmap Index Scan")) {
                field("Index Name", quote(names[0]), inner);
            } else {
                field("Relation Name", quote(names[0]), inner);
                field("Alias", quote(names[names.length - 1]), inner);
            }
        }
        if (options.costs()) {
            field("Startup Cost", number(node.info.startupCost()), inner);
            field("Total Cost", number(node.info.totalCost()), inner);
            field("Plan Rows", String.format(Locale.ROOT, "%.0f", node.info.rows()), inner);
            field("Plan Width", Integer.toString(node.info.width()), inner);
        }
        measured(node, inner);
        for (ExplainNode.Property property : node.properties) {
            boolean list = property.value() instanceof List<?>;
            field(property.label(), list ? array((List<?>) property.value()) : quote(property.value().toString()),
                    inner);
        }
        if (!node.children.isEmpty()) {
            key("Plans", inner);
            out.append("[\n");
            for (int i = 0; i < node.children.size(); i++) {
                indent(inner + 1);
                node(node.children.get(i), inner + 1);
                out.append(i + 1 < node.children.size() ? ",\n" : "\n");
            }
            indent(inner);
            out.append(']');
            first = false;
        }
        out.append('\n');
        indent(level);
        out.append('}');
    }

    private void measured(ExplainNode node, int level) {
        NodeActuals.Actual a = options.analyze() ? actuals.of(node.nodeIds.getLast()) : null;
        if (!options.analyze()) {
            return;
        }
        double loops = a == null ? 1 : Math.max(1, a.loops());
        if (options.timing()) {
            field("Actual Startup Time", Explain.millis(a == null ? 0 : a.startupMillis() / loops), level);
            field("Actual Total Time", Explain.millis(a == null ? 0 : a.totalMillis() / loops), level);
        }
        field("Actual Rows", Long.toString(a == null ? 0 : Math.round(a.rows() / loops)), level);
        field("Actual Loops", Long.toString(a == null ? 0 : a.loops()), level);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String array(List<?> values) {
        return "[" + String.join(", ", values.stream().map(v -> quote(v.toString())).toList()) + "]";
    }

    private void key(String name, int level) {
        out.append(first ? "" : ",\n");
        first = false;
        indent(level);
        out.append(quote(name)).append(": ");
    }

    private void field(String name, String value, int level) {
        key(name, level);
        out.append(value);
    }

    private void indent(int level) {
        out.append("  ".repeat(level));
    }

    private static String quote(String text) {
        StringBuilder result = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> result.append("\\\"");
                case '\\' -> result.append("\\\\");
                case '\n' -> result.append("\\n");
                case '\t' -> result.append("\\t");
                default -> {
                    if (c < ' ') {
                        result.append(String.format("\\u%04x", (int) c));
                    } else {
                        result.append(c);
                    }
                }
            }
        }
        return result.append('"').toString();
    }
}
