package io.quantadb.planner;

import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.ColumnStatistics;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.planner.cost.PlannerSettings;
import io.quantadb.planner.cost.Selectivity;
import io.quantadb.planner.logical.Expressions;
import io.quantadb.planner.logical.Path;
import io.quantadb.planner.logical.Path.Estimate;
import io.quantadb.planner.logical.Path.OrderKey;
import io.quantadb.planner.logical.Relids;
import io.quantadb.planner.physical.IndexCondition;
import io.quantadb.planner.rule.IndexMatcher;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.RangeTableEntry;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Finds the ways to read one range table entry. */
final class ScanPlanner {
    private final QueryPlanner planner;
    private final StatementState state;
    private final PlannerSettings settings;
    private final Selectivity selectivity;
    /** How often a scan runs that needs the row of these entries. */
    private ToDoubleFunction<BitSet> runs = _ -> 1;

    ScanPlanner(QueryPlanner planner) {
        this.planner = planner;
        this.state = planner.state();
        this.settings = state.settings;
        this.selectivity = planner.selectivity();
    }

    /** Paths that need nothing from other entries but what LATERAL demands. */
    List<Path> paths(BaseRel base, List<Expr> filters) {
        List<Path> result = new ArrayList<>();
        if (base.relation == null) {
            result.add(otherEntry(base, filters));
            return result;
        }
        result.add(sequential(base, filters));
        boolean sampled = base.entry instanceof RangeTableEntry.Relation r && r.sample() != null;
        if (!sampled && base.members.isEmpty()) {
            Path byAddress = byAddress(base, filters);
            if (byAddress != null) {
                return List.of(byAddress);
            }
            for (IndexDescriptor index : base.relation.indexes()) {
                addIndexPaths(base, index, filters, List.of(), result);
            }
            for (Path path : result) {
                if (path instanceof Path.Scan scan && scan.point()) {
                    // At most one row by one descent: nothing is cheaper, whatever the estimates say.
                    return new ArrayList<>(List.of(scan));
                }
            }
            BitmapPlanner.add(planner, base, filters, result);
        }
        return result;
    }

    /** Index scans whose conditions use the row of other entries. */
    List<Path> parameterized(BaseRel base, List<Expr> filters, List<Expr> joinClauses, EquivalenceClasses classes,
            ToDoubleFunction<BitSet> runs) {
        this.runs = runs;
        List<Path> result = new ArrayList<>();
        boolean sampled = base.entry instanceof RangeTableEntry.Relation r && r.sample() != null;
        if (base.relation == null || sampled || !base.members.isEmpty() || joinClauses.isEmpty()) {
            return result;
        }
        for (IndexDescriptor index : base.relation.indexes()) {
            List<Expr> usable = new ArrayList<>();
            for (Expr clause : joinClauses) {
                if (matches(base, index, clause)) {
                    usable.add(clause);
                }
            }
            if (usable.isEmpty()) {
                continue;
            }
            List<BitSet> tried = new ArrayList<>();
            for (Expr clause : usable) {
                BitSet outer = Relids.minus(Expressions.relids(clause), Relids.of(base.rangeIndex));
                if (!tried.contains(outer)) {
                    tried.add(outer);
                    addIndexPaths(base, index, filters, usable.stream().filter(c -> Relids.contains(outer,
                            Relids.minus(Expressions.relids(c), Relids.of(base.rangeIndex)))).toList(), result);
                }
            }
            if (tried.size() > 1) {
                List<Expr> distinct = new ArrayList<>();
                for (Expr clause : usable) {
                    if (distinct.stream().noneMatch(c -> classes.sameClass(c, clause))) {
                        distinct.add(clause);
                    }
                }
                addIndexPaths(base, index, filters, distinct, result);
            }
        }
        return result;
    }

    private boolean matches(BaseRel base, IndexDescriptor index, Expr clause) {
        if (!usable(base, index, List.of())) {
            return index.isPartial() && index.valid() && index.accessMethod() == CatalogIds.AM_BTREE;
        }
        List<Expr> keys = planner.indexKeys(base, index);
        for (int i = 0; i < keys.size(); i++) {
            IndexMatcher matcher = new IndexMatcher(state.catalog, oneColumn(index, i), List.of(keys.get(i)),
                    base.rangeIndex);
            if (!matcher.match(List.of(clause)).used().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static IndexDescriptor oneColumn(IndexDescriptor i, int column) {
        return new IndexDescriptor(i.oid(), i.name(), i.schemaOid(), i.tableOid(), i.storage(), i.accessMethod(),
                List.of(i.keyColumns().get(column)), i.includeColumns(), i.unique(), i.primary(),
                i.nullsNotDistinct(), i.exclusion(), i.deferrable(), i.clustered(), i.replicaIdentity(),
                i.predicate(), i.constraintOid(), i.valid(), i.ready(), i.tablespaceOid(), i.options());
    }

    boolean usable(BaseRel base, IndexDescriptor index, List<Expr> filters) {
        if (index.accessMethod() != CatalogIds.AM_BTREE || !index.valid()) {
            return false;
        }
        return !index.isPartial() || filters.containsAll(planner.indexPredicate(base, index));
    }

    private Path otherEntry(BaseRel base, List<Expr> filters) {
        double rows;
        double startup = 0;
        double total;
        int width = 0;
        for (var column : base.entry.columns()) {
            width += PlanNodes.width(column.type());
        }
        if (base.subquery != null) {
            var info = base.subquery.plan().info();
            rows = info.rows();
            startup = info.startupCost();
            total = info.totalCost();
            width = info.width();
        } else {
            rows = base.tuples;
            total = rows * settings.cpuTupleCost();
        }
        total += rows * state.nodes.exprCost(filters);
        rows = Math.max(1, rows * selectivity.ofAll(filters));
        return new Path.Scan(new Estimate(startup, total, rows, width), Relids.of(base.rangeIndex), base.lateral,
                List.of(), null, null, null, false, filters, false, false, filters, null);
    }

    /** {@code ctid = value}; null without such a filter. */
    private Path byAddress(BaseRel base, List<Expr> filters) {
        for (Expr filter : filters) {
            if (filter instanceof Expr.CurrentOf c && c.rangeIndex() == base.rangeIndex) {
                List<Expr> rest = new ArrayList<>(filters);
                rest.remove(filter);
                Expr place = new Expr.CurrentOf(base.relation.oid(), c.cursor(), c.parameter(),
                        state.catalog.pgType(io.quantadb.types.Oids.TID), c.origin());
                return new Path.Scan(new Estimate(0, settings.randomPageCost() + settings.cpuTupleCost(), 1,
                        planner.width(base)), Relids.of(base.rangeIndex), base.lateral, List.of(), null, null, null,
                        false, rest, false, false, filters, List.of(place));
            }
            if (filter instanceof Expr.OperatorCall op && op.arguments().size() == 2
                    && op.operator().name().equals("=") && settings.enableTidScan()) {
                boolean left = isAddress(op.left(), base) && isOutside(op.right());
                if (left || isAddress(op.right(), base) && isOutside(op.left())) {
                    List<Expr> rest = new ArrayList<>(filters);
                    rest.remove(filter);
                    double cost = settings.randomPageCost() + settings.cpuTupleCost() + state.nodes.exprCost(rest);
                    return new Path.Scan(new Estimate(0, cost, 1, planner.width(base)), Relids.of(base.rangeIndex),
                            base.lateral, List.of(), null, null, null, false, rest, false, false, filters,
                            List.of(left ? op.right() : op.left()));
                }
            }
        }
        return null;
    }

    private static boolean isAddress(Expr expr, BaseRel base) {
        return expr instanceof Expr.ColumnRef c && c.levelsUp() == 0 && c.rangeIndex() == base.rangeIndex
                && c.attribute() == -1;
    }

    private static boolean isOutside(Expr expr) {
        return Expressions.relids(expr).isEmpty() && !Expressions.isVolatile(expr)
                && expr.type().oid() == io.quantadb.types.Oids.TID;
    }

    private Path sequential(BaseRel base, List<Expr> filters) {
        double total = base.pages * settings.seqPageCost() + base.tuples * (settings.cpuTupleCost()
                + state.nodes.exprCost(filters)) + (settings.enableSeqScan() ? 0 : PlannerSettings.DISABLE_COST);
        double rows = Math.max(1, base.tuples * selectivity.ofAll(filters));
        return new Path.Scan(new Estimate(0, total, rows, planner.width(base)), Relids.of(base.rangeIndex),
                base.lateral, List.of(), null, null, null, false, filters, false, false, filters, null);
    }

    private void addIndexPaths(BaseRel base, IndexDescriptor index, List<Expr> filters, List<Expr> joinClauses,
            List<Path> into) {
        if (!usable(base, index, filters)) {
            return;
        }
        List<Expr> keys = planner.indexKeys(base, index);
        List<Expr> all = new ArrayList<>(joinClauses);
        all.addAll(filters);
        if (index.isPartial()) {
            all.removeAll(planner.indexPredicate(base, index));
        }
        IndexMatcher.Match match = new IndexMatcher(state.catalog, index, keys, base.rangeIndex).match(all);
        List<OrderKey> order = order(index, keys, match.condition());
        boolean useful = !match.used().isEmpty() || match.condition().lower() != null
                || match.condition().upper() != null || index.isPartial();
        if (!joinClauses.isEmpty() && match.used().stream().noneMatch(joinClauses::contains)) {
            return;
        }
        BitSet required = (BitSet) base.lateral.clone();
        List<Expr> rest = new ArrayList<>(all);
        rest.removeAll(match.used());
        for (Expr clause : all) {
            required.or(Relids.minus(Expressions.relids(clause), Relids.of(base.rangeIndex)));
        }
        boolean indexOnly = settings.enableIndexOnlyScan() && planner.coveredBy(base, index, rest);
        Estimate estimate = estimate(base, index, match, all, rest, indexOnly,
                joinClauses.isEmpty() ? 1 : Math.max(1, runs.applyAsDouble(required)));
        Path.Scan forward = new Path.Scan(estimate, Relids.of(base.rangeIndex), required, order, index,
                match.condition(), null, false, rest, match.unique() && joinClauses.isEmpty(), indexOnly,
                checked(filters, joinClauses), null);
        if (useful || planner.wantsOrder(order) || indexOnly) {
            into.add(forward);
        }
        if (!match.unique()) {
            List<OrderKey> reversed = order.stream()
                    .map(k -> new OrderKey(k.expr(), !k.descending(), !k.nullsFirst())).toList();
            if (planner.wantsOrder(reversed)) {
                into.add(new Path.Scan(estimate, forward.relids(), required, reversed, index, match.condition(), null,
                        true, rest, false, indexOnly, forward.checked(), null));
            }
        }
    }

    private static List<Expr> checked(List<Expr> filters, List<Expr> joinClauses) {
        List<Expr> result = new ArrayList<>(filters);
        result.addAll(joinClauses);
        return result;
    }

    /** Columns fixed to one value do not disturb the order and are left out; a list of values ends it. */
    private static List<OrderKey> order(IndexDescriptor index, List<Expr> keys, IndexCondition condition) {
        List<OrderKey> result = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            if (i < condition.equals().size()) {
                IndexCondition.Equality equality = condition.equals().get(i);
                if (equality.array() || equality.values().size() > 1) {
                    return List.of();
                }
                continue;
            }
            IndexColumn column = index.keyColumns().get(i);
            result.add(new OrderKey(keys.get(i), column.descending(), column.nullsFirst()));
        }
        return result;
    }

    /** @param loops how often it runs: pages read again are found in the cache */
    private Estimate estimate(BaseRel base, IndexDescriptor index, IndexMatcher.Match match, List<Expr> all,
            List<Expr> rest, boolean indexOnly, double loops) {
        double tuples = Math.max(1, base.tuples);
        List<Expr> bounds = new ArrayList<>(match.used());
        double fraction = selectivity.ofAll(bounds);
        if (match.used().isEmpty() && (match.condition().lower() != null || match.condition().upper() != null)) {
            fraction = 0.005;
        }
        double fetched = match.unique() ? 1 : Math.max(1, Math.min(tuples, tuples * fraction));
        double descent = descent(base, match);
        double indexCost = indexCost(base, index, match, fetched, loops);
        double correlation = correlation(base, index);
        double random = pagesFetched(fetched * loops, base.pages) * settings.randomPageCost() / loops;
        double sequential = Math.max(1, Math.ceil(base.pages * fetched / tuples));
        double clustered = loops > 1 ? pagesFetched(sequential * loops, base.pages) * settings.randomPageCost() / loops
                : settings.randomPageCost() + (sequential - 1) * settings.seqPageCost();
        double heapCost = random + correlation * correlation * (clustered - random);
        if (indexOnly) {
            double visible = base.relation.pages() <= 0 ? 0
                    : Math.min(1, (double) base.relation.allVisiblePages() / base.relation.pages());
            heapCost *= 1 - visible;
        }
        double total = descent + indexCost + Math.max(0, heapCost)
                + fetched * (settings.cpuTupleCost() + state.nodes.exprCost(rest));
        if (indexOnly ? !settings.enableIndexOnlyScan() : !settings.enableIndexScan()) {
            total += PlannerSettings.DISABLE_COST;
        }
        double rows = match.unique() ? 1 : Math.max(1, tuples * selectivity.ofAll(all));
        return new Estimate(descent, total, Math.min(rows, fetched), planner.width(base));
    }

    private static double searches(IndexMatcher.Match match) {
        double searches = 1;
        for (IndexCondition.Equality equality : match.condition().equals()) {
            searches *= equality.array() ? 10 : Math.max(1, equality.values().size());
        }
        return searches;
    }

    private static double indexPages(BaseRel base, IndexDescriptor index) {
        return Math.max(1, Math.ceil(Math.max(1, base.tuples) * (8 + keyWidth(index)) / 6000.0));
    }

    /** Cost of finding the first entry of each search. */
    private double descent(BaseRel base, IndexMatcher.Match match) {
        double tuples = Math.max(1, base.tuples);
        double height = Math.max(0, Math.ceil(Math.log(tuples / 250) / Math.log(250)));
        return searches(match) * (Math.ceil(Math.log(tuples + 1) / Math.log(2)) * settings.cpuOperatorCost()
                + (height + 1) * 50 * settings.cpuOperatorCost());
    }

    /** Cost of reading the leaf pages with so many entries. */
    private double indexCost(BaseRel base, IndexDescriptor index, IndexMatcher.Match match, double fetched,
            double loops) {
        double pages = indexPages(base, index);
        double leafPages = Math.min(pages,
                Math.max(searches(match), Math.ceil(pages * fetched / Math.max(1, base.tuples))));
        double read = loops > 1 ? pagesFetched(leafPages * loops, pages) / loops : leafPages;
        return read * settings.randomPageCost() + fetched * settings.cpuIndexTupleCost()
                + fetched * settings.cpuOperatorCost();
    }

    /** What a bitmap index scan costs, its entries in the bitmap included. */
    double bitmapCost(BaseRel base, IndexDescriptor index, IndexMatcher.Match match, double fetched) {
        return descent(base, match) + indexCost(base, index, match, fetched, 1)
                + 0.1 * settings.cpuOperatorCost() * fetched;
    }

    private static int keyWidth(IndexDescriptor index) {
        int width = 0;
        for (IndexColumn column : index.keyColumns()) {
            width += PlanNodes.width(column.type()) + 1;
        }
        return width;
    }

    /** Mackert and Lohman's estimate of pages touched when so many tuples are fetched in random order. */
    static double pagesFetched(double tuples, double pages) {
        double t = Math.max(1, pages);
        return Math.min(t, Math.ceil(2 * t * tuples / (2 * t + tuples)));
    }

    private double correlation(BaseRel base, IndexDescriptor index) {
        IndexColumn first = index.keyColumns().getFirst();
        if (first.isExpression()) {
            return 0;
        }
        ColumnStatistics s = state.catalog.columnStatistics(base.relation.oid(), first.attnum());
        if (s == null || Double.isNaN(s.correlation())) {
            return 0;
        }
        return index.keyColumns().size() > 1 ? s.correlation() * 0.75 : s.correlation();
    }

    /** A column of a table as an expression of this level. */
    static Expr.ColumnRef column(int rangeIndex, io.quantadb.catalog.ColumnDescriptor c) {
        return new Expr.ColumnRef(rangeIndex, c.attnum(), 0, c.type(), c.typmod(), c.collation(), Origin.NONE);
    }
}
