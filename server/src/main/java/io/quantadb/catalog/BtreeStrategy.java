package io.quantadb.catalog;

/** Strategy numbers of btree operator families, in {@code pg_amop.amopstrategy} order from 1. */
public enum BtreeStrategy {
    LT, LE, EQ, GE, GT;

    private static final BtreeStrategy[] VALUES = values();

    public int number() {
        return ordinal() + 1;
    }

    public static BtreeStrategy of(int number) {
        return VALUES[number - 1];
    }

    /** The strategy with arguments swapped: {@code a < b} is {@code b > a}. */
    public BtreeStrategy commuted() {
        return VALUES[4 - ordinal()];
    }
}
