package io.quantadb.sql.ast;

import java.util.List;

/**
 * A column in CREATE TABLE, ALTER TABLE ADD COLUMN, a composite type or a FROM function's column list.
 *
 * @param type        null for a typed table's column options ({@code OF type}, PARTITION OF)
 * @param compression method or null
 * @param collation   or null
 */
public record ColumnDefinition(String name, TypeName type, String compression, QualifiedName collation,
                               List<Constraint> constraints, List<Option> fdwOptions, int position)
        implements TableElement {
}
