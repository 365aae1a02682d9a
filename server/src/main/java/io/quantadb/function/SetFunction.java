package io.quantadb.function;

/**
 * A function that returns a set of rows: {@code generate_series}, {@code unnest}, {@code json_each}...
 */
@FunctionalInterface
public interface SetFunction {
    /**
     * Starts one call.
     *
     * @param arguments valid during this call only; a strict function with a null among them is not called (no rows)
     */
    RowCursor call(FunctionContext context, Object[] arguments);

    /** The rows of one call, produced as they are asked for. Confined to one thread. */
    interface RowCursor extends AutoCloseable {
        RowCursor EMPTY = row -> false;

        /**
         * Produces the next row.
         *
         * @param row receives the columns: one for a scalar result, else one for each column of the result type
         * @return false when there are no more rows, {@code row} is untouched then
         */
        boolean next(Object[] row);

        @Override
        default void close() {
        }

        /** One column from the values of an iterator. */
        static RowCursor ofValues(java.util.Iterator<?> values) {
            return row -> {
                if (!values.hasNext()) {
                    return false;
                }
                row[0] = values.next();
                return true;
            };
        }

        /** Whole rows from an iterator. */
        static RowCursor ofRows(java.util.Iterator<Object[]> rows) {
            return row -> {
                if (!rows.hasNext()) {
                    return false;
                }
                Object[] source = rows.next();
                System.arraycopy(source, 0, row, 0, Math.min(source.length, row.length));
                return true;
            };
        }
    }

    /** Makes the function for one call site. */
    @FunctionalInterface
    interface Factory {
        SetFunction bind(CallSite site);
    }
}
