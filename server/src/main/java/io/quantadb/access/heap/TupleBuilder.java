package io.quantadb.access.heap;

import io.quantadb.base.Invariant;
import io.quantadb.base.Memory;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.storage.page.Page;
import io.quantadb.txn.TupleHeader;
import java.util.Arrays;

/**
 * Collects one row's values and forms its bytes. Reusable; confined to one thread. All attributes are NULL after
 * {@link #clear}.
 */
public final class TupleBuilder {
    /** Largest row version a page takes. */
    static final int LENGTH_MAX = Page.SIZE - Page.HEADER_SIZE - Page.align(Page.LINE_POINTER_SIZE);

    private final TupleLayout layout;
    private final int count;
    private final boolean[] present;
    /** Fixed attributes: long, or bits of a double. */
    private final long[] longs;
    /** Variable and fixed-bytes attributes: stored bytes. */
    private final byte[][] bytes;
    private final int[] starts;
    private final int[] lengths;
    private final boolean[] external;
    /** Copies of values taken from stored rows. */
    private byte[] copies = new byte[256];
    private int copied;
    private byte[] formed = new byte[256];
    private int formedLength;

    public TupleBuilder(TupleLayout layout) {
        this.layout = layout;
        count = layout.attributeCount();
        present = new boolean[count];
        longs = new long[count];
        bytes = new byte[count][];
        starts = new int[count];
        lengths = new int[count];
        external = new boolean[count];
    }

    public TupleLayout layout() {
        return layout;
    }

    /** Sets all attributes to NULL. */
    public TupleBuilder clear() {
        Arrays.fill(present, false);
        Arrays.fill(bytes, null);
        copied = 0;
        return this;
    }

    public TupleBuilder setNull(int attribute) {
        present[attribute] = false;
        bytes[attribute] = null;
        return this;
    }

    /** LONG and BOOL kinds. */
    public TupleBuilder setLong(int attribute, long value) {
        present[attribute] = true;
        longs[attribute] = value;
        return this;
    }

    public TupleBuilder setDouble(int attribute, double value) {
        present[attribute] = true;
        longs[attribute] = Double.doubleToRawLongBits(value);
        return this;
    }

    /** Any kind; null means NULL. */
    public TupleBuilder setObject(int attribute, Object value) {
        if (value == null) {
            return setNull(attribute);
        }
        var ops = layout.attribute(attribute).type().ops();
        switch (layout.code(attribute)) {
            case TupleLayout.VARIABLE, TupleLayout.FIXED_BYTES -> {
                byte[] encoded = ops.encode(value);
                setBytes(attribute, encoded, 0, encoded.length);
            }
            case TupleLayout.FLOAT4, TupleLayout.FLOAT8 -> setDouble(attribute, (Double) value);
            default -> setLong(attribute, ops.unbox(value));
        }
        return this;
    }

    /**
     * A variable-width attribute's stored bytes (TypeOps.encode's form), which the caller leaves unchanged until the
     * row is stored.
     */
    public TupleBuilder setBytes(int attribute, byte[] source, int offset, int length) {
        int width = layout.width(attribute);
        Invariant.check(width < 0 || width == length, "value of %d bytes for a column of width %d", length, width);
        present[attribute] = true;
        bytes[attribute] = source;
        starts[attribute] = offset;
        lengths[attribute] = length;
        external[attribute] = false;
        return this;
    }

    void setExternal(int attribute, byte[] pointer) {
        setBytes(attribute, pointer, 0, pointer.length);
        external[attribute] = true;
    }

    /**
     * Takes every attribute from a stored row of the same layout, values out of line by reference: the start of an
     * UPDATE's new row.
     */
    public TupleBuilder copyFrom(long tuple) {
        copied = 0;
        for (int i = 0; i < count; i++) {
            copyAttribute(i, tuple);
        }
        return this;
    }

    /** Takes one attribute from a stored row of the same layout. */
    public TupleBuilder copyAttribute(int attribute, long tuple) {
        if (attribute >= TupleHeader.natts(tuple)) {
            return setObject(attribute, layout.attribute(attribute).missing());
        }
        if (TupleReader.isNull(layout, tuple, attribute)) {
            return setNull(attribute);
        }
        switch (layout.code(attribute)) {
            case TupleLayout.VARIABLE -> {
                long range = TupleReader.variableBytes(layout, tuple, attribute);
                copyBytes(attribute, tuple + (range >>> 32), (int) range & 0xFFFF);
                external[attribute] = (range & 1L << 31) != 0;
            }
            case TupleLayout.FIXED_BYTES -> copyBytes(attribute,
                    TupleReader.dataAddress(layout, tuple) + layout.fixedOffset(attribute), layout.width(attribute));
            case TupleLayout.FLOAT4,
                    TupleLayout.FLOAT8 -> setDouble(attribute, TupleReader.getDouble(layout, tuple, attribute));
            default -> setLong(attribute, TupleReader.getLong(layout, tuple, attribute));
        }
        return this;
    }

    private void copyBytes(int attribute, long address, int length) {
        if (copied + length > copies.length) {
            // Earlier copies stay in the old array.
            copies = new byte[Math.max(copies.length * 2, length)];
            copied = 0;
        }
        Memory.copyToArray(address, copies, copied, length);
        setBytes(attribute, copies, copied, length);
        copied += length;
    }

    // ---- For the heap

    boolean isExternal(int attribute) {
        return present[attribute] && layout.code(attribute) == TupleLayout.VARIABLE && external[attribute];
    }

    /** Bytes of a variable attribute; 0 if NULL. */
    int variableLength(int attribute) {
        return present[attribute] && layout.code(attribute) == TupleLayout.VARIABLE ? lengths[attribute] : 0;
    }

    byte[] variableArray(int attribute) {
        return bytes[attribute];
    }

    int variableStart(int attribute) {
        return starts[attribute];
    }

    private boolean hasNulls() {
        for (boolean each : present) {
            if (!each) {
                return true;
            }
        }
        return false;
    }

    /** Length of the row as it stands. */
    int length() {
        int length = TupleHeader.SIZE_BYTES + (hasNulls() ? TupleLayout.bitmapSize(count) : 0) + layout.fixedSize(count)
                + layout.variableCount(count) * 2;
        for (int i = 0; i < count; i++) {
            length += variableLength(i);
        }
        return length;
    }

    /**
     * Forms the bytes: header with natts and the data's infomask bits, the rest of it zero.
     *
     * @return the length; the bytes are in {@link #array}
     */
    int form() {
        int length = length();
        if (length > LENGTH_MAX) {
            throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED,
                    "row is too big: size " + length + ", maximum size " + LENGTH_MAX);
        }
        if (formed.length < length + 8) {
            formed = new byte[Math.max(length + 8, formed.length * 2)];
        }
        Arrays.fill(formed, 0, length, (byte) 0);
        boolean nulls = hasNulls();
        int infomask = nulls ? TupleHeader.HAS_NULLS : 0;
        int data = TupleHeader.SIZE_BYTES + (nulls ? TupleLayout.bitmapSize(count) : 0);
        int ends = data + layout.fixedSize(count);
        int at = ends + layout.variableCount(count) * 2;
        for (int i = 0; i < count; i++) {
            if (!present[i]) {
                formed[TupleHeader.SIZE_BYTES + (i >>> 3)] |= (byte) (1 << (i & 7));
            }
            if (layout.code(i) != TupleLayout.VARIABLE) {
                if (present[i]) {
                    putFixed(i, data + layout.fixedOffset(i));
                }
                continue;
            }
            int end = at;
            if (present[i]) {
                System.arraycopy(bytes[i], starts[i], formed, at, lengths[i]);
                at += lengths[i];
                end = at;
                if (external[i]) {
                    end |= TupleLayout.EXTERNAL;
                    infomask |= TupleHeader.HAS_EXTERNAL;
                }
            }
            putShort(ends + layout.variableNumber(i) * 2, end);
        }
        putShort(TupleHeader.INFOMASK, infomask);
        putShort(TupleHeader.NATTS, count);
        formedLength = length;
        return length;
    }

    private void putFixed(int attribute, int at) {
        long value = longs[attribute];
        switch (layout.code(attribute)) {
            case TupleLayout.INT8, TupleLayout.FLOAT8 -> Memory.putLong(formed, at, value);
            case TupleLayout.INT4, TupleLayout.UINT4 -> Memory.putInt(formed, at, (int) value);
            case TupleLayout.FLOAT4 ->
                    Memory.putInt(formed, at, Float.floatToRawIntBits((float) Double.longBitsToDouble(value)));
            case TupleLayout.INT2, TupleLayout.UINT2 -> putShort(at, (int) value);
            case TupleLayout.INT1, TupleLayout.UINT1 -> formed[at] = (byte) value;
            default -> System.arraycopy(bytes[attribute], starts[attribute], formed, at, lengths[attribute]);
        }
    }

    private void putShort(int at, int value) {
        formed[at] = (byte) value;
        formed[at + 1] = (byte) (value >>> 8);
    }

    byte[] array() {
        return formed;
    }

    int formedLength() {
        return formedLength;
    }

    int infomask() {
        return formed[TupleHeader.INFOMASK] & 0xFF | (formed[TupleHeader.INFOMASK + 1] & 0xFF) << 8;
    }
}
