package io.quantadb.executor.vector;

import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.PgType;

/**
 * One column of a batch: a value or NULL for each row position below {@link #CAPACITY}.
 *
 * <p>Owned and refilled by one operator or evaluator; confined to the thread that runs the statement. Positions that
 * are not selected hold rubbish.
 */
public abstract sealed class Vector permits LongVector, DoubleVector, ObjectVector, NumericVector {
    /** Rows in a batch, at most. */
    public static final int CAPACITY = 1024;
    /** Positions a fresh vector has room for: enough for most point queries. */
    static final int INITIAL = 16;

    private final PgType type;

    Vector(PgType type) {
        this.type = type;
    }

    /** A vector fit for the type's physical kind. */
    public static Vector of(PgType type) {
        return switch (type.kind()) {
            case LONG, BOOL -> new LongVector(type);
            case DOUBLE -> new DoubleVector(type);
            case OBJECT -> type.ops() == BuiltinTypes.NUMERIC.ops() ? new NumericVector(type) : new ObjectVector(type);
        };
    }

    public final PgType type() {
        return type;
    }

    public abstract boolean isNull(int row);

    /** The value as an object, null for NULL. */
    public abstract Object get(int row);

    /** Stores a value or, with null, NULL. */
    public abstract void set(int row, Object value);

    public abstract void setNull(int row);

    /** The value of a LONG or BOOL column; undefined if it is NULL. */
    public long getLong(int row) {
        throw new UnsupportedOperationException(type + " is not held as long");
    }

    /** The value of a DOUBLE column; undefined if it is NULL. */
    public double getDouble(int row) {
        throw new UnsupportedOperationException(type + " is not held as double");
    }

    /** Copies one value from a vector of the same physical kind. */
    public abstract void copy(int row, Vector source, int sourceRow);

    /** Copies the selected values of {@code source} to positions {@code start...} here. */
    public void gather(int start, Vector source, int[] selection, int from, int count) {
        for (int i = 0; i < count; i++) {
            copy(start + i, source, selection[from + i]);
        }
    }

    /** Moves the values at the given positions, which increase and are not below {@code start}, to {@code start...}. */
    public void compact(int start, int[] positions, int count) {
        for (int i = 0; i < count; i++) {
            if (positions[i] != start + i) {
                copy(start + i, this, positions[i]);
            }
        }
    }

    static void compact(long[] values, int start, int[] positions, int count) {
        for (int i = 0; i < count; i++) {
            values[start + i] = values[positions[i]];
        }
    }

    /**
     * Makes room for positions below {@code rows}. The primitive setters and kernels need it called before; the general
     * setters call it themselves.
     */
    public abstract void ensure(int rows);

    static int grown(int rows) {
        return rows <= INITIAL ? INITIAL : CAPACITY;
    }

    /** Forgets which rows were NULL; call before refilling. */
    public abstract void reset();

    /** Whether any position may be NULL; false lets kernels skip the test. */
    public abstract boolean mayHaveNulls();
}
