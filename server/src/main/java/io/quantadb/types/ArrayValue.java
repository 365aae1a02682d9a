package io.quantadb.types;

import java.util.Arrays;
import java.util.List;

/**
 * The value of an array type, also of int2vector and oidvector.
 *
 * <p>Elements are in row-major order; null is SQL NULL. An empty array has no dimensions. Immutable: arrays handed in
 * are owned by this object, arrays handed out are not to be changed.
 *
 * <p>{@code equals} asks element type, dimensions, lower bounds and elements, as PostgreSQL's {@code =} does;
 * {@code compareTo} order is in {@link ArrayOps}.
 */
public final class ArrayValue {
    /** PostgreSQL's MAXDIM. */
    public static final int MAX_DIMENSIONS = 6;

    private static final int[] NONE = {};

    private final PgType elementType;
    private final int[] dimensions;
    private final int[] lowerBounds;
    private final Object[] elements;

    public ArrayValue(PgType elementType, int[] dimensions, int[] lowerBounds, Object[] elements) {
        this.elementType = elementType;
        this.dimensions = dimensions;
        this.lowerBounds = lowerBounds;
        this.elements = elements;
    }

    /** One dimension, first subscript 1; no dimension if there are no elements. */
    public static ArrayValue of(PgType elementType, Object... elements) {
        return elements.length == 0 ? empty(elementType)
                : new ArrayValue(elementType, new int[] {elements.length}, new int[] {1}, elements);
    }

    public static ArrayValue of(PgType elementType, List<?> elements) {
        return of(elementType, elements.toArray());
    }

    public static ArrayValue empty(PgType elementType) {
        return new ArrayValue(elementType, NONE, NONE, new Object[0]);
    }

    public PgType elementType() {
        return elementType;
    }

    public int elementOid() {
        return elementType.oid();
    }

    /** Number of dimensions, 0 for an empty array. */
    public int dimensionCount() {
        return dimensions.length;
    }

    public int dimension(int index) {
        return dimensions[index];
    }

    public int lowerBound(int index) {
        return lowerBounds[index];
    }

    public int[] dimensions() {
        return dimensions;
    }

    public int[] lowerBounds() {
        return lowerBounds;
    }

    /** Number of elements over all dimensions. */
    public int size() {
        return elements.length;
    }

    /** Element by row-major position, from 0. */
    public Object get(int position) {
        return elements[position];
    }

    public Object[] elements() {
        return elements;
    }

    /** Element by SQL subscripts; null if any is out of range or their number is not the number of dimensions. */
    public Object getSubscript(int... subscripts) {
        if (subscripts.length != dimensions.length || dimensions.length == 0) {
            return null;
        }
        int position = 0;
        for (int i = 0; i < subscripts.length; i++) {
            long index = (long) subscripts[i] - lowerBounds[i];
            if (index < 0 || index >= dimensions[i]) {
                return null;
            }
            position = position * dimensions[i] + (int) index;
        }
        return elements[position];
    }

    public boolean hasNulls() {
        for (Object element : elements) {
            if (element == null) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof ArrayValue that) || !Arrays.equals(dimensions, that.dimensions)
                || !Arrays.equals(lowerBounds, that.lowerBounds)) {
            return false;
        }
        TypeOps ops = elementType.ops();
        for (int i = 0; i < elements.length; i++) {
            Object a = elements[i];
            Object b = that.elements[i];
            if (a == null || b == null ? a != b : !ops.equal(a, b)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (Object element : elements) {
            hash = 31 * hash + (element == null ? 0 : elementType.ops().hashKey(element).hashCode());
        }
        return hash;
    }

    @Override
    public String toString() {
        return ArrayText.format(this, TextContext.DEFAULT);
    }
}
