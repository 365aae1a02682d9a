package io.quantadb.executor.operator;

import io.quantadb.executor.vector.Batch;
import io.quantadb.types.PgType;
import java.util.List;

/** Reads the rows the round before produced. */
final class WorkTableScanOperator extends Operator {
    private final WorkTable workTable;

    WorkTableScanOperator(List<PgType> types, WorkTable workTable) {
        super(types);
        this.workTable = workTable;
    }

    @Override
    protected void doOpen() {
        workTable.rows.rewind();
    }

    @Override
    public Batch next() {
        query.checkInterrupts();
        return workTable.rows.next();
    }

    @Override
    public void rescan() {
        workTable.rows.rewind();
    }

    @Override
    public void close() {
    }
}
