package io.quantadb.base;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import sun.misc.Unsafe;

/**
 * The one place that touches off-heap memory: little-endian, unaligned access by absolute address.
 *
 * <p>No bounds are checked: callers own the address range (a pinned buffer, a WAL buffer). An access outside it takes
 * the
 * process down, which is why only the storage, access and WAL packages use this class.
 *
 * <p>{@code sun.misc.Unsafe} and a MemorySegment over all addresses ran at the same speed once warm; the segment's
 * first pass took 1.3 to 1.7
 * times as long. Replacing it is a change to this class alone.
 */
public final class Memory {
    private static final Unsafe UNSAFE = unsafe();
    private static final long BYTES = Unsafe.ARRAY_BYTE_BASE_OFFSET;

    static {
        Invariant.check(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN,
                "QuantaDB runs on little-endian machines only");
    }

    private Memory() {
    }

    private static Unsafe unsafe() {
        try {
            Field field = Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (Unsafe) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Allocates zeroed memory that is never returned before {@link #free}. */
    public static long allocate(long sizeBytes) {
        long address = UNSAFE.allocateMemory(sizeBytes);
        UNSAFE.setMemory(address, sizeBytes, (byte) 0);
        return address;
    }

    public static void free(long address) {
        UNSAFE.freeMemory(address);
    }

    public static byte getByte(long address) {
        return UNSAFE.getByte(address);
    }

    public static int getUnsignedByte(long address) {
        return UNSAFE.getByte(address) & 0xFF;
    }

    public static short getShort(long address) {
        return UNSAFE.getShort(address);
    }

    public static int getUnsignedShort(long address) {
        return UNSAFE.getShort(address) & 0xFFFF;
    }

    public static int getInt(long address) {
        return UNSAFE.getInt(address);
    }

    public static long getLong(long address) {
        return UNSAFE.getLong(address);
    }

    public static double getDouble(long address) {
        return UNSAFE.getDouble(address);
    }

    public static float getFloat(long address) {
        return UNSAFE.getFloat(address);
    }

    public static void putByte(long address, int value) {
        UNSAFE.putByte(address, (byte) value);
    }

    public static void putShort(long address, int value) {
        UNSAFE.putShort(address, (short) value);
    }

    public static void putInt(long address, int value) {
        UNSAFE.putInt(address, value);
    }

    public static void putLong(long address, long value) {
        UNSAFE.putLong(address, value);
    }

    public static void putDouble(long address, double value) {
        UNSAFE.putDouble(address, value);
    }

    public static void putFloat(long address, float value) {
        UNSAFE.putFloat(address, value);
    }

    public static long getLongVolatile(long address) {
        return UNSAFE.getLongVolatile(null, address);
    }

    public static void putLongVolatile(long address, long value) {
        UNSAFE.putLongVolatile(null, address, value);
    }

    public static boolean compareAndSetLong(long address, long expected, long value) {
        return UNSAFE.compareAndSwapLong(null, address, expected, value);
    }

    public static int getIntVolatile(long address) {
        return UNSAFE.getIntVolatile(null, address);
    }

    public static void putIntVolatile(long address, int value) {
        UNSAFE.putIntVolatile(null, address, value);
    }

    /** Adds atomically and returns the value before. */
    public static long getAndAddLong(long address, long delta) {
        return UNSAFE.getAndAddLong(null, address, delta);
    }

    /** Orders loads before it against loads and stores after it: the read side of an optimistic latch. */
    public static void loadFence() {
        UNSAFE.loadFence();
    }

    public static void copy(long source, long target, long length) {
        UNSAFE.copyMemory(source, target, length);
    }

    public static void copyToArray(long source, byte[] target, int targetOffset, int length) {
        UNSAFE.copyMemory(null, source, target, BYTES + targetOffset, length);
    }

    public static void copyFromArray(byte[] source, int sourceOffset, long target, int length) {
        UNSAFE.copyMemory(source, BYTES + sourceOffset, null, target, length);
    }

    public static void fill(long address, long length, int value) {
        UNSAFE.setMemory(address, length, (byte) value);
    }

    /** Eight bytes of an array, little-endian: the in-heap counterpart of {@link #getLong(long)}. */
    public static long getLong(byte[] array, int offset) {
        return UNSAFE.getLong(array, BYTES + offset);
    }

    public static int getInt(byte[] array, int offset) {
        return UNSAFE.getInt(array, BYTES + offset);
    }

    public static void putLong(byte[] array, int offset, long value) {
        UNSAFE.putLong(array, BYTES + offset, value);
    }

    public static void putInt(byte[] array, int offset, int value) {
        UNSAFE.putInt(array, BYTES + offset, value);
    }

    /** Unsigned lexicographic comparison of two off-heap ranges; a proper prefix sorts first. */
    public static int compare(long left, int leftLength, long right, int rightLength) {
        int common = Math.min(leftLength, rightLength);
        int at = 0;
        for (; at + 8 <= common; at += 8) {
            long a = UNSAFE.getLong(left + at);
            long b = UNSAFE.getLong(right + at);
            if (a != b) {
                return Long.compareUnsigned(Long.reverseBytes(a), Long.reverseBytes(b));
            }
        }
        for (; at < common; at++) {
            int difference = (UNSAFE.getByte(left + at) & 0xFF) - (UNSAFE.getByte(right + at) & 0xFF);
            if (difference != 0) {
                return difference;
            }
        }
        return leftLength - rightLength;
    }

    /** Unsigned lexicographic comparison of an off-heap range with the first {@code rightLength} bytes of an array. */
    public static int compare(long left, int leftLength, byte[] right, int rightLength) {
        int common = Math.min(leftLength, rightLength);
        int at = 0;
        for (; at + 8 <= common; at += 8) {
            long a = UNSAFE.getLong(left + at);
            long b = UNSAFE.getLong(right, BYTES + at);
            if (a != b) {
                return Long.compareUnsigned(Long.reverseBytes(a), Long.reverseBytes(b));
            }
        }
        for (; at < common; at++) {
            int difference = (UNSAFE.getByte(left + at) & 0xFF) - (right[at] & 0xFF);
            if (difference != 0) {
                return difference;
            }
        }
        return leftLength - rightLength;
    }

    /** Address of a direct buffer's first byte (its position is not added). */
    public static long addressOf(ByteBuffer direct) {
        return org.agrona.BufferUtil.address(direct);
    }
}
