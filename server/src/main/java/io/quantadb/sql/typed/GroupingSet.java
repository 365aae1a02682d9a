package io.quantadb.sql.typed;

import java.util.List;

/**
 * An element of GROUP BY with grouping sets, as written; {@link Query#groupingSets()} has the expansion.
 *
 * @param references sort-group references, for SIMPLE only
 * @param children   for ROLLUP, CUBE (each child SIMPLE) and SETS
 */
public record GroupingSet(Kind kind, List<Integer> references, List<GroupingSet> children) {
    /** Kinds as in SQL's grammar; SIMPLE is one or several expressions that belong together. */
    public enum Kind { EMPTY, SIMPLE, ROLLUP, CUBE, SETS }
}
