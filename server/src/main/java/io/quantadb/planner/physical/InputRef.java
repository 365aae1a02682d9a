package io.quantadb.planner.physical;

import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import io.quantadb.types.PgType;

/** The meaning of {@link Expr.ColumnRef} in physical plans: see README.md. */
public final class InputRef {
    /** {@code rangeIndex} of the only or left input. */
    public static final int OUTER = 1;
    /** {@code rangeIndex} of the right input. */
    public static final int INNER = 2;

    /** Scan attribute number: the row's place packed into an int8. */
    public static final int ROW_ID = -100;

    private InputRef() {
    }

    /** @param position from 0 */
    public static Expr.ColumnRef outer(int position, PgType type) {
        return new Expr.ColumnRef(OUTER, position + 1, 0, type, -1, 0, Origin.NONE);
    }

    /** @param position from 0 */
    public static Expr.ColumnRef inner(int position, PgType type) {
        return new Expr.ColumnRef(INNER, position + 1, 0, type, -1, 0, Origin.NONE);
    }
}
