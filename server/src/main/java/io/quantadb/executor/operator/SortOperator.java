package io.quantadb.executor.operator;

import io.quantadb.executor.Instrumentation.NodeCounters;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** Sorts its input: in memory, or by sorted runs in temporary files that are merged. */
final class SortOperator extends Operator {
    /** Runs merged at once; more are merged in several passes. */
    private static final int FAN_IN = 64;
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
            for (Run run = groupMerger.poll(); run != null; run = groupMerger.poll()) {
                target.write(run.batch.columns, run.batch.position(run.index));
                groupMerger.advance(run);
            }
            group.forEach(SpillFile::close);
        }
        runs = merged;
    }

    /** One run being read. */
    private static final class Run {
        final SpillFile file;
        final int number;
        Batch batch;
        int index;

        Run(SpillFile file, int number) {
            this.file = file;
            this.number = number;
        }
    }

    /** Merges runs; ties go to the earlier run, so the sort is stable. */
    private final class RunMerger {
        private final PriorityQueue<Run> queue = new PriorityQueue<>((a, b) -> {
            int byKey = sorter.comparator().compare(a.batch.columns, a.batch.position(a.index), b.batch.columns,
                    b.batch.position(b.index));
            return byKey != 0 ? byKey : Integer.compare(a.number, b.number);
        });

        RunMerger(List<SpillFile> files) {
            for (int i = 0; i < files.size(); i++) {
                Run run = new Run(files.get(i), i);
                run.file.rewind();
                run.batch = run.file.read(MERGE_ROWS);
                if (run.batch != null) {
                    queue.add(run);
                }
            }
        }

        Run poll() {
            return queue.poll();
        }

        void advance(Run run) {
            if (++run.index == run.batch.size()) {
                run.batch = run.file.read(MERGE_ROWS);
                run.index = 0;
            }
            if (run.batch != null) {
                queue.add(run);
            }
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
        for (Run run = null; n < Vector.CAPACITY && (run = merger.poll()) != null; n++) {
            for (int c = 0; c < batch.columns.length; c++) {
                batch.columns[c].copy(n, run.batch.columns[c], run.batch.position(run.index));
            }
            merger.advance(run);
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
