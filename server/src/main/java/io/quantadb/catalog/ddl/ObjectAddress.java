package io.quantadb.catalog.ddl;

/**
 * Names any catalog object: the catalog it is in, its oid, and a column number for columns (0 for the whole object).
 */
public record ObjectAddress(int classOid, int objectOid, int subId) {
    public static ObjectAddress of(int classOid, int objectOid) {
        return new ObjectAddress(classOid, objectOid, 0);
    }

    public static ObjectAddress column(int relationOid, int attnum) {
        return new ObjectAddress(io.quantadb.catalog.table.SystemColumns.PgClass.TABLE, relationOid, attnum);
    }

    public static ObjectAddress relation(int oid) {
        return of(io.quantadb.catalog.table.SystemColumns.PgClass.TABLE, oid);
    }

    public static ObjectAddress type(int oid) {
        return of(io.quantadb.catalog.table.SystemColumns.PgType.TABLE, oid);
    }

    public static ObjectAddress function(int oid) {
        return of(io.quantadb.catalog.table.SystemColumns.PgProc.TABLE, oid);
    }

    public static ObjectAddress schema(int oid) {
        return of(io.quantadb.catalog.table.SystemColumns.PgNamespace.TABLE, oid);
    }

    public static ObjectAddress constraint(int oid) {
        return of(io.quantadb.catalog.table.SystemColumns.PgConstraint.TABLE, oid);
    }

    boolean sameObject(ObjectAddress other) {
        return classOid == other.classOid && objectOid == other.objectOid;
    }
}
