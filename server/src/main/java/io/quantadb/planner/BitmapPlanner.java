package io.quantadb.planner;

import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.planner.cost.PlannerSettings;
import io.quantadb.planner.logical.Expressions;
import io.quantadb.planner.logical.Path;
import io.quantadb.planner.logical.Path.BitmapPath;
import io.quantadb.planner.logical.Path.Estimate;
import io.quantadb.planner.logical.Relids;
import io.quantadb.planner.rule.IndexMatcher;
import io.quantadb.sql.typed.Expr;
import java.util.ArrayList;
import java.util.List;

/**
 * Combines indexes by bitmaps: one index for a middling number of rows, AND of several, OR for alternatives.
 *
 * <pre>
 * before: filter a = 1 OR b = 2, an index on each
 * after:  BitmapScan over BitmapOr(index a: a = 1, index b: b = 2), with the filter as recheck
 * </pre>
 */
final class BitmapPlanner {
    private final QueryPlanner planner;
    private final StatementState state;
    private final BaseRel base;
    private final ScanPlanner scans;

    private BitmapPlanner(QueryPlanner planner, BaseRel base) {
        this.planner = planner;
        this.state = planner.state();
        this.base = base;
        this.scans = new ScanPlanner(planner);
    }

    static void add(QueryPlanner planner, BaseRel base, List<Expr> filters, List<Path> into) {
        if (!planner.state().settings.enableBitmapScan() || filters.isEmpty()) {
            return;
        }
        new BitmapPlanner(planner, base).addPaths(filters, into);
    }

    private void addPaths(List<Expr> filters, List<Path> into) {
        List<BitmapPath> candidates = new ArrayList<>();
        BitmapPath single = best(filters, filters);
        if (single != null) {
            candidates.add(single);
        }
        List<BitmapPath> parts = new ArrayList<>();
        for (Expr filter : filters) {
            BitmapPath part = filter instanceof Expr.BoolExpr b && b.kind() == Expr.BoolKind.OR
                    ? alternatives(b, filters) : best(List.of(filter), filters);
            if (part != null) {
                parts.add(part);
            }
        }
        candidates.addAll(parts);
        parts.sort((a, b) -> Double.compare(a.estimate().rows(), b.estimate().rows()));
        if (parts.size() > 1) {
            candidates.add(and(parts.subList(0, 2)));
        }
        Path bestPath = null;
        for (BitmapPath candidate : candidates) {
            Path path = scan(candidate, filters);
            if (bestPath == null || path.cost() < bestPath.cost()) {
                bestPath = path;
            }
        }
        if (bestPath != null) {
            into.add(bestPath);
        }
    }

    private BitmapPath best(List<Expr> conditions, List<Expr> implied) {
        BitmapPath best = null;
        for (IndexDescriptor index : base.relation.indexes()) {
            if (!scans.usable(base, index, implied)) {
                continue;
            }
            IndexMatcher.Match match = new IndexMatcher(state.catalog, index, planner.indexKeys(base, index),
                    base.rangeIndex).match(conditions);
            if (match.used().isEmpty()) {
                continue;
            }
            double fraction = planner.selectivity().ofAll(match.used());
            double rows = Math.max(1, base.tuples * fraction);
            double cost = scans.bitmapCost(base, index, match, rows);
            if (best == null || cost < best.estimate().total()) {
                best = new BitmapPath.Index(new Estimate(0, cost, rows, 0), match.condition());
            }
        }
        return best;
    }

    private BitmapPath alternatives(Expr.BoolExpr or, List<Expr> implied) {
        List<BitmapPath> inputs = new ArrayList<>();
        double cost = 0;
        double rows = 0;
        for (Expr argument : or.arguments()) {
            BitmapPath input = best(Expressions.conjuncts(argument), implied);
            if (input == null) {
                return null;
            }
            inputs.add(input);
            cost += input.estimate().total();
            rows += input.estimate().rows();
        }
        return new BitmapPath.Or(new Estimate(0, cost, Math.min(rows, base.tuples), 0), inputs);
    }

    private BitmapPath and(List<BitmapPath> inputs) {
        double cost = 0;
        double rows = Math.max(1, base.tuples);
        for (BitmapPath input : inputs) {
            cost += input.estimate().total();
            rows *= input.estimate().rows() / Math.max(1, base.tuples);
        }
        return new BitmapPath.And(new Estimate(0, cost, Math.max(1, rows), 0), List.copyOf(inputs));
    }

    private Path scan(BitmapPath bitmap, List<Expr> filters) {
        PlannerSettings s = state.settings;
        double fetched = bitmap.estimate().rows();
        double pages = ScanPlanner.pagesFetched(fetched, base.pages);
        double total = Math.max(1, base.pages);
        double pageCost = pages >= 2 ? s.randomPageCost() - (s.randomPageCost() - s.seqPageCost())
                * Math.sqrt(pages / total) : s.randomPageCost();
        double startup = bitmap.estimate().total();
        double cost = startup + pages * pageCost + fetched * (s.cpuTupleCost() + state.nodes.exprCost(filters));
        double rows = Math.max(1, base.tuples * planner.selectivity().ofAll(filters));
        return new Path.Scan(new Estimate(startup, cost, rows, planner.width(base)), Relids.of(base.rangeIndex),
                base.lateral, List.of(), null, null, bitmap, false, filters, false, false, filters, null);
    }
}
