package io.quantadb.planner;

import io.quantadb.planner.cost.PlannerSettings;
import io.quantadb.planner.logical.Expressions;
import io.quantadb.planner.logical.Path;
import io.quantadb.planner.logical.Path.Equality;
import io.quantadb.planner.logical.Path.Estimate;
import io.quantadb.planner.logical.Path.Method;
import io.quantadb.planner.logical.Path.OrderKey;
import io.quantadb.planner.logical.Relids;
import io.quantadb.planner.physical.JoinType;
import io.quantadb.sql.typed.Expr;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/** Makes the join paths of two given inputs: nested loop, hash and merge. */
final class JoinPathBuilder {
    private static final Set<Integer> INTEGERS = Set.of(Oids.INT2, Oids.INT4, Oids.INT8);
    private static final Set<Integer> TEXTS = Set.of(Oids.TEXT, Oids.VARCHAR, Oids.NAME);
    private static final Set<Integer> FLOATS = Set.of(Oids.FLOAT4, Oids.FLOAT8);

    private final EquivalenceClasses classes;
    private final StatementState state;
    private final PlannerSettings settings;

    JoinPathBuilder(QueryPlanner planner, EquivalenceClasses classes) {
        this.classes = classes;
        this.state = planner.state();
        this.settings = state.settings;
    }

    /** Makes the paths of one join for pairs of inputs that produce these entries. */
    Sides sides(JoinType type, BitSet left, BitSet right, List<Expr> on, List<Expr> above, double rows, PathSet into) {
        return new Sides(type, left, right, on, above, rows, into);
    }

    /** One join, whatever paths its inputs take: what does not depend on them is computed once. */
    final class Sides {
        private final JoinType type;
        private final BitSet relids;
        private final List<Expr> on;
        private final double onCost;
        private final List<Expr> above;
        private final double aboveCost;
        private final double rows;
        private final PathSet into;
        private final Keys hashed;
        private final Keys merged;

        private Sides(JoinType type, BitSet left, BitSet right, List<Expr> on, List<Expr> above, double rows,
                PathSet into) {
            this.type = type;
            this.relids = Relids.union(left, right);
            this.on = on;
            this.onCost = state.nodes.exprCost(on);
            this.above = above;
            this.aboveCost = state.nodes.exprCost(above);
            this.rows = rows;
            this.into = into;
            this.hashed = keys(on, left, right, true);
            this.merged = type == JoinType.INNER || type == JoinType.LEFT ? keys(on, left, right, false).plain(on)
                    : null;
        }

        void add(Path left, Path right) {
            put(nestedLoop(left, right));
            if (right.required().intersects(left.relids())) {
                return;
            }
            if (hashed != null) {
                put(hash(type, left, right, hashed, above, rows, into, false));
                if (type == JoinType.LEFT && right.required().isEmpty() && left.required().isEmpty()) {
                    put(hash(JoinType.RIGHT, right, left, hashed.swapped(), above, rows, into, false));
                }
            }
            if (merged != null && right.required().isEmpty() && left.required().isEmpty()) {
                put(merge(left, right));
            }
        }

        private void put(Path path) {
            if (path != null) {
                into.add(path);
            }
        }

        /** Null if no such path could survive. */
        private Path nestedLoop(Path left, Path right) {
            double outer = Math.max(1, left.estimate().rows());
            double inner = Math.max(1, right.estimate().rows());
            boolean bound = right.required().intersects(left.relids());
            double rescan = bound ? right.estimate().total() : inner * settings.cpuOperatorCost();
            double scanned = type == JoinType.SEMI || type == JoinType.ANTI ? 0.5 : 1;
            double total = left.estimate().total() + right.estimate().total() + (outer - 1) * rescan * scanned
                    + outer * inner * scanned * settings.cpuTupleCost() + rows * aboveCost
                    + (settings.enableNestedLoop() ? 0 : PlannerSettings.DISABLE_COST);
            double startup = left.estimate().startup() + right.estimate().startup();
            BitSet required = required(left, right);
            if (!into.accepts(startup, total, required, left.order())) {
                return null;
            }
            List<Expr> rest = on;
            double restCost = onCost;
            if (!right.required().isEmpty()) {
                rest = new ArrayList<>(on);
                rest.removeIf(c -> isGuaranteed(right, c, left.relids()));
                restCost = state.nodes.exprCost(rest);
            }
            total += outer * inner * scanned * restCost;
            Estimate estimate = new Estimate(startup, total, rows, width(type, left, right));
            return new Path.Join(estimate, type, Method.NESTED_LOOP, left, right, List.of(), rest, above, relids,
                    required, left.order());
        }

        /** Null if no such path could survive. */
        private Path merge(Path left, Path right) {
            // Only the first key is merged by; the others are checked: inputs are rarely sorted by all of them.
            Equality key = merged.equalities.getFirst();
            double outer = left.estimate().rows();
            double inner = right.estimate().rows();
            Estimate l = sortedEstimate(left, key.left());
            Estimate r = sortedEstimate(right, key.right());
            double total = l.total() + r.total() + (outer + inner) * settings.cpuOperatorCost()
                    + rows * (settings.cpuTupleCost() + merged.restCost + aboveCost)
                    + inner * settings.cpuOperatorCost()
                    + (settings.enableMergeJoin() ? 0 : PlannerSettings.DISABLE_COST);
            double startup = l.startup() + r.startup();
            List<OrderKey> order = isSorted(left, key.left()) ? left.order()
                    : List.of(new OrderKey(key.left(), false, false));
            if (!into.accepts(startup, total, new BitSet(), order)) {
                return null;
            }
            Estimate estimate = new Estimate(startup, total, rows, width(type, left, right));
            return new Path.Join(estimate, type, Method.MERGE, sorted(left, key.left()), sorted(right, key.right()),
                    List.of(key), merged.rest, above, relids, new BitSet(), order);
        }
    }

    /** The equalities two inputs can be hashed or merged by, and the other conditions. */
    private final class Keys {
        final List<Equality> equalities;
        final List<Expr> rest;
        final double restCost;

        Keys(List<Equality> equalities, List<Expr> rest) {
            this.equalities = equalities;
            this.rest = rest;
            this.restCost = state.nodes.exprCost(rest);
        }

        Keys swapped() {
            return new Keys(equalities.stream().map(e -> new Equality(e.right(), e.left())).toList(), rest);
        }

        /** The first key that compares two columns, for merging; null if there is none. */
        Keys plain(List<Expr> on) {
            for (Equality e : equalities) {
                if (e.left() instanceof Expr.ColumnRef && e.right() instanceof Expr.ColumnRef) {
                    List<Expr> others = new ArrayList<>(on);
                    others.removeIf(c -> isEquality(c, e));
                    return new Keys(List.of(e), others);
                }
            }
            return null;
        }
    }

    private Keys keys(List<Expr> on, BitSet left, BitSet right, boolean hash) {
        List<Equality> equalities = new ArrayList<>();
        List<Expr> rest = new ArrayList<>();
        for (Expr condition : on) {
            Equality equality = equality(condition, left, right, hash);
            if (equality == null) {
                rest.add(condition);
            } else {
                equalities.add(equality);
            }
        }
        return equalities.isEmpty() && hash ? null : new Keys(equalities, rest);
    }

    /** The join of two whole inputs by hashing, for FULL; null if there is no equality to hash. */
    Path fullJoin(Path left, Path right, List<Expr> on, double rows) {
        Keys keys = keys(on, left.relids(), right.relids(), true);
        return keys == null ? null : hash(JoinType.FULL, left, right, keys, List.of(), rows, null, true);
    }

    private int width(JoinType type, Path left, Path right) {
        return left.estimate().width() + (type.outputsRight() ? right.estimate().width() : 0);
    }

    private static BitSet required(Path left, Path right) {
        return Relids.minus(Relids.union(left.required(), right.required()), left.relids());
    }

    /**
     * Whether the inner side, driven by the outer row, already checks the condition: the condition itself, or another
     * equality of its class with an expression of the outer side.
     */
    private boolean isGuaranteed(Path path, Expr condition, BitSet outer) {
        return switch (path) {
            case Path.Scan scan -> {
                for (Expr checked : scan.checked()) {
                    if (checked == condition || checked.equals(condition) || classes.sameClass(checked, condition)
                            && Expressions.relids(checked).intersects(outer)) {
                        yield true;
                    }
                }
                yield false;
            }
            case Path.Filter filter -> isGuaranteed(filter.input(), condition, outer);
            case Path.Sorted sorted -> isGuaranteed(sorted.input(), condition, outer);
            case Path.Unique unique -> isGuaranteed(unique.input(), condition, outer);
            case Path.Join join -> isGuaranteed(join.left(), condition, outer)
                    || join.type() == JoinType.INNER && isGuaranteed(join.right(), condition, outer);
            case Path.Nothing _ -> false;
        };
    }

    /** @param into where the path has to survive; null to make it in any case */
    private Path hash(JoinType type, Path left, Path right, Keys keys, List<Expr> above, double rows, PathSet into,
            boolean must) {
        double outer = left.estimate().rows();
        double inner = right.estimate().rows();
        int count = keys.equalities.size();
        double build = right.estimate().total()
                + inner * (settings.cpuOperatorCost() * count + settings.cpuTupleCost());
        double total = build + left.estimate().total() + outer * settings.cpuOperatorCost() * count
                + Math.max(rows, outer) * 0.5 * settings.cpuOperatorCost()
                + rows * (settings.cpuTupleCost() + keys.restCost + state.nodes.exprCost(above));
        double bytes = inner * (right.estimate().width() + 24);
        if (bytes > settings.hashMemBytes()) {
            double pages = (bytes + outer * (left.estimate().width() + 24)) / 8192;
            total += 2 * pages * settings.seqPageCost();
        }
        if (!settings.enableHashJoin() && !must) {
            total += PlannerSettings.DISABLE_COST;
        }
        double startup = build + left.estimate().startup();
        BitSet required = required(left, right);
        if (into != null && !into.accepts(startup, total, required, List.of())) {
            return null;
        }
        return new Path.Join(new Estimate(startup, total, rows, width(type, left, right)), type, Method.HASH, left,
                right, keys.equalities, keys.rest, above, Relids.union(left.relids(), right.relids()), required,
                List.of());
    }

    private static boolean isEquality(Expr condition, Equality key) {
        return condition instanceof Expr.OperatorCall op && op.arguments().size() == 2
                && (op.left().equals(key.left()) && op.right().equals(key.right())
                || op.left().equals(key.right()) && op.right().equals(key.left()))
                && op.operator().name().equals("=");
    }

    private static boolean isSorted(Path path, Expr key) {
        return !path.order().isEmpty() && path.order().getFirst().sameAs(new OrderKey(key, false, false));
    }

    private Estimate sortedEstimate(Path path, Expr key) {
        Estimate e = path.estimate();
        if (isSorted(path, key)) {
            return e;
        }
        double startup = e.total() + state.nodes.sortCost(e.rows(), e.width());
        return new Estimate(startup, startup + e.rows() * settings.cpuOperatorCost(), e.rows(), e.width());
    }

    private Path sorted(Path path, Expr key) {
        return isSorted(path, key) ? path
                : new Path.Sorted(sortedEstimate(path, key), path, List.of(new OrderKey(key, false, false)));
    }

    private static Equality equality(Expr condition, BitSet left, BitSet right, boolean hash) {
        if (!(condition instanceof Expr.OperatorCall op) || op.arguments().size() != 2
                || !op.operator().name().equals("=")
                || !(hash ? op.operator().hashable() : op.operator().mergeable()) || Expressions.isVolatile(op)) {
            return null;
        }
        BitSet a = Expressions.relids(op.left());
        BitSet b = Expressions.relids(op.right());
        if (a.isEmpty() || b.isEmpty()) {
            return null;
        }
        if (Relids.contains(left, a) && Relids.contains(right, b)) {
            return sameType(op.left(), op.right());
        }
        return Relids.contains(left, b) && Relids.contains(right, a) ? sameType(op.right(), op.left()) : null;
    }

    private static Equality sameType(Expr left, Expr right) {
        PgType a = left.type();
        PgType b = right.type();
        if (a.equals(b)) {
            return new Equality(left, right);
        }
        if (INTEGERS.contains(a.oid()) && INTEGERS.contains(b.oid())
                || FLOATS.contains(a.oid()) && FLOATS.contains(b.oid())) {
            PgType wide = a.storageWidth() >= b.storageWidth() ? a : b;
            return new Equality(Expressions.relabel(left, wide), Expressions.relabel(right, wide));
        }
        if (TEXTS.contains(a.oid()) && TEXTS.contains(b.oid()) || a.ops() == b.ops()) {
            PgType common = a.oid() == Oids.TEXT ? a : b.oid() == Oids.TEXT ? b : a;
            return new Equality(Expressions.relabel(left, common), Expressions.relabel(right, common));
        }
        return null;
    }
}
