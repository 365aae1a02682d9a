package io.quantadb.executor.operator;

import io.quantadb.executor.QueryContext;
import io.quantadb.executor.vector.NumericVector;
import io.quantadb.executor.vector.Vector;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import java.util.Arrays;
import java.util.List;

/**
 * Sorts the rows of a {@link RowStore}, stably: by a 64-bit prefix of the first key, and where that does not decide by
 * comparing the rows.
 *
 * <p>The prefix is a number whose signed order agrees with the key's: unequal prefixes decide. Confined to one thread.
 */
final class RowSorter {
    private final RowComparator comparator;
    private final SortKey first;
    private final PgType firstType;
    private final boolean exact;
    private final boolean hasPrefix;

    RowSorter(PgType[] types, List<SortKey> keys) {
        comparator = new RowComparator(types, keys);
        first = keys.getFirst();
        firstType = types[first.column()];
        boolean plainLong = firstType.kind() == PhysicalKind.BOOL
                || firstType.kind() == PhysicalKind.LONG && isSignedOrder(firstType);
        exact = keys.size() == 1 && plainLong;
        hasPrefix = plainLong || firstType.kind() == PhysicalKind.DOUBLE || firstType.oid() == Oids.TEXT
                || firstType.oid() == Oids.VARCHAR || firstType.oid() == Oids.NAME || firstType.oid() == Oids.NUMERIC;
    }

    RowComparator comparator() {
        return comparator;
    }

    private static boolean isSignedOrder(PgType type) {
        return type.typtype() != 'e' && type.oid() != Oids.PG_LSN && type.oid() != Oids.XID8;
    }

    /** @return the row numbers in order */
    int[] sort(RowStore rows, QueryContext query) {
        int n = rows.count();
        int[] order = new int[n];
        long[] prefixes = new long[n];
        int nulls = 0;
        int filled = 0;
        int[] nullRows = new int[16];
        for (int row = 0; row < n; row++) {
            Vector column = rows.vector(row, first.column());
            int position = RowStore.position(row);
            if (column.isNull(position)) {
                if (nulls == nullRows.length) {
                    nullRows = Arrays.copyOf(nullRows, nulls * 2);
                }
                nullRows[nulls++] = row;
            } else {
                long prefix = hasPrefix ? prefix(column, position) : 0;
                prefixes[filled] = first.descending() ? ~prefix : prefix;
                order[filled++] = row;
            }
        }
        query.checkInterrupts();
        mergeSort(rows, order, prefixes, filled, exact, query);
        int[] sortedNulls = Arrays.copyOf(nullRows, nulls);
        mergeSort(rows, sortedNulls, new long[nulls], nulls, false, query);
        if (nulls == 0) {
            return order;
        }
        int[] result = new int[n];
        System.arraycopy(sortedNulls, 0, result, first.nullsFirst() ? 0 : filled, nulls);
        System.arraycopy(order, 0, result, first.nullsFirst() ? nulls : 0, filled);
        return result;
    }

    private long prefix(Vector column, int position) {
        return switch (firstType.kind()) {
            case LONG, BOOL -> column.getLong(position);
            case DOUBLE -> sortable(column.getDouble(position));
            case OBJECT -> column instanceof NumericVector numerics
                    ? sortable(numerics.get(position).doubleValue()) : textPrefix((String) column.get(position));
        };
    }

    private static long sortable(double value) {
        long bits = Double.doubleToLongBits(value + 0.0);
        return bits >= 0 ? bits : bits ^ Long.MAX_VALUE;
    }

    /** The first four UTF-16 units, with surrogates moved above the rest so that the order is that of code points. */
    private static long textPrefix(String text) {
        long prefix = 0;
        int n = Math.min(4, text.length());
        for (int i = 0; i < 4; i++) {
            int unit = i < n ? text.charAt(i) : 0;
            if (unit >= 0xD800) {
                unit = unit >= 0xE000 ? unit - 0x800 : unit + 0x2000;
            }
            prefix = prefix << 16 | unit;
        }
        return prefix ^ Long.MIN_VALUE;
    }

    /** Bottom-up merge sort of rows and prefixes side by side. */
    private void mergeSort(RowStore rows, int[] order, long[] prefixes, int n, boolean prefixDecides,
            QueryContext query) {
        int[] rowsA = order;
        long[] keysA = prefixes;
        insertionRuns(rows, rowsA, keysA, n, prefixDecides);
        int[] rowsB = new int[n];
        long[] keysB = new long[n];
        for (int width = RUN; width < n; width *= 2) {
            query.checkInterrupts();
            for (int low = 0; low < n; low += 2 * width) {
                int middle = Math.min(low + width, n);
                int high = Math.min(low + 2 * width, n);
                int i = low;
                int j = middle;
                for (int k = low; k < high; k++) {
                    boolean takeLeft = i < middle && (j >= high
                            || !less(rows, keysA[j], rowsA[j], keysA[i], rowsA[i], prefixDecides));
                    int from = takeLeft ? i++ : j++;
                    rowsB[k] = rowsA[from];
                    keysB[k] = keysA[from];
                }
            }
            int[] swapRows = rowsA;
            rowsA = rowsB;
            rowsB = swapRows;
            long[] swapKeys = keysA;
            keysA = keysB;
            keysB = swapKeys;
        }
        if (rowsA != order) {
            System.arraycopy(rowsA, 0, order, 0, n);
        }
    }

    private static final int RUN = 8;

    private void insertionRuns(RowStore rows, int[] order, long[] keys, int n, boolean prefixDecides) {
        for (int low = 0; low < n; low += RUN) {
            int high = Math.min(low + RUN, n);
            for (int i = low + 1; i < high; i++) {
                int row = order[i];
                long key = keys[i];
                int j = i - 1;
                while (j >= low && less(rows, key, row, keys[j], order[j], prefixDecides)) {
                    order[j + 1] = order[j];
                    keys[j + 1] = keys[j];
                    j--;
                }
                order[j + 1] = row;
                keys[j + 1] = key;
            }
        }
    }

    private boolean less(RowStore rows, long keyA, int rowA, long keyB, int rowB, boolean prefixDecides) {
        if (keyA != keyB) {
            return keyA < keyB;
        }
        return !prefixDecides && comparator.compare(rows.batchOf(rowA).columns, RowStore.position(rowA),
                rows.batchOf(rowB).columns, RowStore.position(rowB)) < 0;
    }
}
