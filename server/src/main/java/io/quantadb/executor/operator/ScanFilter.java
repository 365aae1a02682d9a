package io.quantadb.executor.operator;

import io.quantadb.executor.expr.BatchFilter;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.vector.Batch;
import java.util.BitSet;
import java.util.List;

/** A scan's condition as parts that must all hold, each with the attributes that no part before it reads. */
final class ScanFilter {
    private final BatchFilter[] filters;
    private final int[][] newColumns;
    private final int[] columns;

    /** @param reads positions (from 0) of the attributes each part reads */
    ScanFilter(List<BatchFilter> parts, List<BitSet> reads) {
        filters = parts.toArray(BatchFilter[]::new);
        newColumns = new int[filters.length][];
        BitSet seen = new BitSet();
        for (int i = 0; i < filters.length; i++) {
            BitSet added = (BitSet) reads.get(i).clone();
            added.andNot(seen);
            newColumns[i] = added.stream().toArray();
            seen.or(added);
        }
        columns = seen.stream().toArray();
    }

    int parts() {
        return filters.length;
    }

    /** Attributes to decode before this part is evaluated. */
    int[] newColumns(int part) {
        return newColumns[part];
    }

    /** Attributes any part reads. */
    int[] columns() {
        return columns;
    }

    int filter(int part, Batch batch, int[] selection, int count, int[] out, RowContext row) {
        return filters[part].filter(batch, selection, count, out, row);
    }
}
