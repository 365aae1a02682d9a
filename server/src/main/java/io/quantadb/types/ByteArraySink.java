package io.quantadb.types;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A {@link ByteSink} that grows a byte array; reusable after {@link #reset}. Not thread-safe. */
public final class ByteArraySink implements ByteSink {
    private byte[] array;
    private int length;

    public ByteArraySink() {
        this(64);
    }

    public ByteArraySink(int initialCapacity) {
        array = new byte[Math.max(initialCapacity, 16)];
    }

    private void require(int extra) {
        if (array.length - length < extra) {
            array = Arrays.copyOf(array, Math.max(array.length * 2, Math.addExact(length, extra)));
        }
    }

    @Override
    public void writeByte(int value) {
        require(1);
        array[length++] = (byte) value;
    }

    @Override
    public void writeBytes(byte[] source, int offset, int count) {
        require(count);
        System.arraycopy(source, offset, array, length, count);
        length += count;
    }

    @Override
    public void writeShort(int value) {
        require(2);
        ByteOrders.putShort(array, length, value);
        length += 2;
    }

    @Override
    public void writeInt(int value) {
        require(4);
        ByteOrders.putInt(array, length, value);
        length += 4;
    }

    @Override
    public void writeLong(long value) {
        require(8);
        ByteOrders.putLong(array, length, value);
        length += 8;
    }

    /** Overwrites four bytes written before, for length words known only afterwards. */
    public void setInt(int position, int value) {
        ByteOrders.putInt(array, position, value);
    }

    @Override
    @SuppressWarnings("deprecation") // String.getBytes(int, int, byte[], int) is the only copy-free ASCII path
    public void writeAscii(String text) {
        int count = text.length();
        require(count);
        text.getBytes(0, count, array, length);
        length += count;
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

    /** What was written, read as UTF-8. */
    @Override
    public String toString() {
        return new String(array, 0, length, StandardCharsets.UTF_8);
    }
}
