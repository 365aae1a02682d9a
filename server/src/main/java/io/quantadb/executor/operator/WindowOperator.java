package io.quantadb.executor.operator;

import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.types.PgType;
import java.util.List;

/** Window functions over input sorted by partition and order. One partition at a time is kept in memory. */
final class WindowOperator extends Operator {
    private final Operator input;
    private final int[] partitionColumns;
    private final Keys partitionKeys;
    private final Vector[] keyVectors;
    private final WindowPartition partition;
    private final WindowCallEvaluator[] calls;
    private final RowStore rows;
    private final Batch batch;
    private Batch source;
    private int sourceIndex;
    private boolean inputEnded;
    private int nextRow;
    private boolean opened;

    WindowOperator(List<PgType> types, Operator input, int[] partitionColumns, WindowPartition partition,
            WindowCallEvaluator[] calls, RowStore rows) {
        super(types);
        this.input = input;
        this.partitionColumns = partitionColumns;
        PgType[] keyTypes = new PgType[partitionColumns.length];
        for (int i = 0; i < keyTypes.length; i++) {
            keyTypes[i] = input.outputTypes()[partitionColumns[i]];
        }
        this.partitionKeys = new Keys(keyTypes);
        this.keyVectors = new Vector[keyTypes.length];
        this.partition = partition;
        this.calls = calls;
        this.rows = rows;
        this.batch = Batch.ofTypes(types);
    }

    @Override
    protected void doOpen() {
        source = null;
        inputEnded = false;
        nextRow = 0;
        rows.clear();
        rows.payBy(query).spillTo(query, query.workMemBytes);
        opened = true;
        input.open(query);
        partition.open(row);
        for (WindowCallEvaluator call : calls) {
            call.open(row);
        }
    }

    /** Reads the rows of the next partition; false at the end. */
    private boolean nextPartition() {
        rows.clear();
        while (true) {
            if (source == null || sourceIndex == source.size()) {
                query.checkInterrupts();
                source = inputEnded ? null : input.next();
                sourceIndex = 0;
                if (source == null) {
                    inputEnded = true;
                    break;
                }
            }
            int position = source.position(sourceIndex);
            if (rows.count() > 0 && partitionColumns.length > 0 && !samePartition(position)) {
                break;
            }
            rows.append(source, position);
            sourceIndex++;
        }
        if (rows.count() == 0) {
            return false;
        }
        partition.start();
        for (WindowCallEvaluator call : calls) {
            call.startPartition();
        }
        nextRow = 0;
        return true;
    }

    private boolean samePartition(int position) {
        Vector[] first = rows.chunk(0).columns;
        Vector[] firstKeys = new Vector[partitionColumns.length];
        for (int i = 0; i < partitionColumns.length; i++) {
            keyVectors[i] = source.columns[partitionColumns[i]];
            firstKeys[i] = first[partitionColumns[i]];
        }
        return partitionKeys.equal(firstKeys, 0, keyVectors, position);
    }

    @Override
    public Batch next() {
        if (nextRow >= rows.count() && !nextPartition()) {
            return null;
        }
        query.checkInterrupts();
        batch.clear();
        int n = Math.min(Vector.CAPACITY, rows.count() - nextRow);
        int inputWidth = input.outputTypes().length;
        for (int i = 0; i < n; i++) {
            int r = nextRow++;
            for (int c = 0; c < inputWidth; c++) {
                batch.columns[c].copy(i, rows.vector(r, c), RowStore.position(r));
            }
            query.checkInterrupts();
            partition.moveTo(r);
            for (int c = 0; c < calls.length; c++) {
                batch.columns[inputWidth + c].set(i, calls[c].value());
            }
        }
        batch.selectAll(n);
        return batch;
    }

    @Override
    public void close() {
        if (opened) {
            input.close();
        }
        opened = false;
        rows.clear();
        source = null;
        inputEnded = true;
    }

}
