package io.quantadb.executor.vector;

import io.quantadb.types.PgType;
import java.util.Arrays;

/** Values of kind DOUBLE. The arrays are open to kernels. */
public final class DoubleVector extends Vector {
    public final double[] values = new double[CAPACITY];
    public final boolean[] nulls = new boolean[CAPACITY];
    private boolean hasNulls;

    public DoubleVector(PgType type) {
        super(type);
    }

    @Override
    public boolean isNull(int row) {
        return hasNulls && nulls[row];
    }

    @Override
    public Object get(int row) {
        return isNull(row) ? null : (Object) values[row];
    }

    @Override
    public void set(int row, Object value) {
        if (value == null) {
            setNull(row);
        } else {
            setDouble(row, (Double) value);
        }
    }

    public void setDouble(int row, double value) {
        values[row] = value;
        if (hasNulls) {
            nulls[row] = false;
        }
    }

    @Override
    public void setNull(int row) {
        if (!hasNulls) {
            Arrays.fill(nulls, false);
            hasNulls = true;
        }
        nulls[row] = true;
    }

    @Override
    public double getDouble(int row) {
        return values[row];
    }

    @Override
    public void copy(int row, Vector source, int sourceRow) {
        DoubleVector from = (DoubleVector) source;
        if (from.isNull(sourceRow)) {
            setNull(row);
        } else {
            setDouble(row, from.values[sourceRow]);
        }
    }

    @Override
    public void reset() {
        hasNulls = false;
    }

    @Override
    public boolean mayHaveNulls() {
        return hasNulls;
    }

    /** The null mask for {@code Accumulator}s: null if there are none. */
    public boolean[] nullMask() {
        return hasNulls ? nulls : null;
    }
}
