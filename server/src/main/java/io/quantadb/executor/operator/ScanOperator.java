package io.quantadb.executor.operator;

import io.quantadb.access.heap.HeapCursor;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.executor.Instrumentation.NodeCounters;
import io.quantadb.executor.QueryContext.Recheck;
import io.quantadb.executor.expr.BatchFilter;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.planner.physical.ScanTarget;
import io.quantadb.types.PgType;
import java.util.List;

/**
 * Base of the operators that read a table: opens it, decodes attributes into a batch, applies the filter, and stands in
 * a single row when a concurrently updated one is looked at again.
 *
 * <p>Late decoding: the attributes the filter reads are decoded for all rows, the others for those it keeps. Kept rows
 * are moved together, so batches are dense.
 */
abstract class ScanOperator extends Operator {
    protected final ScanTarget target;
    private final BatchFilter filter;
    private final boolean[] readByFilter;
    private final PgType[] attributeTypes;
    /** All attributes, filter-only ones last. */
    private final Batch work;
    private final Batch batch;
    private ColumnDecoder[] decoders;
    private HeapRelation decodersFor;
    protected HeapRelation heap;
    protected final long[] tuples = new long[Vector.CAPACITY];
    protected final long[] tids = new long[Vector.CAPACITY];
    private final long[] keptTuples = new long[Vector.CAPACITY];
    private final long[] keptTids = new long[Vector.CAPACITY];
    private final int[] window = new int[Vector.CAPACITY];
    private final int[] kept = new int[Vector.CAPACITY];
    private int rows;
    private boolean recheckDone;
    protected final HeapCursor cursor = new HeapCursor();
    /** Null unless EXPLAIN ANALYZE runs. */
    NodeCounters counters;

    ScanOperator(List<PgType> types, ScanTarget target, PgType[] attributeTypes, BatchFilter filter,
            boolean[] readByFilter) {
        super(types);
        this.target = target;
        this.filter = filter;
        this.readByFilter = readByFilter;
        this.attributeTypes = attributeTypes;
        this.work = Batch.ofTypes(List.of(attributeTypes));
        this.batch = new Batch(java.util.Arrays.copyOf(work.columns, target.outputCount()));
    }

    @Override
    protected final void doOpen() {
        heap = query.storage.heap(target.relation());
        if (decodersFor != heap) {
            decoders = new ColumnDecoder[attributeTypes.length];
            for (int i = 0; i < decoders.length; i++) {
                decoders[i] = ColumnDecoder.of(target.attributes().get(i), heap, target.relation());
            }
            decodersFor = heap;
        }
        recheckDone = false;
        if (recheckTid() < 0) {
            openScan();
        }
    }

    private long recheckTid() {
        return query.recheck == null ? -1 : Recheck.tidFor(query.recheck, target.scanId());
    }

    /** Starts reading from the first row. */
    protected abstract void openScan();

    /** Fills the batch through {@link #take}; ends early only at the end of the scan. */
    protected abstract void fill();

    protected abstract void closeScan();

    /** Whether a replacement row satisfies the conditions that the scan guarantees without evaluating them. */
    protected boolean satisfiesScan(long tuple) {
        return true;
    }

    @Override
    public Batch next() {
        while (true) {
            query.checkInterrupts();
            work.clear();
            rows = 0;
            if (recheckTid() >= 0) {
                if (recheckDone) {
                    return null;
                }
                takeReplacement(recheckTid());
            } else {
                fill();
            }
            if (rows > 0) {
                work.selectAll(rows);
                batch.selectAll(rows);
                return batch;
            }
            if (atEnd()) {
                return null;
            }
        }
    }

    /** Whether {@link #fill} has nothing more. */
    protected abstract boolean atEnd();

    private void takeReplacement(long tid) {
        recheckDone = true;
        if (heap.fetchAny(tid, cursor)) {
            tuples[0] = cursor.tupleAddress();
            tids[0] = cursor.tid();
            if (satisfiesScan(tuples[0])) {
                take(1);
            }
        }
        cursor.close();
    }

    /** Rows the batch still has room for. */
    protected final int room() {
        return Vector.CAPACITY - rows;
    }

    protected final int rows() {
        return rows;
    }

    /** Takes the first {@code count} rows of {@link #tuples} and {@link #tids}, whose pages are pinned. */
    protected final void take(int count) {
        boolean plain = true;
        int attributeCount = heap.layout().attributeCount();
        for (int i = 0; i < count && plain; i++) {
            plain = ColumnDecoder.isPlain(tuples[i], attributeCount);
        }
        for (Vector column : work.columns) {
            column.ensure(rows + count);
        }
        if (filter == null) {
            decode(false, true, tuples, tids, count, plain);
            rows += count;
            return;
        }
        decode(true, false, tuples, tids, count, plain);
        for (int i = 0; i < count; i++) {
            window[i] = rows + i;
        }
        work.selectAll(rows + count);
        int n = filter.filter(work, window, count, kept, row);
        if (counters != null) {
            counters.removedByFilter += count - n;
        }
        if (n == 0) {
            return;
        }
        if (n < count) {
            compact(n);
            decode(false, false, keptTuples, keptTids, n, plain);
        } else {
            decode(false, false, tuples, tids, n, plain);
        }
        rows += n;
    }

    private void compact(int n) {
        for (int c = 0; c < work.columns.length; c++) {
            if (readByFilter[c]) {
                Vector column = work.columns[c];
                for (int i = 0; i < n; i++) {
                    if (kept[i] != rows + i) {
                        column.copy(rows + i, column, kept[i]);
                    }
                }
            }
        }
        for (int i = 0; i < n; i++) {
            keptTuples[i] = tuples[kept[i] - rows];
            keptTids[i] = tids[kept[i] - rows];
        }
    }

    /** Decodes the attributes the filter reads, or the output attributes it does not read, or all. */
    private void decode(boolean forFilter, boolean all, long[] from, long[] fromTids, int count, boolean plain) {
        for (int c = 0; c < decoders.length; c++) {
            boolean wanted = all ? c < target.outputCount()
                    : forFilter ? readByFilter[c] : !readByFilter[c] && c < target.outputCount();
            if (wanted) {
                decoders[c].decode(from, fromTids, 0, count, plain, work.columns[c], rows);
            }
        }
    }

    @Override
    public final void rescan() {
        recheckDone = false;
        if (recheckTid() < 0) {
            openScan();
        }
    }

    @Override
    public final void close() {
        cursor.close();
        closeScan();
    }
}
