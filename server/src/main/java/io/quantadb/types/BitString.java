package io.quantadb.types;

import java.util.Arrays;

/**
 * A string of bits: the value of types bit and bit varying.
 *
 * <p>Ordered like PostgreSQL: by bytes, then by length. Immutable.
 */
public final class BitString implements Comparable<BitString> {
    private final byte[] bytes;
    private final int length;

    private BitString(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    /** Takes ownership; the first bit is the highest of byte 0, unused low bits of the last byte are cleared. */
    public static BitString wrap(byte[] owned, int length) {
        if (length % 8 != 0) {
            owned[length / 8] &= (byte) (0xFF << 8 - length % 8);
        }
        return new BitString(owned, length);
    }

    public int length() {
        return length;
    }

    public boolean get(int index) {
        return (bytes[index / 8] >> 7 - index % 8 & 1) != 0;
    }

    /** Backing bytes, not to be changed. */
    public byte[] unsafeArray() {
        return bytes;
    }

    /** Cut, or padded with zero bits on the right. */
    public BitString resize(int newLength) {
        return newLength == length ? this : wrap(Arrays.copyOf(bytes, (newLength + 7) / 8), newLength);
    }

    @Override
    public int compareTo(BitString other) {
        int order = Arrays.compareUnsigned(bytes, other.bytes);
        return order != 0 ? order : Integer.compare(length, other.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BitString that && length == that.length && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes) * 31 + length;
    }

    @Override
    public String toString() {
        char[] digits = new char[length];
        for (int i = 0; i < length; i++) {
            digits[i] = get(i) ? '1' : '0';
        }
        return new String(digits);
    }
}
