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

    private final QueryPlanner planner;
    private final StatementState state;
    private final PlannerSettings settings;

    JoinPathBuilder(QueryPlanner planner) {
        this.planner = planner;
        this.state = planner.state();
        this.settings = state.settings;
    }

    void add(JoinType type, Path left, Path right, List<Expr> on, List<Expr> above, double rows, List<Path> into) {
        into.add(nestedLoop(type, left, right, on, above, rows));
        if (right.required().intersects(left.relids())) {
            return;
        }
        Path hash = hash(type, left, right, on, above, rows, false);
        if (hash != null) {
            into.add(hash);
        }
        if (type == JoinType.LEFT && right.required().isEmpty() && left.required().isEmpty()) {
            Path swapped = hash(JoinType.RIGHT, right, left, on, above, rows, false);
            if (swapped != null) {
                into.add(swapped);
            }
        }
        if (type == JoinType.INNER || type == JoinType.LEFT) {
            Path merge = merge(type, left, right, on, above, rows);
            if (merge != null) {
                into.add(merge);
            }
        }
    }

    private int width(JoinType type, Path left, Path right) {
        return left.estimate().width() + (type.outputsRight() ? right.estimate().width() : 0);
    }

    private static BitSet required(Path left, Path right) {
        return Relids.minus(Relids.union(left.required(), right.required()), left.relids());
    }

    private Path nestedLoop(JoinType type, Path left, Path right, List<Expr> on, List<Expr> above, double rows) {
        double outer = Math.max(1, left.estimate().rows());
        double inner = Math.max(1, right.estimate().rows());
        boolean bound = right.required().intersects(left.relids());
        List<Expr> rest = new ArrayList<>(on);
        if (bound && right instanceof Path.Scan scan && scan.index() != null) {
            rest.removeIf(c -> isGuaranteed(scan, c));
        }
        double rescan = bound ? right.estimate().total() : inner * settings.cpuOperatorCost();
        double runs = outer - 1;
        double scanned = type == JoinType.SEMI || type == JoinType.ANTI ? 0.5 : 1;
        double total = left.estimate().total() + right.estimate().total() + runs * rescan * scanned
                + outer * inner * scanned * (settings.cpuTupleCost() + state.nodes.exprCost(rest))
                + rows * state.nodes.exprCost(above) + (settings.enableNestedLoop() ? 0 : PlannerSettings.DISABLE_COST);
        Estimate estimate = new Estimate(left.estimate().startup() + right.estimate().startup(), total, rows,
                width(type, left, right));
        return new Path.Join(estimate, type, Method.NESTED_LOOP, left, right, List.of(), rest, above,
                Relids.union(left.relids(), right.relids()), required(left, right), left.order());
    }

    /** Whether the parametrised scan already checks the condition, in its index condition or its filter. */
    private static boolean isGuaranteed(Path.Scan scan, Expr condition) {
        return scan.checked().contains(condition);
    }

    /** Null if there is no equality to hash. */
    Path hash(JoinType type, Path left, Path right, List<Expr> on, List<Expr> above, double rows, boolean must) {
        List<Equality> equalities = new ArrayList<>();
        List<Expr> rest = new ArrayList<>();
        split(on, left, right, true, equalities, rest);
        if (equalities.isEmpty()) {
            return null;
        }
        double outer = left.estimate().rows();
        double inner = right.estimate().rows();
        int keys = equalities.size();
        double build = right.estimate().total() + inner * (settings.cpuOperatorCost() * keys + settings.cpuTupleCost());
        double total = build + left.estimate().total() + outer * settings.cpuOperatorCost() * keys
                + Math.max(rows, outer) * 0.5 * settings.cpuOperatorCost()
                + rows * (settings.cpuTupleCost() + state.nodes.exprCost(rest) + state.nodes.exprCost(above));
        double bytes = inner * (right.estimate().width() + 24);
        if (bytes > settings.hashMemBytes()) {
            double pages = (bytes + outer * (left.estimate().width() + 24)) / 8192;
            total += 2 * pages * settings.seqPageCost();
        }
        if (!settings.enableHashJoin() && !must) {
            total += PlannerSettings.DISABLE_COST;
        }
        Estimate estimate = new Estimate(build + left.estimate().startup(), total, rows, width(type, left, right));
        return new Path.Join(estimate, type, Method.HASH, left, right, equalities, rest, above,
                Relids.union(left.relids(), right.relids()), required(left, right), List.of());
    }

    private Path merge(JoinType type, Path left, Path right, List<Expr> on, List<Expr> above, double rows) {
        List<Equality> equalities = new ArrayList<>();
        List<Expr> rest = new ArrayList<>();
        split(on, left, right, false, equalities, rest);
        equalities.removeIf(e -> {
            boolean plain = e.left() instanceof Expr.ColumnRef && e.right() instanceof Expr.ColumnRef;
            return !plain;
        });
        if (equalities.isEmpty() || !right.required().isEmpty() || !left.required().isEmpty()) {
            return null;
        }
        // Only the first key is merged by; the others are checked, as the inputs are rarely sorted by all of them.
        Equality key = equalities.getFirst();
        List<Expr> conditions = new ArrayList<>(on);
        conditions.removeIf(c -> isEquality(c, key));
        Path l = sorted(left, key.left());
        Path r = sorted(right, key.right());
        double outer = l.estimate().rows();
        double inner = r.estimate().rows();
        double total = l.cost() + r.cost() + (outer + inner) * settings.cpuOperatorCost()
                + rows * (settings.cpuTupleCost() + state.nodes.exprCost(conditions) + state.nodes.exprCost(above))
                + inner * settings.cpuOperatorCost()
                + (settings.enableMergeJoin() ? 0 : PlannerSettings.DISABLE_COST);
        Estimate estimate = new Estimate(l.estimate().startup() + r.estimate().startup(), total, rows,
                width(type, left, right));
        return new Path.Join(estimate, type, Method.MERGE, l, r, List.of(key), conditions, above,
                Relids.union(left.relids(), right.relids()), required(left, right), l.order());
    }

    private static boolean isEquality(Expr condition, Equality key) {
        return condition instanceof Expr.OperatorCall op && op.arguments().size() == 2
                && (op.left().equals(key.left()) && op.right().equals(key.right())
                || op.left().equals(key.right()) && op.right().equals(key.left()))
                && op.operator().name().equals("=");
    }

    private Path sorted(Path path, Expr key) {
        OrderKey wanted = new OrderKey(key, false, false);
        if (!path.order().isEmpty() && path.order().getFirst().sameAs(wanted)) {
            return path;
        }
        Estimate e = path.estimate();
        double startup = e.total() + state.nodes.sortCost(e.rows(), e.width());
        return new Path.Sorted(new Estimate(startup, startup + e.rows() * settings.cpuOperatorCost(), e.rows(),
                e.width()), path, List.of(wanted));
    }

    /** Separates equalities between the inputs from the other conditions. */
    private void split(List<Expr> on, Path left, Path right, boolean hash, List<Equality> equalities, List<Expr> rest) {
        for (Expr condition : on) {
            Equality equality = equality(condition, left.relids(), right.relids(), hash);
            if (equality == null) {
                rest.add(condition);
            } else {
                equalities.add(equality);
            }
        }
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
