package io.quantadb.sql.typed;

import java.util.ArrayList;
import java.util.List;

/**
 * Rewrites expressions bottom-up or top-down, and whole queries with the subqueries in them.
 *
 * <p>Override {@link #rewrite(Expr)}; call {@link #rewriteChildren} to descend. {@link #depth} counts how many query
 * levels the current expression is below the one the rewriter was started on: a {@link Expr.ColumnRef} with
 * {@code levelsUp == depth()} belongs to the starting level. Not thread-safe.
 */
public abstract class ExprRewriter {
    private int depth;

    protected final int depth() {
        return depth;
    }

    /** Default: rewrites children and sublink queries only. */
    public Expr rewrite(Expr expr) {
        return rewriteChildren(expr);
    }

    /** Null-safe {@link #rewrite}. */
    public final Expr rewriteOrNull(Expr expr) {
        return expr == null ? null : rewrite(expr);
    }

    public final List<Expr> rewriteAll(List<Expr> exprs) {
        List<Expr> result = new ArrayList<>(exprs.size());
        exprs.forEach(expr -> result.add(rewriteOrNull(expr)));
        return result;
    }

    protected final Expr rewriteChildren(Expr expr) {
        Expr result = Exprs.mapChildren(expr, this::rewrite);
        if (result instanceof Expr.SubLink link) {
            Query query = rewriteSubquery(link.query());
            if (query != link.query()) {
                return new Expr.SubLink(link.kind(), link.subLinkId(), link.test(), link.operatorName(), query,
                        link.type(), link.typmod(), link.collation(), link.origin());
            }
        }
        return result;
    }

    /** A query one level further in. */
    protected Query rewriteSubquery(Query query) {
        depth++;
        try {
            return rewriteQuery(query);
        } finally {
            depth--;
        }
    }

    /** All expressions of a query, its subqueries and WITH queries included. */
    public Query rewriteQuery(Query query) {
        QueryBuilder b = query.toBuilder();
        b.rangeTable.replaceAll(this::rewriteEntry);
        b.joinTree = (JoinTree.From) rewriteJoinTree(b.joinTree);
        b.targetList = new ArrayList<>(Exprs.mapTargets(b.targetList, this::rewrite));
        b.returning = new ArrayList<>(Exprs.mapTargets(b.returning, this::rewrite));
        b.having = rewriteOrNull(b.having);
        b.limitCount = rewriteOrNull(b.limitCount);
        b.limitOffset = rewriteOrNull(b.limitOffset);
        b.windows.replaceAll(this::rewriteWindow);
        b.onConflict = rewriteOnConflict(b.onConflict);
        b.mergeActions.replaceAll(action -> new MergeAction(action.matched(), action.kind(), action.overriding(),
                rewriteOrNull(action.condition()), Exprs.mapTargets(action.targets(), this::rewrite)));
        b.viewChecks.replaceAll(check -> new ViewCheck(check.viewName(), rewrite(check.condition())));
        b.commonTables.replaceAll(table -> new CommonTable(table.name(), table.aliasColumns(),
                table.materialization(), rewriteSubquery(table.query()), table.recursive(), table.referenceCount(),
                table.columns(), table.search(), table.cycle(), table.position()));
        return b.build();
    }

    private RangeTableEntry rewriteEntry(RangeTableEntry entry) {
        return switch (entry) {
            case RangeTableEntry.Relation e -> e.sample() == null ? e : new RangeTableEntry.Relation(e.relationOid(),
                    e.schema(), e.relationName(), e.relationKind(), e.inherit(),
                    new RangeTableEntry.TableSample(e.sample().handler(), rewriteAll(e.sample().arguments()),
                            rewriteOrNull(e.sample().repeatable())), e.lockMode(), e.name(), e.alias(), e.columns());
            case RangeTableEntry.Subquery e -> new RangeTableEntry.Subquery(rewriteSubquery(e.query()), e.viewOid(),
                    e.securityBarrier(), e.lateral(), e.name(), e.alias(), e.columns());
            case RangeTableEntry.Join e -> new RangeTableEntry.Join(e.kind(), e.mergedColumns(),
                    rewriteAll(e.expressions()), e.usingAlias(), e.name(), e.alias(), e.columns());
            case RangeTableEntry.Function e -> new RangeTableEntry.Function(e.functions().stream()
                    .map(f -> new RangeTableEntry.RangeFunction(rewrite(f.call()), f.columns(),
                            f.columnDefinitions(), f.composite())).toList(),
                    e.ordinality(), e.lateral(), e.name(), e.alias(), e.columns());
            case RangeTableEntry.Values e -> new RangeTableEntry.Values(e.rows().stream().map(this::rewriteAll)
                    .toList(), e.lateral(), e.name(), e.alias(), e.columns());
            case RangeTableEntry.Cte e -> e;
        };
    }

    private JoinTree rewriteJoinTree(JoinTree tree) {
        return switch (tree) {
            case JoinTree.Leaf leaf -> leaf;
            case JoinTree.Join join -> new JoinTree.Join(join.kind(), join.natural(), rewriteJoinTree(join.left()),
                    rewriteJoinTree(join.right()), join.using(), rewriteOrNull(join.condition()), join.rangeIndex());
            case JoinTree.From from -> new JoinTree.From(from.items().stream().map(this::rewriteJoinTree).toList(),
                    rewriteOrNull(from.where()));
        };
    }

    private WindowClause rewriteWindow(WindowClause window) {
        WindowClause.Frame f = window.frame();
        if (f.startOffset() == null && f.endOffset() == null) {
            return window;
        }
        return new WindowClause(window.name(), window.baseName(), window.partitionBy(), window.orderBy(),
                new WindowClause.Frame(f.written(), f.startOnly(), f.unit(), f.start(),
                        rewriteOrNull(f.startOffset()), f.end(),
                        rewriteOrNull(f.endOffset()), f.exclusion(), f.startInRange(), f.endInRange(),
                        f.inRangeCollation(), f.inRangeAscending(), f.inRangeNullsFirst()),
                window.reference(), window.copiedOrder());
    }

    private OnConflict rewriteOnConflict(OnConflict conflict) {
        if (conflict == null) {
            return null;
        }
        return new OnConflict(conflict.update(), conflict.arbiterElements().stream()
                .map(e -> new OnConflict.ArbiterElement(rewrite(e.expr()), e.collation(), e.operatorClass())).toList(),
                rewriteOrNull(conflict.arbiterWhere()), conflict.constraintOid(), conflict.arbiterIndexes(),
                Exprs.mapTargets(conflict.assignments(), this::rewrite), rewriteOrNull(conflict.where()),
                conflict.excludedIndex());
    }
}
