package io.quantadb.sql.analyzer;

import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.QueryWalker;
import java.util.function.BiPredicate;

/** Questions about typed expressions. */
final class ExprFacts {
    private ExprFacts() {
    }

    /** Whether the top of the expression, or anything in it, is a set-returning function. */
    static boolean returnsSet(Expr expr) {
        return Exprs.contains(expr, e -> e instanceof Expr.FunctionCall f && f.function().returnsSet()
                || e instanceof Expr.OperatorCall o && o.operator().function().returnsSet());
    }

    /**
     * Searches an expression with the queries inside it.
     *
     * @param test gets a node and how many query levels it is below the expression
     */
    static boolean anywhere(Expr expr, int depth, BiPredicate<Expr, Integer> test) {
        if (test.test(expr, depth)) {
            return true;
        }
        if (expr instanceof Expr.SubLink link && anywhere(link.query(), depth + 1, test)) {
            return true;
        }
        for (Expr child : Exprs.children(expr)) {
            if (anywhere(child, depth, test)) {
                return true;
            }
        }
        return false;
    }

    static boolean anywhere(Query query, int depth, BiPredicate<Expr, Integer> test) {
        boolean[] found = {false};
        QueryWalker.forEachExpression(query, expr -> found[0] = found[0] || anywhere(expr, depth, test));
        for (Query inner : QueryWalker.subqueries(query)) {
            found[0] = found[0] || anywhere(inner, depth + 1, test);
        }
        return found[0];
    }

    /** Whether columns of the query {@code level} levels out are used. */
    static boolean usesLevel(Expr expr, int level) {
        return anywhere(expr, 0, (e, depth) -> e instanceof Expr.ColumnRef c && c.levelsUp() == depth + level
                || e instanceof Expr.AggregateCall a && a.levelsUp() == depth + level && level > 0);
    }

    static boolean hasWindow(Expr expr) {
        return Exprs.contains(expr, Expr.WindowCall.class::isInstance);
    }
}
