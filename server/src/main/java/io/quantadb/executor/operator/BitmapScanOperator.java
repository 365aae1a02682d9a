package io.quantadb.executor.operator;

import io.quantadb.access.btree.BTreeCursor;
import io.quantadb.access.btree.KeyRange;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.planner.physical.ScanTarget;
import io.quantadb.types.PgType;
import java.util.Arrays;
import java.util.List;

/** Collects places from indexes, combines them, and visits the table in the order of its pages. Never lossy. */
final class BitmapScanOperator extends ScanOperator {
    private final Source source;
    private long[] places = {};
    private int next;
    private boolean ended = true;

    /** Places found by one index scan or a combination. Sorted, each once. */
    sealed interface Source {
    }

    record FromIndex(IndexDescriptor index, IndexRanges ranges) implements Source {
    }

    record Combined(boolean and, List<Source> inputs) implements Source {
    }

    BitmapScanOperator(List<PgType> types, ScanTarget target, PgType[] attributeTypes, ScanFilter filter, Source source) {
        super(types, target, attributeTypes, filter);
        this.source = source;
    }

    /** The first index stands for all of them. */
    @Override
    protected int indexOid() {
        return indexOid(source);
    }

    private static int indexOid(Source source) {
        return switch (source) {
            case FromIndex from -> from.index().oid();
            case Combined combined -> indexOid(combined.inputs().getFirst());
        };
    }

    @Override
    protected void openScan() {
        places = collect(source);
        next = 0;
        ended = false;
    }

    private long[] collect(Source from) {
        return switch (from) {
            case FromIndex index -> read(index);
            case Combined combined -> combine(combined);
        };
    }

    private long[] read(FromIndex from) {
        long[] found = new long[64];
        int n = 0;
        try (BTreeCursor entries = query.storage.btree(from.index).cursor()) {
            entries.track(query.snapshot.tracking());
            for (KeyRange range : from.ranges.ranges(row)) {
                entries.seek(range, true, false);
                while (entries.nextBatch()) {
                    query.checkInterrupts();
                    if (found.length < n + entries.count()) {
                        found = Arrays.copyOf(found, Math.max(n + entries.count(), n * 2));
                    }
                    for (int i = 0; i < entries.count(); i++) {
                        found[n++] = entries.tid(i);
                    }
                }
            }
        }
        Arrays.sort(found, 0, n);
        return unique(found, n);
    }

    private static long[] unique(long[] sorted, int n) {
        int kept = 0;
        for (int i = 0; i < n; i++) {
            if (kept == 0 || sorted[kept - 1] != sorted[i]) {
                sorted[kept++] = sorted[i];
            }
        }
        return Arrays.copyOf(sorted, kept);
    }

    private long[] combine(Combined combined) {
        long[] result = collect(combined.inputs.getFirst());
        for (int i = 1; i < combined.inputs.size(); i++) {
            long[] other = collect(combined.inputs.get(i));
            if (combined.and) {
                result = intersect(result, other);
            } else {
                long[] both = Arrays.copyOf(result, result.length + other.length);
                System.arraycopy(other, 0, both, result.length, other.length);
                Arrays.sort(both);
                result = unique(both, both.length);
            }
        }
        return result;
    }

    /** Index entries of one row agree on the root of its HOT chain, so places can be intersected. */
    private static long[] intersect(long[] a, long[] b) {
        long[] out = new long[Math.min(a.length, b.length)];
        int n = 0;
        for (int i = 0, j = 0; i < a.length && j < b.length;) {
            if (a[i] == b[j]) {
                out[n++] = a[i];
                i++;
                j++;
            } else if (a[i] < b[j]) {
                i++;
            } else {
                j++;
            }
        }
        return Arrays.copyOf(out, n);
    }

    @Override
    protected void fill() {
        while (next < places.length && room() > 0) {
            if (heap.fetch(places[next++], query.snapshot, cursor)) {
                tuples[0] = cursor.tupleAddress();
                tids[0] = cursor.tid();
                take(1);
            }
        }
        cursor.close();
        ended = next == places.length;
    }

    private boolean satisfies(Source from, long tuple) {
        return switch (from) {
            case FromIndex index -> index.ranges.contains(index.ranges.ranges(row), heap.layout(), heap.toast(), tuple);
            case Combined combined when combined.and -> combined.inputs.stream().allMatch(s -> satisfies(s, tuple));
            case Combined combined -> combined.inputs.stream().anyMatch(s -> satisfies(s, tuple));
        };
    }

    @Override
    protected boolean satisfiesScan(long tuple) {
        return satisfies(source, tuple);
    }

    @Override
    protected boolean atEnd() {
        return ended;
    }

    @Override
    protected void closeScan() {
        places = new long[0];
        ended = true;
    }
}
