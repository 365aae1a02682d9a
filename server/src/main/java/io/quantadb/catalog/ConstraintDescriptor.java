package io.quantadb.catalog;

import java.util.List;

/**
 * One row of {@code pg_constraint}.
 *
 * @param type {@code contype}: c check, f foreign key, p primary key, u unique, x exclusion, t trigger
 * @param tableOid 0 if it belongs to a domain
 * @param domainOid 0 if it belongs to a table
 * @param indexOid index that enforces it, or for a foreign key the referenced unique index
 * @param columns {@code conkey}; empty for a check without columns
 * @param referencedTableOid table a foreign key points to, 0 otherwise
 * @param referencedColumns {@code confkey}, in the order of {@code columns}
 * @param updateAction {@code confupdtype}: a no action, r restrict, c cascade, n set null, d set default; 0 if no FK
 * @param deleteAction as {@code updateAction}
 * @param matchType f full, p partial, s simple; 0 if no FK
 * @param equalityOperators {@code conpfeqop}: operator (referenced = referencing) for each column
 * @param deleteSetColumns {@code confdelsetcols}; empty means all
 * @param expression SQL text of a check, without the word CHECK; null otherwise
 */
public record ConstraintDescriptor(int oid, String name, int schemaOid, char type, boolean deferrable,
        boolean initiallyDeferred, boolean validated, int tableOid, int domainOid, int indexOid, List<Integer> columns,
        int referencedTableOid, List<Integer> referencedColumns, char updateAction, char deleteAction, char matchType,
        List<Integer> equalityOperators, List<Integer> deleteSetColumns, boolean local, int inheritCount,
        boolean noInherit, int parentOid, String expression) {
    public boolean isCheck() {
        return type == 'c';
    }

    public boolean isForeignKey() {
        return type == 'f';
    }

    public boolean isPrimaryKey() {
        return type == 'p';
    }

    public boolean isUnique() {
        return type == 'u';
    }
}
