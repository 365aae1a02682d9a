package io.quantadb.access.heap;

import io.quantadb.types.PgType;

/**
 * One column of a physical row.
 *
 * @param type decides width and encoding; a dropped column keeps a type of the same width
 * @param hasMissing whether rows stored before the column was added read as {@code missing}
 * @param missing the value (null for SQL NULL) of the column in such rows; pg_attribute.attmissingval
 */
public record HeapAttribute(PgType type, boolean hasMissing, Object missing) {
    public HeapAttribute(PgType type) {
        this(type, false, null);
    }
}
