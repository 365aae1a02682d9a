package io.quantadb.catalog;

/**
 * One row of {@code pg_operator}.
 *
 * @param leftType 0 for a prefix operator
 * @param resultType oid
 * @param functionOid {@code oprcode}
 * @param commutator operator oid with arguments swapped, 0 if none
 * @param negator operator oid with the opposite answer, 0 if none
 * @param canMerge {@code oprcanmerge}
 * @param canHash {@code oprcanhash}
 * @param restrictionEstimator name of {@code oprrest}, such as {@code eqsel}; null if none
 * @param joinEstimator name of {@code oprjoin}, null if none
 */
public record OperatorDescriptor(int oid, String name, int schemaOid, int leftType, int rightType, int resultType,
        int functionOid, int commutator, int negator, boolean canMerge, boolean canHash, String restrictionEstimator,
        String joinEstimator, int ownerOid) {
    public boolean isPrefix() {
        return leftType == 0;
    }
}
