package io.quantadb.access.heap;

import java.util.List;

/** API stub. Physical layout of a relation's rows. Immutable; cached by descriptors. */
public final class TupleLayout {
    public static TupleLayout of(List<HeapAttribute> attributes) {
        throw new UnsupportedOperationException();
    }

    public int attributeCount() {
        throw new UnsupportedOperationException();
    }

    public HeapAttribute attribute(int attribute) {
        throw new UnsupportedOperationException();
    }

    /** Whether the attribute (0-based) is stored in the fixed-width part. */
    public boolean isFixed(int attribute) {
        throw new UnsupportedOperationException();
    }

    /** Offset of a fixed attribute from {@link TupleReader#dataAddress}; the same in rows with fewer attributes. */
    public int fixedOffset(int attribute) {
        throw new UnsupportedOperationException();
    }

    /** Bytes of a fixed attribute, -1 for a variable one. */
    public int width(int attribute) {
        throw new UnsupportedOperationException();
    }
}
