package io.quantadb.catalog;

/**
 * One row of {@code pg_amop} for a search operator.
 *
 * @param strategy strategy number, see {@link BtreeStrategy} for btree; 1 is equality for hash
 */
public record OperatorFamilyMember(int familyOid, int leftType, int rightType, int strategy, int operatorOid,
        int accessMethod, char purpose, int sortFamily) {
    public BtreeStrategy btreeStrategy() {
        return BtreeStrategy.of(strategy);
    }
}
