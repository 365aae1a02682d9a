package io.quantadb.catalog.ddl;

import java.util.List;

/**
 * A check or foreign key constraint to create. Unique and primary key constraints come with their index.
 *
 * @param type c or f
 * @param tableOid 0 for a domain's
 * @param domainOid 0 for a table's
 * @param columns attnums it is about
 * @param expression of a check
 * @param referencedTableOid of a foreign key, with {@code referencedColumns} and the unique index used
 * @param updateAction a, r, c, n, d; {@code matchType} f or s
 * @param equalityOperators oids, one for each column: referenced = referencing
 */
public record NewConstraint(String name, char type, int tableOid, int domainOid, int schemaOid, List<Integer> columns,
        SqlExpression expression, int referencedTableOid, List<Integer> referencedColumns, int referencedIndexOid,
        char updateAction, char deleteAction, char matchType, List<Integer> equalityOperators,
        List<Integer> deleteSetColumns, boolean deferrable, boolean initiallyDeferred, boolean validated,
        boolean local, int inheritCount, boolean noInherit) {

    public static NewConstraint check(String name, int tableOid, int schemaOid, List<Integer> columns,
            SqlExpression expression) {
        return new NewConstraint(name, 'c', tableOid, 0, schemaOid, columns, expression, 0, List.of(), 0, ' ', ' ', ' ',
                List.of(), List.of(), false, false, true, true, 0, false);
    }

    public static NewConstraint domainCheck(String name, int domainOid, int schemaOid, SqlExpression expression) {
        return new NewConstraint(name, 'c', 0, domainOid, schemaOid, List.of(), expression, 0, List.of(), 0, ' ', ' ',
                ' ', List.of(), List.of(), false, false, true, true, 0, false);
    }
}
