package io.quantadb.txn.serializable;

import io.quantadb.txn.snapshot.ReadTracking.ScannedKeys;
import java.util.Arrays;

/** A range of keys that has been read, [lower, upper), as a node of {@link KeyRangeTable}'s tree. */
final class KeyRangeTarget extends ReadTarget implements ScannedKeys {
    final byte[] lower;
    /** Null: no bound. */
    final byte[] upper;
    final int priority;
    KeyRangeTarget left;
    KeyRangeTarget right;
    /** Highest upper bound in the subtree. */
    byte[] highest;

    KeyRangeTarget(long index, long place, byte[] lower, byte[] upper, int priority) {
        super(index, place);
        this.lower = lower;
        this.upper = upper;
        this.priority = priority;
        this.highest = upper;
    }

    static int compareUpper(byte[] a, byte[] b) {
        if (a == null || b == null) {
            return a == b ? 0 : a == null ? 1 : -1;
        }
        return Arrays.compareUnsigned(a, b);
    }

    /** Order in the tree: by lower bound, then by upper. */
    static int compare(byte[] lowerA, byte[] upperA, byte[] lowerB, byte[] upperB) {
        int order = Arrays.compareUnsigned(lowerA, lowerB);
        return order != 0 ? order : compareUpper(upperA, upperB);
    }

    static boolean isAbove(byte[] upper, byte[] key, int keyLength) {
        return upper == null || Arrays.compareUnsigned(upper, 0, upper.length, key, 0, keyLength) > 0;
    }

    boolean covers(byte[] otherLower, byte[] otherUpper) {
        return Arrays.compareUnsigned(lower, otherLower) <= 0 && compareUpper(upper, otherUpper) >= 0;
    }

    void update() {
        byte[] max = upper;
        if (left != null && compareUpper(left.highest, max) > 0) {
            max = left.highest;
        }
        if (right != null && compareUpper(right.highest, max) > 0) {
            max = right.highest;
        }
        highest = max;
    }
}
