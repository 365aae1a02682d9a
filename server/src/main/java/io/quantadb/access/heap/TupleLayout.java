package io.quantadb.access.heap;

import io.quantadb.base.Invariant;
import io.quantadb.txn.TupleHeader;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import java.util.List;

/**
 * Where the columns of a relation's rows are. Immutable; cached by descriptors.
 *
 * <p>A row version, little-endian:
 *
 * <pre>
 * header           {@link TupleHeader}, 32 bytes
 * null bitmap      (natts + 7) / 8 bytes, only with HAS_NULLS; bit n mod 8 of byte n / 8 set: attribute n is NULL
 * fixed columns    in declared order, unaligned; a NULL keeps its space (zeros)
 * end offsets      u16 for each variable-width column, from the version's first byte; bit 15: the bytes are not the
 * value itself, see {@link ToastPointer}
 * variable bytes   back to back; NULL and empty values have none
 * </pre>
 *
 * A row with fewer attributes than the layout (stored before ALTER TABLE ... ADD COLUMN) is laid out as if only that
 * prefix existed. Fixed columns are at the
 * same offsets in every prefix, because they are in declared order.
 */
public final class TupleLayout {
    /** PostgreSQL's limit of columns of a table. */
    public static final int ATTRIBUTES_MAX = 1600;
    /** Bit of an end offset: the bytes are not the value itself. */
    public static final int EXTERNAL = 0x8000;

    static final byte INT8 = 0;
    static final byte INT4 = 1;
    static final byte UINT4 = 2;
    static final byte INT2 = 3;
    static final byte UINT2 = 4;
    static final byte INT1 = 5;
    static final byte UINT1 = 6;
    static final byte FLOAT8 = 7;
    static final byte FLOAT4 = 8;
    static final byte FIXED_BYTES = 9;
    static final byte VARIABLE = 10;

    private final HeapAttribute[] attributes;
    private final byte[] codes;
    private final int[] widths;
    /** Fixed: offset from the fixed part; variable: number among the variable ones. */
    private final int[] places;
    /** By number of attributes stored: bytes of the fixed part, number of variable columns. */
    private final int[] fixedSizes;
    private final int[] variableCounts;

    private TupleLayout(List<HeapAttribute> list) {
        int count = list.size();
        Invariant.check(count <= ATTRIBUTES_MAX, "%d columns, limit is %d", count, ATTRIBUTES_MAX);
        attributes = list.toArray(new HeapAttribute[0]);
        codes = new byte[count];
        widths = new int[count];
        places = new int[count];
        fixedSizes = new int[count + 1];
        variableCounts = new int[count + 1];
        for (int i = 0; i < count; i++) {
            PgType type = attributes[i].type();
            widths[i] = type.storageWidth();
            codes[i] = code(type);
            boolean fixed = widths[i] >= 0;
            places[i] = fixed ? fixedSizes[i] : variableCounts[i];
            fixedSizes[i + 1] = fixedSizes[i] + (fixed ? widths[i] : 0);
            variableCounts[i + 1] = variableCounts[i] + (fixed ? 0 : 1);
        }
    }

    public static TupleLayout of(List<HeapAttribute> attributes) {
        return new TupleLayout(attributes);
    }

    /** One variable-width column that is only ever set and read as stored bytes: chunks of large values. */
    static TupleLayout bytes() {
        return new TupleLayout();
    }

    private TupleLayout() {
        attributes = new HeapAttribute[1];
        codes = new byte[] {VARIABLE};
        widths = new int[] {-1};
        places = new int[1];
        fixedSizes = new int[2];
        variableCounts = new int[] {0, 1};
    }

    /** Whether the rows are chunks of large values, which are never shrunk themselves. */
    boolean isChunks() {
        return attributes.length == 1 && attributes[0] == null;
    }

    private static byte code(PgType type) {
        if (type.storageWidth() < 0) {
            return VARIABLE;
        }
        if (type.kind() == PhysicalKind.OBJECT) {
            return FIXED_BYTES;
        }
        if (type.kind() == PhysicalKind.DOUBLE) {
            return type.storageWidth() == 4 ? FLOAT4 : FLOAT8;
        }
        boolean unsigned = type.unsigned();
        return switch (type.storageWidth()) {
            case 1 -> unsigned ? UINT1 : INT1;
            case 2 -> unsigned ? UINT2 : INT2;
            case 4 -> unsigned ? UINT4 : INT4;
            case 8 -> INT8;
            default -> throw Invariant.broken("type %s of kind %s has width %s", type, type.kind(),
                    type.storageWidth());
        };
    }

    public int attributeCount() {
        return attributes.length;
    }

    public HeapAttribute attribute(int attribute) {
        return attributes[attribute];
    }

    /** Whether the attribute (0-based) is stored in the fixed-width part. */
    public boolean isFixed(int attribute) {
        return widths[attribute] >= 0;
    }

    /** Offset of a fixed attribute from {@link TupleReader#dataAddress}; the same in rows with fewer attributes. */
    public int fixedOffset(int attribute) {
        return places[attribute];
    }

    /** Bytes of a fixed attribute, -1 for a variable one. */
    public int width(int attribute) {
        return widths[attribute];
    }

    /** Offset of the end offsets from the first byte of a version that has all attributes and no null bitmap. */
    public int endsOffset() {
        return TupleHeader.SIZE_BYTES + fixedSizes[attributes.length];
    }

    /** Offset of the first variable byte in such a version. */
    public int variableOffset() {
        return endsOffset() + 2 * variableCounts[attributes.length];
    }

    byte code(int attribute) {
        return codes[attribute];
    }

    /** Number of a variable attribute among the variable ones. */
    public int variableNumber(int attribute) {
        return places[attribute];
    }

    int fixedSize(int natts) {
        return fixedSizes[natts];
    }

    int variableCount(int natts) {
        return variableCounts[natts];
    }

    static int bitmapSize(int natts) {
        return natts + 7 >>> 3;
    }
}
