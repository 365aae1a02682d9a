package io.quantadb.types;

import java.util.Arrays;

/** An immutable sequence of bytes: the value of type bytea. Ordered as unsigned bytes, a prefix first. */
public final class ByteString implements Comparable<ByteString> {
    public static final ByteString EMPTY = new ByteString(new byte[0]);

    private final byte[] bytes;

    private ByteString(byte[] bytes) {
        this.bytes = bytes;
    }

    public static ByteString copyOf(byte[] source) {
        return copyOf(source, 0, source.length);
    }

    public static ByteString copyOf(byte[] source, int offset, int length) {
        return length == 0 ? EMPTY : new ByteString(Arrays.copyOfRange(source, offset, offset + length));
    }

    /** Wraps an array the caller promises never to change. */
    public static ByteString wrap(byte[] owned) {
        return new ByteString(owned);
    }

    public int length() {
        return bytes.length;
    }

    public byte at(int index) {
        return bytes[index];
    }

    public byte[] toByteArray() {
        return bytes.clone();
    }

    /** The backing array, not to be changed. */
    public byte[] unsafeArray() {
        return bytes;
    }

    /** Bytes of the half-open range. */
    public ByteString substring(int from, int to) {
        return copyOf(bytes, from, to - from);
    }

    public ByteString concat(ByteString other) {
        byte[] joined = Arrays.copyOf(bytes, Math.addExact(bytes.length, other.bytes.length));
        System.arraycopy(other.bytes, 0, joined, bytes.length, other.bytes.length);
        return wrap(joined);
    }

    @Override
    public int compareTo(ByteString other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ByteString that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Hexadecimal with PostgreSQL's prefix. */
    @Override
    public String toString() {
        return ByteaOps.toHex(bytes);
    }
}
