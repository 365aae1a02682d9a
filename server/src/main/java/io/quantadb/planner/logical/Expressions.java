package io.quantadb.planner.logical;

import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.QueryWalker;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/** Questions about typed expressions, sublinks' queries included; and small constructions. Pure functions. */
public final class Expressions {
    private Expressions() {
    }

    /** Calls {@code action} with every node and how many query levels it is below {@code expr}. */
    public static void walk(Expr expr, int depth, BiConsumer<Expr, Integer> action) {
        new ExprWalk(depth, action).accept(expr);
    }

    /** One level of a walk: an object for the whole level, not one for each node. */
    private record ExprWalk(Integer depth, BiConsumer<Expr, Integer> action) implements Consumer<Expr> {
        @Override
        public void accept(Expr expr) {
            action.accept(expr, depth);
            if (expr instanceof Expr.SubLink link) {
                walk(link.query(), depth + 1, action);
            }
            Exprs.forEachChild(expr, this);
        }
    }

    /** As above for a whole query, whose own expressions are at {@code depth}. */
    public static void walk(Query query, int depth, BiConsumer<Expr, Integer> action) {
        QueryWalker.forEachExpression(query, expr -> walk(expr, depth, action));
        for (Query inner : QueryWalker.subqueries(query)) {
            walk(inner, depth + 1, action);
        }
    }

    public static boolean any(Expr expr, BiPredicate<Expr, Integer> test) {
        boolean[] found = {false};
        walk(expr, 0, (e, depth) -> found[0] = found[0] || test.test(e, depth));
        return found[0];
    }

    public static boolean any(Query query, BiPredicate<Expr, Integer> test) {
        boolean[] found = {false};
        walk(query, 0, (e, depth) -> found[0] = found[0] || test.test(e, depth));
        return found[0];
    }

    /** Columns of this query level the expression uses, each once, in order of appearance. */
    public static Collection<Expr.ColumnRef> columns(Expr expr) {
        Map<ColumnKey, Expr.ColumnRef> result = new LinkedHashMap<>();
        collectColumns(expr, result);
        return result.values();
    }

    public static void collectColumns(Expr expr, Map<ColumnKey, Expr.ColumnRef> into) {
        walk(expr, 0, (e, depth) -> {
            if (e instanceof Expr.ColumnRef c && c.levelsUp() == depth) {
                into.putIfAbsent(ColumnKey.of(c), own(c));
            }
        });
    }

    private static Expr.ColumnRef own(Expr.ColumnRef c) {
        return c.levelsUp() == 0 ? c : new Expr.ColumnRef(c.rangeIndex(), c.attribute(), 0, c.type(), c.typmod(),
                c.collation(), c.origin());
    }

    /** Whether a condition is the constant false or NULL. */
    public static boolean isNeverTrue(Expr condition) {
        return condition instanceof Expr.Const c && !Boolean.TRUE.equals(c.value());
    }

    /** Range table entries of this level the expression uses. */
    public static BitSet relids(Expr expr) {
        BitSet result = new BitSet();
        if (expr instanceof Expr.Const) {
            return result;
        }
        if (expr instanceof Expr.ColumnRef c) {
            if (c.levelsUp() == 0) {
                result.set(c.rangeIndex());
            }
            return result;
        }
        walk(expr, 0, (e, depth) -> {
            if (e instanceof Expr.ColumnRef c && c.levelsUp() == depth) {
                result.set(c.rangeIndex());
            } else if (e instanceof Expr.CurrentOf c && depth == 0) {
                result.set(c.rangeIndex());
            }
        });
        return result;
    }

    /** Entries of the level above that a subquery uses (LATERAL, correlation). */
    public static BitSet outerRelids(Query query) {
        BitSet result = new BitSet();
        walk(query, 1, (e, depth) -> {
            if (e instanceof Expr.ColumnRef c && c.levelsUp() == depth) {
                result.set(c.rangeIndex());
            }
        });
        return result;
    }

    /** Whether the query uses columns or aggregates of any level outside it. */
    public static boolean isCorrelated(Query query) {
        return any(query, (e, depth) -> e instanceof Expr.ColumnRef c && c.levelsUp() > depth
                || e instanceof Expr.AggregateCall a && a.levelsUp() > depth
                || e instanceof Expr.GroupingCall g && g.levelsUp() > depth);
    }

    /** Aggregates and GROUPING calls that belong to this level, each once. */
    public static Set<Expr> aggregates(Collection<Expr> exprs) {
        Set<Expr> result = new LinkedHashSet<>();
        for (Expr expr : exprs) {
            walk(expr, 0, (e, depth) -> {
                if (e instanceof Expr.AggregateCall a && a.levelsUp() == depth) {
                    result.add(depth == 0 ? a : io.quantadb.sql.typed.LevelShifter.shift(a, -depth, depth));
                }
            });
        }
        return result;
    }

    public static boolean hasSubLink(Expr expr) {
        return Exprs.contains(expr, Expr.SubLink.class::isInstance);
    }

    public static boolean returnsSet(Expr expr) {
        return Exprs.contains(expr, e -> e instanceof Expr.FunctionCall f && f.returnsSet()
                || e instanceof Expr.OperatorCall o && o.operator().function().returnsSet());
    }

    public static boolean hasAggregate(Expr expr) {
        return any(expr, (e, depth) -> e instanceof Expr.AggregateCall a && a.levelsUp() == depth
                || e instanceof Expr.GroupingCall g && g.levelsUp() == depth);
    }

    public static boolean isVolatile(Expr expr) {
        return any(expr, (e, _) -> isVolatileNode(e));
    }

    public static boolean isVolatile(Query query) {
        return any(query, (e, _) -> isVolatileNode(e));
    }

    private static boolean isVolatileNode(Expr e) {
        return switch (e) {
            case Expr.FunctionCall f -> f.function().isVolatile();
            case Expr.OperatorCall o -> o.operator().function().isVolatile();
            case Expr.AggregateCall a -> a.function().isVolatile();
            case Expr.NextValue _ -> true;
            default -> false;
        };
    }

    /** Whether the value can be computed before any row is read: no column of this level, nothing volatile. */
    public static boolean isRowIndependent(Expr expr) {
        return relids(expr).isEmpty() && !isVolatile(expr) && !hasAggregate(expr) && !returnsSet(expr);
    }

    /** The operands of nested ANDs, constants TRUE left out; empty for null. */
    public static List<Expr> conjuncts(Expr condition) {
        List<Expr> result = new ArrayList<>();
        collectConjuncts(condition, result);
        return result;
    }

    private static void collectConjuncts(Expr expr, List<Expr> into) {
        if (expr instanceof Expr.BoolExpr b && b.kind() == Expr.BoolKind.AND) {
            b.arguments().forEach(argument -> collectConjuncts(argument, into));
        } else if (expr != null && !(expr instanceof Expr.Const c && Boolean.TRUE.equals(c.value()))) {
            into.add(expr);
        }
    }

    /** The conjunction; null for none. */
    public static Expr and(List<Expr> conditions) {
        if (conditions.isEmpty()) {
            return null;
        }
        return conditions.size() == 1 ? conditions.getFirst()
                : new Expr.BoolExpr(Expr.BoolKind.AND, List.copyOf(conditions), conditions.getFirst().type(),
                        Origin.NONE);
    }

    /** The operand below conversions that do nothing at run time. */
    public static Expr strip(Expr expr) {
        Expr result = expr;
        while (true) {
            if (result instanceof Expr.RelabelType r) {
                result = r.operand();
            } else if (result instanceof Expr.CollateExpr c) {
                result = c.operand();
            } else {
                return result;
            }
        }
    }

    public static boolean isBool(PgType type) {
        return type.oid() == Oids.BOOL;
    }

    /** The same value declared as another type of the same physical kind. */
    public static Expr relabel(Expr expr, PgType type) {
        if (expr.type().equals(type)) {
            return expr;
        }
        if (expr instanceof Expr.Const c) {
            return new Expr.Const(c.value(), type, -1, c.collation(), c.origin());
        }
        return new Expr.RelabelType(expr, type, -1, expr.collation(), Origin.NONE);
    }
}
