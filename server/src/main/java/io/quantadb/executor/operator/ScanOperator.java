package io.quantadb.executor.operator;

import io.quantadb.access.heap.HeapCursor;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.executor.Instrumentation.NodeCounters;
import io.quantadb.executor.QueryContext.Recheck;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.ObjectVector;
import io.quantadb.executor.vector.Vector;
import io.quantadb.maintenance.TableActivity;
import io.quantadb.planner.physical.ScanTarget;
import io.quantadb.types.PgType;
import java.util.Arrays;
import java.util.List;

/**
 * Base of the operators that read a table: opens it, decodes attributes into a batch, applies the filter, and stands in
 * a single row when a concurrently updated one is looked at again.
 *
 * <p>Late decoding: an attribute is decoded for the rows that are left when the first part of the filter reads it, or
 * at the end. Kept rows are moved together, so batches are dense.
 */
abstract class ScanOperator extends Operator {
    protected final ScanTarget target;
    private final ScanFilter filter;
    /** Attributes that are in their vector, at the positions before the rows were moved together. */
    private final boolean[] decoded;
    private final PgType[] attributeTypes;
    /** All attributes, filter-only ones last. */
    private final Batch work;
    private final Batch batch;
    private ColumnDecoder[] decoders;
    private HeapRelation decodersFor;
    protected HeapRelation heap;
    /** Scratch space for the rows of one {@link #take}; see {@link #reserve}. */
    protected long[] tuples = new long[1];
    protected long[] tids = new long[1];
    private long[] keptTuples = new long[1];
    private long[] keptTids = new long[1];
    private int[] window = new int[1];
    private int[] kept = new int[1];
    private int rows;
    private boolean recheckDone;
    private TableActivity activity;
    private TableActivity indexActivity;
    /** Rows since they were counted last. */
    private long examined;
    protected final HeapCursor cursor = new HeapCursor();
    /** Null unless EXPLAIN ANALYZE runs. */
    NodeCounters counters;

    ScanOperator(List<PgType> types, ScanTarget target, PgType[] attributeTypes, ScanFilter filter) {
        super(types);
        this.target = target;
        this.filter = filter;
        this.decoded = new boolean[attributeTypes.length];
        this.attributeTypes = attributeTypes;
        this.work = Batch.ofTypes(List.of(attributeTypes));
        this.batch = new Batch(Arrays.copyOf(work.columns, target.outputCount()));
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
            countScan();
            openScan();
        }
    }

    /** The index it reads, 0 if none. */
    protected int indexOid() {
        return 0;
    }

    private void countScan() {
        if (query.activity == null) {
            return;
        }
        if (activity == null) {
            activity = query.activity.table(target.relation());
            indexActivity = indexOid() == 0 ? null : query.activity.index(target.relation(), indexOid());
        }
        countRows();
        if (indexActivity != null) {
            indexActivity.indexScans.increment();
            activity.indexScans.increment();
        } else {
            activity.sequentialScans.increment();
        }
    }

    private void countRows() {
        if (examined > 0 && activity != null) {
            if (indexActivity != null) {
                indexActivity.indexRows.add(examined);
                activity.indexRows.add(examined);
            } else {
                activity.sequentialRows.add(examined);
            }
        }
        examined = 0;
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

    /** Makes room for so many rows of one {@link #take}, one being there anyway: most scans never see a full batch. */
    protected final void reserve(int count) {
        if (tuples.length < count) {
            int size = Math.min(Vector.CAPACITY, Math.max(16, 2 * count));
            tuples = new long[size];
            tids = new long[size];
            keptTuples = new long[size];
            keptTids = new long[size];
            window = new int[size];
            kept = new int[size];
        }
    }

    /** Takes the first {@code count} rows of {@link #tuples} and {@link #tids}, whose pages are pinned. */
    protected final void take(int count) {
        examined += count;
        if (decoders.length == 0 && filter == null) {
            rows += count;
            return;
        }
        boolean plain = isPlain(count);
        for (Vector column : work.columns) {
            column.ensure(rows + count);
        }
        for (int i = 0; i < count; i++) {
            window[i] = rows + i;
        }
        long[] from = tuples;
        long[] fromTids = tids;
        int n = count;
        if (filter != null) {
            n = applyFilter(count, plain);
            if (n < count && n > 0) {
                compact(n);
                from = keptTuples;
                fromTids = keptTids;
            }
            for (int c : filter.columns()) {
                if (work.columns[c] instanceof ObjectVector objects) {
                    objects.endSlices();
                }
            }
        }
        for (int c = 0; c < target.outputCount() && n > 0; c++) {
            if (!decoded[c]) {
                decoders[c].decode(from, fromTids, rows, window, n, plain, work.columns[c]);
            }
        }
        rows += n;
    }

    private boolean isPlain(int count) {
        int attributeCount = heap.layout().attributeCount();
        for (int i = 0; i < count; i++) {
            if (!ColumnDecoder.isPlain(tuples[i], attributeCount)) {
                return false;
            }
        }
        return true;
    }

    /** Puts the positions that satisfy the filter into {@link #kept}. @return how many */
    private int applyFilter(int count, boolean plain) {
        Arrays.fill(decoded, false);
        work.selectAll(rows + count);
        int[] positions = window;
        int n = count;
        for (int part = 0; part < filter.parts() && n > 0; part++) {
            for (int c : filter.newColumns(part)) {
                decoded[c] = !decoders[c].decodeForFilter(tuples, tids, rows, positions, n, plain, work.columns[c]);
            }
            n = filter.filter(part, work, positions, n, kept, row);
            positions = kept;
        }
        if (counters != null) {
            counters.removedByFilter += count - n;
        }
        return n;
    }

    private void compact(int n) {
        for (int c = 0; c < target.outputCount(); c++) {
            if (decoded[c]) {
                work.columns[c].compact(rows, kept, n);
            }
        }
        for (int i = 0; i < n; i++) {
            int at = kept[i] - rows;
            keptTuples[i] = tuples[at];
            keptTids[i] = tids[at];
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
        countRows();
        closeScan();
    }
}
