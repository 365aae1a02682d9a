package io.quantadb.planner;

import io.quantadb.base.Invariant;
import io.quantadb.error.SqlException;
import io.quantadb.planner.JoinGroup.Item;
import io.quantadb.planner.JoinGroup.Special;
import io.quantadb.planner.cost.Selectivity;
import io.quantadb.planner.logical.Expressions;
import io.quantadb.planner.logical.JoinNode;
import io.quantadb.planner.logical.Path;
import io.quantadb.planner.logical.Path.Estimate;
import io.quantadb.planner.logical.Relids;
import io.quantadb.planner.physical.JoinType;
import io.quantadb.sql.typed.Expr;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Orders the joins of one group by dynamic programming over connected sets of items, or greedily where that would take
 * too long.
 *
 * <p>An outer join may come as soon as the items its condition uses on its left side are there: inner joins of, other
 * outer joins to and conditions on the preserved side commute with it.
 *
 * <p>Only scans are driven by other items (the inner side of a nested loop); a join that still needs others is kept
 * where LATERAL demands it, where the group as a whole is driven from outside, and where a scan is driven by several
 * items that no condition connects (a star).
 */
final class JoinPlanner {
    /** Pairs of paths tried before the search turns greedy; bounds planning to some tens of milliseconds. */
    private static final int MAX_PAIRS = 60_000;
    private static final int MAX_EXHAUSTIVE = 16;

    private final QueryPlanner planner;
    private final Selectivity selectivity;
    private final JoinGroup group;
    private final JoinRows rows;
    private final Map<Long, PathSet> best = new HashMap<>();
    /** Conditions between this group and the entries around it, which may drive its scans. */
    private final List<Expr> outside;
    private final BitSet outsideRelids = new BitSet();
    private JoinPathBuilder builder;
    private int pairs;

    JoinPlanner(QueryPlanner planner) {
        this(planner, List.of());
    }

    private JoinPlanner(QueryPlanner planner, List<Expr> outside) {
        this.planner = planner;
        this.selectivity = planner.selectivity();
        this.group = new JoinGroup(planner);
        this.rows = new JoinRows(planner, group);
        this.outside = outside;
    }

    /** All useful paths for the node under further conditions that hold above it. */
    List<Path> plan(JoinNode node, List<Expr> filters) {
        long all = group.flatten(node);
        if (group.items.isEmpty()) {
            Path nothing = new Path.Nothing(new Estimate(0, planner.state().settings.cpuTupleCost(), 1, 0));
            return List.of(withFilters(nothing, group.conditions(filters)));
        }
        outside.forEach(condition -> outsideRelids.or(Expressions.relids(condition)));
        outsideRelids.andNot(node.relids());
        List<Expr> last = group.place(filters);
        builder = new JoinPathBuilder(planner, group.classes());
        for (int i = 0; i < group.items.size(); i++) {
            independentPaths(i);
        }
        for (int i = 0; i < group.items.size(); i++) {
            drivenPaths(i);
        }
        group.connectLateral();
        int limit = Math.min(planner.state().settings.joinSearchLimit(), MAX_EXHAUSTIVE);
        PathSet result = group.items.size() <= limit ? exhaustive(all) : null;
        if (result == null) {
            result = greedy(all);
        }
        return last.isEmpty() ? result.paths() : result.paths().stream().map(path -> withFilters(path, last)).toList();
    }

    private Path withFilters(Path path, List<Expr> filters) {
        if (filters.isEmpty()) {
            return path;
        }
        Estimate e = path.estimate();
        return new Path.Filter(new Estimate(e.startup(), e.total() + e.rows() * planner.state().nodes.exprCost(filters),
                Math.max(1, e.rows() * selectivity.ofAll(filters)), e.width()), path, List.copyOf(filters));
    }

    // ---- the items

    private void independentPaths(int index) {
        Item item = group.items.get(index);
        PathSet set = new PathSet(planner, group.usefulOrders(1L << index));
        best.put(1L << index, set);
        if (item.base != null) {
            new ScanPlanner(planner).paths(item.base, item.filters).forEach(set::add);
        } else if (item.node instanceof JoinNode.Outer full && full.type() == JoinType.FULL) {
            set.add(withFilters(fullJoin(full), item.filters));
        } else {
            new JoinPlanner(planner, item.joinConditions).plan(item.node, item.filters).forEach(set::add);
            item.lateral = set.cheapest().required();
        }
        item.rows = set.cheapest().estimate().rows();
        rows.put(1L << index, item.rows);
    }

    private void drivenPaths(int index) {
        Item item = group.items.get(index);
        if (item.base != null) {
            new ScanPlanner(planner).parameterized(item.base, item.filters, group.drivers(index, outside),
                    group.classes(), this::runsFor).forEach(best.get(1L << index)::add);
        }
    }

    /** How often a scan driven by these entries will run: at least once for each row of the smallest. */
    private double runsFor(BitSet required) {
        double result = Double.MAX_VALUE;
        for (Item item : group.items) {
            if (item.relids.intersects(required)) {
                result = Math.min(result, item.rows);
            }
        }
        return result == Double.MAX_VALUE ? 1 : Math.max(1, result);
    }

    private Path fullJoin(JoinNode.Outer full) {
        Path left = cheapest(new JoinPlanner(planner).plan(full.left(), List.of()));
        Path right = cheapest(new JoinPlanner(planner).plan(full.right(), List.of()));
        Path result = new JoinPathBuilder(planner, group.classes()).fullJoin(left, right, full.conditions(),
                Math.max(left.estimate().rows(), right.estimate().rows()));
        if (result == null) {
            throw SqlException.notSupported(
                    "FULL JOIN is only supported with merge-joinable or hash-joinable join conditions");
        }
        return result;
    }

    static Path cheapest(List<Path> paths) {
        Path result = null;
        for (Path path : paths) {
            if (result == null || path.required().cardinality() < result.required().cardinality()
                    || path.required().equals(result.required()) && path.cost() < result.cost()) {
                result = path;
            }
        }
        return result;
    }

    // ---- the search

    /** Null if it would take too long. */
    private PathSet exhaustive(long all) {
        for (long set = 1; set <= all; set++) {
            if (Long.bitCount(set) > 1) {
                joinsOf(set);
                if (pairs > MAX_PAIRS) {
                    return null;
                }
            }
        }
        PathSet result = best.get(all);
        Invariant.check(result != null, "no join order for %d items, %d special", group.items.size(),
                group.specialCount());
        return result;
    }

    /** Tries the connected pairs that make the set; a product only where there is nothing else. */
    private void joinsOf(long set) {
        PathSet result = new PathSet(planner, group.usefulOrders(set));
        long lowest = Long.lowestOneBit(set);
        for (boolean product = false;; product = true) {
            for (long left = (set - 1) & set; left != 0; left = (left - 1) & set) {
                long right = set & ~left;
                if ((left & lowest) != 0 && best.containsKey(left) && best.containsKey(right)
                        && product != ((group.neighboursOf(left) & right) != 0)) {
                    join(left, right, result);
                    join(right, left, result);
                }
            }
            if (!result.isEmpty()) {
                best.put(set, result);
                return;
            }
            // Products of unconnected sets are wanted in the end only, or where the rest is all unconnected.
            if (product || group.neighboursOf(set) != 0) {
                return;
            }
        }
    }

    /** Joins the pair with the fewest rows first: for groups too large to search. */
    private PathSet greedy(long all) {
        best.keySet().removeIf(set -> Long.bitCount(set) > 1);
        List<Long> sets = new ArrayList<>();
        for (int i = 0; i < group.items.size(); i++) {
            sets.add(1L << i);
        }
        Set<Long> impossible = new HashSet<>();
        while (sets.size() > 1) {
            long[] pair = smallest(sets, impossible, false);
            pair = pair != null ? pair : smallest(sets, impossible, true);
            Invariant.check(pair != null, "no join order for %d items, %d special", group.items.size(),
                    group.specialCount());
            long both = pair[0] | pair[1];
            PathSet result = new PathSet(planner, group.usefulOrders(both));
            join(pair[0], pair[1], result);
            join(pair[1], pair[0], result);
            if (result.isEmpty()) {
                impossible.add(both);
                continue;
            }
            best.put(both, result);
            sets.remove(pair[0]);
            sets.remove(pair[1]);
            sets.add(both);
        }
        return best.get(all);
    }

    private long[] smallest(List<Long> sets, Set<Long> impossible, boolean product) {
        long[] result = null;
        double fewest = Double.MAX_VALUE;
        boolean[] legal = new boolean[1];
        for (long left : sets) {
            for (long right : sets) {
                if (left == right || product == ((group.neighboursOf(left) & right) != 0)
                        || impossible.contains(left | right)) {
                    continue;
                }
                Special special = group.special(left, right, legal);
                if (legal[0]) {
                    List<Expr> here = group.conditionsAt(left, right, special != null);
                    double count = rows.of(left, right, special, here);
                    if (count < fewest) {
                        fewest = count;
                        result = new long[] {left, right};
                    }
                }
            }
        }
        return result;
    }

    /** Adds the ways to join {@code left} (outer) with {@code right}. */
    private void join(long left, long right, PathSet into) {
        boolean[] legal = new boolean[1];
        Special special = group.special(left, right, legal);
        if (!legal[0]) {
            Special swapped = group.swappedSemi(left, right);
            if (swapped != null) {
                joinUnique(swapped, left, right, into);
            }
            return;
        }
        List<Expr> here = group.conditionsAt(left, right, special != null);
        JoinType type = special == null ? JoinType.INNER : special.type();
        List<Expr> on = special == null ? here : special.conditions();
        List<Expr> above = special == null ? List.of() : here;
        double count = rows.of(left, right, special, here);
        BitSet allowed = Relids.union(group.lateralOf(left | right), outsideRelids);
        JoinPathBuilder.Sides sides = builder.sides(type, group.relids(left), group.relids(right), on, above, count,
                into);
        for (Path l : best.get(left).paths()) {
            for (Path r : best.get(right).paths()) {
                if (!l.required().intersects(r.relids()) && sensible(l, r, allowed)) {
                    pairs++;
                    sides.add(l, r);
                }
            }
        }
    }

    /** A semi join turned round: each value of its right side once, with the rows of the left side that have it. */
    private void joinUnique(Special semi, long bit, long rest, PathSet into) {
        List<Expr> here = group.conditionsAt(rest, bit, true);
        double count = rows.of(rest, bit, semi, here);
        List<Expr> columns = group.uniqueColumns(semi);
        Path source = best.get(bit).cheapest();
        if (!source.required().isEmpty()) {
            return;
        }
        Path outer = group.isUnique(semi.item(), columns) ? source : unique(source, columns);
        BitSet allowed = Relids.union(group.lateralOf(rest), outsideRelids);
        JoinPathBuilder.Sides sides = builder.sides(JoinType.INNER, group.relids(bit), group.relids(rest),
                semi.conditions(), here, count, into);
        for (Path r : best.get(rest).paths()) {
            if (sensible(outer, r, allowed)) {
                pairs++;
                sides.add(outer, r);
            }
        }
    }

    private Path unique(Path source, List<Expr> columns) {
        Estimate e = source.estimate();
        double groups = selectivity.groups(columns, e.rows());
        double cost = e.total() + e.rows() * columns.size() * planner.state().settings.cpuOperatorCost()
                + groups * planner.state().settings.cpuTupleCost();
        return new Path.Unique(new Estimate(cost, cost, groups, e.width()), source, columns);
    }

    private static boolean sensible(Path left, Path right, BitSet allowed) {
        if (left.required().isEmpty() && right.required().isEmpty()) {
            return true;
        }
        BitSet open = Relids.minus(Relids.union(left.required(), right.required()), left.relids());
        if (open.isEmpty() || Relids.contains(allowed, open)) {
            return true;
        }
        boolean star = right instanceof Path.Scan && right.required().intersects(left.relids());
        return star && Relids.contains(Relids.union(allowed, right.required()), open);
    }
}
