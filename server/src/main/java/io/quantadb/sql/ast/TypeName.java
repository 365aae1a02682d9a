package io.quantadb.sql.ast;

import java.util.List;

/**
 * A type as written.
 *
 * <p>SQL's own spellings arrive as their pg_catalog names: {@code integer} is pg_catalog.int4, {@code char} is
 * pg_catalog.bpchar with modifier 1. INTERVAL has the two modifiers of intervaltypmodin: the mask of fields
 * ({@link IntervalFields}) and optionally the precision.
 *
 * @param name          its name, or for {@code percentType} the whole {@code table.column} reference
 * @param columnOfType  the column in {@code table.column%TYPE}, else null
 * @param setOf         SETOF was written (function results only)
 * @param modifiers     expressions in parentheses, usually number literals
 * @param arrayBounds   one entry a dimension, -1 where no size was given; empty: not an array
 */
public record TypeName(QualifiedName name, String columnOfType, boolean setOf, List<Expression> modifiers,
                       List<Integer> arrayBounds, int position) implements Node {
    /** Whether {@code %TYPE} was written. */
    public boolean percentType() {
        return columnOfType != null;
    }

    public boolean isArray() {
        return !arrayBounds.isEmpty();
    }
}
