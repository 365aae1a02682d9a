package io.quantadb.sql.ast;

/**
 * One sort key.
 *
 * @param usingOperator of {@code USING op}, else null
 */
public record OrderItem(Expression expression, Direction direction, QualifiedName usingOperator, Nulls nulls,
                        int position) implements Node {
    /** DEFAULT: not written. */
    public enum Direction { DEFAULT, ASCENDING, DESCENDING, USING }

    /** DEFAULT: not written. */
    public enum Nulls { DEFAULT, FIRST, LAST }
}
