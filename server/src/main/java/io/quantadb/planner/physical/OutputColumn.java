package io.quantadb.planner.physical;

import io.quantadb.types.PgType;

/** A column a node produces. {@code name} is for EXPLAIN and result headers, and may be null below the top. */
public record OutputColumn(String name, PgType type, int typmod, int collation) {
    public OutputColumn(String name, PgType type) {
        this(name, type, -1, 0);
    }
}
