package io.quantadb.sql.ast;

import java.util.List;

/**
 * A column or expression of an index.
 *
 * @param column     its name, or null if {@code expression} is set
 * @param text       source of the expression, without parentheses around it
 * @param collation  null if not written
 * @param opclass    null if not written
 */
public record IndexElement(String column, Expression expression, String text, QualifiedName collation,
                           QualifiedName opclass, List<Option> opclassOptions, OrderItem.Direction direction,
                           OrderItem.Nulls nulls, int position) implements Node {
}
