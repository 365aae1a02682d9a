package io.quantadb.executor.vector;

import io.quantadb.types.Numeric;
import io.quantadb.types.PgType;
import java.util.Arrays;

/**
 * Numerics: 64-bit integers with one scale for the whole vector as long as all values fit that, else objects.
 *
 * <p>In scaled form a value is {@code scaled[row] / 10^scale}, with display scale {@code scale}. A value that does not
 * fit switches the vector to objects until {@link #reset}; positions filled before are converted lazily, so both arrays
 * together hold the values: {@code objects[row] != null} wins in object form.
 */
public final class NumericVector extends Vector {
    public long[] scaled = new long[INITIAL];
    private boolean[] nulls;
    private Object[] objects;
    private int scale = -1;
    private boolean hasNulls;
    private boolean objectForm;

    public NumericVector(PgType type) {
        super(type);
    }

    /** Whether all values are in {@link #scaled}. */
    public boolean isScaled() {
        return !objectForm;
    }

    /** Digits after the point of all values in scaled form; 0 if the vector has none yet. */
    public int scale() {
        return Math.max(scale, 0);
    }

    /** As {@link #scale}, but -1 if the vector has none yet. */
    public int declaredScale() {
        return scale;
    }

    /** Declares the scale before a kernel fills {@link #scaled}; the vector must have been reset. */
    public void setScale(int newScale) {
        scale = newScale;
    }

    /** Stores {@code unscaled / 10^valueScale}. */
    public void setScaled(int row, long unscaled, int valueScale) {
        if (objectForm) {
            setObject(row, Numeric.of(unscaled, valueScale));
            return;
        }
        if (scale != valueScale) {
            if (scale >= 0) {
                setObject(row, Numeric.of(unscaled, valueScale));
                return;
            }
            scale = valueScale;
        }
        scaled[row] = unscaled;
        if (hasNulls) {
            nulls[row] = false;
        }
    }

    private void setObject(int row, Numeric value) {
        if (!objectForm) {
            if (objects == null) {
                objects = new Object[scaled.length];
            } else {
                Arrays.fill(objects, null);
            }
            objectForm = true;
        }
        objects[row] = value;
        if (hasNulls) {
            nulls[row] = false;
        }
    }

    @Override
    public boolean isNull(int row) {
        return hasNulls && nulls[row];
    }

    @Override
    public Numeric get(int row) {
        if (hasNulls && nulls[row]) {
            return null;
        }
        if (objectForm && objects[row] != null) {
            return (Numeric) objects[row];
        }
        return Numeric.of(scaled[row], scale());
    }

    @Override
    public void set(int row, Object value) {
        ensure(row + 1);
        if (value == null) {
            setNull(row);
            return;
        }
        Numeric numeric = (Numeric) value;
        if (!objectForm && numeric.isCompact() && (scale < 0 || scale == numeric.scale())) {
            setScaled(row, numeric.unscaledLong(), numeric.scale());
        } else {
            setObject(row, numeric);
        }
    }

    @Override
    public void setNull(int row) {
        ensure(row + 1);
        if (!hasNulls) {
            if (nulls == null) {
                nulls = new boolean[scaled.length];
            } else {
                Arrays.fill(nulls, false);
            }
            hasNulls = true;
        }
        nulls[row] = true;
    }

    @Override
    public void copy(int row, Vector source, int sourceRow) {
        ensure(row + 1);
        NumericVector from = (NumericVector) source;
        if (from.isNull(sourceRow)) {
            setNull(row);
        } else if (!from.objectForm) {
            setScaled(row, from.scaled[sourceRow], from.scale());
        } else {
            set(row, from.get(sourceRow));
        }
    }

    @Override
    public void compact(int start, int[] positions, int count) {
        if (hasNulls || objectForm) {
            super.compact(start, positions, count);
        } else {
            compact(scaled, start, positions, count);
        }
    }

    @Override
    public void gather(int start, Vector source, int[] selection, int from, int count) {
        NumericVector other = (NumericVector) source;
        ensure(start + count);
        if (other.hasNulls || hasNulls || other.objectForm || objectForm || scale >= 0 && scale != other.scale()) {
            super.gather(start, source, selection, from, count);
            return;
        }
        scale = other.scale();
        for (int i = 0; i < count; i++) {
            scaled[start + i] = other.scaled[selection[from + i]];
        }
    }

    @Override
    public void ensure(int rows) {
        if (rows > scaled.length) {
            scaled = Arrays.copyOf(scaled, grown(rows));
            if (nulls != null) {
                nulls = Arrays.copyOf(nulls, scaled.length);
            }
            if (objects != null) {
                objects = Arrays.copyOf(objects, scaled.length);
            }
        }
    }

    @Override
    public void reset() {
        scale = -1;
        hasNulls = false;
        objectForm = false;
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
