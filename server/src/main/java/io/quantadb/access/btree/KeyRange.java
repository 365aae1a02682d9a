package io.quantadb.access.btree;

import java.util.Arrays;

/**
 * A half-open range of keys, [lower, upper). A bound that names only the leading columns of a key stands for all keys
 * that begin with it.
 *
 * <p>Because a column's encoding is self-delimiting, "column = x" is "keys that begin with enc(x)", which is the range
 * [enc(x), {@link #successor}(enc(x))); an
 * exclusive lower or inclusive upper bound moves to the successor in the same way.
 *
 * @param lower null: from the first key
 * @param upper null: to the last key
 */
public record KeyRange(byte[] lower, byte[] upper) {
    public static final KeyRange ALL = new KeyRange(null, null);

    /** Range of the keys that begin with {@code prefix[0, length)}. */
    public static KeyRange prefix(byte[] prefix, int length) {
        return new KeyRange(Arrays.copyOf(prefix, length), successor(prefix, length));
    }

    /**
     * The smallest string greater than every string that begins with {@code key[0, length)}.
     *
     * @return null if there is none: the key is empty or all 0xFF
     */
    public static byte[] successor(byte[] key, int length) {
        int end = length;
        while (end > 0 && key[end - 1] == (byte) 0xFF) {
            end--;
        }
        if (end == 0) {
            return null;
        }
        byte[] next = Arrays.copyOf(key, end);
        next[end - 1]++;
        return next;
    }

    /** Whether no key can be in the range. */
    public boolean isEmpty() {
        return lower != null && upper != null && Arrays.compareUnsigned(lower, upper) >= 0;
    }
}
