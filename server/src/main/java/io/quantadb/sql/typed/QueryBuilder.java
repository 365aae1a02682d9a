package io.quantadb.sql.typed;

import java.util.ArrayList;
import java.util.List;

/**
 * A {@link Query} under construction. Lists are mutable until {@link #build}. Not thread-safe.
 */
public final class QueryBuilder {
    public CommandType command = CommandType.SELECT;
    public int resultRelation;
    public List<RangeTableEntry> rangeTable = new ArrayList<>();
    public JoinTree.From joinTree = new JoinTree.From(List.of(), null);
    public List<TargetEntry> targetList = new ArrayList<>();
    public int values;
    public List<SortGroupClause> groupBy = new ArrayList<>();
    public boolean groupByDistinct;
    public List<GroupingSet> groupingClauses = new ArrayList<>();
    public List<List<Integer>> groupingSets;
    public Expr having;
    public List<WindowClause> windows = new ArrayList<>();
    public List<SortGroupClause> distinct = new ArrayList<>();
    public boolean distinctOn;
    public List<SortGroupClause> orderBy = new ArrayList<>();
    public Expr limitCount;
    public Expr limitOffset;
    public boolean withTies;
    public List<RowMark> rowMarks = new ArrayList<>();
    public SetOperationTree setOperations;
    public List<CommonTable> commonTables = new ArrayList<>();
    public boolean withRecursive;
    public List<TargetEntry> returning = new ArrayList<>();
    public OnConflict onConflict;
    public List<MergeAction> mergeActions = new ArrayList<>();
    public int mergeSource;
    public OverrideKind overriding = OverrideKind.NOT_SET;
    public boolean hasAggregates;
    public boolean hasWindowFunctions;
    public boolean hasTargetSets;
    public boolean hasSubLinks;
    public boolean hasModifyingCte;
    public List<PermissionRequest> permissions = new ArrayList<>();
    public List<Integer> defaultsOf = new ArrayList<>();
    public List<ViewCheck> viewChecks = new ArrayList<>();

    public QueryBuilder() {
    }

    QueryBuilder(Query query) {
        command = query.command();
        resultRelation = query.resultRelation();
        rangeTable = new ArrayList<>(query.rangeTable());
        joinTree = query.joinTree();
        targetList = new ArrayList<>(query.targetList());
        values = query.values();
        groupBy = new ArrayList<>(query.groupBy());
        groupByDistinct = query.groupByDistinct();
        groupingClauses = new ArrayList<>(query.groupingClauses());
        groupingSets = query.groupingSets();
        having = query.having();
        windows = new ArrayList<>(query.windows());
        distinct = new ArrayList<>(query.distinct());
        distinctOn = query.distinctOn();
        orderBy = new ArrayList<>(query.orderBy());
        limitCount = query.limitCount();
        limitOffset = query.limitOffset();
        withTies = query.withTies();
        rowMarks = new ArrayList<>(query.rowMarks());
        setOperations = query.setOperations();
        commonTables = new ArrayList<>(query.commonTables());
        withRecursive = query.withRecursive();
        returning = new ArrayList<>(query.returning());
        onConflict = query.onConflict();
        mergeActions = new ArrayList<>(query.mergeActions());
        mergeSource = query.mergeSource();
        overriding = query.overriding();
        hasAggregates = query.hasAggregates();
        hasWindowFunctions = query.hasWindowFunctions();
        hasTargetSets = query.hasTargetSets();
        hasSubLinks = query.hasSubLinks();
        hasModifyingCte = query.hasModifyingCte();
        permissions = new ArrayList<>(query.permissions());
        defaultsOf = new ArrayList<>(query.defaultsOf());
        viewChecks = new ArrayList<>(query.viewChecks());
    }

    /** The range index of a new entry. */
    public int addEntry(RangeTableEntry entry) {
        rangeTable.add(entry);
        return rangeTable.size();
    }

    public RangeTableEntry entry(int rangeIndex) {
        return rangeTable.get(rangeIndex - 1);
    }

    public Query build() {
        return new Query(command, resultRelation, List.copyOf(rangeTable), joinTree, List.copyOf(targetList),
                values, List.copyOf(groupBy), groupByDistinct, List.copyOf(groupingClauses), groupingSets, having,
                List.copyOf(windows), List.copyOf(distinct), distinctOn, List.copyOf(orderBy), limitCount,
                limitOffset, withTies, List.copyOf(rowMarks), setOperations, List.copyOf(commonTables),
                withRecursive, List.copyOf(returning), onConflict, List.copyOf(mergeActions), mergeSource,
                overriding, hasAggregates, hasWindowFunctions, hasTargetSets, hasSubLinks, hasModifyingCte,
                List.copyOf(permissions), List.copyOf(defaultsOf), List.copyOf(viewChecks));
    }
}
