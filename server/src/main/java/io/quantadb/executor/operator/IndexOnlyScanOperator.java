package io.quantadb.executor.operator;

import io.quantadb.access.btree.BTree;
import io.quantadb.access.btree.BTreeCursor;
import io.quantadb.access.btree.KeyRange;
import io.quantadb.access.heap.HeapCursor;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.executor.Instrumentation.NodeCounters;
import io.quantadb.executor.expr.BatchFilter;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.LongVector;
import io.quantadb.executor.vector.Vector;
import io.quantadb.planner.physical.ScanTarget;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import io.quantadb.types.key.KeyEncoder;
import io.quantadb.types.key.KeyReader;
import java.util.Arrays;
import java.util.List;

/**
 * Values from index entries; the heap is asked only whether a row is visible, and not even that for pages where all
 * rows are visible to everybody.
 *
 * <p>The leaf stays pinned while its entries are looked at, so that vacuum cannot give their TIDs to other rows. A page
 * found all-visible once is so for the whole leaf: what changes afterwards is later than the snapshot, and new entries
 * are not among those copied.
 */
final class IndexOnlyScanOperator extends Operator {
    private static final int FIRST_BATCH = 8;

    private final ScanTarget target;
    private final IndexDescriptor index;
    private final IndexRanges ranges;
    private final boolean backward;
    private final BatchFilter filter;
    private final KeyEncoder[] keyEncoders;
    private final KeyEncoder[] includeEncoders;
    private final boolean[] descending;
    /** By key column, then by INCLUDE column: position among the scan's attributes, -1 if it is not wanted. */
    private final int[] keyTargets;
    private final int[] includeTargets;
    private final int lastKey;
    private final Batch work;
    private final Batch batch;
    private final int[] selection = new int[Vector.CAPACITY];
    private final HeapCursor cursor = new HeapCursor();
    private final long[] dead = new long[64];
    private int deadCount;
    private HeapRelation heap;
    private BTree tree;
    private BTreeCursor entries;
    private List<KeyRange> keyRanges = List.of();
    private int nextRange;
    private int nextEntry;
    private int batchRows;
    private long visibleBlock = -1;
    private boolean ended = true;
    private boolean alwaysVisit;
    /** Null unless EXPLAIN ANALYZE runs. */
    NodeCounters counters;

    IndexOnlyScanOperator(List<PgType> types, ScanTarget target, PgType[] attributeTypes, BatchFilter filter,
            IndexDescriptor index, IndexRanges ranges, boolean backward) {
        super(types);
        this.target = target;
        this.index = index;
        this.ranges = ranges;
        this.backward = backward;
        this.filter = filter;
        this.keyEncoders = IndexRanges.encoders(index);
        this.includeEncoders = index.includeColumns().stream().map(c -> KeyEncoder.of(c.type(), c.typmod()))
                .toArray(KeyEncoder[]::new);
        this.keyTargets = targets(target, index.keyColumns());
        this.includeTargets = targets(target, index.includeColumns());
        this.descending = new boolean[keyEncoders.length];
        int last = -1;
        for (int i = 0; i < keyEncoders.length; i++) {
            descending[i] = index.keyColumns().get(i).descending();
            last = keyTargets[i] >= 0 ? i : last;
        }
        this.lastKey = last;
        this.work = Batch.ofTypes(List.of(attributeTypes));
        this.batch = new Batch(Arrays.copyOf(work.columns, target.outputCount()));
    }

    private static int[] targets(ScanTarget target, List<IndexColumn> columns) {
        return columns.stream().mapToInt(c -> c.isExpression() ? -1 : target.attributes().indexOf(c.attnum()))
                .toArray();
    }

    /** Whether the entries of the index have all attributes of the scan, exactly. */
    static boolean covers(ScanTarget target, IndexDescriptor index) {
        for (int attribute : target.attributes()) {
            boolean found = attribute > 0 && (has(index.keyColumns(), attribute)
                    || has(index.includeColumns(), attribute));
            if (!found || target.attributes().indexOf(attribute) != target.attributes().lastIndexOf(attribute)) {
                return false;
            }
        }
        return true;
    }

    private static boolean has(List<IndexColumn> columns, int attribute) {
        return columns.stream().anyMatch(c -> c.attnum() == attribute && KeyEncoder.of(c.type(), c.typmod()).decodable());
    }

    @Override
    protected void doOpen() {
        heap = query.storage.heap(target.relation());
        // Conflict detection records the rows that are read.
        alwaysVisit = query.transaction == null || query.snapshot.tracking() != null;
        BTree opened = query.storage.btree(index);
        if (opened != tree) {
            tree = opened;
            entries = tree.cursor();
            entries.keepPin();
        }
        entries.track(query.snapshot.tracking());
        start();
    }

    private void start() {
        keyRanges = ranges.ranges(row);
        nextRange = 0;
        batchRows = FIRST_BATCH;
        ended = false;
        seekNextRange();
    }

    private void seekNextRange() {
        entries.close();
        if (nextRange == keyRanges.size()) {
            ended = true;
            return;
        }
        int i = backward ? keyRanges.size() - 1 - nextRange : nextRange;
        nextRange++;
        entries.seek(keyRanges.get(i), !backward, true);
        nextEntry = entries.count();
    }

    @Override
    public Batch next() {
        while (!ended) {
            query.checkInterrupts();
            work.clear();
            int rows = fill();
            cursor.close();
            if (rows == 0) {
                continue;
            }
            work.selectAll(rows);
            batch.selectAll(rows);
            if (filter == null) {
                return batch;
            }
            int kept = filter.filter(work, Batch.identity(), rows, selection, row);
            if (counters != null) {
                counters.removedByFilter += rows - kept;
            }
            if (kept > 0) {
                batch.select(selection, kept);
                return batch;
            }
        }
        return null;
    }

    private int fill() {
        int wanted = batchRows;
        batchRows = Math.min(Vector.CAPACITY, batchRows * 8);
        int rows = 0;
        while (!ended && rows < wanted) {
            if (nextEntry == entries.count()) {
                killDead();
                visibleBlock = -1;
                if (!entries.nextBatch()) {
                    seekNextRange();
                    continue;
                }
                nextEntry = 0;
            }
            int entry = nextEntry++;
            if (isVisible(entries.tid(entry))) {
                decode(entry, rows++);
            }
        }
        return rows;
    }

    private boolean isVisible(long tid) {
        long block = tid >>> 16;
        if (block == visibleBlock) {
            return true;
        }
        if (!alwaysVisit && heap.isAllVisible((int) block)) {
            visibleBlock = block;
            return true;
        }
        if (counters != null) {
            counters.heapFetches++;
        }
        if (heap.fetch(tid, query.snapshot, cursor)) {
            return true;
        }
        if (cursor.allDead() && deadCount < dead.length) {
            dead[deadCount++] = tid;
        }
        return false;
    }

    private void killDead() {
        if (deadCount > 0) {
            tree.markDead(entries.block(), entries.pageLsn(), dead, deadCount);
            deadCount = 0;
        }
    }

    private void decode(int entry, int at) {
        int start = entries.keyStart(entry);
        int end = entries.keyEnd(entry);
        KeyReader key = reader(start, end);
        for (int i = 0; i <= lastKey; i++) {
            decode(keyEncoders[i], key, descending[i], keyTargets[i], at);
        }
        if (includeEncoders.length > 0) {
            KeyReader payload = reader(end, entries.payloadEnd(entry));
            for (int i = 0; i < includeEncoders.length; i++) {
                decode(includeEncoders[i], payload, false, includeTargets[i], at);
            }
        }
    }

    private KeyReader reader(int start, int end) {
        return new KeyReader(entries.bytes(), start, end - start);
    }

    private void decode(KeyEncoder encoder, KeyReader in, boolean isDescending, int column, int at) {
        if (column >= 0 && work.columns[column] instanceof LongVector longs && encoder.kind() == PhysicalKind.LONG
                && !in.isNull()) {
            longs.ensure(at + 1);
            longs.setLong(at, encoder.decodeLong(in, isDescending));
            return;
        }
        Object value = encoder.decode(in, isDescending);
        if (column >= 0) {
            work.columns[column].set(at, value);
        }
    }

    @Override
    public void rescan() {
        start();
    }

    @Override
    public void close() {
        cursor.close();
        if (entries != null) {
            entries.close();
        }
        deadCount = 0;
        ended = true;
    }
}
