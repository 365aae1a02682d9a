package io.quantadb.catalog.table;

/** Told of every change of a catalog row, right after it was made. */
@FunctionalInterface
public interface CatalogChangeListener {
    /**
     * @param before null for an insert
     * @param after null for a delete
     */
    void changed(CatalogTable table, Object[] before, Object[] after);
}
