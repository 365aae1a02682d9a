package io.quantadb.executor.vector;

import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import java.util.Arrays;

/** Values of kind LONG, or BOOL as 0 and 1. The arrays are open to kernels. */
public final class LongVector extends Vector {
    public long[] values = new long[INITIAL];
    private boolean[] nulls;
    private boolean hasNulls;
    private final boolean bool;

    public LongVector(PgType type) {
        super(type);
        bool = type.kind() == PhysicalKind.BOOL;
    }

    @Override
    public boolean isNull(int row) {
        return hasNulls && nulls[row];
    }

    @Override
    public Object get(int row) {
        return isNull(row) ? null : bool ? (Object) (values[row] != 0) : (Object) values[row];
    }

    @Override
    public void set(int row, Object value) {
        ensure(row + 1);
        if (value == null) {
            setNull(row);
        } else if (bool) {
            setLong(row, (Boolean) value ? 1 : 0);
        } else {
            setLong(row, (Long) value);
        }
    }

    public void setLong(int row, long value) {
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
    public long getLong(int row) {
        return values[row];
    }

    @Override
    public void copy(int row, Vector source, int sourceRow) {
        ensure(row + 1);
        LongVector from = (LongVector) source;
        if (from.isNull(sourceRow)) {
            setNull(row);
        } else {
            setLong(row, from.values[sourceRow]);
        }
    }

    @Override
    public void gather(int start, Vector source, int[] selection, int from, int count) {
        LongVector other = (LongVector) source;
        ensure(start + count);
        if (other.hasNulls || hasNulls) {
            super.gather(start, source, selection, from, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            values[start + i] = other.values[selection[from + i]];
        }
    }

    @Override
    public void compact(int start, int[] positions, int count) {
        if (hasNulls) {
            super.compact(start, positions, count);
        } else {
            compact(values, start, positions, count);
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
