package io.quantadb.executor.operator;

import io.quantadb.executor.Instrumentation;
import io.quantadb.executor.Instrumentation.NodeCounters;
import io.quantadb.executor.vector.Batch;
import java.util.List;
import java.util.function.LongSupplier;

/** Counts rows, loops and time of the operator it wraps; only there when EXPLAIN ANALYZE runs. */
final class InstrumentedOperator extends Operator {
    private final Operator inner;
    private final NodeCounters counters;
    private final boolean timing;
    private final LongSupplier hits;
    private final LongSupplier reads;
    private long hitsBefore;
    private long readsBefore;
    private boolean sawRow;

    InstrumentedOperator(Operator inner, NodeCounters counters, Instrumentation instrumentation) {
        super(List.of(inner.outputTypes()));
        this.inner = inner;
        this.counters = counters;
        this.timing = instrumentation.timing();
        this.hits = instrumentation.bufferHits;
        this.reads = instrumentation.bufferReads;
    }

    private void countFrom() {
        if (hits != null) {
            hitsBefore = hits.getAsLong();
            readsBefore = reads.getAsLong();
        }
    }

    private void count() {
        if (hits != null) {
            counters.buffersHit += hits.getAsLong() - hitsBefore;
            counters.buffersRead += reads.getAsLong() - readsBefore;
        }
    }

    private long now() {
        return timing ? System.nanoTime() : 0;
    }

    @Override
    protected void doOpen() {
        counters.loops++;
        sawRow = false;
        long start = now();
        countFrom();
        inner.open(query);
        count();
        counters.totalNanos += now() - start;
    }

    @Override
    public Batch next() {
        long start = now();
        countFrom();
        Batch batch = inner.next();
        count();
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
        countFrom();
        inner.rescan();
        count();
        counters.totalNanos += now() - start;
    }

    @Override
    public void close() {
        inner.close();
    }
}
