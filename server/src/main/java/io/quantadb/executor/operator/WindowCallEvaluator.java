package io.quantadb.executor.operator;

import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.RowView;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.function.Accumulator;
import io.quantadb.function.AggregateFunction;
import io.quantadb.function.FunctionContext;
import io.quantadb.function.WindowFunction;
import java.util.function.Supplier;

/** One call of a window: a window function, or an aggregate over the frame. Confined to one thread. */
final class WindowCallEvaluator implements WindowFunction.WindowAccess {
    private final WindowPartition partition;
    private final RowStore rows;
    private final ScalarEvaluator[] arguments;
    private final ScalarEvaluator filter;
    private final Supplier<WindowFunction> windowFactory;
    private final AggregateFunction aggregate;
    private final RowView.BatchRow view = new RowView.BatchRow();
    private final Object[] values;
    private WindowFunction window;
    private Accumulator accumulator;
    private RowContext row;
    private int from;
    private int to;
    private int[] frameRows = new int[16];
    private int frameRowCount;
    private int frameFor = -1;
    private Object cached;
    private boolean cachedValid;

    WindowCallEvaluator(WindowPartition partition, RowStore rows, ScalarEvaluator[] arguments, ScalarEvaluator filter,
            Supplier<WindowFunction> windowFactory, AggregateFunction aggregate) {
        this.partition = partition;
        this.rows = rows;
        this.arguments = arguments;
        this.filter = filter;
        this.windowFactory = windowFactory;
        this.aggregate = aggregate;
        this.values = new Object[arguments.length];
    }

    void open(RowContext context) {
        row = context;
        if (windowFactory != null) {
            window = windowFactory.get();
        }
    }

    void startPartition() {
        frameFor = -1;
        cachedValid = false;
        if (window != null) {
            window.startPartition();
        } else {
            accumulator = aggregate.newAccumulator(row.query.functions);
            accumulator.ensureGroups(1);
            from = 0;
            to = 0;
        }
    }

    Object value() {
        return window != null ? window.evaluate(this) : aggregateValue();
    }

    // ---- aggregates

    private Object aggregateValue() {
        int start = partition.frameStart();
        int end = partition.frameEnd();
        if (partition.excludes()) {
            accumulator.reset(0);
            for (int r = start; r < end; r++) {
                if (!partition.isExcluded(r)) {
                    add(r);
                }
            }
            return accumulator.finish(0);
        }
        if (cachedValid && start == from && end == to) {
            return cached;
        }
        if (start > from) {
            if (start >= to || !accumulator.canRemove()) {
                accumulator.reset(0);
                from = start;
                to = start;
            } else {
                for (; from < start; from++) {
                    if (load(from)) {
                        accumulator.remove(0, values);
                    }
                }
            }
        } else if (start < from || end < to) {
            accumulator.reset(0);
            from = start;
            to = start;
        }
        for (; to < end; to++) {
            add(to);
        }
        cached = accumulator.finish(0);
        cachedValid = true;
        return cached;
    }

    private void add(int r) {
        if (load(r)) {
            accumulator.add(0, values);
        }
    }

    /** Evaluates the arguments for a row; false if the filter leaves it out. */
    private boolean load(int r) {
        row.outer = view.at(rows.batchOf(r), RowStore.position(r));
        if (filter != null && !filter.isTrue(row)) {
            return false;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments[i].eval(row);
        }
        return true;
    }

    // ---- window functions

    @Override
    public FunctionContext context() {
        return row.query.functions;
    }

    @Override
    public long rowCount() {
        return partition.rowCount();
    }

    @Override
    public long currentRow() {
        return partition.current();
    }

    @Override
    public long peerStart() {
        return partition.peerStart();
    }

    @Override
    public long peerEnd() {
        return partition.peerEnd();
    }

    @Override
    public long peerGroupNumber() {
        return partition.peerGroup();
    }

    @Override
    public Object argument(int index, long r) {
        row.outer = view.at(rows.batchOf((int) r), RowStore.position((int) r));
        return arguments[index].eval(row);
    }

    private void findFrameRows() {
        if (frameFor == partition.current()) {
            return;
        }
        frameFor = partition.current();
        frameRowCount = 0;
        for (int r = partition.frameStart(); r < partition.frameEnd(); r++) {
            if (!partition.isExcluded(r)) {
                if (frameRowCount == frameRows.length) {
                    frameRows = java.util.Arrays.copyOf(frameRows, frameRowCount * 2);
                }
                frameRows[frameRowCount++] = r;
            }
        }
    }

    @Override
    public long frameRowCount() {
        if (!partition.excludes()) {
            return partition.frameEnd() - partition.frameStart();
        }
        findFrameRows();
        return frameRowCount;
    }

    @Override
    public long frameRow(long indexInFrame) {
        if (!partition.excludes()) {
            return partition.frameStart() + indexInFrame;
        }
        findFrameRows();
        return frameRows[(int) indexInFrame];
    }
}
