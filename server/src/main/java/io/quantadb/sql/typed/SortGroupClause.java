package io.quantadb.sql.typed;

/**
 * One key of ORDER BY, GROUP BY, DISTINCT, PARTITION BY or an aggregate's ORDER BY.
 *
 * @param targetRef    the {@link TargetEntry#sortGroupRef} of the expression
 * @param equality     the equality operator
 * @param ordering     {@code <} or {@code >} of a btree operator family; null if the type cannot be sorted
 * @param descending   {@code ordering} is the greater-than member
 * @param hashable     {@code equality} can be used for hashing
 */
public record SortGroupClause(int targetRef, OperatorRef equality, OperatorRef ordering, boolean descending,
                              boolean nullsFirst, boolean hashable) {
}
