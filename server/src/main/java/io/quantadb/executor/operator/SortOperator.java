package io.quantadb.executor.operator;

import io.quantadb.executor.Instrumentation.NodeCounters;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.List;

/** Sorts its input: in memory, or by sorted runs in temporary files that are merged. */
final class SortOperator extends Operator {
    /** Runs merged at once; more are merged in several passes. */
    private static final int FAN_IN = 128;
    private static final int MERGE_ROWS = 256;

    private final Operator input;
    private final RowSorter sorter;
    private final Batch batch;
    private final RowStore rows;
    private int[] order;
    private int nextRow;
    private List<SpillFile> runs = new ArrayList<>();
    private RunMerger merger;
    private boolean sorted;
    private boolean opened;
    /** Null unless EXPLAIN ANALYZE runs. */
    NodeCounters counters;

    SortOperator(List<PgType> types, Operator input, List<SortKey> keys) {
        super(types);
        this.input = input;
        this.sorter = new RowSorter(outputTypes(), keys);
        this.batch = Batch.ofTypes(types);
        this.rows = new RowStore(outputTypes());
    }

    @Override
    protected void doOpen() {
        sorted = false;
        opened = true;
        rows.payBy(query);
        sorter.forget();
        input.open(query);
    }

    private void readAndSort() {
        for (Batch source = input.next(); source != null; source = input.next()) {
            rows.appendAll(source);
            if (rows.bytes() > query.workMemBytes && query.files != null) {
                writeRun();
            }
        }
        if (runs.isEmpty()) {
            order = sorter.sort(rows, query);
            nextRow = 0;
        } else {
            if (rows.count() > 0) {
                writeRun();
            }
            while (runs.size() > FAN_IN) {
                mergePass();
            }
            merger = new RunMerger(runs);
        }
        sorted = true;
        if (counters != null) {
            counters.sortMethod = runs.isEmpty() ? "quicksort" : "external merge";
            counters.memoryBytes = Math.max(counters.memoryBytes, rows.bytes());
            counters.diskBytes = Math.max(counters.diskBytes, query.temporaryBytes());
        }
    }

    private void writeRun() {
        int[] sortedRows = sorter.sort(rows, query);
        SpillFile run = new SpillFile(query, outputTypes());
        runs.add(run);
        for (int row : sortedRows) {
            run.write(rows.batchOf(row).columns, RowStore.position(row));
        }
        run.endWriting();
        rows.clear();
    }

    private void mergePass() {
        List<SpillFile> merged = new ArrayList<>();
        List<SpillFile> old = runs;
        for (int i = 0; i < old.size(); i += FAN_IN) {
            List<SpillFile> group = old.subList(i, Math.min(i + FAN_IN, old.size()));
            RunMerger groupMerger = new RunMerger(group);
            SpillFile target = new SpillFile(query, outputTypes());
            merged.add(target);
            for (Run run = groupMerger.first(); run != null; run = groupMerger.first()) {
                target.write(run.batch.columns, run.batch.position(run.index));
                groupMerger.advance();
            }
            target.endWriting();
            group.forEach(SpillFile::close);
        }
        runs = merged;
    }

    /** One run being read. */
    private static final class Run {
        final SpillFile file;
        final int number;
        final RowSorter.RunKeys keys;
        Batch batch;
        int index;

        Run(SpillFile file, int number, RowSorter.RunKeys keys) {
            this.file = file;
            this.number = number;
            this.keys = keys;
        }

        /** Goes to the next piece; false at the end of the run. */
        boolean load() {
            batch = file.read(MERGE_ROWS);
            if (batch == null) {
                return false;
            }
            index = 0;
            keys.load(batch);
            keys.moveTo(0);
            return true;
        }

        /** Goes to the next row; false at the end of the run. */
        boolean advance() {
            if (++index == batch.size()) {
                return load();
            }
            keys.moveTo(index);
            return true;
        }

        /** Ties go to the earlier run, so the sort is stable. */
        boolean before(Run other) {
            if (keys.prefix != other.keys.prefix) {
                return keys.prefix < other.keys.prefix;
            }
            int byRest = keys.compareRest(other.keys);
            return byRest != 0 ? byRest < 0 : number < other.number;
        }
    }

    /** Merges runs: a heap with the run of the next row on top. */
    private final class RunMerger {
        private final Run[] heap;
        private int size;

        RunMerger(List<SpillFile> files) {
            heap = new Run[files.size()];
            for (int i = 0; i < heap.length; i++) {
                Run run = new Run(files.get(i), i, sorter.newRunKeys());
                run.file.rewind();
                if (run.load()) {
                    heap[size++] = run;
                }
            }
            for (int i = size / 2 - 1; i >= 0; i--) {
                siftDown(i);
            }
        }

        /** The run whose current row is next, null at the end. */
        Run first() {
            return size == 0 ? null : heap[0];
        }

        /** Moves the first run to its next row. */
        void advance() {
            if (!heap[0].advance()) {
                heap[0] = heap[--size];
                heap[size] = null;
            }
            if (size > 1) {
                siftDown(0);
            }
        }

        private void siftDown(int from) {
            Run run = heap[from];
            int i = from;
            for (int child = 2 * i + 1; child < size; child = 2 * i + 1) {
                if (child + 1 < size && heap[child + 1].before(heap[child])) {
                    child++;
                }
                if (!heap[child].before(run)) {
                    break;
                }
                heap[i] = heap[child];
                i = child;
            }
            heap[i] = run;
        }
    }

    @Override
    public Batch next() {
        if (!sorted) {
            readAndSort();
        }
        query.checkInterrupts();
        batch.clear();
        if (merger == null) {
            int n = Math.min(Vector.CAPACITY, order.length - nextRow);
            if (n == 0) {
                return null;
            }
            rows.gather(order, nextRow, n, batch);
            nextRow += n;
            return batch;
        }
        int n = 0;
        for (Run run = merger.first(); n < Vector.CAPACITY && run != null; run = merger.first()) {
            for (int c = 0; c < batch.columns.length; c++) {
                batch.columns[c].copy(n, run.batch.columns[c], run.index);
            }
            n++;
            merger.advance();
        }
        batch.selectAll(n);
        return n == 0 ? null : batch;
    }

    @Override
    public void close() {
        if (opened) {
            input.close();
        }
        opened = false;
        sorted = false;
        rows.clear();
        order = null;
        merger = null;
        runs.forEach(SpillFile::close);
        runs = new ArrayList<>();
    }
}
