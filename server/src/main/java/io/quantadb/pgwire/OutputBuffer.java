package io.quantadb.pgwire;

import io.quantadb.base.Memory;
import io.quantadb.types.ByteSink;
import java.util.Arrays;

/** Messages being assembled: a growing array, big-endian. Confined to the thread that runs the session. */
final class OutputBuffer implements ByteSink {
    private static final int INITIAL = 1024;
    /** A buffer that grew beyond this for one large result is not kept. */
    private static final int KEEP = 1 << 18;

    private byte[] bytes = new byte[INITIAL];
    private int length;

    int length() {
        return length;
    }

    byte[] array() {
        return bytes;
    }

    void truncate(int newLength) {
        length = newLength;
    }

    void clear() {
        length = 0;
        if (bytes.length > KEEP) {
            bytes = new byte[INITIAL];
        }
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            grow(more);
        }
    }

    private void grow(int more) {
        long wanted = Math.max((long) length + more, 2L * bytes.length);
        bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
    }

    /** Begins a message. @return where its length goes, for {@link #end} */
    int begin(char type) {
        reserve(5);
        bytes[length] = (byte) type;
        int at = length + 1;
        length += 5;
        return at;
    }

    /** Ends the message begun at {@code at}. */
    void end(int at) {
        putInt(at, length - at);
    }

    /** Leaves room for an int. @return its place, for {@link #putInt} */
    int skipInt() {
        reserve(4);
        int at = length;
        length += 4;
        return at;
    }

    void putInt(int at, int value) {
        Memory.putInt(bytes, at, Integer.reverseBytes(value));
    }

    @Override
    public void writeByte(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
    }

    @Override
    public void writeBytes(byte[] source, int offset, int count) {
        reserve(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    @Override
    public void writeShort(int value) {
        reserve(2);
        bytes[length] = (byte) (value >> 8);
        bytes[length + 1] = (byte) value;
        length += 2;
    }

    @Override
    public void writeInt(int value) {
        reserve(4);
        Memory.putInt(bytes, length, Integer.reverseBytes(value));
        length += 4;
    }

    @Override
    public void writeLong(long value) {
        reserve(8);
        Memory.putLong(bytes, length, Long.reverseBytes(value));
        length += 8;
    }

    /** A zero-terminated string. */
    void writeString(String text) {
        writeUtf8(text);
        writeByte(0);
    }
}
