package io.quantadb.planner;

import io.quantadb.planner.logical.ColumnKey;
import io.quantadb.planner.logical.Expressions;
import io.quantadb.planner.logical.Rel;
import io.quantadb.planner.physical.OutputColumn;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PhysicalPlan.AggregateStrategy;
import io.quantadb.planner.physical.PlanInfo;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.SortGroupClause;
import io.quantadb.sql.typed.TargetEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** GROUP BY, aggregates and HAVING. */
final class GroupingPlanner {
    private final QueryPlanner planner;
    private final StatementState state;
    private final Query query;
    private final Map<Integer, Expr> byReference;
    /** Group columns, then those that depend on them. */
    private final List<Expr> groups = new ArrayList<>();
    private final List<Integer> references = new ArrayList<>();

    GroupingPlanner(QueryPlanner planner, Query query, Map<Integer, Expr> byReference) {
        this.planner = planner;
        this.state = planner.state();
        this.query = query;
        this.byReference = byReference;
    }

    Rel plan(Rel input) {
        List<Expr> above = new ArrayList<>(query.targetList().stream().map(TargetEntry::expr).toList());
        if (query.having() != null) {
            above.add(query.having());
        }
        for (SortGroupClause clause : query.groupBy()) {
            Expr expr = byReference.get(clause.targetRef());
            references.add(clause.targetRef());
            groups.add(expr);
        }
        int written = groups.size();
        addDependent(above);
        List<Expr.AggregateCall> calls = new ArrayList<>();
        List<Expr.GroupingCall> groupings = new ArrayList<>();
        for (Expr e : Expressions.aggregates(above)) {
            calls.add((Expr.AggregateCall) e);
        }
        above.forEach(expr -> Expressions.walk(expr, 0, (e, depth) -> {
            if (e instanceof Expr.GroupingCall g && g.levelsUp() == depth && !groupings.contains(g)) {
                groupings.add(g);
            }
        }));
        Rel rel = SelectPlanner.extend(planner, input, groups);
        Rel result = aggregate(rel, written, calls, !groupings.isEmpty());
        return having(groupings.isEmpty() ? result : grouping(result, groupings));
    }

    /** Columns used above that are no group column: they depend on a primary key that is. */
    private void addDependent(List<Expr> above) {
        Map<ColumnKey, Expr.ColumnRef> loose = new LinkedHashMap<>();
        above.forEach(expr -> collectLoose(expr, loose));
        loose.values().forEach(groups::add);
    }

    private void collectLoose(Expr expr, Map<ColumnKey, Expr.ColumnRef> into) {
        Object key = ColumnKey.lookup(expr);
        if (groups.stream().anyMatch(g -> ColumnKey.lookup(g).equals(key)) || expr instanceof Expr.AggregateCall a
                && a.levelsUp() == 0 || expr instanceof Expr.GroupingCall) {
            return;
        }
        if (expr instanceof Expr.ColumnRef c && c.levelsUp() == 0) {
            into.putIfAbsent(ColumnKey.of(c), c);
        } else if (expr instanceof Expr.SubLink link) {
            Expressions.walk(link.query(), 1, (e, depth) -> {
                if (e instanceof Expr.ColumnRef c && c.levelsUp() == depth && !insideOuterAggregate(link, c)) {
                    Expr.ColumnRef own = new Expr.ColumnRef(c.rangeIndex(), c.attribute(), 0, c.type(), c.typmod(),
                            c.collation(), c.origin());
                    if (groups.stream().noneMatch(g -> ColumnKey.lookup(g).equals(ColumnKey.of(own)))) {
                        into.putIfAbsent(ColumnKey.of(own), own);
                    }
                }
            });
            Exprs.forEachChild(expr, child -> collectLoose(child, into));
        } else {
            Exprs.forEachChild(expr, child -> collectLoose(child, into));
        }
    }

    /** Whether the column only feeds an aggregate of this level that stands in a sublink. */
    private static boolean insideOuterAggregate(Expr.SubLink link, Expr.ColumnRef column) {
        boolean[] inside = {false};
        Expressions.walk(link.query(), 1, (e, depth) -> {
            if (e instanceof Expr.AggregateCall a && a.levelsUp() == depth) {
                inside[0] |= Exprs.contains(a, child -> child == column);
            }
        });
        return inside[0];
    }

    private Rel aggregate(Rel input, int written, List<Expr.AggregateCall> calls, boolean mask) {
        List<Integer> groupColumns = input.positions(groups);
        List<List<Integer>> sets = sets(written);
        boolean plain = sets.size() == 1 && sets.getFirst().isEmpty() && groups.isEmpty();
        boolean hashable = query.groupBy().stream().allMatch(SortGroupClause::hashable)
                && state.settings.enableHashAggregate();
        List<SortKey> keys = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            int column = groupColumns.get(i);
            SortGroupClause clause = i < written ? query.groupBy().get(i) : null;
            keys.add(clause == null ? SortKey.ascending(column)
                    : new SortKey(column, clause.descending(), clause.nullsFirst()));
        }
        PlanInfo in = input.plan().info();
        double count = plain ? 1 : planner.selectivity().groups(groups.subList(0, written), in.rows());
        AggregateStrategy strategy = AggregateStrategy.PLAIN;
        Rel source = input;
        if (!plain) {
            boolean presorted = sets.size() == 1 && adjacent(input, groupColumns);
            boolean one = sets.size() == 1;
            boolean sort = one && (presorted || !hashable);
            strategy = sort ? AggregateStrategy.SORTED : AggregateStrategy.HASHED;
            if (sort && !presorted) {
                source = state.nodes.sort(input, keys);
            }
        }
        List<Expr> columns = new ArrayList<>(groups);
        columns.addAll(calls);
        List<OutputColumn> output = new ArrayList<>(PlanNodes.columns(columns));
        boolean hasMask = sets.size() > 1 || mask;
        if (hasMask) {
            output.add(new OutputColumn(null, state.int4));
            columns.add(maskColumn());
        }
        Translator translator = new Translator(planner, source::outer, null);
        List<Expr.AggregateCall> physical = new ArrayList<>();
        calls.forEach(call -> physical.add((Expr.AggregateCall) Exprs.mapChildren(call, translator::translate)));
        PlanInfo from = source.plan().info();
        double work = from.rows() * (groups.size() + calls.size() + state.nodes.exprCost(List.copyOf(calls)))
                * state.settings.cpuOperatorCost();
        double rows = Math.max(1, count * sets.size());
        double total = from.totalCost() + work + rows * state.settings.cpuTupleCost();
        double startup = strategy == AggregateStrategy.SORTED ? from.startupCost() : from.totalCost() + work;
        PhysicalPlan plan = new PhysicalPlan.Aggregate(state.nodes.info(output, startup, total, rows), source.plan(),
                strategy, groupColumns, sets, physical, mask);
        Rel result = new Rel(plan, columns);
        return new Rel(plan, columns, strategy == AggregateStrategy.SORTED ? order(source, result, groupColumns)
                : List.of());
    }

    private static List<SortKey> order(Rel source, Rel result, List<Integer> groupColumns) {
        List<SortKey> order = new ArrayList<>();
        for (SortKey key : source.order()) {
            int position = groupColumns.indexOf(key.column());
            if (position < 0) {
                break;
            }
            order.add(new SortKey(position, key.descending(), key.nullsFirst()));
        }
        return order;
    }

    /** Whether equal group columns are next to each other already. */
    private static boolean adjacent(Rel input, List<Integer> columns) {
        Set<Integer> wanted = new java.util.HashSet<>(columns);
        Set<Integer> leading = new java.util.HashSet<>();
        for (SortKey key : input.order()) {
            if (!wanted.contains(key.column())) {
                break;
            }
            leading.add(key.column());
        }
        return !wanted.isEmpty() && leading.containsAll(wanted);
    }

    /** Grouping sets as indexes into the group columns; dependent columns belong to each set. */
    private List<List<Integer>> sets(int written) {
        List<List<Integer>> result = new ArrayList<>();
        List<List<Integer>> source = query.groupingSets() == null ? List.of(references) : query.groupingSets();
        for (List<Integer> set : source) {
            List<Integer> indexes = new ArrayList<>();
            for (int reference : set) {
                int index = references.indexOf(reference);
                if (!indexes.contains(index)) {
                    indexes.add(index);
                }
            }
            for (int i = written; i < groups.size(); i++) {
                indexes.add(i);
            }
            result.add(indexes);
        }
        return result;
    }

    /** A column no expression of the query equals. */
    private Expr maskColumn() {
        return new Expr.SubLinkColumn(-1, 1, state.int4, -1, 0, Origin.NONE);
    }

    /** GROUPING(a, b): the bits of the mask in the arguments' order. */
    private Rel grouping(Rel rel, List<Expr.GroupingCall> calls) {
        List<Expr> columns = new ArrayList<>(rel.columns());
        columns.addAll(calls);
        List<Expr> expressions = new ArrayList<>();
        rel.columns().forEach(column -> expressions.add(rel.outer(column)));
        Expr mask = rel.outer(maskColumn());
        for (Expr.GroupingCall call : calls) {
            expressions.add(new GroupingBits(state).of(call, mask, references));
        }
        return new Rel(state.nodes.project(rel.plan(), expressions, PlanNodes.columns(columns)), columns, rel.order());
    }

    private Rel having(Rel rel) {
        if (query.having() == null) {
            return rel;
        }
        List<Expr> conditions = new ArrayList<>();
        List<Expr> once = new ArrayList<>();
        for (Expr condition : Expressions.conjuncts(query.having())) {
            (Expressions.isRowIndependent(condition) ? once : conditions).add(condition);
        }
        Translator translator = new Translator(planner, rel::outer, null);
        Expr condition = Expressions.and(translator.conditions(conditions));
        Expr oneTime = Expressions.and(translator.conditions(once));
        if (condition == null && oneTime == null) {
            return rel;
        }
        return new Rel(state.nodes.filter(rel.plan(), condition, oneTime,
                planner.selectivity().ofAll(conditions)), rel.columns(), rel.order());
    }
}
