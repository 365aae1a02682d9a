package io.quantadb.catalog.cache;

import io.quantadb.types.ArrayValue;
import io.quantadb.types.PgType;

/** {@code attmissingval}: the value for rows older than a column, in an array of one element. */
final class MissingValues {
    private MissingValues() {
    }

    /** @param type the column's type, for the record of what the element is */
    static Object decode(ArrayValue array, PgType type) {
        return array.size() == 0 ? null : array.get(0);
    }
}
