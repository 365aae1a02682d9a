package io.quantadb.sql.typed;

import java.util.List;

/**
 * One analysed SELECT, VALUES, set operation, INSERT, UPDATE, DELETE or MERGE.
 *
 * <p>Invariants: range indexes are from 1 into {@code rangeTable}; a set operation has its column list in
 * {@code targetList} as references to its leftmost leaf; junk targets come last.
 *
 * @param resultRelation  range index of the table changed, 0 for SELECT
 * @param targetList      result columns; for INSERT and UPDATE the assignments (defaults expanded, generated columns
 *                        left to the executor)
 * @param values          INSERT ... VALUES with several rows reads them from a {@link RangeTableEntry.Values}; so this
 *                        is its range index, else 0
 * @param groupBy         one clause a grouped expression (the union over all grouping sets)
 * @param groupByDistinct GROUP BY DISTINCT
 * @param groupingClauses as written; empty without grouping sets
 * @param groupingSets    expansion: for each set the sort-group references; null without grouping sets
 * @param distinct        SELECT DISTINCT: all columns; DISTINCT ON: its expressions, in order
 * @param orderBy         empty if unordered
 * @param limitCount      of type int8; null: no limit
 * @param setOperations   null if this is not a set operation
 * @param commonTables    WITH queries defined here
 * @param withRecursive   RECURSIVE was written
 * @param mergeActions    in order; empty unless MERGE
 * @param mergeSource     range index of a MERGE's source; its join with the target is in {@code joinTree}
 * @param defaultsOf      for INSERT: which attributes took their defaults, for printing
 * @param viewChecks      conditions of views the change goes through, innermost view first
 * @param permissions     privileges needed for the relations of this query level
 */
public record Query(CommandType command, int resultRelation, List<RangeTableEntry> rangeTable,
                    JoinTree.From joinTree, List<TargetEntry> targetList, int values,
                    List<SortGroupClause> groupBy, boolean groupByDistinct, List<GroupingSet> groupingClauses,
                    List<List<Integer>> groupingSets, Expr having, List<WindowClause> windows,
                    List<SortGroupClause> distinct, boolean distinctOn, List<SortGroupClause> orderBy,
                    Expr limitCount, Expr limitOffset, boolean withTies, List<RowMark> rowMarks,
                    SetOperationTree setOperations, List<CommonTable> commonTables, boolean withRecursive,
                    List<TargetEntry> returning, OnConflict onConflict, List<MergeAction> mergeActions,
                    int mergeSource, OverrideKind overriding, boolean hasAggregates, boolean hasWindowFunctions,
                    boolean hasTargetSets, boolean hasSubLinks, boolean hasModifyingCte,
                    List<PermissionRequest> permissions, List<Integer> defaultsOf, List<ViewCheck> viewChecks) {

    /** Entry by range index, from 1. */
    public RangeTableEntry entry(int rangeIndex) {
        return rangeTable.get(rangeIndex - 1);
    }

    public Expr where() {
        return joinTree.where();
    }

    /** Whether running it changes rows: itself or a WITH query. */
    public boolean modifiesData() {
        return command != CommandType.SELECT || hasModifyingCte;
    }

    /** The columns a client sees: RETURNING's for data-modifying commands; without junk. */
    public List<TargetEntry> resultColumns() {
        List<TargetEntry> source = command == CommandType.SELECT ? targetList : returning;
        return source.stream().filter(entry -> !entry.junk()).toList();
    }

    public boolean isGrouped() {
        return hasAggregates || !groupBy.isEmpty() || groupingSets != null || having != null;
    }

    public QueryBuilder toBuilder() {
        return new QueryBuilder(this);
    }
}
