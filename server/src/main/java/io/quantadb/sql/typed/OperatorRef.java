package io.quantadb.sql.typed;

/**
 * A resolved operator; what execution and planning need of its {@code pg_operator} row. Identity is the oid.
 *
 * @param function   implements it
 * @param leftType   declared operand type's oid, 0 for a prefix operator
 * @param commutator oid of the operator with operands swapped, 0 if none
 * @param negator    oid of the operator with the opposite answer, 0 if none
 * @param restrictEstimator name of the selectivity function (eqsel, scalarltsel, ...), null if none
 * @param joinEstimator     the same for joins
 */
public record OperatorRef(int oid, String schema, String name, FunctionRef function, int leftType, int rightType,
                          int resultType, int commutator, int negator, boolean mergeable, boolean hashable,
                          String restrictEstimator, String joinEstimator) {
    public boolean isPrefix() {
        return leftType == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OperatorRef that && that.oid == oid;
    }

    @Override
    public int hashCode() {
        return oid;
    }

    @Override
    public String toString() {
        return name + "#" + oid;
    }
}
