package io.quantadb.access.heap;

import io.quantadb.base.Memory;
import io.quantadb.txn.TupleHeader;
import io.quantadb.types.TypeOps;

/**
 * Reads attributes (0-based) of a row version at an address that stays pinned. Static, allocation-free except for
 * objects; layout: {@link TupleLayout}.
 *
 * <p>Attributes that a short row lacks read as their missing value. Getters of primitives give 0 for NULL: ask
 * {@link #isNull} first.
 */
public final class TupleReader {
    private TupleReader() {
    }

    public static boolean isNull(TupleLayout layout, long tuple, int attribute) {
        if (attribute >= TupleHeader.natts(tuple)) {
            return layout.attribute(attribute).missing() == null;
        }
        return (TupleHeader.infomask(tuple) & TupleHeader.HAS_NULLS) != 0 && isNullBit(tuple, attribute);
    }

    private static boolean isNullBit(long tuple, int attribute) {
        return (Memory.getByte(tuple + TupleHeader.SIZE_BYTES + (attribute >>> 3)) >>> (attribute & 7) & 1) != 0;
    }

    /** Start of the fixed-width part. */
    public static long dataAddress(TupleLayout layout, long tuple) {
        return tuple + dataOffset(tuple);
    }

    /** Offset of the fixed-width part from the version's first byte. */
    static int dataOffset(long tuple) {
        return (TupleHeader.infomask(tuple) & TupleHeader.HAS_NULLS) == 0 ? TupleHeader.SIZE_BYTES
                : TupleHeader.SIZE_BYTES + TupleLayout.bitmapSize(TupleHeader.natts(tuple));
    }

    /** LONG and BOOL kinds. */
    public static long getLong(TupleLayout layout, long tuple, int attribute) {
        if (attribute >= TupleHeader.natts(tuple)) {
            Object missing = layout.attribute(attribute).missing();
            return missing == null ? 0 : layout.attribute(attribute).type().ops().unbox(missing);
        }
        return readLong(layout.code(attribute), tuple + dataOffset(tuple) + layout.fixedOffset(attribute));
    }

    static long readLong(byte code, long at) {
        return switch (code) {
            case TupleLayout.INT8 -> Memory.getLong(at);
            case TupleLayout.INT4 -> Memory.getInt(at);
            case TupleLayout.UINT4 -> Memory.getInt(at) & 0xFFFFFFFFL;
            case TupleLayout.INT2 -> Memory.getShort(at);
            case TupleLayout.UINT2 -> Memory.getUnsignedShort(at);
            case TupleLayout.INT1 -> Memory.getByte(at);
            case TupleLayout.UINT1 -> Memory.getUnsignedByte(at);
            default -> throw io.quantadb.base.Invariant.broken("attribute with code %s read as long", code);
        };
    }

    public static double getDouble(TupleLayout layout, long tuple, int attribute) {
        if (attribute >= TupleHeader.natts(tuple)) {
            Object missing = layout.attribute(attribute).missing();
            return missing == null ? 0 : (Double) missing;
        }
        long at = tuple + dataOffset(tuple) + layout.fixedOffset(attribute);
        return layout.code(attribute) == TupleLayout.FLOAT4 ? Memory.getFloat(at) : Memory.getDouble(at);
    }

    /**
     * Any kind, boxed; null for NULL.
     *
     * @param toast fetches values stored out of line; may be null if the row has none
     */
    public static Object getObject(TupleLayout layout, long tuple, int attribute, ToastReader toast) {
        if (attribute >= TupleHeader.natts(tuple)) {
            return layout.attribute(attribute).missing();
        }
        if (isNull(layout, tuple, attribute)) {
            return null;
        }
        TypeOps ops = layout.attribute(attribute).type().ops();
        byte code = layout.code(attribute);
        return switch (code) {
            case TupleLayout.FLOAT4, TupleLayout.FLOAT8 -> getDouble(layout, tuple, attribute);
            case TupleLayout.FIXED_BYTES -> ops.decode(tuple + dataOffset(tuple) + layout.fixedOffset(attribute),
                    layout.width(attribute));
            case TupleLayout.VARIABLE -> getVariable(layout, tuple, attribute, ops, toast);
            default -> ops.box(readLong(code, tuple + dataOffset(tuple) + layout.fixedOffset(attribute)));
        };
    }

    private static Object getVariable(TupleLayout layout, long tuple, int attribute, TypeOps ops, ToastReader toast) {
        long range = variableBytes(layout, tuple, attribute);
        long address = tuple + (range >>> 32);
        int length = (int) range & 0xFFFF;
        if ((range & 1L << 31) == 0) {
            return ops.decode(address, length);
        }
        byte[] bytes = ToastPointer.resolve(address, length, toast);
        return ops.decode(bytes, 0, bytes.length);
    }

    /** Offset from the tuple &lt;&lt; 32 | 1 &lt;&lt; 31 if external | length, of a variable attribute the row has. */
    static long variableBytes(TupleLayout layout, long tuple, int attribute) {
        int natts = TupleHeader.natts(tuple);
        int number = layout.variableNumber(attribute);
        int ends = dataOffset(tuple) + layout.fixedSize(natts);
        int end = Memory.getUnsignedShort(tuple + ends + number * 2);
        int start = number == 0 ? ends + layout.variableCount(natts) * 2
                : Memory.getUnsignedShort(tuple + ends + number * 2 - 2) & ~TupleLayout.EXTERNAL;
        boolean external = (end & TupleLayout.EXTERNAL) != 0;
        int length = (end & ~TupleLayout.EXTERNAL) - start;
        return (long) start << 32 | (external ? 1L << 31 : 0) | length;
    }

    /**
     * Where a variable-width value's stored bytes are, for zero-copy reading. Not for NULL.
     *
     * @return offset from {@code tuple} &lt;&lt; 32 | length; -1 if the value is compressed, out of line, or the
     *     missing value (use getObject)
     */
    public static long inlineBytes(TupleLayout layout, long tuple, int attribute) {
        if (attribute >= TupleHeader.natts(tuple)) {
            return -1;
        }
        long range = variableBytes(layout, tuple, attribute);
        return (range & 1L << 31) != 0 ? -1 : range;
    }

    /**
     * Bytes a compressed or out-of-line value takes in its row; 0 if the attribute is stored plainly, missing or NULL.
     */
    public static int externalLength(TupleLayout layout, long tuple, int attribute) {
        if (layout.isFixed(attribute) || attribute >= TupleHeader.natts(tuple) || isNull(layout, tuple, attribute)) {
            return 0;
        }
        long range = variableBytes(layout, tuple, attribute);
        return (range & 1L << 31) != 0 ? (int) range & 0xFFFF : 0;
    }

    /**
     * Stored bytes of any variable-width value that is not NULL, decompressed and fetched if needed: TypeOps.encode's
     * form.
     */
    public static byte[] getBytes(TupleLayout layout, long tuple, int attribute, ToastReader toast) {
        if (attribute >= TupleHeader.natts(tuple)) {
            return layout.attribute(attribute).type().ops().encode(layout.attribute(attribute).missing());
        }
        long range = variableBytes(layout, tuple, attribute);
        int length = (int) range & 0xFFFF;
        if ((range & 1L << 31) != 0) {
            return ToastPointer.resolve(tuple + (range >>> 32), length, toast);
        }
        byte[] bytes = new byte[length];
        Memory.copyToArray(tuple + (range >>> 32), bytes, 0, length);
        return bytes;
    }
}
