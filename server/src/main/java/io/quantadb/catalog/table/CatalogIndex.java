package io.quantadb.catalog.table;

/**
 * One index of a catalog table: always btree, ascending, over plain columns.
 *
 * @param columns positions in the row, from 0
 */
public record CatalogIndex(int oid, String name, int tableOid, boolean unique, boolean primary, int[] columns) {
    @Override
    public boolean equals(Object other) {
        return other instanceof CatalogIndex index && index.oid == oid;
    }

    @Override
    public int hashCode() {
        return oid;
    }

    @Override
    public String toString() {
        return name;
    }
}
