package io.quantadb.executor.operator;

import io.quantadb.access.btree.BTree;
import io.quantadb.access.btree.BTreeCursor;
import io.quantadb.access.btree.KeyRange;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.executor.vector.Vector;
import io.quantadb.planner.physical.ScanTarget;
import io.quantadb.types.PgType;
import java.util.List;

/**
 * Rows in the order of an index. Batches grow from small ones, so that a reader of a few rows does not pay for many.
 * Entries whose
 * rows are dead for everybody are marked in the index.
 */
final class IndexScanOperator extends ScanOperator {
    private static final int FIRST_BATCH = 8;

    private final IndexDescriptor index;
    private final IndexRanges ranges;
    private final boolean backward;
    private BTree tree;
    private BTreeCursor entries;
    private List<KeyRange> keyRanges = List.of();
    private int nextRange;
    private int nextEntry;
    private boolean ended = true;
    private int batchRows;
    private final long[] dead = new long[64];
    private int deadCount;

    IndexScanOperator(List<PgType> types, ScanTarget target, PgType[] attributeTypes, ScanFilter filter, IndexDescriptor index, IndexRanges ranges, boolean backward) {
        super(types, target, attributeTypes, filter);
        this.index = index;
        this.ranges = ranges;
        this.backward = backward;
    }

    @Override
    protected void openScan() {
        BTree opened = query.storage.btree(index);
        if (opened != tree) {
            tree = opened;
            entries = tree.cursor();
        }
        entries.track(query.snapshot.tracking());
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
        entries.seek(keyRanges.get(i), !backward, false);
        nextEntry = entries.count();
    }

    @Override
    protected int indexOid() {
        return index.oid();
    }

    @Override
    protected void fill() {
        int wanted = batchRows;
        batchRows = Math.min(Vector.CAPACITY, batchRows * 8);
        while (!ended && rows() < wanted) {
            if (nextEntry == entries.count()) {
                killDead();
                if (!entries.nextBatch()) {
                    seekNextRange();
                    continue;
                }
                nextEntry = 0;
            }
            long tid = entries.tid(nextEntry++);
            if (heap.fetch(tid, query.snapshot, cursor)) {
                tuples[0] = cursor.tupleAddress();
                tids[0] = cursor.tid();
                take(1);
            } else if (cursor.allDead() && deadCount < dead.length) {
                dead[deadCount++] = tid;
            }
        }
        cursor.close();
    }

    private void killDead() {
        if (deadCount > 0) {
            tree.markDead(entries.block(), entries.pageLsn(), dead, deadCount);
            deadCount = 0;
        }
    }

    @Override
    protected boolean satisfiesScan(long tuple) {
        return ranges.contains(ranges.ranges(row), heap.layout(), heap.toast(), tuple);
    }

    @Override
    protected boolean atEnd() {
        return ended;
    }

    @Override
    protected void closeScan() {
        if (entries != null) {
            entries.close();
        }
        deadCount = 0;
        ended = true;
    }
}
