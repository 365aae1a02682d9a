package io.quantadb.catalog.table;

import io.quantadb.types.PgType;

/** One column of a catalog table. */
public record CatalogColumn(String name, PgType type, boolean notNull) {
}
