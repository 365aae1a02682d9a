package io.quantadb.planner.rule;

import io.quantadb.planner.logical.Expressions;
import io.quantadb.planner.logical.JoinNode;
import io.quantadb.planner.physical.JoinType;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import io.quantadb.sql.typed.JoinTree;
import io.quantadb.sql.typed.Query;
import java.util.List;

/**
 * Finds sublinks that can become joins.
 *
 * <pre>
 * before: FROM a WHERE EXISTS (SELECT ... FROM b WHERE b.x = a.x)
 * after:  a SEMI JOIN b ON b.x = a.x          (NOT EXISTS: ANTI JOIN)
 * before: FROM a WHERE a.x IN (SELECT b.x FROM b)
 * after:  a SEMI JOIN b ON a.x = b.x          (NOT IN stays: NULLs make it no anti join)
 * </pre>
 */
public final class SublinkPullUp {
    private SublinkPullUp() {
    }

    /** A sublink that may become a join. */
    public record Candidate(Expr.SubLink link, boolean negated) {
        public Expr.SubLinkKind kind() {
            return link.kind();
        }

        public Query query() {
            return link.query();
        }
    }

    /** The right side and condition of the join. */
    public record Pulled(JoinType type, JoinNode right, List<Expr> conditions) {
    }

    /** Null if the conjunct has to stay what it is. */
    public static Candidate match(Expr conjunct) {
        boolean negated = conjunct instanceof Expr.BoolExpr b && b.kind() == Expr.BoolKind.NOT;
        Expr inner = negated ? ((Expr.BoolExpr) conjunct).arguments().getFirst() : conjunct;
        if (!(inner instanceof Expr.SubLink link) || !link.query().commonTables().isEmpty()) {
            return null;
        }
        boolean possible = switch (link.kind()) {
            case EXISTS -> exists(link.query());
            case ANY -> !negated && in(link);
            default -> false;
        };
        return possible ? new Candidate(link, negated) : null;
    }

    private static boolean exists(Query query) {
        boolean simple = query.setOperations() == null && !query.isGrouped() && query.windows().isEmpty()
                && query.limitCount() == null && query.limitOffset() == null && query.rowMarks().isEmpty()
                && !query.joinTree().items().isEmpty() && !query.modifiesData()
                && query.targetList().stream().noneMatch(t -> Expressions.returnsSet(t.expr()));
        if (!simple || Expressions.isVolatile(query)) {
            return false;
        }
        // Only WHERE may look outside: FROM would need LATERAL, an outer join's condition cannot be taken out.
        boolean[] outsideFrom = {false};
        query.joinTree().items().forEach(item -> outsideFrom[0] |= looksOutside(item));
        query.rangeTable().forEach(entry -> outsideFrom[0] |= looksOutside(entry));
        boolean[] usesOuter = {false};
        for (Expr conjunct : Expressions.conjuncts(query.where())) {
            usesOuter[0] |= outer(conjunct);
        }
        return !outsideFrom[0] && usesOuter[0];
    }

    private static boolean outer(Expr expr) {
        return Expressions.any(expr, (e, depth) -> e instanceof Expr.ColumnRef c && c.levelsUp() == depth + 1);
    }

    private static boolean beyond(Expr expr) {
        return Expressions.any(expr, (e, depth) -> e instanceof Expr.ColumnRef c && c.levelsUp() > depth
                || e instanceof Expr.AggregateCall a && a.levelsUp() > depth);
    }

    private static boolean looksOutside(JoinTree tree) {
        return switch (tree) {
            case JoinTree.Leaf _ -> false;
            case JoinTree.Join join -> looksOutside(join.left()) || looksOutside(join.right())
                    || join.condition() != null && beyond(join.condition());
            case JoinTree.From from -> from.items().stream().anyMatch(SublinkPullUp::looksOutside)
                    || from.where() != null && beyond(from.where());
        };
    }

    private static boolean looksOutside(io.quantadb.sql.typed.RangeTableEntry entry) {
        return switch (entry) {
            case io.quantadb.sql.typed.RangeTableEntry.Relation r -> r.sample() != null;
            case io.quantadb.sql.typed.RangeTableEntry.Subquery s -> Expressions.any(s.query(), (e, depth) ->
                    e instanceof Expr.ColumnRef c && c.levelsUp() > depth + 1
                    || e instanceof Expr.AggregateCall a && a.levelsUp() > depth + 1);
            case io.quantadb.sql.typed.RangeTableEntry.Function f -> f.functions().stream()
                    .anyMatch(function -> beyond(function.call()));
            case io.quantadb.sql.typed.RangeTableEntry.Values v -> v.rows().stream()
                    .anyMatch(row -> row.stream().anyMatch(SublinkPullUp::beyond));
            case io.quantadb.sql.typed.RangeTableEntry.Cte _ -> true;
            case io.quantadb.sql.typed.RangeTableEntry.Join _ -> false;
        };
    }

    private static boolean in(Expr.SubLink link) {
        Query query = link.query();
        boolean[] left = {false};
        Expressions.walk(link.test(), 0, (e, depth) -> left[0] |= depth == 0 && e instanceof Expr.ColumnRef c
                && c.levelsUp() == 0);
        boolean strict = Expressions.conjuncts(link.test()).stream().allMatch(c -> c instanceof Expr.OperatorCall);
        return left[0] && strict && !Expressions.isCorrelated(query) && !Expressions.isVolatile(query)
                && !Expressions.isVolatile(link.test()) && !Expressions.hasSubLink(link.test())
                && query.rowMarks().isEmpty() && !query.modifiesData() && !usesOuterCte(query);
    }

    /** Moving a query that reads a WITH query further out would change how many levels out it is. */
    private static boolean usesOuterCte(Query query) {
        return query.rangeTable().stream()
                .anyMatch(e -> e instanceof io.quantadb.sql.typed.RangeTableEntry.Cte);
    }

    /** The sublink's test over these values in place of its columns. */
    public static Expr test(Expr.SubLink link, List<Expr> values) {
        return replace(link.test(), values);
    }

    private static Expr replace(Expr expr, List<Expr> values) {
        return expr instanceof Expr.SubLinkColumn c && c.subLinkId() == 0 ? values.get(c.column() - 1)
                : Exprs.mapChildren(expr, child -> replace(child, values));
    }
}
