package io.quantadb.planner.logical;

import io.quantadb.sql.typed.Expr;

/** Identity of a column of one query level; references to it may differ in typmod or spelling. */
public record ColumnKey(int rangeIndex, int attribute) {
    public static ColumnKey of(Expr.ColumnRef column) {
        return new ColumnKey(column.rangeIndex(), column.attribute());
    }

    /** What an expression is looked up by: the key of a column, else the expression itself. */
    public static Object lookup(Expr expr) {
        return expr instanceof Expr.ColumnRef c && c.levelsUp() == 0 ? of(c) : expr;
    }
}
