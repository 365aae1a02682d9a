package io.quantadb.sql.typed;

import io.quantadb.types.PgType;

/**
 * A column of a range table entry under the name queries know it by.
 *
 * @param type null if {@code dropped}: a dropped table column keeps its number
 */
public record RangeColumn(String name, PgType type, int typmod, int collation, boolean dropped) {
    public RangeColumn(String name, PgType type, int typmod, int collation) {
        this(name, type, typmod, collation, false);
    }
}
