package io.quantadb.executor.operator;

import io.quantadb.access.btree.BTree;
import io.quantadb.access.btree.BTreeCursor;
import io.quantadb.access.btree.KeyRange;
import io.quantadb.access.heap.HeapCursor;
import io.quantadb.access.heap.HeapRelation;
import io.quantadb.access.heap.TupleLayout;
import io.quantadb.access.heap.TupleReader;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.executor.QueryContext.Recheck;
import io.quantadb.executor.expr.RowView;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.executor.vector.Batch;
import io.quantadb.maintenance.TableActivity;
import io.quantadb.planner.physical.InputRef;
import io.quantadb.planner.physical.ScanTarget;
import io.quantadb.types.PgType;
import io.quantadb.types.key.KeyBuffer;
import io.quantadb.types.key.KeyEncoder;
import java.util.List;

/** At most one row by a unique key, filtered and projected straight from its page. */
final class PointLookupOperator extends Operator {
    private final ScanTarget target;
    private final IndexDescriptor index;
    private TableActivity activity;
    private TableActivity indexActivity;
    private final ScalarEvaluator[] key;
    private final KeyEncoder[] encoders;
    private final ScalarEvaluator filter;
    private final ScalarEvaluator[] expressions;
    private final Batch batch;
    private final KeyBuffer buffer = new KeyBuffer(64);
    private final HeapCursor cursor = new HeapCursor();
    private final long[] tids = new long[4];
    private final StoredRow stored;
    private HeapRelation heap;
    private BTree tree;
    private boolean done;

    /** The row under the cursor as expressions see it: positions of the scan's attribute list. */
    private final class StoredRow implements RowView {
        private final int[] attributes;
        private TupleLayout layout;
        private long tuple;

        StoredRow(int[] attributes) {
            this.attributes = attributes;
        }

        @Override
        public Object get(int column) {
            int attribute = attributes[column];
            if (attribute > 0) {
                return TupleReader.getObject(layout, tuple, attribute - 1, heap.toast());
            }
            return attribute == InputRef.ROW_ID ? (Object) cursor.tid()
                    : ColumnDecoder.systemValue(attribute, tuple, cursor.tid(), target.relation().oid());
        }

        @Override
        public boolean isNull(int column) {
            int attribute = attributes[column];
            return attribute > 0 && TupleReader.isNull(layout, tuple, attribute - 1);
        }

        @Override
        public long getLong(int column) {
            int attribute = attributes[column];
            return attribute > 0 ? TupleReader.getLong(layout, tuple, attribute - 1)
                    : attribute == InputRef.ROW_ID ? cursor.tid() : (Long) get(column);
        }

        @Override
        public double getDouble(int column) {
            return TupleReader.getDouble(layout, tuple, attributes[column] - 1);
        }
    }

    PointLookupOperator(List<PgType> types, ScanTarget target, IndexDescriptor index, ScalarEvaluator[] key,
            ScalarEvaluator filter, ScalarEvaluator[] expressions) {
        super(types);
        this.target = target;
        this.index = index;
        this.key = key;
        this.encoders = IndexRanges.encoders(index);
        this.filter = filter;
        this.expressions = expressions;
        this.batch = Batch.ofTypes(types);
        this.stored = new StoredRow(target.attributes().stream().mapToInt(Integer::intValue).toArray());
    }

    @Override
    protected void doOpen() {
        heap = query.storage.heap(target.relation());
        tree = query.storage.btree(index);
        stored.layout = heap.layout();
        done = false;
        if (activity == null && query.activity != null) {
            activity = query.activity.table(target.relation());
            indexActivity = query.activity.index(target.relation(), index.oid());
        }
    }

    @Override
    public Batch next() {
        if (done) {
            return null;
        }
        done = true;
        try {
            return find() && project() ? batch : null;
        } finally {
            cursor.close();
        }
    }

    private boolean find() {
        buffer.reset();
        for (int i = 0; i < key.length; i++) {
            IndexColumn column = index.keyColumns().get(i);
            Object value = key[i].eval(row);
            if (value == null) {
                return false;
            }
            encoders[i].encode(value, column.descending(), column.nullsFirst(), buffer);
        }
        long replacement = query.recheck == null ? -1 : Recheck.tidFor(query.recheck, target.scanId());
        if (replacement >= 0) {
            return heap.fetchAny(replacement, cursor) && sameKey();
        }
        if (activity != null) {
            activity.indexScans.increment();
            indexActivity.indexScans.increment();
        }
        int found = tree.lookup(buffer.array(), buffer.length(), tids, query.snapshot.tracking());
        for (int i = 0; i < found; i++) {
            if (heap.fetch(tids[i], query.snapshot, cursor)) {
                if (activity != null) {
                    activity.indexRows.increment();
                    indexActivity.indexRows.increment();
                }
                return true;
            }
        }
        return found < 0 && findSlowly();
    }

    /** Many dead versions under one key. */
    private boolean findSlowly() {
        try (BTreeCursor entries = tree.cursor()) {
            entries.seek(KeyRange.prefix(buffer.array(), buffer.length()), true, false);
            while (entries.nextBatch()) {
                for (int i = 0; i < entries.count(); i++) {
                    if (heap.fetch(entries.tid(i), query.snapshot, cursor)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Whether the replacement row still has the key. */
    private boolean sameKey() {
        for (int i = 0; i < key.length; i++) {
            IndexColumn column = index.keyColumns().get(i);
            Object now = TupleReader.getObject(heap.layout(), cursor.tupleAddress(), column.attnum() - 1, heap.toast());
            if (now == null || !column.type().ops().equal(now, key[i].eval(row))) {
                return false;
            }
        }
        return true;
    }

    private boolean project() {
        stored.tuple = cursor.tupleAddress();
        row.outer = stored;
        if (filter != null && !filter.isTrue(row)) {
            return false;
        }
        batch.clear();
        for (int i = 0; i < expressions.length; i++) {
            batch.columns[i].set(0, expressions[i].eval(row));
        }
        batch.selectAll(1);
        return true;
    }

    @Override
    public void rescan() {
        done = false;
    }

    @Override
    public void close() {
        cursor.close();
        done = true;
    }
}
