package io.quantadb.catalog.table;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.TextContext;
import java.util.StringJoiner;

/** The error of a catalog's unique index: what a user sees when two sessions create the same name at once. */
final class UniqueErrors {
    private UniqueErrors() {
    }

    static SqlException duplicate(CatalogTable table, CatalogIndex index, Object[] values) {
        StringJoiner names = new StringJoiner(", ");
        StringJoiner texts = new StringJoiner(", ");
        for (int column : index.columns()) {
            CatalogColumn definition = table.columns().get(column);
            names.add(definition.name());
            texts.add(definition.type().ops().toText(values[column], TextContext.DEFAULT));
        }
        return new SqlException(SqlState.UNIQUE_VIOLATION,
                "duplicate key value violates unique constraint \"" + index.name() + "\"")
                .withDetail("Key (" + names + ")=(" + texts + ") already exists.")
                .withSchema("pg_catalog").withTable(table.name()).withConstraint(index.name());
    }
}
