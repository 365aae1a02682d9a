package io.quantadb.planner;

import io.quantadb.base.Invariant;
import io.quantadb.planner.logical.ParamScope;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import io.quantadb.sql.typed.LevelShifter;
import io.quantadb.sql.typed.Origin;
import java.util.List;
import java.util.function.Function;

/**
 * Turns logical expressions into physical ones for one node: columns become positions in its inputs, what lies outside
 * becomes an {@code ExecParameter}, sublinks become subplans.
 */
final class Translator {
    private final QueryPlanner planner;
    private final Function<Expr, Expr> columns;
    private final ParamScope lateral;

    /**
     * @param columns answers expressions an input has; null for the others
     * @param lateral takes columns of this level that no input has; null if there can be none
     */
    Translator(QueryPlanner planner, Function<Expr, Expr> columns, ParamScope lateral) {
        this.planner = planner;
        this.columns = columns;
        this.lateral = lateral;
    }

    Expr translate(Expr expr) {
        if (expr == null) {
            return null;
        }
        Expr found = columns.apply(expr);
        if (found != null) {
            return found;
        }
        return switch (expr) {
            case Expr.ColumnRef c when c.levelsUp() > 0 -> outer(c);
            case Expr.AggregateCall a when a.levelsUp() > 0 -> outer(a);
            case Expr.GroupingCall g when g.levelsUp() > 0 -> outer(g);
            case Expr.ColumnRef c -> {
                Invariant.check(lateral != null, "column %s of range table entry %s is in no input", c.attribute(),
                        c.rangeIndex());
                yield lateral.parameter(c);
            }
            case Expr.SubLink link -> new SubPlanBuilder(planner, this).build(link, false);
            default -> Exprs.mapChildren(expr, this::translate);
        };
    }

    private Expr outer(Expr expr) {
        return planner.outerScope().parameter(LevelShifter.shift(expr, -1, 0));
    }

    List<Expr> translateAll(List<Expr> exprs) {
        return exprs.stream().map(this::translate).toList();
    }

    /** A condition that may treat NULL as false; ANY subplans at its top may, too. */
    Expr condition(Expr expr) {
        if (expr instanceof Expr.SubLink link && link.kind() == Expr.SubLinkKind.ANY) {
            return new SubPlanBuilder(planner, this).build(link, true);
        }
        if (expr instanceof Expr.BoolExpr b && b.kind() != Expr.BoolKind.NOT) {
            return new Expr.BoolExpr(b.kind(), b.arguments().stream().map(this::condition).toList(), b.type(),
                    Origin.NONE);
        }
        return translate(expr);
    }

    List<Expr> conditions(List<Expr> exprs) {
        return exprs.stream().map(this::condition).toList();
    }
}
