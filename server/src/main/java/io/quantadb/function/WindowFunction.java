package io.quantadb.function;

/**
 * A true window function: {@code row_number}, {@code lag}, {@code first_value}... Aggregates used as window functions
 * are not among them. One object serves one call in one plan execution; confined to its thread.
 */
public interface WindowFunction {
    /** Forgets state of the partition before. */
    default void startPartition() {
    }

    /** Value for {@link WindowAccess#currentRow}. Called once for each row of a partition, in order. */
    Object evaluate(WindowAccess window);

    /** Whether {@link #evaluate} asks for the frame, which costs to determine. */
    default boolean usesFrame() {
        return false;
    }

    @FunctionalInterface
    interface Factory {
        WindowFunction bind(CallSite site);
    }

    /** The partition around the current row. Rows are numbered from 0 in the window's order. */
    interface WindowAccess {
        FunctionContext context();

        long rowCount();

        long currentRow();

        /** First row of the peer group (equal in the window's ORDER BY) of the current row. */
        long peerStart();

        /** Row after the last peer of the current row. */
        long peerEnd();

        /** 0 for the first peer group of the partition, then counting. */
        long peerGroupNumber();

        /** Argument {@code index} of the call, evaluated for the given row of the partition. */
        Object argument(int index, long row);

        /** Rows of the frame after EXCLUDE; they are not necessarily contiguous. */
        long frameRowCount();

        /** Number in the partition of the frame's row {@code indexInFrame}, from 0. */
        long frameRow(long indexInFrame);
    }
}
