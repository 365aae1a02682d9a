package io.quantadb.sql.typed;

/**
 * One output column, or in INSERT and UPDATE one assignment.
 *
 * @param number       from 1: position in the result; in INSERT, UPDATE and MERGE actions the attribute assigned to
 * @param name         result column's name; null for some junk columns
 * @param sortGroupRef what {@link SortGroupClause#targetRef} refers to; 0 if nothing does
 * @param originTable  table this is a plain column of, for RowDescription; 0 if none
 * @param originColumn attribute number in that table
 * @param junk         needed for sorting or updating only, not part of the result
 */
public record TargetEntry(Expr expr, int number, String name, int sortGroupRef, int originTable, int originColumn,
                          boolean junk) {
    public TargetEntry withExpr(Expr newExpr) {
        return newExpr == expr ? this
                : new TargetEntry(newExpr, number, name, sortGroupRef, originTable, originColumn, junk);
    }

    public TargetEntry withSortGroupRef(int reference) {
        return new TargetEntry(expr, number, name, reference, originTable, originColumn, junk);
    }
}
