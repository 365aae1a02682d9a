package io.quantadb.catalog;

import io.quantadb.types.PgType;

/**
 * One column of an index.
 *
 * @param attnum column of the table, 0 for an expression
 * @param expression SQL text of the expression, null for a plain column
 * @param name the index column's own name ({@code pg_attribute.attname} of the index)
 * @param type type of the indexed value
 * @param collation oid of the collation used, 0 if none
 * @param opclass oid of the operator class; 0 for INCLUDE columns
 * @param opfamily operator family of the class; 0 for INCLUDE columns
 * @param descending DESC
 * @param nullsFirst NULLS FIRST, which is also the default of DESC
 */
public record IndexColumn(int attnum, String expression, String name, PgType type, int typmod, int collation,
        int opclass, int opfamily, boolean descending, boolean nullsFirst) {
    public boolean isExpression() {
        return attnum == 0;
    }
}
