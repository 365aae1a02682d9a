package io.quantadb.executor.vector;

import io.quantadb.types.PgType;
import java.util.Arrays;

/** Values of kind DOUBLE. The arrays are open to kernels. */
public final class DoubleVector extends Vector {
    public double[] values = new double[INITIAL];
    private boolean[] nulls;
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
        ensure(row + 1);
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
        ensure(row + 1);
        if (!hasNulls) {
            if (nulls == null) {
                nulls = new boolean[values.length];
            } else {
                Arrays.fill(nulls, false);
            }
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
        ensure(row + 1);
        DoubleVector from = (DoubleVector) source;
        if (from.isNull(sourceRow)) {
            setNull(row);
        } else {
            setDouble(row, from.values[sourceRow]);
        }
    }

    @Override
    public void ensure(int rows) {
        if (rows > values.length) {
            values = Arrays.copyOf(values, grown(rows));
            if (nulls != null) {
                nulls = Arrays.copyOf(nulls, values.length);
            }
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
