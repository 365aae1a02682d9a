package io.quantadb.sql.typed;

import java.util.List;

/**
 * A WITH query.
 *
 * @param aliasColumns   column names written after the name; may be empty
 * @param query          SELECT or data-modifying
 * @param recursive      refers to itself: {@code query} is then a UNION whose right side has the self reference
 * @param referenceCount references elsewhere in the statement, not counting the self reference
 * @param columns        result columns, SEARCH and CYCLE columns included
 */
public record CommonTable(String name, List<String> aliasColumns, Materialization materialization, Query query,
                          boolean recursive, int referenceCount, List<RangeColumn> columns, Search search,
                          Cycle cycle, int position) {
    /** DEFAULT: not written. */
    public enum Materialization { DEFAULT, ALWAYS, NEVER }

    /** SEARCH clause; already worked into {@code query}, kept for printing. */
    public record Search(boolean breadthFirst, List<String> columns, String sequenceColumn) {
    }

    /** CYCLE clause; already worked into {@code query}, kept for printing. */
    public record Cycle(List<String> columns, String markColumn, Expr markValue, Expr markDefault,
                        String pathColumn) {
    }
}
