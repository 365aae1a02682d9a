package io.quantadb.types;

import io.quantadb.base.Invariant;
import io.quantadb.base.Memory;

import java.math.BigInteger;

/** The stored form of numeric; layout in {@link NumericOps}. */
public final class NumericStorage {
    /** Bytes of a compact value. */
    public static final int COMPACT_SIZE = 9;

    private static final int BIG = 0x80;
    private static final int NAN = 0x81;
    private static final int POSITIVE_INFINITY = 0x82;
    private static final int NEGATIVE_INFINITY = 0x83;

    private NumericStorage() {
    }

    /** Whether the stored value is a scaled long; then {@link #scale} and {@link #unscaled} may be asked. */
    public static boolean isCompact(long address) {
        return Memory.getByte(address) >= 0;
    }

    public static int scale(long address) {
        return Memory.getByte(address);
    }

    public static long unscaled(long address) {
        return Memory.getLong(address + 1);
    }

    static byte[] encode(Numeric value) {
        if (value.isCompact() && value.scale() < BIG) {
            byte[] bytes = new byte[COMPACT_SIZE];
            bytes[0] = (byte) value.scale();
            ByteOrders.putLongLe(bytes, 1, value.unscaledLong());
            return bytes;
        }
        if (!value.isFinite()) {
            return new byte[] {(byte) (value.isNaN() ? NAN : value.signum() > 0 ? POSITIVE_INFINITY
                    : NEGATIVE_INFINITY)};
        }
        byte[] digits = value.unscaledBig().toByteArray();
        byte[] bytes = new byte[3 + digits.length];
        bytes[0] = (byte) BIG;
        bytes[1] = (byte) value.scale();
        bytes[2] = (byte) (value.scale() >> 8);
        System.arraycopy(digits, 0, bytes, 3, digits.length);
        return bytes;
    }

    static Numeric decode(byte[] buffer, int offset, int length) {
        int tag = buffer[offset] & 0xFF;
        if (tag < BIG) {
            return Numeric.of(ByteOrders.getLongLe(buffer, offset + 1), tag);
        }
        return switch (tag) {
            case BIG -> Numeric.of(new BigInteger(buffer, offset + 3, length - 3),
                    buffer[offset + 1] & 0xFF | (buffer[offset + 2] & 0xFF) << 8);
            case NAN -> Numeric.NAN;
            case POSITIVE_INFINITY -> Numeric.POSITIVE_INFINITY;
            case NEGATIVE_INFINITY -> Numeric.NEGATIVE_INFINITY;
            default -> throw Invariant.broken("unknown stored numeric tag %s", tag);
        };
    }
}
