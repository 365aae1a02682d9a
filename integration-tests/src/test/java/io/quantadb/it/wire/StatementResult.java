package io.quantadb.it.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a server said about one statement: rows in text form, command tag or error. Filled by {@link WireClient}.
 *
 * <p>Confined to the thread of its connection until the statement has ended.
 */
public final class StatementResult {
    /** A column of a row description; OIDs of user-defined types differ between servers and are shown as "user". */
    public record Column(String name, int typeOid, int typeModifier) {
        private static final int FIRST_USER_OID = 16_384;

        @Override
        public String toString() {
            return name + ":" + (typeOid < FIRST_USER_OID ? Integer.toString(typeOid) : "user")
                + (typeModifier == -1 ? "" : "(" + typeModifier + ")");
        }
    }

    public final List<Column> columns = new ArrayList<>();
    /** Values as text; SQL NULL is null. */
    public final List<List<String>> rows = new ArrayList<>();
    /** Lines of a COPY TO STDOUT. */
    public final List<String> copied = new ArrayList<>();
    /** Command tag; null when the statement failed; "" for an empty query. */
    public String tag;
    /** Fields of the ErrorResponse; null when there was none. */
    public Map<Character, String> error;
    public final List<Map<Character, String>> notices = new ArrayList<>();
    /** Whether the portal was suspended by its row limit. */
    public boolean suspended;

    public String sqlState() {
        return error == null ? null : error.get('C');
    }

    public String errorMessage() {
        return error == null ? null : error.get('M');
    }

    /** The only value of a one-row, one-column result. */
    public String single() {
        throwIfFailed();
        if (rows.size() != 1 || rows.getFirst().size() != 1) {
            throw new IllegalStateException("expected one value, got " + rows);
        }
        return rows.getFirst().getFirst();
    }

    /** Throws with the server's message if the statement failed. */
    public StatementResult throwIfFailed() {
        if (error != null) {
            throw new IllegalStateException(error.get('C') + ": " + error.get('M')
                + (error.containsKey('D') ? " DETAIL: " + error.get('D') : ""));
        }
        return this;
    }

    /**
     * The result as lines that can be compared between servers.
     *
     * @param sortRows whether the query leaves the order open
     */
    public String render(boolean sortRows) {
        List<String> lines = new ArrayList<>();
        // Whether an error comes before or after the description of no rows depends on what the planner computes ahead.
        if (!columns.isEmpty() && (error == null || !rows.isEmpty())) {
            lines.add("columns " + columns);
        }
        List<String> body = rows.stream().map(row -> row.stream().map(v -> v == null ? "<NULL>" : v)
            .collect(Collectors.joining("|")))
            .collect(Collectors.toCollection(ArrayList::new));
        body.addAll(copied);
        if (sortRows) {
            body.sort(null);
        }
        lines.addAll(body);
        for (Map<Character, String> notice : notices) {
            lines.add(notice.get('S') + " " + notice.get('C') + ": " + notice.get('M'));
        }
        if (error != null) {
            lines.add("ERROR " + error.get('C') + ": " + error.get('M'));
            for (char code : "DHPscdtn".toCharArray()) {
                if (error.containsKey(code)) {
                    lines.add("  " + code + ": " + error.get(code));
                }
            }
        } else {
            lines.add("tag " + tag);
        }
        return String.join("\n", lines);
    }
}
