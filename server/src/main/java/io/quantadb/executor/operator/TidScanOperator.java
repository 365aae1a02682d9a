package io.quantadb.executor.operator;

import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.planner.physical.IndexCondition;
import io.quantadb.planner.physical.ScanTarget;
import io.quantadb.types.ArrayValue;
import io.quantadb.types.PgType;
import io.quantadb.types.TidValue;
import java.util.List;
import java.util.TreeSet;

/** Rows at given places, or in a range of places. Rows come in the order of their places, each once. */
final class TidScanOperator extends ScanOperator {
    private final ScalarEvaluator[] single;
    private final ScalarEvaluator[] arrays;
    private final IndexCondition.Bound lower;
    private final IndexCondition.Bound upper;
    private final ScalarEvaluator lowerValue;
    private final ScalarEvaluator upperValue;
    /** A cursor's row may have been updated since it was fetched. */
    private final boolean followUpdates;
    private long[] places = {};
    private int next;
    private io.quantadb.access.heap.HeapScan scan;
    private int onPage;
    private boolean pageLeft;
    private long first;
    private long last;
    private boolean ended = true;

    TidScanOperator(List<PgType> types, ScanTarget target, PgType[] attributeTypes, ScanFilter filter, ScalarEvaluator[] single, ScalarEvaluator[] arrays, IndexCondition.Bound lower,
            ScalarEvaluator lowerValue, IndexCondition.Bound upper, ScalarEvaluator upperValue, boolean followUpdates) {
        super(types, target, attributeTypes, filter);
        this.single = single;
        this.arrays = arrays;
        this.lower = lower;
        this.upper = upper;
        this.lowerValue = lowerValue;
        this.upperValue = upperValue;
        this.followUpdates = followUpdates;
    }

    private boolean isRange() {
        return lower != null || upper != null;
    }

    static long pack(TidValue tid) {
        return tid.block() << 16 | tid.offset();
    }

    @Override
    protected void openScan() {
        closeScan();
        ended = false;
        next = 0;
        if (isRange()) {
            openRange();
            return;
        }
        TreeSet<Long> wanted = new TreeSet<>(Long::compareUnsigned);
        for (ScalarEvaluator evaluator : single) {
            add(wanted, evaluator.eval(row));
        }
        for (ScalarEvaluator evaluator : arrays) {
            ArrayValue array = (ArrayValue) evaluator.eval(row);
            for (int i = 0; array != null && i < array.size(); i++) {
                add(wanted, array.get(i));
            }
        }
        places = wanted.stream().mapToLong(Long::longValue).toArray();
    }

    private static void add(TreeSet<Long> wanted, Object tid) {
        if (tid != null) {
            wanted.add(pack((TidValue) tid));
        }
    }

    private void openRange() {
        first = 0;
        last = Long.MAX_VALUE;
        Object low = lowerValue == null ? null : lowerValue.eval(row);
        Object high = upperValue == null ? null : upperValue.eval(row);
        if (lowerValue != null && low == null || upperValue != null && high == null) {
            ended = true;
            return;
        }
        if (low != null) {
            first = pack((TidValue) low) + (lower.inclusive() ? 0 : 1);
        }
        if (high != null) {
            last = pack((TidValue) high) - (upper.inclusive() ? 0 : 1);
        }
        heap.readsAll(query.snapshot);
        int blocks = heap.blockCount();
        int begin = (int) Math.min(first >>> 16, blocks);
        int end = (int) Math.min((last >>> 16) + 1, blocks);
        if (begin >= end) {
            ended = true;
            return;
        }
        scan = heap.scan(query.snapshot, begin, end);
        pageLeft = false;
    }

    @Override
    protected void fill() {
        if (isRange()) {
            fillFromRange();
            return;
        }
        while (next < places.length && room() > 0) {
            long place = places[next++];
            if (followUpdates && heap.fetchAny(place, cursor)) {
                place = heap.newestVersion(place, cursor);
            }
            if (heap.fetchExact(place, query.snapshot, cursor)) {
                tuples[0] = cursor.tupleAddress();
                tids[0] = cursor.tid();
                take(1);
            }
        }
        cursor.close();
        ended = next == places.length;
    }

    private void fillFromRange() {
        while (!ended) {
            if (!pageLeft) {
                if (!scan.nextPage()) {
                    ended = true;
                    return;
                }
                onPage = 0;
            }
            int n = 0;
            reserve(Math.min(scan.count() - onPage, room()));
            for (int room = room(); onPage < scan.count() && n < room; onPage++) {
                long tid = scan.tid(onPage);
                if (tid >= first && tid <= last) {
                    tuples[n] = scan.tupleAddress(onPage);
                    tids[n++] = tid;
                }
            }
            take(n);
            pageLeft = onPage < scan.count();
            if (pageLeft) {
                return;
            }
        }
    }

    @Override
    protected boolean satisfiesScan(long tuple) {
        // PostgreSQL, too, follows the row to its new place without asking for the old one again.
        return true;
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
