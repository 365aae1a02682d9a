package io.quantadb.planner;

import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.planner.logical.Expressions;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import io.quantadb.sql.typed.JoinTree;
import io.quantadb.sql.typed.LevelShifter;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.QueryBuilder;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.SortGroupClause;
import io.quantadb.sql.typed.TargetEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the smallest and largest value by the first entry of an index instead of reading all rows.
 *
 * <pre>
 * before: SELECT max(a.x) FROM a WHERE a.y = 1
 * after:  SELECT (SELECT a.x FROM a WHERE a.y = 1 AND a.x IS NOT NULL ORDER BY a.x DESC LIMIT 1)
 * </pre>
 */
final class MinMaxRewrite {
    private final StatementState state;
    private final Query query;
    private boolean possible = true;

    private MinMaxRewrite(StatementState state, Query query) {
        this.state = state;
        this.query = query;
    }

    /** The query with sublinks for its aggregates; null if some are not min and max of columns in indexes. */
    static Query apply(StatementState state, Query query) {
        boolean fits = query.hasAggregates() && query.groupBy().isEmpty() && query.groupingSets() == null
                && query.having() == null && !query.hasWindowFunctions() && query.distinct().isEmpty()
                && !query.hasSubLinks() && query.rowMarks().isEmpty() && query.rangeTable().size() == 1
                && query.joinTree().items().size() == 1
                && query.joinTree().items().getFirst() instanceof JoinTree.Leaf
                && query.rangeTable().getFirst() instanceof RangeTableEntry.Relation;
        return fits ? new MinMaxRewrite(state, query).rewrite() : null;
    }

    private Query rewrite() {
        RangeTableEntry.Relation entry = (RangeTableEntry.Relation) query.rangeTable().getFirst();
        RelationDescriptor relation = state.catalog.relation(entry.relationOid());
        if (relation == null || entry.sample() != null || entry.inherit() && relation.hasSubclass()) {
            return null;
        }
        QueryBuilder builder = query.toBuilder();
        builder.targetList.replaceAll(target -> target.withExpr(replace(target.expr(), relation)));
        if (!possible) {
            return null;
        }
        builder.hasAggregates = false;
        builder.hasSubLinks = true;
        builder.rangeTable = new ArrayList<>();
        builder.joinTree = new JoinTree.From(List.of(), null);
        return builder.build();
    }

    private Expr replace(Expr expr, RelationDescriptor relation) {
        if (expr instanceof Expr.AggregateCall call && call.levelsUp() == 0) {
            Expr.ColumnRef column = column(call, relation);
            if (column == null) {
                possible = false;
                return expr;
            }
            return first(call, column);
        }
        return Exprs.mapChildren(expr, child -> replace(child, relation));
    }

    /** The column whose smallest or largest value the call gives; null if it is no such call or has no index. */
    private Expr.ColumnRef column(Expr.AggregateCall call, RelationDescriptor relation) {
        String name = call.function().name();
        boolean fits = (name.equals("min") || name.equals("max")) && "pg_catalog".equals(call.function().schema())
                && call.filter() == null && call.orderBy().isEmpty() && call.arguments().size() == 1;
        if (!fits || !(call.arguments().getFirst().expr() instanceof Expr.ColumnRef c) || c.levelsUp() != 0
                || c.attribute() <= 0) {
            return null;
        }
        var statistics = state.catalog.columnStatistics(relation.oid(), c.attribute());
        if (statistics != null && statistics.nullFraction() > 0.5) {
            return null;
        }
        for (IndexDescriptor index : relation.indexes()) {
            if (index.valid() && index.accessMethod() == CatalogIds.AM_BTREE
                    && index.keyColumns().stream().anyMatch(key -> key.attnum() == c.attribute())) {
                return c;
            }
        }
        return null;
    }

    private Expr first(Expr.AggregateCall call, Expr.ColumnRef column) {
        boolean descending = call.function().name().equals("max");
        QueryBuilder builder = new QueryBuilder();
        builder.rangeTable = new ArrayList<>(query.rangeTable());
        List<Expr> conditions = new ArrayList<>(Expressions.conjuncts(query.where()));
        conditions.add(new Expr.IsNull(column, true, false, state.bool, Origin.NONE));
        builder.joinTree = new JoinTree.From(query.joinTree().items(), Expressions.and(conditions));
        builder.targetList.add(new TargetEntry(column, 1, call.function().name(), 1, 0, 0, false));
        builder.orderBy.add(new SortGroupClause(1, null, null, descending, descending, false));
        builder.limitCount = new Expr.Const(1L, state.int8, -1, 0, Origin.NONE);
        Query moved = LevelShifter.shift(builder.build(), 1, 1);
        return new Expr.SubLink(Expr.SubLinkKind.SCALAR, 0, null, null, moved, call.type(), -1, call.collation(),
                Origin.NONE);
    }
}
