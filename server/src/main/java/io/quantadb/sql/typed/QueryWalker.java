package io.quantadb.sql.typed;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads (without changing) the expressions and subqueries directly inside one query level. Stateless. */
public final class QueryWalker {
    private QueryWalker() {
    }

    /** Calls {@code action} for every top expression of this level (not descending into them, nor into subqueries). */
    public static void forEachExpression(Query query, Consumer<Expr> action) {
        query.targetList().forEach(target -> action.accept(target.expr()));
        query.returning().forEach(target -> action.accept(target.expr()));
        forEachInJoinTree(query.joinTree(), action);
        accept(query.having(), action);
        accept(query.limitCount(), action);
        accept(query.limitOffset(), action);
        for (WindowClause window : query.windows()) {
            accept(window.frame().startOffset(), action);
            accept(window.frame().endOffset(), action);
        }
        if (query.onConflict() != null) {
            query.onConflict().arbiterElements().forEach(element -> action.accept(element.expr()));
            accept(query.onConflict().arbiterWhere(), action);
            query.onConflict().assignments().forEach(target -> action.accept(target.expr()));
            accept(query.onConflict().where(), action);
        }
        for (MergeAction mergeAction : query.mergeActions()) {
            accept(mergeAction.condition(), action);
            mergeAction.targets().forEach(target -> action.accept(target.expr()));
        }
        query.viewChecks().forEach(check -> action.accept(check.condition()));
        query.rangeTable().forEach(entry -> forEachInEntry(entry, action));
    }

    private static void forEachInEntry(RangeTableEntry entry, Consumer<Expr> action) {
        switch (entry) {
            case RangeTableEntry.Relation e -> {
                if (e.sample() != null) {
                    e.sample().arguments().forEach(action);
                    accept(e.sample().repeatable(), action);
                }
            }
            case RangeTableEntry.Function e -> e.functions().forEach(function -> action.accept(function.call()));
            case RangeTableEntry.Values e -> e.rows().forEach(row -> row.forEach(action));
            case RangeTableEntry.Join e -> e.expressions().forEach(expr -> accept(expr, action));
            case RangeTableEntry.Subquery _, RangeTableEntry.Cte _ -> {
            }
        }
    }

    private static void forEachInJoinTree(JoinTree tree, Consumer<Expr> action) {
        switch (tree) {
            case JoinTree.Leaf _ -> {
            }
            case JoinTree.Join join -> {
                forEachInJoinTree(join.left(), action);
                forEachInJoinTree(join.right(), action);
                accept(join.condition(), action);
            }
            case JoinTree.From from -> {
                from.items().forEach(item -> forEachInJoinTree(item, action));
                accept(from.where(), action);
            }
        }
    }

    /** Queries one level in: subqueries in FROM and WITH queries; sublinks' queries are in the expressions. */
    public static List<Query> subqueries(Query query) {
        List<Query> result = new ArrayList<>();
        query.rangeTable().forEach(entry -> {
            if (entry instanceof RangeTableEntry.Subquery subquery) {
                result.add(subquery.query());
            }
        });
        query.commonTables().forEach(table -> result.add(table.query()));
        return result;
    }

    /** This query and all queries below it, sublinks' included, outermost first. */
    public static void forEachQuery(Query query, Consumer<Query> action) {
        action.accept(query);
        subqueries(query).forEach(inner -> forEachQuery(inner, action));
        forEachExpression(query, expr -> forEachQueryIn(expr, action));
    }

    private static void forEachQueryIn(Expr expr, Consumer<Query> action) {
        if (expr instanceof Expr.SubLink link) {
            forEachQuery(link.query(), action);
        }
        Exprs.forEachChild(expr, child -> forEachQueryIn(child, action));
    }

    private static void accept(Expr expr, Consumer<Expr> action) {
        if (expr != null) {
            action.accept(expr);
        }
    }
}
