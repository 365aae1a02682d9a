package io.quantadb.executor.vector;

import io.quantadb.types.PgType;

/** Values of kind OBJECT; NULL is null. The array is open to kernels. */
public final class ObjectVector extends Vector {
    public final Object[] values = new Object[CAPACITY];

    public ObjectVector(PgType type) {
        super(type);
    }

    @Override
    public boolean isNull(int row) {
        return values[row] == null;
    }

    @Override
    public Object get(int row) {
        return values[row];
    }

    @Override
    public void set(int row, Object value) {
        values[row] = value;
    }

    @Override
    public void setNull(int row) {
        values[row] = null;
    }

    @Override
    public void copy(int row, Vector source, int sourceRow) {
        values[row] = source.get(sourceRow);
    }

    @Override
    public void reset() {
    }

    @Override
    public boolean mayHaveNulls() {
        return true;
    }
}
