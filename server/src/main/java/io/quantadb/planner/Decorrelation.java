package io.quantadb.planner;

import io.quantadb.planner.logical.Expressions;
import io.quantadb.planner.logical.ParamScope;
import io.quantadb.planner.physical.PlanInfo;
import io.quantadb.sql.typed.CommandType;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import io.quantadb.sql.typed.JoinTree;
import io.quantadb.sql.typed.LevelShifter;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.QueryBuilder;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.SortGroupClause;
import io.quantadb.sql.typed.TargetEntry;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * Turns a condition on a correlated aggregate into a join with all groups, where running the subquery for each row costs
 * more.
 *
 * <pre>
 * before: FROM a WHERE a.y &lt; (SELECT avg(b.y) FROM b WHERE b.x = a.x)
 * after:  FROM a, (SELECT avg(b.y) AS v, b.x FROM b GROUP BY b.x) s WHERE s.x = a.x AND a.y &lt; s.v
 * </pre>
 *
 * Only where the condition and the subquery's value are strict: for a row without a group the aggregate is NULL, the
 * condition not true, and the join gives nothing either.
 *
 * <p>Differs from PostgreSQL: it always runs the subquery for each row.
 */
final class Decorrelation {
    /** Aggregates that are NULL over no rows. */
    private static final Set<String> NULL_WHEN_EMPTY = Set.of("sum", "avg", "min", "max");
    /** Cost of finding a row's group, in units of {@code cpu_tuple_cost}. */
    private static final double PROBE = 2;

    private final QueryPlanner planner;
    private final List<Expr> correlated = new ArrayList<>();
    private final List<Expr> own = new ArrayList<>();

    /** What stands in for the condition: conditions over a new entry. */
    record Result(int rangeIndex, List<Expr> conditions) {
    }

    private Decorrelation(QueryPlanner planner) {
        this.planner = planner;
    }

    /**
     * @param siblings all conditions of the same WHERE, for estimates
     * @return null if the condition has to stay or is better left
     */
    static Result apply(QueryPlanner planner, Expr condition, List<Expr> siblings) {
        Expr.SubLink link = only(condition);
        if (link == null || Expressions.isVolatile(link.query()) || !isPlainAggregate(link.query())) {
            return null;
        }
        return new Decorrelation(planner).rewrite(condition, link, siblings);
    }

    /** The only sublink of a condition that is strict in it; null otherwise. */
    private static Expr.SubLink only(Expr condition) {
        if (!(condition instanceof Expr.OperatorCall) || !Expressions.hasSubLink(condition)) {
            return null;
        }
        List<Expr.SubLink> found = new ArrayList<>();
        return isStrict(condition, found) && found.size() == 1 && found.getFirst().kind() == Expr.SubLinkKind.SCALAR
                ? found.getFirst() : null;
    }

    /** Whether the value is NULL as soon as one of the sublinks or aggregates in it is. */
    private static boolean isStrict(Expr expr, List<Expr.SubLink> links) {
        return switch (expr) {
            case Expr.SubLink link -> links.add(link);
            case Expr.OperatorCall op -> op.operator().function().strict() && !op.operator().function().returnsSet()
                    && op.arguments().stream().allMatch(a -> isStrict(a, links));
            case Expr.FunctionCall f -> f.function().strict() && !f.returnsSet()
                    && f.arguments().stream().allMatch(a -> isStrict(a, links));
            case Expr.RelabelType r -> isStrict(r.operand(), links);
            case Expr.AggregateCall a -> a.levelsUp() == 0 && NULL_WHEN_EMPTY.contains(a.function().name())
                    && "pg_catalog".equals(a.function().schema());
            case Expr.Const _, Expr.ColumnRef _, Expr.Parameter _ -> true;
            default -> false;
        };
    }

    private static boolean isPlainAggregate(Query q) {
        boolean plain = q.command() == CommandType.SELECT && q.hasAggregates() && q.groupBy().isEmpty()
                && q.groupingSets() == null && q.having() == null && q.setOperations() == null
                && q.windows().isEmpty() && q.distinct().isEmpty() && q.limitCount() == null
                && q.limitOffset() == null && q.commonTables().isEmpty() && q.rowMarks().isEmpty()
                && !q.hasTargetSets() && !q.modifiesData() && !q.joinTree().items().isEmpty()
                && q.resultColumns().size() == 1;
        if (!plain) {
            return false;
        }
        List<Expr.SubLink> links = new ArrayList<>();
        Expr value = q.resultColumns().getFirst().expr();
        return Expressions.hasAggregate(value) && isStrict(value, links) && links.isEmpty();
    }

    private Result rewrite(Expr condition, Expr.SubLink link, List<Expr> siblings) {
        Query query = link.query();
        for (Expr conjunct : Expressions.conjuncts(query.where())) {
            (isEquality(conjunct) ? correlated : own).add(conjunct);
        }
        QueryBuilder builder = query.toBuilder();
        builder.joinTree = new JoinTree.From(query.joinTree().items(), Expressions.and(own));
        if (correlated.isEmpty() || Expressions.any(builder.build(), (e, depth) -> e instanceof Expr.ColumnRef c
                && c.levelsUp() > depth || e instanceof Expr.AggregateCall a && a.levelsUp() > depth
                || e instanceof Expr.GroupingCall)) {
            return null;
        }
        TargetEntry value = query.resultColumns().getFirst();
        builder.targetList = new ArrayList<>(List.of(new TargetEntry(value.expr(), 1, "v", 0, 0, 0, false)));
        builder.orderBy = new ArrayList<>();
        for (Expr equality : correlated) {
            int number = builder.targetList.size() + 1;
            builder.targetList.add(new TargetEntry(inner(equality), number, "k" + number, number, 0, 0, false));
            builder.groupBy.add(new SortGroupClause(number, ((Expr.OperatorCall) equality).operator(), null, false,
                    false, true));
        }
        Query grouped = builder.build();
        return pays(query, grouped, siblings) ? join(condition, link, grouped) : null;
    }

    /** {@code own expression = expression of the level above}, either way round. */
    private static boolean isEquality(Expr conjunct) {
        return conjunct instanceof Expr.OperatorCall op && op.arguments().size() == 2 && op.operator().hashable()
                && op.operator().name().equals("=") && !Expressions.hasSubLink(op)
                && (isOwn(op.left()) && isAbove(op.right()) || isAbove(op.left()) && isOwn(op.right()));
    }

    private static boolean isOwn(Expr expr) {
        return !Expressions.relids(expr).isEmpty()
                && !Exprs.contains(expr, e -> e instanceof Expr.ColumnRef c && c.levelsUp() > 0);
    }

    private static boolean isAbove(Expr expr) {
        return Exprs.contains(expr, Expr.ColumnRef.class::isInstance)
                && !Exprs.contains(expr, e -> e instanceof Expr.ColumnRef c && c.levelsUp() != 1
                || e instanceof Expr.AggregateCall);
    }

    private static Expr inner(Expr equality) {
        Expr.OperatorCall op = (Expr.OperatorCall) equality;
        return isOwn(op.left()) ? op.left() : op.right();
    }

    private static Expr outer(Expr equality) {
        Expr.OperatorCall op = (Expr.OperatorCall) equality;
        return LevelShifter.shift(isOwn(op.left()) ? op.right() : op.left(), -1, 1);
    }

    private boolean pays(Query query, Query grouped, List<Expr> siblings) {
        BitSet above = new BitSet();
        correlated.forEach(equality -> above.or(Expressions.relids(outer(equality))));
        double runs = 1;
        for (int i = above.nextSetBit(0); i >= 0; i = above.nextSetBit(i + 1)) {
            BitSet one = new BitSet();
            one.set(i);
            List<Expr> filters = siblings.stream().filter(c -> Expressions.relids(c).equals(one)
                    && !Expressions.hasSubLink(c)).toList();
            runs *= Math.max(1, planner.base(i).tuples * planner.selectivity().ofAll(filters));
        }
        double each = cost(query).totalCost();
        double once = cost(grouped).totalCost();
        return runs * each > once + runs * PROBE * planner.state().settings.cpuTupleCost();
    }

    /** What a plan of the query would cost; nothing of it stays. */
    private PlanInfo cost(Query query) {
        StatementState state = planner.state();
        int subPlans = state.subPlans.size();
        int tables = state.commonTables.size();
        PlanInfo result = new QueryPlanner(state, planner, new ParamScope(state::nextParam)).plan(query, false).plan()
                .info();
        state.subPlans.subList(subPlans, state.subPlans.size()).clear();
        state.commonTables.subList(tables, state.commonTables.size()).clear();
        return result;
    }

    private Result join(Expr condition, Expr.SubLink link, Query grouped) {
        List<RangeColumn> columns = new ArrayList<>();
        for (TargetEntry target : grouped.resultColumns()) {
            Expr e = target.expr();
            columns.add(new RangeColumn(target.name(), e.type(), e.typmod(), e.collation()));
        }
        int index = planner.addEntries(List.of(new RangeTableEntry.Subquery(grouped, 0, false, false, "SubPlan",
                null, columns)));
        List<Expr> values = planner.columnsOf(index);
        List<Expr> conditions = new ArrayList<>();
        for (int i = 0; i < correlated.size(); i++) {
            Expr.OperatorCall op = (Expr.OperatorCall) correlated.get(i);
            Expr key = values.get(i + 1);
            Expr other = outer(op);
            conditions.add(new Expr.OperatorCall(op.operator(), isOwn(op.left()) ? List.of(key, other)
                    : List.of(other, key), op.type(), op.collation(), op.inputCollation(), Origin.NONE));
        }
        conditions.add(replace(condition, link, values.getFirst()));
        return new Result(index, conditions);
    }

    private static Expr replace(Expr expr, Expr.SubLink link, Expr value) {
        return expr == link ? value : Exprs.mapChildren(expr, child -> replace(child, link, value));
    }
}
