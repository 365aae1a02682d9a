package io.quantadb.catalog;

import io.quantadb.types.PgType;

/**
 * One row of {@code pg_attribute}, with the column's default.
 *
 * @param name column name; {@code ........pg.dropped.N........} for a dropped column
 * @param attnum number from 1, never reused
 * @param type its type; of a dropped column the type its stored bytes still have
 * @param typmod type modifier, -1 for none
 * @param collation oid of its collation, 0 if the type has none
 * @param defaultExpression SQL text of the default or generation expression, null if none
 * @param identity {@code 'a'} always, {@code 'd'} by default, 0 none
 * @param generated {@code 's'} stored, 0 not generated
 * @param missingValue value for rows older than the column ({@code attmissingval}); meaningful if {@code hasMissing}
 * @param storage {@code attstorage}: p, e, m, x
 * @param compression {@code attcompression}: p, l, or 0
 * @param statisticsTarget {@code attstattarget}, -1 for the default
 * @param acl column privileges as aclitem texts, null if default
 */
public record ColumnDescriptor(String name, int attnum, PgType type, int typmod, int collation, boolean notNull,
        String defaultExpression, char identity, char generated, boolean dropped, boolean hasMissing,
        Object missingValue, char storage, char compression, int statisticsTarget, boolean local, int inheritCount,
        java.util.List<String> acl, java.util.List<String> options) {

    /** A plain column, for row types that stand in no catalog. */
    public static ColumnDescriptor plain(String name, int attnum, PgType type, int typmod, boolean notNull) {
        return new ColumnDescriptor(name, attnum, type, typmod, 0, notNull, null, (char) 0, (char) 0, false, false,
                null, 'p', (char) 0, -1, true, 0, null, null);
    }

    public boolean hasDefault() {
        return defaultExpression != null;
    }

    public boolean isIdentity() {
        return identity != 0;
    }

    public boolean isGenerated() {
        return generated != 0;
    }
}
