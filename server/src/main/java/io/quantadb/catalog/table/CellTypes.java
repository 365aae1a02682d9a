package io.quantadb.catalog.table;

import io.quantadb.base.Invariant;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.PgType;

/** The value types of catalog columns. */
final class CellTypes {
    /**
     * {@code pg_statistic[]}, the type of {@code pg_statistic_ext_data.stxdexpr}; nothing here ever fills that
     * column.
     */
    private static final int STATISTIC_ARRAY = 10028;

    private CellTypes() {
    }

    static PgType of(int typeOid) {
        if (typeOid == STATISTIC_ARRAY) {
            return BuiltinTypes.TEXT;
        }
        PgType type = BuiltinTypes.find(typeOid);
        Invariant.check(type != null, "catalog column has unknown type %d, largest built-in is %d", typeOid, 9999);
        return type;
    }
}
