package io.quantadb.function;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/** The window functions of the standard, by their {@code pg_proc.prosrc}. */
public final class CoreWindows implements FunctionRegistry.Library {
    @Override
    public void register(FunctionRegistry.Builder registry) {
        registry.window("window_row_number", site -> window -> window.currentRow() + 1);
        registry.window("window_rank", site -> window -> window.peerStart() + 1);
        registry.window("window_dense_rank", site -> window -> window.peerGroupNumber() + 1);
        registry.window("window_percent_rank", site -> window -> window.rowCount() <= 1 ? 0.0
                : (double) window.peerStart() / (window.rowCount() - 1));
        registry.window("window_cume_dist", site -> window -> (double) window.peerEnd() / window.rowCount());
        registry.window("window_ntile", site -> CoreWindows::ntile);
        registry.window("window_lag", site -> window -> shifted(window, -1, false));
        registry.window("window_lag_with_offset", site -> window -> byOffset(window, -1, false));
        registry.window("window_lag_with_offset_and_default", site -> window -> byOffset(window, -1, true));
        registry.window("window_lead", site -> window -> shifted(window, 1, false));
        registry.window("window_lead_with_offset", site -> window -> byOffset(window, 1, false));
        registry.window("window_lead_with_offset_and_default", site -> window -> byOffset(window, 1, true));
        registry.window("window_first_value", site -> window -> window.frameRowCount() == 0 ? null
                : window.argument(0, window.frameRow(0)));
        registry.window("window_last_value", site -> window -> window.frameRowCount() == 0 ? null
                : window.argument(0, window.frameRow(window.frameRowCount() - 1)));
        registry.window("window_nth_value", site -> CoreWindows::nthValue);
    }

    private static Object ntile(WindowFunction.WindowAccess window) {
        // The argument is that of the partition's first row, as in PostgreSQL.
        Object argument = window.argument(0, 0);
        if (argument == null) {
            return null;
        }
        long buckets = (Long) argument;
        if (buckets <= 0) {
            throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_NTILE, "argument of ntile must be greater than zero");
        }
        long rows = window.rowCount();
        long size = rows / buckets;
        long larger = rows % buckets;
        long row = window.currentRow();
        return row < larger * (size + 1) ? row / (size + 1) + 1 : larger + (row - larger * (size + 1)) / size + 1;
    }

    private static Object byOffset(WindowFunction.WindowAccess window, int direction, boolean withDefault) {
        Object offset = window.argument(1, window.currentRow());
        return offset == null ? null : shifted(window, direction * (Long) offset, withDefault);
    }

    private static Object shifted(WindowFunction.WindowAccess window, long distance, boolean withDefault) {
        long row = window.currentRow() + distance;
        if (row >= 0 && row < window.rowCount()) {
            return window.argument(0, row);
        }
        return withDefault ? window.argument(2, window.currentRow()) : null;
    }

    private static Object nthValue(WindowFunction.WindowAccess window) {
        Object argument = window.argument(1, window.currentRow());
        if (argument == null) {
            return null;
        }
        long n = (Long) argument;
        if (n <= 0) {
            throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_NTH_VALUE,
                    "argument of nth_value must be greater than zero");
        }
        return n > window.frameRowCount() ? null : window.argument(0, window.frameRow(n - 1));
    }
}
