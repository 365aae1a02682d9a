package io.quantadb.planner.logical;

import java.util.BitSet;

/** Sets of range table indexes. Functions never change their arguments. */
public final class Relids {
    private Relids() {
    }

    public static BitSet of(int rangeIndex) {
        BitSet result = new BitSet();
        result.set(rangeIndex);
        return result;
    }

    public static BitSet union(BitSet a, BitSet b) {
        BitSet result = (BitSet) a.clone();
        result.or(b);
        return result;
    }

    public static BitSet minus(BitSet a, BitSet b) {
        BitSet result = (BitSet) a.clone();
        result.andNot(b);
        return result;
    }

    public static boolean contains(BitSet whole, BitSet part) {
        return minus(part, whole).isEmpty();
    }
}
