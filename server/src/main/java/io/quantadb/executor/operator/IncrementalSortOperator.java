package io.quantadb.executor.operator;

import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.types.PgType;
import java.util.List;

/**
 * Sorts input that is already sorted by the first keys, one run of equal ones at a time. Small runs that arrive
 * together
 * are sorted together; a run is kept in memory whole.
 */
final class IncrementalSortOperator extends Operator {
    private static final int MIN_ROWS = 32;

    private final Operator input;
    private final RowSorter sorter;
    private final RowComparator prefix;
    private final RowStore rows;
    private final Batch batch;
    private int[] order = {};
    private int nextRow;
    private Batch source;
    private int index;
    private boolean done;

    IncrementalSortOperator(List<PgType> types, Operator input, List<SortKey> keys, int presorted) {
        super(types);
        this.input = input;
        this.sorter = new RowSorter(outputTypes(), keys);
        this.prefix = new RowComparator(outputTypes(), keys.subList(0, presorted));
        this.rows = new RowStore(outputTypes());
        this.batch = Batch.ofTypes(types);
    }

    @Override
    protected void doOpen() {
        start();
        rows.payBy(query);
        input.open(query);
    }

    private void start() {
        rows.clear();
        order = new int[0];
        nextRow = 0;
        source = null;
        index = 0;
        done = false;
    }

    /** Collects whole runs until there are enough rows, and sorts them. */
    private void fill() {
        rows.clear();
        while (true) {
            if (source == null || index == source.size()) {
                source = input.next();
                index = 0;
                if (source == null) {
                    done = true;
                    break;
                }
            }
            int position = source.position(index);
            if (rows.count() >= MIN_ROWS) {
                int last = rows.count() - 1;
                if (prefix.compare(rows.batchOf(last).columns, RowStore.position(last), source.columns,
                        position) != 0) {
                    break;
                }
            }
            rows.append(source, position);
            index++;
        }
        order = sorter.sort(rows, query);
        nextRow = 0;
    }

    @Override
    public Batch next() {
        while (nextRow == order.length) {
            if (done) {
                return null;
            }
            fill();
        }
        int n = Math.min(Vector.CAPACITY, order.length - nextRow);
        batch.clear();
        rows.gather(order, nextRow, n, batch);
        nextRow += n;
        return batch;
    }

    @Override
    public void close() {
        input.close();
        start();
        done = true;
    }
}
