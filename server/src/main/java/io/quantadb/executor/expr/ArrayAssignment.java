package io.quantadb.executor.expr;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.PgType;

/** Arrays with an element or a slice replaced, as {@code UPDATE t SET a[i] = x} needs them. */
final class ArrayAssignment {
    private ArrayAssignment() {
    }

    static ArrayValue setElement(ArrayValue old, PgType element, int[] at, Object value) {
        if (old == null || old.dimensionCount() == 0) {
            int[] ones = new int[at.length];
            java.util.Arrays.fill(ones, 1);
            return new ArrayValue(element, ones, at.clone(), new Object[] {value});
        }
        if (at.length != old.dimensionCount()) {
            throw wrongNumber();
        }
        if (old.dimensionCount() == 1) {
            ArrayValue grown = cover(old, at[0], at[0]);
            Object[] values = grown.elements().clone();
            values[at[0] - grown.lowerBound(0)] = value;
            return new ArrayValue(element, grown.dimensions(), grown.lowerBounds(), values);
        }
        int position = 0;
        for (int d = 0; d < at.length; d++) {
            int index = at[d] - old.lowerBound(d);
            if (index < 0 || index >= old.dimension(d)) {
                throw outOfRange();
            }
            position = position * old.dimension(d) + index;
        }
        Object[] values = old.elements().clone();
        values[position] = value;
        return new ArrayValue(element, old.dimensions(), old.lowerBounds(), values);
    }

    static ArrayValue setSlice(ArrayValue old, PgType element, int[] low, int[] high, ScalarEvaluator[] highGiven,
            ScalarEvaluator[] lowGiven, ArrayValue source) {
        if (source == null) {
            return old;
        }
        boolean empty = old == null || old.dimensionCount() == 0;
        if (low.length != 1 || !empty && old.dimensionCount() != 1) {
            throw SqlException.notSupported("assignment to a slice of a multidimensional array is not supported");
        }
        if (empty && (lowGiven[0] == null && highGiven[0] != null || highGiven[0] == null)) {
            throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "array slice subscript must provide both boundaries")
                    .withDetail("When assigning to a slice of an empty array value, slice boundaries must be fully"
                            + " specified.");
        }
        int from = lowGiven[0] != null ? low[0] : old.lowerBound(0);
        int to = highGiven[0] != null ? high[0] : old.lowerBound(0) + old.dimension(0) - 1;
        if (from > to) {
            throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR,
                    "upper bound cannot be less than lower bound");
        }
        if (source.size() < to - from + 1) {
            throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "source array too small");
        }
        ArrayValue grown = empty ? new ArrayValue(element, new int[] {to - from + 1}, new int[] {from},
                new Object[to - from + 1]) : cover(old, from, to);
        Object[] values = grown.elements().clone();
        System.arraycopy(source.elements(), 0, values, from - grown.lowerBound(0), to - from + 1);
        return new ArrayValue(element, grown.dimensions(), grown.lowerBounds(), values);
    }

    /** A one-dimensional array extended by NULLs to contain the subscripts {@code from} to {@code to}. */
    private static ArrayValue cover(ArrayValue old, int from, int to) {
        int first = Math.min(from, old.lowerBound(0));
        long last = Math.max(to, (long) old.lowerBound(0) + old.dimension(0) - 1);
        long size = last - first + 1;
        if (size > 134_217_727L) {
            throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED,
                    "array size exceeds the maximum allowed (134217727)");
        }
        if (size == old.dimension(0)) {
            return old;
        }
        Object[] values = new Object[(int) size];
        System.arraycopy(old.elements(), 0, values, old.lowerBound(0) - first, old.size());
        return new ArrayValue(old.elementType(), new int[] {(int) size}, new int[] {first}, values);
    }

    private static SqlException wrongNumber() {
        return new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "wrong number of array subscripts");
    }

    private static SqlException outOfRange() {
        return new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "array subscript out of range");
    }
}
