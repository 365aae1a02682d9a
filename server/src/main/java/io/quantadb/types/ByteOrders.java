package io.quantadb.types;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Big-endian (wire, keys) and little-endian (disk) integers in byte arrays. */
public final class ByteOrders {
    private static final VarHandle SHORT = view(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = view(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = view(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT_LE = view(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG_LE = view(long[].class, ByteOrder.LITTLE_ENDIAN);

    private ByteOrders() {
    }

    private static VarHandle view(Class<?> type, ByteOrder order) {
        return MethodHandles.byteArrayViewVarHandle(type, order);
    }

    public static void putShort(byte[] array, int offset, int value) {
        SHORT.set(array, offset, (short) value);
    }

    public static void putInt(byte[] array, int offset, int value) {
        INT.set(array, offset, value);
    }

    public static void putLong(byte[] array, int offset, long value) {
        LONG.set(array, offset, value);
    }

    public static short getShort(byte[] array, int offset) {
        return (short) SHORT.get(array, offset);
    }

    public static int getInt(byte[] array, int offset) {
        return (int) INT.get(array, offset);
    }

    public static long getLong(byte[] array, int offset) {
        return (long) LONG.get(array, offset);
    }

    public static void putIntLe(byte[] array, int offset, int value) {
        INT_LE.set(array, offset, value);
    }

    public static void putLongLe(byte[] array, int offset, long value) {
        LONG_LE.set(array, offset, value);
    }

    public static int getIntLe(byte[] array, int offset) {
        return (int) INT_LE.get(array, offset);
    }

    public static long getLongLe(byte[] array, int offset) {
        return (long) LONG_LE.get(array, offset);
    }
}
