package io.quantadb.planner.rule;

import io.quantadb.planner.logical.Expressions;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import io.quantadb.sql.typed.JoinTree;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.QueryBuilder;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.SortGroupClause;
import io.quantadb.sql.typed.TargetEntry;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Moves conditions on one subquery in FROM, which could not be merged, into it.
 *
 * <pre>
 * before: SELECT ... FROM (SELECT x, count(*) FROM a GROUP BY x) s WHERE s.x = 5
 * after:  SELECT ... FROM (SELECT x, count(*) FROM a WHERE x = 5 GROUP BY x) s
 * </pre>
 */
public final class PredicatePushDown {
    private PredicatePushDown() {
    }

    public static Query apply(Query query) {
        if (query.joinTree().where() == null || query.setOperations() != null) {
            return query;
        }
        QueryBuilder builder = query.toBuilder();
        List<Expr> rest = new ArrayList<>();
        for (Expr condition : Expressions.conjuncts(query.where())) {
            int position = only(condition);
            boolean plain = query.joinTree().items().stream().anyMatch(item -> item instanceof JoinTree.Leaf leaf
                    && leaf.rangeIndex() == position);
            Query pushed = plain && builder.entry(position) instanceof RangeTableEntry.Subquery s
                    && !s.securityBarrier() ? push(s.query(), condition, position) : null;
            if (pushed == null) {
                rest.add(condition);
            } else {
                RangeTableEntry.Subquery s = (RangeTableEntry.Subquery) builder.entry(position);
                builder.rangeTable.set(position - 1, new RangeTableEntry.Subquery(pushed, s.viewOid(),
                        s.securityBarrier(), s.lateral(), s.name(), s.alias(), s.columns()));
            }
        }
        builder.joinTree = new JoinTree.From(query.joinTree().items(), Expressions.and(rest));
        return builder.build();
    }

    /** The only entry a movable condition uses, 0 if it is to stay. */
    private static int only(Expr condition) {
        BitSet relids = Expressions.relids(condition);
        boolean movable = relids.cardinality() == 1 && !Expressions.isVolatile(condition)
                && !Expressions.any(condition, (e, depth) -> e instanceof Expr.SubLink
                || e instanceof Expr.ColumnRef c && (c.levelsUp() != 0 || c.attribute() <= 0)
                || e instanceof Expr.AggregateCall || e instanceof Expr.CurrentOf);
        return movable ? relids.nextSetBit(0) : 0;
    }

    /** The subquery with the condition in it; null if it would mean something else there. */
    private static Query push(Query query, Expr condition, int position) {
        boolean closed = query.limitCount() != null || query.limitOffset() != null || query.distinctOn()
                || query.hasWindowFunctions() || query.modifiesData() || query.groupingSets() != null
                || !query.rowMarks().isEmpty();
        if (closed) {
            return null;
        }
        if (query.setOperations() != null) {
            return pushIntoSides(query, condition, position);
        }
        List<TargetEntry> columns = query.resultColumns();
        Set<Integer> grouped = new HashSet<>();
        query.groupBy().stream().map(SortGroupClause::targetRef).forEach(grouped::add);
        for (Expr.ColumnRef column : Expressions.columns(condition)) {
            TargetEntry target = columns.get(column.attribute() - 1);
            boolean fixed = !query.isGrouped() || target.sortGroupRef() != 0 && grouped.contains(target.sortGroupRef());
            if (!fixed || Expressions.isVolatile(target.expr()) || Expressions.hasSubLink(target.expr())
                    || Expressions.returnsSet(target.expr())) {
                return null;
            }
        }
        if (query.targetList().stream().anyMatch(t -> Expressions.returnsSet(t.expr()))
                || query.isGrouped() && query.groupBy().isEmpty()) {
            return null;
        }
        QueryBuilder builder = query.toBuilder();
        List<Expr> all = new ArrayList<>(Expressions.conjuncts(query.where()));
        all.add(substitute(condition, position, columns));
        builder.joinTree = new JoinTree.From(query.joinTree().items(), Expressions.and(all));
        return builder.build();
    }

    private static Query pushIntoSides(Query query, Expr condition, int position) {
        QueryBuilder builder = query.toBuilder();
        for (int i = 0; i < builder.rangeTable.size(); i++) {
            if (!(builder.rangeTable.get(i) instanceof RangeTableEntry.Subquery side)) {
                return null;
            }
            for (Expr.ColumnRef column : Expressions.columns(condition)) {
                List<TargetEntry> targets = side.query().resultColumns();
                if (column.attribute() > targets.size()
                        || !targets.get(column.attribute() - 1).expr().type().equals(column.type())) {
                    return null;
                }
            }
            Query pushed = push(side.query(), condition, position);
            if (pushed == null) {
                return null;
            }
            builder.rangeTable.set(i, new RangeTableEntry.Subquery(pushed, side.viewOid(), side.securityBarrier(),
                    side.lateral(), side.name(), side.alias(), side.columns()));
        }
        return builder.build();
    }

    private static Expr substitute(Expr expr, int position, List<TargetEntry> columns) {
        return expr instanceof Expr.ColumnRef c && c.rangeIndex() == position
                ? columns.get(c.attribute() - 1).expr()
                : Exprs.mapChildren(expr, child -> substitute(child, position, columns));
    }
}
