package io.quantadb.catalog;

import io.quantadb.base.RelationId;
import java.util.List;

/**
 * One index: its row of {@code pg_index} and what of {@code pg_class} matters for it.
 *
 * @param keyColumns the columns that order the index
 * @param includeColumns INCLUDE columns, stored only
 * @param predicate SQL text of the WHERE of a partial index, null if none
 * @param constraintOid the primary key, unique or exclusion constraint it implements, 0 if none
 * @param deferrable whether that constraint's check may be deferred ({@code not indimmediate})
 * @param valid usable for queries
 * @param ready must be maintained by inserts
 */
public record IndexDescriptor(int oid, String name, int schemaOid, int tableOid, RelationId storage, int accessMethod,
        List<IndexColumn> keyColumns, List<IndexColumn> includeColumns, boolean unique, boolean primary,
        boolean nullsNotDistinct, boolean exclusion, boolean deferrable, boolean clustered, boolean replicaIdentity,
        String predicate, int constraintOid, boolean valid, boolean ready, int tablespaceOid, List<String> options) {

    public boolean isPartial() {
        return predicate != null;
    }

    public boolean hasExpressions() {
        for (IndexColumn column : keyColumns) {
            if (column.isExpression()) {
                return true;
            }
        }
        return false;
    }

    /** Table columns of the key in index order; 0 stands for an expression. */
    public int[] keyAttnums() {
        return keyColumns.stream().mapToInt(IndexColumn::attnum).toArray();
    }
}
