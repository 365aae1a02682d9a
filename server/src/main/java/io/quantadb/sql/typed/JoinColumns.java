package io.quantadb.sql.typed;

import java.util.List;

/**
 * Replaces references to a join's merged columns by the expressions they stand for, so that the planner sees only
 * columns of real inputs.
 */
public final class JoinColumns extends ExprRewriter {
    private final List<RangeTableEntry> rangeTable;

    private JoinColumns(List<RangeTableEntry> rangeTable) {
        this.rangeTable = rangeTable;
    }

    /** The query with all references to its own joins' columns replaced, also those from its subqueries. */
    public static Query flatten(Query query) {
        boolean hasJoins = query.rangeTable().stream().anyMatch(RangeTableEntry.Join.class::isInstance);
        return hasJoins ? new JoinColumns(query.rangeTable()).rewriteQuery(query) : query;
    }

    /** One expression of the query level that owns {@code rangeTable}. */
    public static Expr flatten(Expr expr, List<RangeTableEntry> rangeTable) {
        return new JoinColumns(rangeTable).rewrite(expr);
    }

    @Override
    public Expr rewrite(Expr expr) {
        if (expr instanceof Expr.ColumnRef column && column.levelsUp() == depth() && column.rangeIndex() > 0
                && rangeTable.get(column.rangeIndex() - 1) instanceof RangeTableEntry.Join join) {
            if (column.attribute() == 0) {
                List<Expr> fields = join.expressions().stream().map(this::resolve).toList();
                return new Expr.RowExpr(fields, join.columns().stream().map(RangeColumn::name).toList(),
                        column.type(), column.origin());
            }
            return resolve(join.expressions().get(column.attribute() - 1));
        }
        return rewriteChildren(expr);
    }

    /** A join's expression as seen from the current depth; it may itself refer to an inner join. */
    private Expr resolve(Expr expression) {
        return rewrite(LevelShifter.shift(expression, depth(), 0));
    }
}
