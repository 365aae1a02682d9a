package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/**
 * Array types over any element type, and int2vector and oidvector.
 *
 * <p>Stored form, little-endian: byte 0 the number of dimensions, with 0x80 added if there are nulls; per dimension its
 * length and lower bound (4 bytes each); a null bitmap (bit set = null) if there are nulls; then the non-null
 * elements: fixed-width ones back to back, others each behind a 4-byte length.
 */
public final class ArrayOps extends ObjectOps {
    /** Elements an array may have, as in PostgreSQL. */
    static final int SIZE_MAX = 0x3FFF_FFFF / 8;

    private static final int HAS_NULLS = 0x80;

    private final PgType fixedElement;
    private final int elementOid;
    private final boolean vector;

    ArrayOps(PgType element) {
        super(element.name() + "[]");
        this.fixedElement = element;
        this.elementOid = element.oid();
        this.vector = false;
    }

    /** For built-in types, whose element may be registered later. */
    ArrayOps(String name, int elementOid, boolean vector) {
        super(name);
        this.fixedElement = null;
        this.elementOid = elementOid;
        this.vector = vector;
    }

    public PgType element() {
        return fixedElement != null ? fixedElement : BuiltinTypes.get(elementOid);
    }

    @Override
    public String toText(Object value, TextContext ctx) {
        return vector ? ArrayText.formatVector((ArrayValue) value) : ArrayText.format((ArrayValue) value, ctx);
    }

    @Override
    public Object fromText(String text, int typmod, TextContext ctx) {
        return vector ? ArrayText.parseVector(text, element()) : ArrayText.parse(text, element(), typmod, ctx);
    }

    @Override
    public void writeBinary(Object value, ByteSink out) {
        ArrayValue array = (ArrayValue) value;
        out.writeInt(array.dimensionCount());
        out.writeInt(array.hasNulls() ? 1 : 0);
        out.writeInt(array.elementOid());
        for (int i = 0; i < array.dimensionCount(); i++) {
            out.writeInt(array.dimension(i));
            out.writeInt(array.lowerBound(i));
        }
        TypeOps ops = array.elementType().ops();
        ByteArraySink element = new ByteArraySink();
        for (Object item : array.elements()) {
            if (item == null) {
                out.writeInt(-1);
                continue;
            }
            element.reset();
            ops.writeBinary(item, element);
            out.writeInt(element.length());
            out.writeBytes(element.array(), 0, element.length());
        }
    }

    @Override
    public Object fromBinary(WireReader in, int typmod) {
        int dimensionCount = in.readInt();
        if (dimensionCount < 0) {
            throw invalidBinary("invalid number of dimensions: " + dimensionCount);
        }
        if (dimensionCount > ArrayValue.MAX_DIMENSIONS) {
            throw tooManyDimensions(dimensionCount);
        }
        int flags = in.readInt();
        if (flags != 0 && flags != 1) {
            throw invalidBinary("invalid array flags");
        }
        int sentOid = in.readInt();
        PgType element = element();
        if (sentOid != element.oid()) {
            throw new SqlException(SqlState.DATATYPE_MISMATCH, "binary data has array element type " + sentOid + " ("
                    + TypeNames.formatType(sentOid, -1) + ") instead of expected " + element.oid() + " ("
                    + TypeNames.formatType(element.oid(), -1) + ")");
        }
        int[] dimensions = new int[dimensionCount];
        int[] lowerBounds = new int[dimensionCount];
        for (int i = 0; i < dimensionCount; i++) {
            dimensions[i] = in.readInt();
            lowerBounds[i] = in.readInt();
            checkUpperBound(dimensions[i], lowerBounds[i]);
        }
        int count = checkedSize(dimensions);
        Object[] elements = new Object[Math.min(count, in.remaining() / 4)];
        for (int i = 0; i < count; i++) {
            int length = in.readInt();
            if (length < -1) {
                throw invalidBinary("insufficient data left in message");
            }
            elements[i] = length == -1 ? null : readElement(in.slice(length), element, typmod);
        }
        return count == 0 ? ArrayValue.empty(element) : new ArrayValue(element, dimensions, lowerBounds, elements);
    }

    private static Object readElement(WireReader in, PgType element, int typmod) {
        Object value = element.ops().fromBinary(in, typmod);
        in.expectEnd("array element");
        return value;
    }

    static SqlException tooManyDimensions(int count) {
        return new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "number of array dimensions (" + count
                + ") exceeds the maximum allowed (" + ArrayValue.MAX_DIMENSIONS + ")");
    }

    private static SqlException invalidBinary(String message) {
        return new SqlException(SqlState.INVALID_BINARY_REPRESENTATION, message);
    }

    private static void checkUpperBound(int dimension, int lowerBound) {
        if ((long) dimension + lowerBound > Integer.MAX_VALUE) {
            throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "array lower bound is too large: " + lowerBound);
        }
    }

    /** Number of elements; 54000 if there would be too many. */
    public static int checkedSize(int[] dimensions) {
        if (dimensions.length == 0) {
            return 0;
        }
        long size = 1;
        for (int dimension : dimensions) {
            size = dimension < 0 ? Long.MAX_VALUE : size * dimension;
            if (size > SIZE_MAX) {
                throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED,
                        "array size exceeds the maximum allowed (" + SIZE_MAX + ")");
            }
        }
        return (int) size;
    }

    @Override
    public byte[] encode(Object value) {
        ArrayValue array = (ArrayValue) value;
        TypeOps ops = array.elementType().ops();
        Object[] elements = array.elements();
        boolean nulls = array.hasNulls();
        ByteArraySink out = new ByteArraySink(16 + elements.length * Math.max(ops.storageWidth(), 8));
        out.writeByte(array.dimensionCount() | (nulls ? HAS_NULLS : 0));
        for (int i = 0; i < array.dimensionCount(); i++) {
            out.writeInt(Integer.reverseBytes(array.dimension(i)));
            out.writeInt(Integer.reverseBytes(array.lowerBound(i)));
        }
        if (nulls) {
            for (int i = 0; i < elements.length; i += 8) {
                int bits = 0;
                for (int j = i; j < Math.min(i + 8, elements.length); j++) {
                    bits |= elements[j] == null ? 1 << j - i : 0;
                }
                out.writeByte(bits);
            }
        }
        for (Object element : elements) {
            if (element != null) {
                byte[] bytes = ops.encode(element);
                if (ops.storageWidth() < 0) {
                    out.writeInt(Integer.reverseBytes(bytes.length));
                }
                out.writeBytes(bytes);
            }
        }
        return out.toByteArray();
    }

    @Override
    public Object decode(byte[] buffer, int offset, int length) {
        PgType element = element();
        int header = buffer[offset] & 0xFF;
        int dimensionCount = header & ~HAS_NULLS;
        if (dimensionCount == 0) {
            return ArrayValue.empty(element);
        }
        int at = offset + 1;
        int[] dimensions = new int[dimensionCount];
        int[] lowerBounds = new int[dimensionCount];
        int count = 1;
        for (int i = 0; i < dimensionCount; i++) {
            dimensions[i] = ByteOrders.getIntLe(buffer, at);
            lowerBounds[i] = ByteOrders.getIntLe(buffer, at + 4);
            count *= dimensions[i];
            at += 8;
        }
        int bitmap = at;
        boolean nulls = (header & HAS_NULLS) != 0;
        at += nulls ? (count + 7) / 8 : 0;
        TypeOps ops = element.ops();
        int width = ops.storageWidth();
        Object[] elements = new Object[count];
        for (int i = 0; i < count; i++) {
            if (nulls && (buffer[bitmap + i / 8] >> i % 8 & 1) != 0) {
                continue;
            }
            int size = width;
            if (width < 0) {
                size = ByteOrders.getIntLe(buffer, at);
                at += 4;
            }
            elements[i] = ops.decode(buffer, at, size);
            at += size;
        }
        return new ArrayValue(element, dimensions, lowerBounds, elements);
    }

    /** Elements first, nulls last; then number of elements, dimensions, lengths, lower bounds. */
    @Override
    public int compare(Object a, Object b) {
        ArrayValue x = (ArrayValue) a;
        ArrayValue y = (ArrayValue) b;
        TypeOps ops = x.elementType().ops();
        int common = Math.min(x.size(), y.size());
        for (int i = 0; i < common; i++) {
            Object left = x.get(i);
            Object right = y.get(i);
            int order = left == null || right == null ? Boolean.compare(left == null, right == null)
                    : ops.compare(left, right);
            if (order != 0) {
                return order;
            }
        }
        if (x.size() != y.size()) {
            return Integer.compare(x.size(), y.size());
        }
        if (x.dimensionCount() != y.dimensionCount()) {
            return Integer.compare(x.dimensionCount(), y.dimensionCount());
        }
        int byLength = java.util.Arrays.compare(x.dimensions(), y.dimensions());
        return byLength != 0 ? byLength : java.util.Arrays.compare(x.lowerBounds(), y.lowerBounds());
    }

    @Override
    public boolean equal(Object a, Object b) {
        return a.equals(b);
    }

    @Override
    public boolean ordered() {
        return element().ops().ordered();
    }

    @Override
    public boolean hashable() {
        return element().ops().hashable();
    }

    @Override
    public Object applyTypmod(Object value, int typmod, boolean explicitCast) {
        if (typmod < 0) {
            return value;
        }
        ArrayValue array = (ArrayValue) value;
        TypeOps ops = element().ops();
        Object[] changed = new Object[array.size()];
        for (int i = 0; i < changed.length; i++) {
            changed[i] = array.get(i) == null ? null : ops.applyTypmod(array.get(i), typmod, explicitCast);
        }
        return new ArrayValue(array.elementType(), array.dimensions(), array.lowerBounds(), changed);
    }

    @Override
    public String formatTypmod(int typmod) {
        return element().ops().formatTypmod(typmod);
    }

    @Override
    public int parseTypmod(String[] arguments) {
        return element().ops().parseTypmod(arguments);
    }
}
