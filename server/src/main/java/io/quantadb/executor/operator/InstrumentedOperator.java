package io.quantadb.executor.operator;

import io.quantadb.executor.Instrumentation.NodeCounters;
import io.quantadb.executor.vector.Batch;
import java.util.List;

/** Counts rows, loops and time of the operator it wraps; only there when EXPLAIN ANALYZE runs. */
final class InstrumentedOperator extends Operator {
    private final Operator inner;
    private final NodeCounters counters;
    private final boolean timing;
    private boolean sawRow;

    InstrumentedOperator(Operator inner, NodeCounters counters, boolean timing) {
        super(List.of(inner.outputTypes()));
        this.inner = inner;
        this.counters = counters;
        this.timing = timing;
    }

    private long now() {
        return timing ? System.nanoTime() : 0;
    }

    @Override
    protected void doOpen() {
        counters.loops++;
        sawRow = false;
        long start = now();
        inner.open(query);
        counters.totalNanos += now() - start;
    }

    @Override
    public Batch next() {
        long start = now();
        Batch batch = inner.next();
        counters.totalNanos += now() - start;
        if (batch != null) {
            counters.rows += batch.size();
            if (!sawRow) {
                sawRow = true;
                if (counters.firstRowNanos == 0) {
                    counters.firstRowNanos = counters.totalNanos;
                }
            }
        }
        return batch;
    }

    @Override
    public void rescan() {
        counters.loops++;
        sawRow = false;
        long start = now();
        inner.rescan();
        counters.totalNanos += now() - start;
    }

    @Override
    public void close() {
        inner.close();
    }
}
