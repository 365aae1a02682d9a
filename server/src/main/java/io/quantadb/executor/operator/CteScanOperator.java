package io.quantadb.executor.operator;

import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.types.PgType;
import java.util.List;

/** Reads a WITH query; each scan has its own position. */
final class CteScanOperator extends Operator {
    private final CommonTable table;
    private final Batch batch;
    private final int[] selection = new int[Vector.CAPACITY];
    private int nextRow;

    CteScanOperator(List<PgType> types, CommonTable table) {
        super(types);
        this.table = table;
        this.batch = new Batch(new Vector[types.size()]);
    }

    @Override
    protected void doOpen() {
        nextRow = 0;
    }

    @Override
    public Batch next() {
        query.checkInterrupts();
        while (nextRow >= table.rows().count()) {
            if (!table.more()) {
                return null;
            }
        }
        Batch chunk = table.rows().batchOf(nextRow);
        int from = RowStore.position(nextRow);
        int n = chunk.size() - from;
        System.arraycopy(chunk.columns, 0, batch.columns, 0, batch.columns.length);
        batch.selectLike(chunk);
        for (int i = 0; i < n; i++) {
            selection[i] = from + i;
        }
        batch.select(selection, n);
        nextRow += n;
        return batch;
    }

    @Override
    public void rescan() {
        nextRow = 0;
    }

    @Override
    public void close() {
    }
}
