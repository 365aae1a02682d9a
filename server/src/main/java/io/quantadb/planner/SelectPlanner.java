package io.quantadb.planner;

import io.quantadb.base.Invariant;
import io.quantadb.planner.logical.ColumnKey;
import io.quantadb.planner.logical.Expressions;
import io.quantadb.planner.logical.JoinNode;
import io.quantadb.planner.logical.Path;
import io.quantadb.planner.logical.Rel;
import io.quantadb.planner.physical.InputRef;
import io.quantadb.planner.physical.OutputColumn;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PlanInfo;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.RowMark;
import io.quantadb.sql.typed.SortGroupClause;
import io.quantadb.sql.typed.TargetEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Plans a SELECT that is no set operation: joins, then grouping, windows, sets, DISTINCT, order, locks, limit. */
final class SelectPlanner {
    private final QueryPlanner planner;
    private final StatementState state;
    private final Query query;
    private final Map<Integer, Expr> byReference = new LinkedHashMap<>();

    SelectPlanner(QueryPlanner planner, Query query) {
        this.planner = planner;
        this.state = planner.state();
        this.query = query;
        query.targetList().forEach(target -> {
            if (target.sortGroupRef() != 0) {
                byReference.put(target.sortGroupRef(), target.expr());
            }
        });
    }

    Rel plan() {
        JoinNode node = new JoinTreeBuilder(planner, query).build();
        Rel rel = joins(node);
        if (query.isGrouped()) {
            rel = new GroupingPlanner(planner, query, byReference).plan(rel);
        }
        if (!query.windows().isEmpty() && query.hasWindowFunctions()) {
            rel = new WindowPlanner(planner, query, byReference).plan(rel, upperExprs());
        }
        return finish(rel);
    }

    private List<Expr> targetExprs() {
        return query.targetList().stream().map(TargetEntry::expr).toList();
    }

    /** All expressions to be evaluated above grouping. */
    private List<Expr> upperExprs() {
        List<Expr> result = new ArrayList<>(targetExprs());
        result.addAll(rowIds());
        return result;
    }

    private List<Expr> rowIds() {
        List<Expr> result = new ArrayList<>();
        for (RowMark mark : query.rowMarks()) {
            if (planner.entry(mark.rangeIndex()) instanceof RangeTableEntry.Relation) {
                result.add(rowId(state, mark.rangeIndex()));
            }
        }
        return result;
    }

    static Expr.ColumnRef rowId(StatementState state, int rangeIndex) {
        return new Expr.ColumnRef(rangeIndex, InputRef.ROW_ID, 0, state.int8, -1, 0, Origin.NONE);
    }

    // ---- FROM and WHERE

    private Rel joins(JoinNode node) {
        Map<ColumnKey, Expr.ColumnRef> needed = new LinkedHashMap<>();
        upperExprs().forEach(expr -> Expressions.collectColumns(expr, needed));
        if (query.having() != null) {
            Expressions.collectColumns(query.having(), needed);
        }
        List<Path.OrderKey> wanted = query.isGrouped() || query.hasWindowFunctions() || !query.distinct().isEmpty()
                ? List.of() : order(query.orderBy());
        List<Path> paths = planner.joinPaths(node, needed, wanted.stream().map(Path.OrderKey::expr).toList(),
                stopsEarly());
        Path best = choose(paths, wanted);
        return new PlanCreator(planner).create(best, needed, null);
    }

    private List<Path.OrderKey> order(List<SortGroupClause> clauses) {
        return clauses.stream().map(c -> new Path.OrderKey(byReference.get(c.targetRef()), c.descending(),
                c.nullsFirst())).toList();
    }

    /** The cheapest way to the first rows wanted, a sort included where the path is not ordered. */
    private Path choose(List<Path> paths, List<Path.OrderKey> wanted) {
        Path best = null;
        double bestCost = Double.MAX_VALUE;
        for (Path path : paths) {
            if (!path.required().isEmpty()) {
                continue;
            }
            Path.Estimate e = path.estimate();
            double startup = e.startup();
            double total = e.total();
            int presorted = presorted(path.order(), wanted);
            if (presorted < wanted.size()) {
                boolean runs = presorted > 0 && state.settings.enableIncrementalSort() && e.rows() > 2;
                double groups = !runs ? 1 : planner.selectivity().groups(wanted.subList(0, presorted).stream()
                        .map(Path.OrderKey::expr).toList(), e.rows());
                double each = state.nodes.sortCost(e.rows() / groups, e.width());
                startup = e.startup() + (e.total() - e.startup()) / groups + each;
                total = e.total() + groups * each;
            }
            double cost = startup + (total - startup) * fraction(e.rows());
            if (cost < bestCost) {
                best = path;
                bestCost = cost;
            }
        }
        Invariant.check(best != null, "none of %d paths stands alone, level %d", paths.size(), 0);
        return best;
    }

    /** How many of the wanted keys the rows are sorted by already. */
    private static int presorted(List<Path.OrderKey> order, List<Path.OrderKey> wanted) {
        int count = 0;
        while (count < wanted.size() && count < order.size() && wanted.get(count).sameAs(order.get(count))) {
            count++;
        }
        return count;
    }

    private boolean stopsEarly() {
        return query.limitCount() != null && !query.isGrouped() && !query.hasWindowFunctions()
                && query.distinct().isEmpty();
    }

    private double fraction(double rows) {
        if (!stopsEarly() || rows <= 0) {
            return 1;
        }
        double offset = query.limitOffset() instanceof Expr.Const c && c.value() instanceof Long n ? n : 0;
        return query.limitCount() instanceof Expr.Const c && c.value() instanceof Long n
                ? Math.min(1, (n + offset) / rows) : query.limitCount() instanceof Expr.Const ? 1 : 0.1;
    }

    // ---- above

    private Rel finish(Rel input) {
        List<Expr> targets = targetExprs();
        Rel rel = multiAssign(input, targets);
        List<Expr> sortExprs = new ArrayList<>();
        query.orderBy().forEach(clause -> sortExprs.add(byReference.get(clause.targetRef())));
        boolean sets = targets.stream().anyMatch(Expressions::returnsSet);
        boolean setsLater = sets && query.distinct().isEmpty() && !query.orderBy().isEmpty()
                && sortExprs.stream().noneMatch(Expressions::returnsSet);
        if (setsLater) {
            rel = extend(rel, sortExprs);
        } else {
            if (sets) {
                rel = new SetProjection(planner).apply(rel, targets);
            }
            List<Expr> wanted = new ArrayList<>(new LinkedHashSet<>(targets));
            wanted.addAll(rowIds());
            // What the sort does not need is computed above it, and below a LIMIT only for the rows that are left.
            boolean late = query.distinct().isEmpty() && (query.orderBy().isEmpty() || sortExprs.stream()
                    .allMatch(available(rel))) && !sets;
            if (!late || rel.plan() instanceof PhysicalPlan.PointLookup && query.rowMarks().isEmpty()) {
                rel = project(rel, wanted);
            }
        }
        if (!query.distinct().isEmpty()) {
            rel = distinct(rel);
        }
        if (!query.orderBy().isEmpty()) {
            rel = state.nodes.sort(rel, sortKeys(rel, query.orderBy()));
        }
        if (setsLater) {
            rel = new SetProjection(planner).apply(rel, targets);
        }
        rel = lock(rel);
        rel = limit(rel);
        return result(rel);
    }

    private static java.util.function.Predicate<Expr> available(Rel rel) {
        return expr -> rel.find(expr) >= 0;
    }

    /** Evaluates multi-column subqueries of UPDATE once a row. */
    private Rel multiAssign(Rel rel, List<Expr> targets) {
        Set<Expr> links = new LinkedHashSet<>();
        for (Expr target : targets) {
            Expressions.walk(target, 0, (e, depth) -> {
                if (depth == 0 && e instanceof Expr.SubLink link && link.kind() == Expr.SubLinkKind.MULTI_ASSIGN) {
                    links.add(link);
                }
            });
        }
        return links.isEmpty() ? rel : extend(rel, List.copyOf(links));
    }

    private Rel extend(Rel rel, List<Expr> exprs) {
        return extend(planner, rel, exprs);
    }

    /** The input's columns and the expressions that are not among them. */
    static Rel extend(QueryPlanner planner, Rel rel, List<Expr> exprs) {
        List<Expr> columns = new ArrayList<>(rel.columns());
        for (Expr expr : exprs) {
            if (rel.find(expr) < 0 && !columns.contains(expr)) {
                columns.add(expr);
            }
        }
        return columns.size() == rel.columns().size() ? rel : project(planner, rel, columns);
    }

    private Rel project(Rel rel, List<Expr> columns) {
        return project(planner, rel, columns);
    }

    /** Computes exactly these columns; nothing to do if the input has just them. */
    static Rel project(QueryPlanner planner, Rel rel, List<Expr> columns) {
        boolean same = columns.size() == rel.columns().size();
        for (int i = 0; same && i < columns.size(); i++) {
            same = rel.find(columns.get(i)) == i;
        }
        if (same) {
            return rel;
        }
        StatementState state = planner.state();
        List<Expr> expressions = new Translator(planner, rel::outer, null).translateAll(columns);
        List<OutputColumn> output = PlanNodes.columns(columns);
        if (rel.plan() instanceof PhysicalPlan.PointLookup p && isIdentity(p)) {
            PlanInfo in = p.info();
            return new Rel(new PhysicalPlan.PointLookup(state.nodes.info(output, in.startupCost(), in.totalCost(),
                    in.rows()), p.target(), p.index(), p.key(), p.filter(), expressions), columns);
        }
        if (rel.plan() instanceof PhysicalPlan.Result r && r.expressions().isEmpty()) {
            PlanInfo in = r.info();
            return new Rel(new PhysicalPlan.Result(state.nodes.info(output, in.startupCost(), in.totalCost()
                    + state.nodes.exprCost(expressions), in.rows()), expressions, r.oneTimeFilter()), columns);
        }
        List<SortKey> order = new ArrayList<>();
        Rel renamed = new Rel(rel.plan(), columns);
        for (SortKey key : rel.order()) {
            int position = renamed.find(rel.columns().get(key.column()));
            if (position < 0) {
                break;
            }
            order.add(new SortKey(position, key.descending(), key.nullsFirst()));
        }
        return new Rel(state.nodes.project(rel.plan(), expressions, output), columns, order);
    }

    private static boolean isIdentity(PhysicalPlan.PointLookup lookup) {
        for (int i = 0; i < lookup.expressions().size(); i++) {
            if (!(lookup.expressions().get(i) instanceof Expr.ColumnRef c) || c.attribute() != i + 1) {
                return false;
            }
        }
        return lookup.expressions().size() == lookup.target().outputCount();
    }

    private List<SortKey> sortKeys(Rel rel, List<SortGroupClause> clauses) {
        List<SortKey> result = new ArrayList<>();
        for (SortGroupClause clause : clauses) {
            int position = rel.find(byReference.get(clause.targetRef()));
            Invariant.check(position >= 0, "sort key %d is none of %d columns", clause.targetRef(),
                    rel.columns().size());
            result.add(new SortKey(position, clause.descending(), clause.nullsFirst()));
        }
        return result;
    }

    private Rel distinct(Rel input) {
        List<Expr> exprs = query.distinct().stream().map(c -> byReference.get(c.targetRef())).toList();
        if (query.distinctOn()) {
            List<SortKey> keys = new ArrayList<>(sortKeys(input, query.orderBy()));
            for (SortGroupClause clause : query.distinct()) {
                int position = input.find(byReference.get(clause.targetRef()));
                if (keys.stream().noneMatch(key -> key.column() == position)) {
                    keys.add(new SortKey(position, clause.descending(), clause.nullsFirst()));
                }
            }
            Rel sorted = state.nodes.sort(input, distinctFirst(keys, input.positions(exprs)));
            double groups = planner.selectivity().groups(exprs, sorted.plan().info().rows());
            return new Rel(state.nodes.distinct(sorted.plan(), sorted.positions(exprs), true, groups),
                    sorted.columns(), sorted.order());
        }
        double groups = planner.selectivity().groups(exprs, input.plan().info().rows());
        boolean hashable = query.distinct().stream().allMatch(SortGroupClause::hashable);
        List<Integer> positions = input.positions(exprs).stream().distinct().toList();
        Rel rel = input;
        boolean sorted = !hashable || !state.settings.enableHashAggregate();
        if (sorted) {
            rel = state.nodes.sort(input, sortKeys(input, query.distinct()));
        }
        return new Rel(state.nodes.distinct(rel.plan(), positions, sorted, groups), rel.columns(),
                sorted ? rel.order() : List.of());
    }

    /** The DISTINCT ON keys lead the ORDER BY; those it does not mention come after the ones it does. */
    private static List<SortKey> distinctFirst(List<SortKey> keys, List<Integer> distinct) {
        List<SortKey> result = new ArrayList<>();
        keys.stream().filter(key -> distinct.contains(key.column())).forEach(result::add);
        keys.stream().filter(key -> !distinct.contains(key.column())).forEach(result::add);
        return result;
    }

    private Rel lock(Rel rel) {
        List<PhysicalPlan.LockedRelation> locked = new ArrayList<>();
        for (RowMark mark : query.rowMarks()) {
            if (planner.entry(mark.rangeIndex()) instanceof RangeTableEntry.Relation) {
                BaseRel base = planner.base(mark.rangeIndex());
                if (!base.members.isEmpty()) {
                    throw io.quantadb.error.SqlException.notSupported(
                            "row locks on tables with inheritance children are not supported");
                }
                locked.add(new PhysicalPlan.LockedRelation(base.scanId, base.relation,
                        rel.find(rowId(state, mark.rangeIndex())), mark.strength(), mark.waitPolicy()));
            }
        }
        if (locked.isEmpty()) {
            return rel;
        }
        PlanInfo in = rel.plan().info();
        PlanInfo info = state.nodes.info(in.output(), in.startupCost(),
                in.totalCost() + in.rows() * state.settings.cpuTupleCost(), in.rows());
        return new Rel(new PhysicalPlan.LockRows(info, rel.plan(), locked), rel.columns(), rel.order());
    }

    private Rel limit(Rel rel) {
        return limit(planner, query, rel, query.withTies() ? sortKeys(rel, query.orderBy()) : List.of());
    }

    static Rel limit(QueryPlanner planner, Query query, Rel rel, List<SortKey> ties) {
        if (query.limitCount() == null && query.limitOffset() == null) {
            return rel;
        }
        Translator translator = new Translator(planner, _ -> null, null);
        Expr count = query.limitCount() instanceof Expr.Const c && c.isNull() ? null
                : translator.translate(query.limitCount());
        Expr offset = translator.translate(query.limitOffset());
        if (count == null && offset == null) {
            return rel;
        }
        return new Rel(planner.state().nodes.limit(rel.plan(), count, offset, ties), rel.columns(), rel.order());
    }

    /** Result columns only, under their names. */
    private Rel result(Rel rel) {
        List<TargetEntry> visible = query.targetList().stream().filter(target -> !target.junk()).toList();
        List<Expr> columns = visible.stream().map(TargetEntry::expr).toList();
        List<String> names = visible.stream().map(TargetEntry::name).toList();
        Rel projected = project(rel, columns);
        return new Rel(PlanRenamer.rename(projected.plan(), names), columns, projected.order());
    }
}
