package io.quantadb.catalog.ddl;

import java.util.List;

/**
 * An expression or query to keep in a catalog.
 *
 * @param text SQL, with all names qualified as far as they need to be to mean the same under any search path
 * @param references the objects it uses; columns as sub-objects
 */
public record SqlExpression(String text, List<ObjectAddress> references) {
    public static SqlExpression of(String text) {
        return new SqlExpression(text, List.of());
    }
}
