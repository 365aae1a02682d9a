package io.quantadb.types.key;

import io.quantadb.types.ByteOrders;

/** A cursor over the bytes of a key. Not thread-safe. */
public final class KeyReader {
    private final byte[] array;
    private final int limit;
    private int position;
    /** 0 for ascending columns, -1 for descending ones: every byte read is combined with it. */
    private int inversion;

    public KeyReader(byte[] array, int offset, int length) {
        this.array = array;
        this.position = offset;
        this.limit = offset + length;
    }

    public int position() {
        return position;
    }

    public boolean atEnd() {
        return position >= limit;
    }

    /** Whether the next column is NULL. */
    public boolean isNull() {
        return array[position] != KeyEncoder.VALUE;
    }

    void setDescending(boolean descending) {
        inversion = descending ? -1 : 0;
    }

    /** The next byte as it stands, unsigned. */
    int rawByte() {
        return array[position++] & 0xFF;
    }

    int readByte() {
        return (array[position++] ^ inversion) & 0xFF;
    }

    int peekByte() {
        return (array[position] ^ inversion) & 0xFF;
    }

    int readShort() {
        position += 2;
        return (short) (ByteOrders.getShort(array, position - 2) ^ inversion);
    }

    int readInt() {
        position += 4;
        return ByteOrders.getInt(array, position - 4) ^ inversion;
    }

    long readLong() {
        position += 8;
        return ByteOrders.getLong(array, position - 8) ^ inversion;
    }
}
