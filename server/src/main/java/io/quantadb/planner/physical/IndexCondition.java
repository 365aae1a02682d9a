package io.quantadb.planner.physical;

import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.sql.typed.Expr;
import java.util.List;

/**
 * Which part of an index to read: equality on leading key columns, then at most one range.
 *
 * <p>Bounds are expressions without input columns (constants, parameters, ExecParameters), of exactly the key column's
 * type. A NULL bound matches nothing. All conditions are guaranteed by the scan; they need no recheck.
 *
 * @param equals one entry for each leading key column fixed by equality
 * @param lower bound on the column after those, null for none
 * @param upper bound on the same column, null for none
 */
public record IndexCondition(IndexDescriptor index, List<Equality> equals, Bound lower, Bound upper) {
    /**
     * @param values one of one value; for an IN list several; for {@code = ANY (array)} one with {@code array} true
     * @param isNull IS NULL instead; {@code values} is empty
     */
    public record Equality(List<Expr> values, boolean array, boolean isNull) {
        public static Equality of(Expr value) {
            return new Equality(List.of(value), false, false);
        }
    }

    /** @param value null means NOT NULL: everything on this side except NULLs */
    public record Bound(Expr value, boolean inclusive) {
    }
}
