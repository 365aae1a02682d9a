package io.quantadb.executor.operator;

import io.quantadb.executor.QueryContext;
import io.quantadb.executor.vector.Batch;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.types.PgType;
import java.util.Arrays;
import java.util.List;

/**
 * Sorts the rows of a {@link RowStore}, stably: by {@link PackedSortKeys} if the keys fit, else by
 * {@link EncodedSortKeys}, else (types without cheap bytes) by comparing rows. Confined to one thread.
 *
 * <p>Remembers of all sorts since {@link #forget} what their keys have in common, for the merge of sorted runs.
 */
final class RowSorter {
    private static final int RUN = 8;

    private final PgType[] types;
    private final List<SortKey> sortKeys;
    private final RowComparator comparator;
    private final boolean encodable;
    private final PackedSortKeys packed;
    /** Ranges of all sorts. */
    private final PackedSortKeys packedOfAll;
    /** Key of some row, and how many of its bytes all encoded keys began with. */
    private byte[] sample;
    private int commonLength;
    /** Whether some rows were sorted without encoding their keys. */
    private boolean unencoded;

    RowSorter(PgType[] types, List<SortKey> keys) {
        this.types = types;
        sortKeys = keys;
        comparator = new RowComparator(types, keys);
        encodable = EncodedSortKeys.supports(types, keys);
        packed = new PackedSortKeys(types, keys);
        packedOfAll = new PackedSortKeys(types, keys);
    }

    RowComparator comparator() {
        return comparator;
    }

    /** Forgets earlier sorts. */
    void forget() {
        packedOfAll.clear();
        sample = null;
        commonLength = 0;
        unencoded = false;
    }

    /** @return the row numbers in order */
    int[] sort(RowStore rows, QueryContext query) {
        int n = rows.count();
        packed.clear();
        for (int c = 0; c < rows.chunkCount(); c++) {
            Batch chunk = rows.chunk(c);
            packed.observe(chunk.columns, chunk.size());
        }
        boolean fits = packed.prepare();
        packedOfAll.observe(packed);
        query.checkInterrupts();
        if (fits) {
            unencoded = true;
            return sortPacked(rows, n, query);
        }
        int[] order = new int[n];
        for (int r = 0; r < n; r++) {
            order[r] = r;
        }
        EncodedSortKeys encoded = encodable ? encode(rows) : null;
        long[] prefixes = new long[n];
        if (encoded != null && n > 0) {
            int skip = common(encoded);
            for (int r = 0; r < n; r++) {
                prefixes[r] = encoded.prefix(r, skip);
            }
        }
        Less less = encoded != null ? (a, b) -> encoded.compare(a, b) < 0 : (a, b) -> comparator.compare(
                rows.batchOf(a).columns, RowStore.position(a), rows.batchOf(b).columns, RowStore.position(b)) < 0;
        mergeSort(order, prefixes, n, less, query);
        return order;
    }

    private int[] sortPacked(RowStore rows, int n, QueryContext query) {
        long[] keys = new long[n];
        for (int c = 0; c < rows.chunkCount(); c++) {
            Batch chunk = rows.chunk(c);
            packed.pack(chunk.columns, chunk.size(), keys, c << RowStore.SHIFT);
        }
        int[] order = new int[n];
        int rowBits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(0, n - 1));
        if (packed.bits() + rowBits < Long.SIZE) {
            // The row number below the key makes equal keys different, in the order of the input.
            for (int r = 0; r < n; r++) {
                keys[r] = keys[r] << rowBits | r;
            }
            Arrays.sort(keys);
            for (int i = 0; i < n; i++) {
                order[i] = (int) (keys[i] & (1L << rowBits) - 1);
            }
            return order;
        }
        for (int r = 0; r < n; r++) {
            order[r] = r;
        }
        mergeSort(order, keys, n, (a, b) -> false, query);
        return order;
    }

    private EncodedSortKeys encode(RowStore rows) {
        EncodedSortKeys encoded = new EncodedSortKeys(types, sortKeys);
        for (int c = 0; c < rows.chunkCount(); c++) {
            Batch chunk = rows.chunk(c);
            if (!encoded.add(chunk.columns, chunk.size())) {
                return null;
            }
        }
        return encoded;
    }

    /** Bytes all keys of this sort have in common; remembers those of all sorts. */
    private int common(EncodedSortKeys encoded) {
        byte[] own = encoded.sample();
        if (own == null) {
            return 0;
        }
        int common = encoded.common(own, own.length);
        if (sample == null) {
            sample = own;
            commonLength = common;
        } else {
            int length = Math.min(common, commonLength);
            int mismatch = Arrays.mismatch(sample, 0, length, own, 0, length);
            commonLength = mismatch < 0 ? length : mismatch;
        }
        return common;
    }

    // ---- merging of sorted runs

    /** The keys of a piece of a run, as the sorts since {@link #forget} allow to compare them. */
    abstract static class RunKeys {
        /** Unequal ones decide. */
        long prefix;

        abstract void load(Batch batch);

        abstract void moveTo(int index);

        /** Called when prefixes are equal. */
        abstract int compareRest(RunKeys other);
    }

    RunKeys newRunKeys() {
        if (packedOfAll.prepare()) {
            return new PackedRun(packedOfAll);
        }
        return encodable ? new EncodedRun(new EncodedSortKeys(types, sortKeys), unencoded ? 0 : commonLength)
                : new ComparedRun(comparator);
    }

    private static final class PackedRun extends RunKeys {
        private final PackedSortKeys packed;
        private long[] keys = new long[0];

        PackedRun(PackedSortKeys packed) {
            this.packed = packed;
        }

        @Override
        void load(Batch batch) {
            if (keys.length < batch.size()) {
                keys = new long[batch.size()];
            }
            packed.pack(batch.columns, batch.size(), keys, 0);
        }

        @Override
        void moveTo(int index) {
            prefix = keys[index];
        }

        @Override
        int compareRest(RunKeys other) {
            return 0;
        }
    }

    private static final class EncodedRun extends RunKeys {
        private final EncodedSortKeys keys;
        private final int skip;
        private int index;

        EncodedRun(EncodedSortKeys keys, int skip) {
            this.keys = keys;
            this.skip = skip;
        }

        @Override
        void load(Batch batch) {
            keys.clear();
            keys.add(batch.columns, batch.size());
        }

        @Override
        void moveTo(int newIndex) {
            index = newIndex;
            prefix = keys.prefix(index, skip);
        }

        @Override
        int compareRest(RunKeys other) {
            return keys.compare(index, ((EncodedRun) other).keys, ((EncodedRun) other).index);
        }
    }

    private static final class ComparedRun extends RunKeys {
        private final RowComparator comparator;
        private Batch batch;
        private int index;

        ComparedRun(RowComparator comparator) {
            this.comparator = comparator;
        }

        @Override
        void load(Batch newBatch) {
            batch = newBatch;
        }

        @Override
        void moveTo(int newIndex) {
            index = newIndex;
        }

        @Override
        int compareRest(RunKeys other) {
            ComparedRun run = (ComparedRun) other;
            return comparator.compare(batch.columns, index, run.batch.columns, run.index);
        }
    }

    // ---- merge sort

    /** Order of rows with equal prefixes. */
    private interface Less {
        boolean less(int a, int b);
    }

    /** Bottom-up merge sort of rows and prefixes side by side; the result is in {@code order}. */
    private static void mergeSort(int[] order, long[] prefixes, int n, Less less, QueryContext query) {
        int[] rowsA = order;
        long[] keysA = prefixes;
        insertionRuns(rowsA, keysA, n, less);
        int[] rowsB = new int[n];
        long[] keysB = new long[n];
        for (int width = RUN; width < n; width *= 2) {
            query.checkInterrupts();
            for (int low = 0; low < n; low += 2 * width) {
                int middle = Math.min(low + width, n);
                int high = Math.min(low + 2 * width, n);
                merge(rowsA, keysA, low, middle, high, rowsB, keysB, less);
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

    private static void merge(int[] rowsA, long[] keysA, int low, int middle, int high, int[] rowsB, long[] keysB,
            Less less) {
        int i = low;
        int j = middle;
        int k = low;
        while (i < middle && j < high) {
            boolean right = keysA[j] < keysA[i] || keysA[j] == keysA[i] && less.less(rowsA[j], rowsA[i]);
            int from = right ? j++ : i++;
            rowsB[k] = rowsA[from];
            keysB[k++] = keysA[from];
        }
        int rest = i < middle ? i : j;
        System.arraycopy(rowsA, rest, rowsB, k, high - k);
        System.arraycopy(keysA, rest, keysB, k, high - k);
    }

    private static void insertionRuns(int[] order, long[] keys, int n, Less less) {
        for (int low = 0; low < n; low += RUN) {
            int high = Math.min(low + RUN, n);
            for (int i = low + 1; i < high; i++) {
                int row = order[i];
                long key = keys[i];
                int j = i - 1;
                while (j >= low && (key < keys[j] || key == keys[j] && less.less(row, order[j]))) {
                    order[j + 1] = order[j];
                    keys[j + 1] = keys[j];
                    j--;
                }
                order[j + 1] = row;
                keys[j + 1] = key;
            }
        }
    }
}
