package io.quantadb.catalog.table;

import io.quantadb.base.RelationId;
import java.util.List;

/**
 * Definition of one catalog table. Fixed in the program; the rows that describe it in pg_class and pg_attribute say
 * the same.
 *
 * @param shared lives in database 0, seen from all databases
 * @param toastOid its TOAST table, 0 if none
 */
public record CatalogTable(int oid, String name, boolean shared, int toastOid, int toastIndexOid,
        List<CatalogColumn> columns, List<CatalogIndex> indexes) {

    /** The file of this table in a database; file numbers of catalogs are their oids, for ever. */
    public RelationId storage(int databaseOid) {
        return new RelationId(shared ? 0 : databaseOid, oid);
    }

    public RelationId indexStorage(CatalogIndex index, int databaseOid) {
        return new RelationId(shared ? 0 : databaseOid, index.oid());
    }

    public CatalogIndex primaryKey() {
        for (CatalogIndex index : indexes) {
            if (index.primary()) {
                return index;
            }
        }
        return null;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CatalogTable table && table.oid == oid;
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
