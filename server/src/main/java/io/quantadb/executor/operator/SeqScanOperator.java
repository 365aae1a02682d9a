package io.quantadb.executor.operator;

import io.quantadb.access.heap.HeapScan;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.planner.physical.ScanTarget;
import io.quantadb.types.PgType;
import java.util.List;

/** Reads a whole table page by page; with a sampling method, only some of its rows or pages. */
final class SeqScanOperator extends ScanOperator {
    private HeapScan scan;
    private int onPage;
    private boolean pageLeft;
    private boolean ended = true;
    private final Sample sample;
    /** Null if the whole table is read here. */
    private BlockShare share;

    /**
     * TABLESAMPLE: decides by hash of seed and place, so that a seed repeats its sample while the table is unchanged.
     */
    static final class Sample {
        private final boolean bernoulli;
        private final ScalarEvaluator percent;
        private final ScalarEvaluator repeatable;
        private long cutoff;
        private long seed;

        Sample(boolean bernoulli, ScalarEvaluator percent, ScalarEvaluator repeatable) {
            this.bernoulli = bernoulli;
            this.percent = percent;
            this.repeatable = repeatable;
        }

        void start(RowContext row) {
            Object value = percent.eval(row);
            if (value == null) {
                throw new SqlException(SqlState.INVALID_TABLESAMPLE_ARGUMENT, "TABLESAMPLE parameter cannot be null");
            }
            double p = (Double) value;
            if (!(p >= 0 && p <= 100)) {
                throw new SqlException(SqlState.INVALID_TABLESAMPLE_ARGUMENT,
                        "sample percentage must be between 0 and 100");
            }
            cutoff = (long) (p / 100 * 0x1p32);
            if (repeatable == null) {
                seed = row.query.functions.random().nextLong();
            } else {
                Object given = repeatable.eval(row);
                if (given == null) {
                    throw new SqlException(SqlState.INVALID_TABLESAMPLE_REPEAT,
                            "TABLESAMPLE REPEATABLE parameter cannot be null");
                }
                seed = Double.doubleToLongBits((Double) given);
            }
        }

        boolean keeps(long place) {
            return (Keys.mix(seed ^ Keys.mix(place)) >>> 32) < cutoff;
        }
    }

    SeqScanOperator(List<PgType> types, ScanTarget target, PgType[] attributeTypes, ScanFilter filter, Sample sample) {
        super(types, target, attributeTypes, filter);
        this.sample = sample;
    }

    /** To be called before open: reads only blocks it takes from there; null for all. */
    void share(BlockShare newShare) {
        share = newShare;
    }

    @Override
    protected void openScan() {
        if (scan != null) {
            scan.close();
        }
        if (sample != null) {
            sample.start(row);
        }
        scan = heap.scan(query.snapshot);
        if (share != null) {
            scan.restart(0, 0);
        }
        pageLeft = false;
        ended = false;
    }

    @Override
    protected void fill() {
        while (!ended) {
            if (!pageLeft) {
                if (!scan.nextPage()) {
                    int chunk = share == null ? -1 : share.take();
                    if (chunk >= 0) {
                        query.checkInterrupts();
                        scan.restart(chunk, share.endOf(chunk));
                        continue;
                    }
                    ended = true;
                    scan.close();
                    return;
                }
                onPage = 0;
                pageLeft = sample == null || sample.bernoulli || sample.keeps(scan.blockNumber());
                if (!pageLeft) {
                    continue;
                }
            }
            int count = scan.count();
            int n = 0;
            int room = room();
            while (onPage < count && n < room) {
                long tid = scan.tid(onPage);
                if (sample == null || !sample.bernoulli || sample.keeps(tid)) {
                    tuples[n] = scan.tupleAddress(onPage);
                    tids[n++] = tid;
                }
                onPage++;
            }
            take(n);
            pageLeft = onPage < count;
            if (pageLeft || room() < count) {
                return;
            }
            if (rows() == 0) {
                query.checkInterrupts();
            }
        }
    }

    @Override
    protected boolean atEnd() {
        return ended;
    }

    @Override
    protected void closeScan() {
        if (scan != null) {
            scan.close();
            scan = null;
        }
        ended = true;
    }
}
