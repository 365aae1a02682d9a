package io.quantadb.planner.rule;

import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.JoinTree;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.QueryBuilder;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.SortGroupClause;
import io.quantadb.sql.typed.TargetEntry;
import java.util.List;

/**
 * Moves ORDER BY and LIMIT of a query over nothing but a set operation into that, whose sides can often use them.
 *
 * <pre>
 * before: SELECT ... FROM (a UNION ALL b) s ORDER BY s.x LIMIT 5
 * after:  SELECT ... FROM (a UNION ALL b ORDER BY x LIMIT 5) s ORDER BY s.x LIMIT 5
 * </pre>
 */
public final class LimitPushDown {
    private LimitPushDown() {
    }

    public static Query apply(Query query) {
        boolean plain = query.setOperations() == null && query.joinTree().where() == null && !query.isGrouped()
                && !query.hasWindowFunctions() && query.distinct().isEmpty() && !query.hasTargetSets()
                && query.rowMarks().isEmpty() && !query.withTies() && !query.orderBy().isEmpty()
                && query.joinTree().items().size() == 1
                && query.joinTree().items().getFirst() instanceof JoinTree.Leaf;
        long wanted = plain ? wanted(query) : -1;
        if (wanted < 0) {
            return query;
        }
        int position = ((JoinTree.Leaf) query.joinTree().items().getFirst()).rangeIndex();
        if (!(query.entry(position) instanceof RangeTableEntry.Subquery s) || s.securityBarrier()
                || s.query().setOperations() == null || !s.query().orderBy().isEmpty()
                || s.query().limitCount() != null || s.query().limitOffset() != null) {
            return query;
        }
        Query inner = ordered(query, position, s.query(), wanted);
        if (inner == null) {
            return query;
        }
        QueryBuilder builder = query.toBuilder();
        builder.rangeTable.set(position - 1, new RangeTableEntry.Subquery(inner, s.viewOid(), s.securityBarrier(),
                s.lateral(), s.name(), s.alias(), s.columns()));
        return builder.build();
    }

    private static Query ordered(Query query, int position, Query set, long wanted) {
        QueryBuilder builder = set.toBuilder();
        List<TargetEntry> columns = set.resultColumns();
        int reference = builder.targetList.stream().mapToInt(TargetEntry::sortGroupRef).max().orElse(0);
        for (SortGroupClause clause : query.orderBy()) {
            Expr key = query.targetList().stream().filter(t -> t.sortGroupRef() == clause.targetRef()).findFirst()
                    .map(TargetEntry::expr).orElse(null);
            if (!(key instanceof Expr.ColumnRef c) || c.levelsUp() != 0 || c.rangeIndex() != position
                    || c.attribute() <= 0 || c.attribute() > columns.size()) {
                return null;
            }
            int at = builder.targetList.indexOf(columns.get(c.attribute() - 1));
            if (at < 0) {
                return null;
            }
            TargetEntry target = builder.targetList.get(at);
            if (target.sortGroupRef() == 0) {
                target = target.withSortGroupRef(++reference);
                builder.targetList.set(at, target);
            }
            builder.orderBy.add(new SortGroupClause(target.sortGroupRef(), clause.equality(), clause.ordering(),
                    clause.descending(), clause.nullsFirst(), clause.hashable()));
        }
        Expr.Const limit = (Expr.Const) query.limitCount();
        builder.limitCount = new Expr.Const(wanted, limit.type(), -1, 0, Origin.NONE);
        return builder.build();
    }

    private static long wanted(Query query) {
        if (!(query.limitCount() instanceof Expr.Const c) || !(c.value() instanceof Long count)) {
            return -1;
        }
        long offset = query.limitOffset() == null ? 0
                : query.limitOffset() instanceof Expr.Const o && o.value() instanceof Long n ? n : -1;
        return offset < 0 || count < 0 || count > Integer.MAX_VALUE || offset > Integer.MAX_VALUE ? -1 : count + offset;
    }
}
