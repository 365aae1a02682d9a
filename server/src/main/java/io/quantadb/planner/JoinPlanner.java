package io.quantadb.planner;

import io.quantadb.base.Invariant;
import io.quantadb.error.SqlException;
import io.quantadb.planner.cost.Selectivity;
import io.quantadb.planner.logical.Expressions;
import io.quantadb.planner.logical.JoinNode;
import io.quantadb.planner.logical.Path;
import io.quantadb.planner.logical.Path.Estimate;
import io.quantadb.planner.logical.Relids;
import io.quantadb.planner.physical.JoinType;
import io.quantadb.planner.rule.ConstantPropagation;
import io.quantadb.sql.typed.Expr;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Orders the joins of one group: inner joins in any order, and LEFT, SEMI and ANTI joins whose right side is one
 * item of
 * the group, planned on its own. FULL joins are items.
 *
 * <p>Such a join may come as soon as the items its condition uses on its left side are there: inner joins of, other
 * outer joins to and conditions on the preserved side commute with it.
 */
final class JoinPlanner {
    private final QueryPlanner planner;
    private final Selectivity selectivity;
    private final List<Item> items = new ArrayList<>();
    private final List<Special> specials = new ArrayList<>();
    private final List<Expr> conditions = new ArrayList<>();
    private final Map<Long, List<Path>> best = new HashMap<>();
    private final Map<Long, Double> rows = new HashMap<>();
    private JoinPathBuilder builder;

    /** One input of the group. */
    private static final class Item {
        BitSet relids;
        BitSet lateral = new BitSet();
        /** Null unless a single entry. */
        BaseRel base;
        /** Conditions on this item alone. */
        final List<Expr> filters = new ArrayList<>();
        /** Conditions of the join that brings it in, if it is the right side of one. */
        List<Expr> joinConditions = List.of();
        JoinNode node;
        boolean nullable;
    }

    /** A join whose right side is the item {@code item}. Bits number items. */
    record Special(JoinType type, int item, List<Expr> conditions, long minLeft) {
    }

    /** A condition and the items it uses. */
    private record Placed(Expr condition, long mask) {
    }

    private final List<Placed> placed = new ArrayList<>();

    JoinPlanner(QueryPlanner planner) {
        this.planner = planner;
        this.selectivity = planner.selectivity();
    }

    /** All useful paths for the node under further conditions that hold above it. */
    List<Path> plan(JoinNode node, List<Expr> filters) {
        long all = flatten(node);
        if (items.isEmpty()) {
            Path nothing = new Path.Nothing(new Estimate(0, planner.state().settings.cpuTupleCost(), 1, 0));
            conditions.addAll(filters);
            return List.of(withFilters(nothing, conditions));
        }
        conditions.addAll(filters);
        List<Expr> propagated = ConstantPropagation.apply(conditions);
        conditions.clear();
        conditions.addAll(propagated);
        List<Expr> last = place(all);
        builder = new JoinPathBuilder(planner);
        for (int i = 0; i < items.size(); i++) {
            best.put(1L << i, itemPaths(items.get(i)));
        }
        List<Path> result = items.size() <= Math.min(planner.state().settings.joinSearchLimit(), 12)
                ? exhaustive(all) : greedy(all);
        return last.isEmpty() ? result : result.stream().map(path -> withFilters(path, last)).toList();
    }

    private Path withFilters(Path path, List<Expr> filters) {
        if (filters.isEmpty()) {
            return path;
        }
        Estimate e = path.estimate();
        return new Path.Filter(new Estimate(e.startup(), e.total() + e.rows() * planner.state().nodes.exprCost(filters),
                Math.max(1, e.rows() * selectivity.ofAll(filters)), e.width()), path, List.copyOf(filters));
    }

    // ---- the group

    private long flatten(JoinNode node) {
        return switch (node) {
            case JoinNode.Leaf leaf -> {
                Item item = new Item();
                item.base = planner.base(leaf.rangeIndex());
                item.relids = leaf.relids();
                item.lateral = item.base.lateral;
                yield add(item);
            }
            case JoinNode.Inner inner -> {
                long mask = 0;
                for (JoinNode child : inner.items()) {
                    mask |= flatten(child);
                }
                conditions.addAll(inner.conditions());
                yield mask;
            }
            case JoinNode.Outer outer when outer.type() == JoinType.FULL -> {
                Item item = new Item();
                item.relids = outer.relids();
                item.node = outer;
                yield add(item);
            }
            case JoinNode.Outer outer -> {
                long left = flatten(outer.left());
                yield left | special(outer, left);
            }
        };
    }

    private long add(Item item) {
        Invariant.check(items.size() < 62, "too many items in one join group: %d of %d", items.size(), 62);
        items.add(item);
        return 1L << items.size() - 1;
    }

    private long special(JoinNode.Outer outer, long leftMask) {
        Item item = new Item();
        item.relids = outer.right().relids();
        item.node = outer.right();
        item.nullable = true;
        JoinNode right = outer.right();
        while (right instanceof JoinNode.Inner inner && inner.items().size() == 1) {
            item.filters.addAll(inner.conditions());
            right = inner.items().getFirst();
        }
        if (right instanceof JoinNode.Leaf leaf) {
            item.base = planner.base(leaf.rangeIndex());
            item.lateral = item.base.lateral;
            item.node = null;
        } else {
            item.filters.clear();
        }
        List<Expr> own = new ArrayList<>();
        for (Expr condition : outer.conditions()) {
            BitSet relids = Expressions.relids(condition);
            boolean inside = !relids.isEmpty() && Relids.contains(item.relids, relids);
            (inside && !Expressions.isVolatile(condition) ? item.filters : own).add(condition);
        }
        item.joinConditions = own;
        long bit = add(item);
        long needed = 0;
        BitSet used = new BitSet();
        own.forEach(condition -> used.or(Expressions.relids(condition)));
        used.or(item.lateral);
        for (int i = 0; i < items.size() - 1; i++) {
            if ((leftMask & 1L << i) != 0 && items.get(i).relids.intersects(used)) {
                needed |= 1L << i;
            }
        }
        specials.add(new Special(outer.type(), items.size() - 1, own, needed == 0 ? leftMask : needed));
        return bit;
    }

    /** Gives each condition its place; returns those to check at the very end. */
    private List<Expr> place(long all) {
        List<Expr> last = new ArrayList<>();
        for (Expr condition : conditions) {
            long mask = maskOf(Expressions.relids(condition));
            boolean single = Long.bitCount(mask) == 1;
            Item only = single ? items.get(Long.numberOfTrailingZeros(mask)) : null;
            if (mask == 0 || Expressions.isVolatile(condition)) {
                last.add(condition);
            } else if (single && !only.nullable) {
                only.filters.add(condition);
            } else if (single && items.size() == 1) {
                last.add(condition);
            } else {
                placed.add(new Placed(condition, mask));
            }
        }
        return last;
    }

    private long maskOf(BitSet relids) {
        long mask = 0;
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).relids.intersects(relids)) {
                mask |= 1L << i;
            }
        }
        return mask;
    }

    private List<Path> itemPaths(Item item) {
        if (item.base != null) {
            ScanPlanner scans = new ScanPlanner(planner);
            List<Path> result = new ArrayList<>(scans.paths(item.base, item.filters));
            List<Expr> clauses = new ArrayList<>(item.joinConditions);
            if (!item.nullable) {
                for (Placed p : placed) {
                    if (Expressions.relids(p.condition).get(item.base.rangeIndex)) {
                        clauses.add(p.condition);
                    }
                }
            }
            clauses.removeIf(c -> Expressions.isVolatile(c)
                    || Relids.minus(Expressions.relids(c), item.relids).isEmpty());
            result.addAll(scans.parameterized(item.base, item.filters, clauses));
            return prune(result);
        }
        if (item.node instanceof JoinNode.Outer full && full.type() == JoinType.FULL) {
            Path path = fullJoin(full);
            return List.of(withFilters(path, item.filters));
        }
        List<Path> result = new JoinPlanner(planner).plan(item.node, item.filters);
        result.forEach(path -> item.lateral = Relids.union(item.lateral, path.required()));
        return result;
    }

    private Path fullJoin(JoinNode.Outer full) {
        Path left = cheapest(new JoinPlanner(planner).plan(full.left(), List.of()));
        Path right = cheapest(new JoinPlanner(planner).plan(full.right(), List.of()));
        Path result = new JoinPathBuilder(planner).hash(JoinType.FULL, left, right, full.conditions(), List.of(),
                Math.max(left.estimate().rows(), right.estimate().rows()), true);
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

    private List<Path> exhaustive(long all) {
        for (long set = 1; set <= all; set++) {
            if (Long.bitCount(set) > 1) {
                List<Path> paths = joinsOf(set);
                if (!paths.isEmpty()) {
                    best.put(set, prune(paths));
                }
            }
        }
        List<Path> result = best.get(all);
        Invariant.check(result != null, "no join order for %d items, %d special", items.size(), specials.size());
        return result;
    }

    private List<Path> joinsOf(long set) {
        List<Path> result = new ArrayList<>();
        for (boolean cartesian = false;; cartesian = true) {
            for (long left = (set - 1) & set; left != 0; left = (left - 1) & set) {
                long right = set & ~left;
                if (best.containsKey(left) && best.containsKey(right) && cartesian != connected(left, right)) {
                    join(left, right, result);
                }
            }
            if (!result.isEmpty() || cartesian) {
                return result;
            }
        }
    }

    private boolean connected(long left, long right) {
        for (Placed p : placed) {
            if ((p.mask & left) != 0 && (p.mask & right) != 0) {
                return true;
            }
        }
        for (Special s : specials) {
            if (right == 1L << s.item || left == 1L << s.item) {
                return true;
            }
        }
        return needsLateral(left, right) || needsLateral(right, left);
    }

    private boolean needsLateral(long from, long to) {
        for (int i = 0; i < items.size(); i++) {
            if ((from & 1L << i) != 0 && (maskOf(items.get(i).lateral) & to) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Joins pairs greedily, the one with the fewest rows first: for groups too large to search. */
    private List<Path> greedy(long all) {
        List<Long> sets = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            sets.add(1L << i);
        }
        while (sets.size() > 1) {
            List<Path> bestPaths = null;
            double bestRows = Double.MAX_VALUE;
            long bestLeft = 0;
            long bestRight = 0;
            for (boolean cartesian = false; bestPaths == null; cartesian = true) {
                for (long left : sets) {
                    for (long right : sets) {
                        if (left == right || cartesian == connected(left, right)) {
                            continue;
                        }
                        List<Path> paths = new ArrayList<>();
                        join(left, right, paths);
                        if (!paths.isEmpty()) {
                            Path path = cheapest(paths);
                            double weight = path.estimate().rows() + path.cost() * 1e-6;
                            if (weight < bestRows) {
                                bestRows = weight;
                                bestPaths = paths;
                                bestLeft = left;
                                bestRight = right;
                            }
                        }
                    }
                }
                Invariant.check(bestPaths != null || !cartesian, "no join order for %d items, %d special",
                        items.size(), specials.size());
            }
            sets.remove(bestLeft);
            sets.remove(bestRight);
            sets.add(bestLeft | bestRight);
            List<Path> both = new ArrayList<>(bestPaths);
            join(bestRight, bestLeft, both);
            best.put(bestLeft | bestRight, prune(both));
        }
        return best.get(all);
    }

    /** Adds the ways to join {@code left} (outer) with {@code right}. */
    private void join(long left, long right, List<Path> into) {
        Special special = null;
        for (Special s : specials) {
            long bit = 1L << s.item;
            if (left == bit) {
                return;
            }
            if (right == bit) {
                if ((s.minLeft & ~left) != 0) {
                    return;
                }
                special = s;
            }
        }
        List<Expr> here = new ArrayList<>();
        for (Placed p : placed) {
            if ((p.mask & ~(left | right)) == 0 && (p.mask & ~left) != 0 && (p.mask & ~right) != 0
                    || special != null && p.mask == right) {
                here.add(p.condition);
            }
        }
        JoinType type = special == null ? JoinType.INNER : special.type;
        List<Expr> on = special == null ? here : special.conditions;
        List<Expr> above = special == null ? List.of() : here;
        for (Path l : best.get(left)) {
            for (Path r : best.get(right)) {
                if (!l.required().intersects(r.relids())) {
                    double count = rowsOf(left, right, type, on, above, l, r);
                    builder.add(type, l, r, on, above, count, into);
                }
            }
        }
    }

    /** The estimate belongs to the set, not to the way it is joined; the first one made is kept. */
    private double rowsOf(long left, long right, JoinType type, List<Expr> on, List<Expr> above, Path l, Path r) {
        Double known = rows.get(left | right);
        if (known != null) {
            return known;
        }
        double outer = itemRows(left, l);
        double inner = itemRows(right, r);
        double s = selectivity.ofAll(on);
        double matches = outer * inner * s;
        double count = switch (type) {
            case LEFT -> Math.max(matches, outer);
            case SEMI -> outer * Math.min(1, Math.max(inner * s, 1e-4));
            case ANTI -> outer * Math.max(0.01, 1 - Math.min(1, inner * s));
            default -> matches;
        };
        double result = Math.max(1, count * selectivity.ofAll(above));
        rows.put(left | right, result);
        return result;
    }

    private double itemRows(long set, Path path) {
        Double known = rows.get(set);
        if (known != null) {
            return known;
        }
        for (Path p : best.get(set)) {
            if (p.required().isEmpty()) {
                return p.estimate().rows();
            }
        }
        return path.estimate().rows();
    }

    /** Drops paths for which another one is at least as cheap, ordered and independent. */
    private List<Path> prune(List<Path> paths) {
        List<Path> result = new ArrayList<>();
        for (Path path : paths) {
            boolean dominated = false;
            for (Path other : result) {
                dominated |= dominates(other, path);
            }
            if (!dominated) {
                result.removeIf(other -> dominates(path, other));
                result.add(path);
            }
        }
        return result;
    }

    private static boolean dominates(Path a, Path b) {
        return a.cost() <= b.cost() * 1.0000001 && a.estimate().startup() <= b.estimate().startup() + a.cost() * 0.01
                && Relids.contains(b.required(), a.required()) && covers(a.order(), b.order());
    }

    private static boolean covers(List<Path.OrderKey> a, List<Path.OrderKey> b) {
        if (b.size() > a.size()) {
            return false;
        }
        for (int i = 0; i < b.size(); i++) {
            if (!a.get(i).sameAs(b.get(i))) {
                return false;
            }
        }
        return true;
    }
}
