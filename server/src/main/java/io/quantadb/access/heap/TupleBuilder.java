package io.quantadb.access.heap;

/** API stub. Collects one row's values and forms its bytes. Reusable; confined to one thread. All attributes start as NULL after clear. */
public final class TupleBuilder {
    public TupleBuilder(TupleLayout layout) {
        throw new UnsupportedOperationException();
    }

    public TupleLayout layout() {
        throw new UnsupportedOperationException();
    }

    /** Sets all attributes to NULL. */
    public TupleBuilder clear() {
        throw new UnsupportedOperationException();
    }

    public TupleBuilder setNull(int attribute) {
        throw new UnsupportedOperationException();
    }

    /** LONG and BOOL kinds. */
    public TupleBuilder setLong(int attribute, long value) {
        throw new UnsupportedOperationException();
    }

    public TupleBuilder setDouble(int attribute, double value) {
        throw new UnsupportedOperationException();
    }

    /** Any kind; null means NULL. */
    public TupleBuilder setObject(int attribute, Object value) {
        throw new UnsupportedOperationException();
    }

    /** A variable-width attribute's stored bytes (TypeOps.encode's form). */
    public TupleBuilder setBytes(int attribute, byte[] source, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    /** Takes every attribute from a stored row, values out of line by reference: the start of an UPDATE's new row. */
    public TupleBuilder copyFrom(long tuple) {
        throw new UnsupportedOperationException();
    }

    /** Takes one attribute from a stored row of the same layout. */
    public TupleBuilder copyAttribute(int attribute, long tuple) {
        throw new UnsupportedOperationException();
    }
}
