package io.quantadb.access.heap;

/**
 * API stub. Reads attributes (0-based) of a row version at an address, which stays pinned. Static, allocation-free except for objects.
 *
 * <p>Getters of primitives give 0 for NULL: ask {@link #isNull} first.
 */
public final class TupleReader {
    private TupleReader() {
    }

    public static boolean isNull(TupleLayout layout, long tuple, int attribute) {
        throw new UnsupportedOperationException();
    }

    /** LONG and BOOL kinds. */
    public static long getLong(TupleLayout layout, long tuple, int attribute) {
        throw new UnsupportedOperationException();
    }

    public static double getDouble(TupleLayout layout, long tuple, int attribute) {
        throw new UnsupportedOperationException();
    }

    /**
     * Any kind, boxed; null for NULL.
     *
     * @param toast fetches values stored out of line; may be null if the row has none
     */
    public static Object getObject(TupleLayout layout, long tuple, int attribute, ToastReader toast) {
        throw new UnsupportedOperationException();
    }

    /** Start of the fixed-width part. */
    public static long dataAddress(TupleLayout layout, long tuple) {
        throw new UnsupportedOperationException();
    }

    /**
     * Where a variable-width value's stored bytes are, for zero-copy reading.
     *
     * @return offset from {@code tuple} &lt;&lt; 32 | length; -1 if the value is compressed, out of line, or comes from the missing value (use getObject)
     */
    public static long inlineBytes(TupleLayout layout, long tuple, int attribute) {
        throw new UnsupportedOperationException();
    }
}
