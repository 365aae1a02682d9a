package io.quantadb.sql.typed;

import java.util.List;

/** What FROM, or an INSERT, UPDATE, DELETE or MERGE, ranges over. Column {@code n} is {@code columns().get(n - 1)}. */
public sealed interface RangeTableEntry {
    /** The name columns can be qualified with: the alias, or the relation's own name. */
    String name();

    /** The alias the user wrote, or null. */
    Alias alias();

    List<RangeColumn> columns();

    /** May refer to entries to its left. */
    default boolean lateral() {
        return false;
    }

    /** @param columns column aliases, possibly fewer than there are columns */
    record Alias(String name, List<String> columns) {
    }

    /**
     * A table, materialized view, partitioned table or foreign table (views have become subqueries).
     *
     * @param relationKind {@code pg_class.relkind}
     * @param inherit      include descendants: ONLY was not written
     * @param sample       null if none
     * @param lockMode     table lock the statement needs
     */
    record Relation(int relationOid, String schema, String relationName, char relationKind, boolean inherit,
                    TableSample sample, LockMode lockMode, String name, Alias alias, List<RangeColumn> columns)
            implements RangeTableEntry {
    }

    /** Table locks a query itself asks for. */
    enum LockMode { ACCESS_SHARE, ROW_SHARE, ROW_EXCLUSIVE }

    /** @param repeatable null if not given */
    record TableSample(FunctionRef handler, List<Expr> arguments, Expr repeatable) {
    }

    /** @param viewOid the view this came from, 0 for a subquery in the text */
    record Subquery(Query query, int viewOid, boolean securityBarrier, boolean lateral, String name, Alias alias,
                    List<RangeColumn> columns) implements RangeTableEntry {
    }

    /**
     * The result columns of a join: merged ones first, then the rest of the left side, then of the right side.
     *
     * <p>Only references to merged columns that are not simply one input's column point to this entry, and whole-row
     * references of an aliased join; use {@link JoinColumns} to replace them.
     *
     * @param mergedColumns number of USING columns
     * @param expressions   one for each column, over the inputs' entries
     * @param usingAlias    of {@code USING (...) AS alias}, or null
     */
    record Join(JoinKind kind, int mergedColumns, List<Expr> expressions, String usingAlias, String name, Alias alias,
                List<RangeColumn> columns) implements RangeTableEntry {
    }

    /** Cross joins are INNER without condition. */
    enum JoinKind { INNER, LEFT, RIGHT, FULL }

    /** @param ordinality the last column, of type int8, counts the rows */
    record Function(List<RangeFunction> functions, boolean ordinality, boolean lateral, String name, Alias alias,
                    List<RangeColumn> columns) implements RangeTableEntry {
    }

    /**
     * One function of a {@link Function} entry.
     *
     * @param call              usually a FunctionCall; any expression is possible (CURRENT_DATE)
     * @param columns           its share of the entry's columns, with the types the entry shows
     * @param columnDefinitions whether the columns come from a column definition list (function returning record)
     * @param composite         the call's value is a row to be spread over the columns
     */
    record RangeFunction(Expr call, List<RangeColumn> columns, boolean columnDefinitions, boolean composite) {
    }

    /** VALUES with more than one row, or in FROM. */
    record Values(List<List<Expr>> rows, boolean lateral, String name, Alias alias, List<RangeColumn> columns)
            implements RangeTableEntry {
    }

    /**
     * A reference to a WITH query.
     *
     * @param levelsUp      how many levels out the query with the {@link CommonTable} is
     * @param selfReference the recursive term's reference to the working table
     */
    record Cte(String cteName, int levelsUp, boolean selfReference, String name, Alias alias,
               List<RangeColumn> columns) implements RangeTableEntry {
    }
}
