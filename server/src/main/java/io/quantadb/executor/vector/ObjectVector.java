package io.quantadb.executor.vector;

import io.quantadb.types.PgType;
import java.util.Arrays;

/** Values of kind OBJECT; NULL is null. The array is open to kernels. */
public final class ObjectVector extends Vector {
    public Object[] values = new Object[INITIAL];

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
        ensure(row + 1);
        values[row] = value;
    }

    @Override
    public void setNull(int row) {
        ensure(row + 1);
        values[row] = null;
    }

    @Override
    public void copy(int row, Vector source, int sourceRow) {
        ensure(row + 1);
        values[row] = source.get(sourceRow);
    }

    @Override
    public void ensure(int rows) {
        if (rows > values.length) {
            values = Arrays.copyOf(values, grown(rows));
        }
    }

    @Override
    public void reset() {
    }

    @Override
    public boolean mayHaveNulls() {
        return true;
    }
}
