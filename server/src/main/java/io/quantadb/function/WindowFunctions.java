package io.quantadb.function;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/** The window functions proper. */
public final class WindowFunctions implements FunctionRegistry.Library {
    @Override
    public void register(FunctionRegistry.Builder registry) {
        registry.window("window_row_number", site -> w -> w.currentRow() + 1);
        registry.window("window_rank", site -> w -> w.peerStart() + 1);
        registry.window("window_dense_rank", site -> w -> w.peerGroupNumber() + 1);
        registry.window("window_percent_rank", site -> w -> w.rowCount() <= 1 ? 0.0
                : (double) w.peerStart() / (w.rowCount() - 1));
        registry.window("window_cume_dist", site -> w -> (double) w.peerEnd() / w.rowCount());
        registry.window("window_ntile", site -> WindowFunctions::ntile);
        for (int direction : new int[] {-1, 1}) {
            String name = direction < 0 ? "window_lag" : "window_lead";
            registry.window(name, site -> w -> shifted(w, direction, 1, false));
            registry.window(name + "_with_offset", site -> w -> shiftedBy(w, direction, false));
            registry.window(name + "_with_offset_and_default", site -> w -> shiftedBy(w, direction, true));
        }
        registry.window("window_first_value", site -> new OfFrame() {
            @Override
            public Object evaluate(WindowAccess w) {
                return w.frameRowCount() == 0 ? null : w.argument(0, w.frameRow(0));
            }
        });
        registry.window("window_last_value", site -> new OfFrame() {
            @Override
            public Object evaluate(WindowAccess w) {
                return w.frameRowCount() == 0 ? null : w.argument(0, w.frameRow(w.frameRowCount() - 1));
            }
        });
        registry.window("window_nth_value", site -> new OfFrame() {
            @Override
            public Object evaluate(WindowAccess w) {
                Long n = (Long) w.argument(1, w.currentRow());
                if (n == null) {
                    return null;
                }
                if (n <= 0) {
                    throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_NTH_VALUE,
                            "argument of nth_value must be greater than zero");
                }
                return n > w.frameRowCount() ? null : w.argument(0, w.frameRow(n - 1));
            }
        });
    }

    private abstract static class OfFrame implements WindowFunction {
        @Override
        public boolean usesFrame() {
            return true;
        }
    }

    private static Object ntile(WindowFunction.WindowAccess w) {
        // The number of buckets is that of the partition's first row.
        Long buckets = (Long) w.argument(0, 0);
        if (buckets == null) {
            return null;
        }
        if (buckets <= 0) {
            throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_NTILE, "argument of ntile must be greater than zero");
        }
        long size = w.rowCount() / buckets;
        long larger = w.rowCount() % buckets;
        long inLarger = larger * (size + 1);
        return w.currentRow() < inLarger ? w.currentRow() / (size + 1) + 1
                : larger + (w.currentRow() - inLarger) / Math.max(1, size) + 1;
    }

    private static Object shiftedBy(WindowFunction.WindowAccess w, int direction, boolean withDefault) {
        Long offset = (Long) w.argument(1, w.currentRow());
        return offset == null ? null : shifted(w, direction, offset, withDefault);
    }

    private static Object shifted(WindowFunction.WindowAccess w, int direction, long offset, boolean withDefault) {
        long row = w.currentRow() + direction * offset;
        if (row < 0 || row >= w.rowCount()) {
            return withDefault ? w.argument(2, w.currentRow()) : null;
        }
        return w.argument(0, row);
    }
}
