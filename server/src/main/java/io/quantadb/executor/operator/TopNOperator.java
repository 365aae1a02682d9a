package io.quantadb.executor.operator;

import io.quantadb.executor.Instrumentation.NodeCounters;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.types.PgType;
import java.util.List;

/** The first rows of an order, kept in a heap of limit + offset rows; a full sort if that would be many. */
final class TopNOperator extends Operator {
    private static final long MAX_HEAP_ROWS = 50_000;

    private final Operator input;
    private final RowSorter sorter;
    private final ScalarEvaluator limit;
    private final ScalarEvaluator offset;
    private final Operator fallback;
    private final RowStore rows;
    private final Batch batch;
    /** Max-heap of row numbers: the worst kept row first. */
    private int[] heap = new int[16];
    private int heapSize;
    /** Arrival number of each kept row, so that ties are resolved stably. */
    private long[] arrivals = new long[16];
    private long arrival;
    private int capacity;
    private long skip;
    private boolean useFallback;
    private boolean filled;
    private int[] order;
    private int nextRow;
    private boolean opened;
    /** Null unless EXPLAIN ANALYZE runs. */
    NodeCounters counters;

    /** @param fallback Limit over Sort over the same input */
    TopNOperator(List<PgType> types, Operator input, List<SortKey> keys, ScalarEvaluator limit,
            ScalarEvaluator offset, Operator fallback) {
        super(types);
        this.input = input;
        this.sorter = new RowSorter(outputTypes(), keys);
        this.limit = limit;
        this.offset = offset;
        this.fallback = fallback;
        this.rows = new RowStore(outputTypes());
        this.batch = Batch.ofTypes(types);
    }

    @Override
    protected void doOpen() {
        skip = LimitOperator.offsetValue(offset, row);
        long wanted = LimitOperator.limitValue(limit, row);
        opened = true;
        filled = false;
        rows.payBy(query);
        useFallback = wanted > MAX_HEAP_ROWS || skip > MAX_HEAP_ROWS - wanted;
        if (useFallback) {
            fallback.open(query);
            return;
        }
        capacity = (int) (wanted + skip);
        if (wanted == 0) {
            capacity = 0;
        }
        input.open(query);
    }

    private boolean worse(Vector[] a, int aPosition, int keptRow) {
        // A new row loses ties: it came later.
        return sorter.comparator().compare(a, aPosition, rows.batchOf(keptRow).columns,
                RowStore.position(keptRow)) >= 0;
    }

    private int compareKept(int a, int b) {
        int byKey = sorter.comparator().compare(rows.batchOf(a).columns, RowStore.position(a),
                rows.batchOf(b).columns, RowStore.position(b));
        return byKey != 0 ? byKey : Long.compare(arrivals[a], arrivals[b]);
    }

    private void fill() {
        filled = true;
        heapSize = 0;
        for (Batch source = capacity == 0 ? null : input.next(); source != null; source = input.next()) {
            for (int i = 0; i < source.size(); i++) {
                offer(source.columns, source.position(i));
            }
        }
        order = new int[heapSize];
        for (int i = heapSize - 1; i >= 0; i--) {
            order[i] = heap[0];
            heap[0] = heap[--heapSize];
            siftDown();
        }
        nextRow = (int) Math.min(skip, order.length);
        if (counters != null) {
            counters.sortMethod = "top-N heapsort";
            counters.memoryBytes = Math.max(counters.memoryBytes, rows.bytes());
        }
    }

    private void offer(Vector[] columns, int position) {
        if (heapSize < capacity) {
            if (heapSize == heap.length) {
                heap = java.util.Arrays.copyOf(heap, heapSize * 2);
                arrivals = java.util.Arrays.copyOf(arrivals, heapSize * 2);
            }
            int kept = rows.append(columns, position);
            arrivals[kept] = arrival++;
            heap[heapSize++] = kept;
            siftUp(heapSize - 1);
        } else if (!worse(columns, position, heap[0])) {
            rows.replace(heap[0], columns, position);
            arrivals[heap[0]] = arrival++;
            siftDown();
        }
    }

    private void siftUp(int from) {
        int i = from;
        while (i > 0) {
            int parent = (i - 1) / 2;
            if (compareKept(heap[i], heap[parent]) <= 0) {
                return;
            }
            swap(i, parent);
            i = parent;
        }
    }

    private void siftDown() {
        int i = 0;
        while (true) {
            int child = 2 * i + 1;
            if (child >= heapSize) {
                return;
            }
            if (child + 1 < heapSize && compareKept(heap[child + 1], heap[child]) > 0) {
                child++;
            }
            if (compareKept(heap[child], heap[i]) <= 0) {
                return;
            }
            swap(i, child);
            i = child;
        }
    }

    private void swap(int i, int j) {
        int kept = heap[i];
        heap[i] = heap[j];
        heap[j] = kept;
    }

    @Override
    public Batch next() {
        if (useFallback) {
            return fallback.next();
        }
        if (!filled) {
            fill();
        }
        int n = Math.min(Vector.CAPACITY, order.length - nextRow);
        if (n <= 0) {
            return null;
        }
        batch.clear();
        rows.gather(order, nextRow, n, batch);
        nextRow += n;
        return batch;
    }

    @Override
    public void close() {
        if (opened) {
            if (useFallback) {
                fallback.close();
            } else {
                input.close();
            }
        }
        opened = false;
        rows.clear();
        order = null;
        filled = false;
    }
}
