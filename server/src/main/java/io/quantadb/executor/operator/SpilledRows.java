package io.quantadb.executor.operator;

import io.quantadb.executor.QueryContext;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.types.PgType;
import java.util.List;
import java.util.function.Consumer;

/** Rows in a temporary file that are read once, sorted. Confined to one thread. */
final class SpilledRows implements AutoCloseable {
    private final QueryContext query;
    private final PgType[] types;
    private final RowBuffer rows;

    SpilledRows(QueryContext query, PgType[] types) {
        this.query = query;
        this.types = types;
        this.rows = new RowBuffer(query, types, 0);
    }

    void add(Vector[] columns, int[] selection, int count) {
        Batch batch = new Batch(columns);
        batch.select(selection, count);
        rows.add(batch);
    }

    void addAll(RowStore store) {
        for (int i = 0; i < store.chunkCount(); i++) {
            rows.add(store.chunk(i));
        }
    }

    /** Hands out all rows in order. */
    void sorted(List<SortKey> keys, Consumer<Batch> action) {
        SortOperator sort = new SortOperator(List.of(types), new Source(), keys);
        try {
            sort.open(query);
            for (Batch batch = sort.next(); batch != null; batch = sort.next()) {
                action.accept(batch);
            }
        } finally {
            sort.close();
        }
    }

    /** The file as the input of a sort. */
    private final class Source extends Operator {
        Source() {
            super(List.of(types));
        }

        @Override
        protected void doOpen() {
            rows.rewind();
        }

        @Override
        public Batch next() {
            query.checkInterrupts();
            return rows.next();
        }

        @Override
        public void close() {
            rows.rewind();
        }
    }

    @Override
    public void close() {
        rows.close();
    }
}
