package io.quantadb.catalog.table;

import io.quantadb.base.Invariant;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.PgType;

/** The value types of catalog columns. */
final class CellTypes {
    private CellTypes() {
    }

    static PgType of(int typeOid) {
        PgType type = BuiltinTypes.find(typeOid);
        Invariant.check(type != null, "catalog column has unknown type %d, largest built-in is %d", typeOid, 9999);
        return type;
    }
}
