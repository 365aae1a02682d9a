package io.quantadb.it.differential;

import java.util.ArrayList;
import java.util.List;

/**
 * A file of statements: each ends at a line that ends in a semicolon; one {@code copy ... from stdin} is followed by
 * its data and a
 * line {@code \.}; lines beginning with {@code --} between statements are comments.
 */
final class SqlScript {
    /**
     * @param line of the statement's start, from 1
     * @param sql as sent, semicolon included; may be several statements where they stand on one line
     * @param copyData empty unless the statement copies in
     */
    record Step(int line, String sql, List<String> copyData) {
        /** Whether it can be repeated by the extended protocol without changing anything. */
        boolean isQuery() {
            String start = sql.stripLeading().toLowerCase(java.util.Locale.ROOT);
            return (start.startsWith("select") || start.startsWith("values") || start.startsWith("with"))
                && sql.indexOf(';') == sql.length() - 1
                && !start.contains("nextval") && !start.contains("insert") && !start.contains("delete")
                && !start.contains("update ");
        }
    }

    private SqlScript() {
    }

    static List<Step> parse(List<String> lines) {
        List<Step> steps = new ArrayList<>();
        int at = 0;
        while (at < lines.size()) {
            if (lines.get(at).isBlank() || lines.get(at).startsWith("--")) {
                at++;
                continue;
            }
            int start = at;
            while (!lines.get(at).stripTrailing().endsWith(";")) {
                at++;
            }
            at++;
            String sql = String.join("\n", lines.subList(start, at));
            List<String> data = List.of();
            if (sql.matches("(?is)copy .* from stdin.*")) {
                int end = at + lines.subList(at, lines.size()).indexOf("\\.");
                data = List.copyOf(lines.subList(at, end));
                at = end + 1;
            }
            steps.add(new Step(start + 1, sql, data));
        }
        return steps;
    }
}
