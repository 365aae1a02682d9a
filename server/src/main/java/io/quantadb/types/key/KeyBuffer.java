package io.quantadb.types.key;

import io.quantadb.types.ByteOrders;

import java.util.Arrays;

/** A growable byte array that keys are written to; reusable after {@link #reset}. Not thread-safe. */
public final class KeyBuffer {
    private byte[] array;
    private int length;

    public KeyBuffer() {
        this(64);
    }

    public KeyBuffer(int initialCapacity) {
        array = new byte[Math.max(initialCapacity, 16)];
    }

    private void require(int extra) {
        if (array.length - length < extra) {
            array = Arrays.copyOf(array, Math.max(array.length * 2, Math.addExact(length, extra)));
        }
    }

    public void putByte(int value) {
        require(1);
        array[length++] = (byte) value;
    }

    public void putShort(int value) {
        require(2);
        ByteOrders.putShort(array, length, value);
        length += 2;
    }

    public void putInt(int value) {
        require(4);
        ByteOrders.putInt(array, length, value);
        length += 4;
    }

    public void putLong(long value) {
        require(8);
        ByteOrders.putLong(array, length, value);
        length += 8;
    }

    public void putBytes(byte[] source, int offset, int count) {
        require(count);
        System.arraycopy(source, offset, array, length, count);
        length += count;
    }

    /** Inverts every bit from {@code from} to the end: turns ascending into descending order. */
    void invertFrom(int from) {
        for (int i = from; i < length; i++) {
            array[i] = (byte) ~array[i];
        }
    }

    /** The backing array, valid up to {@link #length()} and until the next write. */
    public byte[] array() {
        return array;
    }

    public int length() {
        return length;
    }

    public void reset() {
        length = 0;
    }

    /** Forgets everything from {@code newLength} on. */
    public void truncate(int newLength) {
        length = newLength;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(array, length);
    }
}
