package io.quantadb.planner;

import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.ColumnStatistics;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.planner.cost.Selectivity;
import io.quantadb.planner.logical.ColumnKey;
import io.quantadb.planner.logical.Expressions;
import io.quantadb.planner.logical.JoinNode;
import io.quantadb.planner.logical.ParamScope;
import io.quantadb.planner.logical.Path;
import io.quantadb.planner.logical.Rel;
import io.quantadb.planner.physical.SubPlan;
import io.quantadb.planner.rule.ConstantFolding;
import io.quantadb.planner.rule.LimitPushDown;
import io.quantadb.planner.rule.OuterJoinReduction;
import io.quantadb.planner.rule.PredicatePushDown;
import io.quantadb.planner.rule.SubqueryPullUp;
import io.quantadb.sql.typed.CommandType;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.JoinColumns;
import io.quantadb.sql.typed.LevelShifter;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Plans one query level: prepares the query, knows its range table, and hands the parts to their planners. */
final class QueryPlanner {
    private final StatementState state;
    private final QueryPlanner parent;
    private final ParamScope outerScope;
    private final CteTable ctes;
    private final Map<Integer, BaseRel> bases = new HashMap<>();
    private final Map<Long, List<List<Expr>>> indexKeys = new HashMap<>();
    private final Selectivity selectivity;
    private List<RangeTableEntry> rangeTable = new ArrayList<>();
    /** Expressions some order of which is useful above the joins. */
    private Set<Object> wantedOrder = Set.of();
    private Set<Object> wantedAbove = Set.of();
    private boolean fastStart;
    /** Columns used by anything but conditions on single entries; null while unknown. */
    private Map<ColumnKey, Expr.ColumnRef> needed;

    QueryPlanner(StatementState state, QueryPlanner parent, ParamScope outerScope) {
        this.state = state;
        this.parent = parent;
        this.outerScope = outerScope;
        this.ctes = new CteTable(this);
        this.selectivity = new Selectivity(new Statistics());
    }

    StatementState state() {
        return state;
    }

    QueryPlanner parent() {
        return parent;
    }

    ParamScope outerScope() {
        return outerScope;
    }

    CteTable ctes() {
        return ctes;
    }

    Selectivity selectivity() {
        return selectivity;
    }

    /**
     * @param top whether this is the statement itself, whose changes count for the command tag
     * @return exactly the query's result columns; logical expressions of the result have no meaning outside
     */
    Rel plan(Query query, boolean top) {
        Query folded = top ? fold(query) : query;
        ctes.register(folded);
        Query prepared = prepare(folded);
        if (prepared.command() != CommandType.SELECT) {
            rangeTable = new ArrayList<>(prepared.rangeTable());
            return new ModifyPlanner(this, prepared, top).plan();
        }
        if (prepared.setOperations() != null) {
            rangeTable = new ArrayList<>(prepared.rangeTable());
            return new SetOperationPlanner(this, prepared).plan();
        }
        Query byIndex = MinMaxRewrite.apply(state, prepared);
        return byIndex == null ? new SelectPlanner(this, prepared).plan() : cheaper(prepared, byIndex);
    }

    /** The plan of the query or that of its alternative, whose work is all in subplans that run once. */
    private Rel cheaper(Query query, Query alternative) {
        Rel plan = new SelectPlanner(this, query).plan();
        int before = state.subPlans.size();
        Rel other = new SelectPlanner(new QueryPlanner(state, parent, outerScope), alternative).plan();
        double cost = other.plan().info().totalCost();
        for (SubPlan subPlan : state.subPlans.subList(before, state.subPlans.size())) {
            cost += subPlan.plan().info().totalCost();
        }
        if (cost < plan.plan().info().totalCost()) {
            return other;
        }
        state.subPlans.subList(before, state.subPlans.size()).clear();
        return plan;
    }

    /** Folds constants in the whole statement, its subqueries included. */
    private Query fold(Query query) {
        PlannerContext context = state.context;
        return new ConstantFolding(context.functions(), context.functionContext(), context.parameterValues())
                .rewriteQuery(query);
    }

    /** Replaces what is only notation, and merges simple subqueries. */
    Query prepare(Query query) {
        Query result = ctes.inline(JoinColumns.flatten(query));
        return LimitPushDown.apply(PredicatePushDown.apply(SubqueryPullUp.apply(result)));
    }

    /** A sublink's query that is about to become part of this level, prepared as if it stayed its own. */
    Query prepareNested(Query query) {
        return SubqueryPullUp.apply(JoinColumns.flatten(query));
    }

    // ---- range table

    void useRangeTable(List<RangeTableEntry> entries) {
        rangeTable = new ArrayList<>(entries);
    }

    /** Index of the first of these entries, which are added at the end. */
    int addEntries(List<RangeTableEntry> entries) {
        rangeTable.addAll(entries);
        return rangeTable.size() - entries.size() + 1;
    }

    RangeTableEntry entry(int rangeIndex) {
        return rangeTable.get(rangeIndex - 1);
    }

    BaseRel base(int rangeIndex) {
        BaseRel known = bases.get(rangeIndex);
        if (known == null) {
            known = BaseRels.open(this, rangeIndex, entry(rangeIndex));
            bases.put(rangeIndex, known);
        }
        return known;
    }

    List<Expr> columnsOf(BaseRel base) {
        return columnsOf(base.rangeIndex);
    }

    List<Expr> columnsOf(int rangeIndex) {
        List<Expr> result = new ArrayList<>();
        for (RangeColumn column : entry(rangeIndex).columns()) {
            result.add(new Expr.ColumnRef(rangeIndex, result.size() + 1, 0, column.type(), column.typmod(),
                    column.collation(), Origin.NONE));
        }
        return result;
    }

    /** The live columns: what a whole-row reference holds. */
    List<Expr> wholeRowFields(BaseRel base) {
        List<Expr> result = new ArrayList<>();
        List<RangeColumn> columns = base.entry.columns();
        for (int i = 0; i < columns.size(); i++) {
            RangeColumn column = columns.get(i);
            if (!column.dropped()) {
                result.add(new Expr.ColumnRef(base.rangeIndex, i + 1, 0, column.type(), column.typmod(),
                        column.collation(), Origin.NONE));
            }
        }
        return result;
    }

    int width(BaseRel base) {
        if (needed == null) {
            return base.entry.columns().size() * 8;
        }
        int width = 0;
        for (Map.Entry<ColumnKey, Expr.ColumnRef> column : needed.entrySet()) {
            if (column.getKey().rangeIndex() == base.rangeIndex) {
                width += PlanNodes.width(column.getValue().type());
            }
        }
        return width;
    }

    // ---- indexes

    /** What each key column of an index holds, over this level's entry. */
    List<Expr> indexKeys(BaseRel base, IndexDescriptor index) {
        return stored(base, index).getFirst();
    }

    /** The conjuncts of a partial index's predicate. */
    List<Expr> indexPredicate(BaseRel base, IndexDescriptor index) {
        return stored(base, index).getLast();
    }

    private List<List<Expr>> stored(BaseRel base, IndexDescriptor index) {
        return indexKeys.computeIfAbsent((long) base.rangeIndex << 32 | index.oid() & 0xFFFF_FFFFL, _ -> {
            StoredExpressions stored = new StoredExpressions(state);
            List<Expr> keys = new ArrayList<>();
            for (IndexColumn column : index.keyColumns()) {
                Expr key;
                if (column.isExpression()) {
                    key = StoredExpressions.over(stored.indexExpression(base.relation, column), base.rangeIndex);
                } else {
                    ColumnDescriptor c = base.relation.column(column.attnum());
                    key = ScanPlanner.column(base.rangeIndex, c);
                }
                keys.add(key);
            }
            List<Expr> predicate = index.isPartial() ? Expressions.conjuncts(StoredExpressions.over(
                    stored.indexPredicate(base.relation, index), base.rangeIndex)) : List.of();
            return List.of(keys, predicate);
        });
    }

    /** Whether an order by these keys may save a sort. */
    boolean wantsOrder(List<Path.OrderKey> order) {
        if (order.isEmpty()) {
            return false;
        }
        return wantedOrder.contains(ColumnKey.lookup(order.getFirst().expr()));
    }

    /** Whether all columns the query needs of the entry can be read from the index. */
    boolean coveredBy(BaseRel base, IndexDescriptor index, List<Expr> filters) {
        return needed != null && IndexCover.covers(base, index, needed, filters);
    }

    /** As {@link #wantsOrder}, for the result of the joins. */
    boolean wantsOrderAbove(List<Path.OrderKey> order) {
        return wantedAbove.contains(ColumnKey.lookup(order.getFirst().expr()));
    }

    /** Whether only the first rows may be wanted, so that an early start counts. */
    boolean fastStart() {
        return fastStart;
    }

    /**
     * @param wanted expressions some order of which is useful above the joins
     * @param first  whether maybe only the first rows are wanted
     */
    List<Path> joinPaths(JoinNode node, Map<ColumnKey, Expr.ColumnRef> neededAbove, List<Expr> wanted, boolean first) {
        fastStart = first;
        wantedOrder = new HashSet<>();
        wanted.forEach(this::want);
        wantedAbove = Set.copyOf(wantedOrder);
        JoinNode reduced = OuterJoinReduction.apply(node);
        needed = new LinkedHashMap<>(neededAbove);
        collectJoinColumns(reduced, needed);
        return new JoinPlanner(this).plan(reduced, List.of());
    }

    /** Columns that conditions between entries use: those on one entry are checked by its scan. */
    private void collectJoinColumns(JoinNode node, Map<ColumnKey, Expr.ColumnRef> into) {
        List<Expr> conditions = switch (node) {
            case JoinNode.Leaf _ -> List.of();
            case JoinNode.Inner inner -> {
                inner.items().forEach(item -> collectJoinColumns(item, into));
                yield inner.conditions();
            }
            case JoinNode.Outer outer -> {
                collectJoinColumns(outer.left(), into);
                collectJoinColumns(outer.right(), into);
                yield outer.conditions();
            }
        };
        boolean plain = node instanceof JoinNode.Inner inner
                && inner.items().stream().allMatch(item -> item instanceof JoinNode.Leaf);
        for (Expr condition : conditions) {
            BitSet relids = Expressions.relids(condition);
            if (!plain || relids.cardinality() > 1 || Expressions.isVolatile(condition)) {
                Expressions.collectColumns(condition, into);
            }
            if (relids.cardinality() > 1 && condition instanceof Expr.OperatorCall op
                    && op.operator().mergeable() && op.arguments().size() == 2) {
                want(op.left());
                want(op.right());
            }
        }
    }

    private void want(Expr expr) {
        wantedOrder.add(ColumnKey.lookup(expr));
    }

    // ---- subqueries

    /**
     * Plans a subquery in FROM.
     *
     * @param base receives the plan and the slots it needs from its siblings
     */
    void planSubquery(BaseRel base, Query query) {
        ParamScope scope = new ParamScope(state::nextParam, this::passThrough);
        base.subquery = new QueryPlanner(state, this, scope).plan(query, false);
        base.bindings = List.copyOf(scope.bindings());
        for (var binding : base.bindings) {
            base.lateral.or(Expressions.relids(binding.value()));
        }
    }

    /** What lies outside this level is not bound here: it is the same slot for a subquery in FROM. */
    private Expr passThrough(Expr expr) {
        boolean own = Expressions.any(expr, (e, depth) -> e instanceof Expr.ColumnRef c && c.levelsUp() == depth
                || e instanceof Expr.AggregateCall a && a.levelsUp() == depth);
        return own ? null : outerScope.parameter(LevelShifter.shift(expr, -1, 0));
    }

    /** Answers the estimator's questions from the catalog. */
    private final class Statistics implements Selectivity.Columns {
        private RelationDescriptor relation(Expr.ColumnRef column) {
            return column.levelsUp() == 0 && column.rangeIndex() <= rangeTable.size()
                    && entry(column.rangeIndex()) instanceof RangeTableEntry.Relation
                    ? base(column.rangeIndex()).relation : null;
        }

        @Override
        public ColumnStatistics statistics(Expr.ColumnRef column) {
            RelationDescriptor relation = relation(column);
            return relation == null || column.attribute() <= 0 ? null
                    : state.catalog.columnStatistics(relation.oid(), column.attribute());
        }

        @Override
        public double tuples(Expr.ColumnRef column) {
            if (column.levelsUp() > 0 || column.rangeIndex() > rangeTable.size()
                    || entry(column.rangeIndex()) instanceof RangeTableEntry.Join) {
                return 1000;
            }
            return base(column.rangeIndex()).tuples;
        }

        @Override
        public boolean unique(Expr.ColumnRef column) {
            RelationDescriptor relation = relation(column);
            if (relation == null || column.attribute() <= 0) {
                return relation != null && column.attribute() == -1;
            }
            for (IndexDescriptor index : relation.indexes()) {
                if (index.unique() && !index.isPartial() && index.keyColumns().size() == 1
                        && index.keyColumns().getFirst().attnum() == column.attribute()) {
                    return true;
                }
            }
            return false;
        }
    }
}
