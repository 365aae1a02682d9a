package io.quantadb.executor.operator;

import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.types.PgType;
import java.util.List;

/** Aggregation of input in which equal keys are adjacent: a group is emitted as soon as the next one begins. */
final class SortedAggregateOperator extends Operator {
    private final Operator input;
    private final int[] groupColumns;
    private final AggregateCalls[] calls;
    private final Keys keys;
    private final Vector[] keyVectors;
    private final RowStore groupKeys;
    private final Batch batch;
    private final int[] groups = new int[Vector.CAPACITY];
    /** State numbers of the groups in {@code groupKeys}: those of emitted groups are used again. */
    private int[] numbers = new int[Vector.CAPACITY + 1];
    private int openNumber;
    private boolean done;
    private boolean opened;

    SortedAggregateOperator(List<PgType> types, Operator input, int[] groupColumns, AggregateCalls[] calls) {
        super(types);
        this.input = input;
        this.groupColumns = groupColumns;
        this.calls = calls;
        PgType[] keyTypes = new PgType[groupColumns.length];
        for (int i = 0; i < keyTypes.length; i++) {
            keyTypes[i] = input.outputTypes()[groupColumns[i]];
        }
        this.keys = new Keys(keyTypes);
        this.keyVectors = new Vector[keyTypes.length];
        this.groupKeys = new RowStore(keyTypes);
        this.batch = Batch.ofTypes(types);
    }

    @Override
    protected void doOpen() {
        groupKeys.clear();
        done = false;
        opened = true;
        openNumber = 0;
        for (AggregateCalls call : calls) {
            call.start(query);
            call.ensureGroups(Vector.CAPACITY + 1);
        }
        input.open(query);
    }

    @Override
    public Batch next() {
        while (!done) {
            Batch rows = input.next();
            if (rows == null) {
                done = true;
                return groupKeys.count() == 0 ? null : emit(groupKeys.count());
            }
            add(rows);
            if (groupKeys.count() > 1) {
                return emit(groupKeys.count() - 1);
            }
            query.checkInterrupts();
        }
        return null;
    }

    private void add(Batch rows) {
        for (int i = 0; i < groupColumns.length; i++) {
            keyVectors[i] = rows.columns[groupColumns[i]];
        }
        int previous = -1;
        for (int i = 0; i < rows.size(); i++) {
            int position = rows.position(i);
            boolean same = previous >= 0 ? keys.equal(keyVectors, previous, keyVectors, position)
                    : groupKeys.count() > 0 && keys.equal(groupKeys.chunk(0).columns, 0, keyVectors, position);
            if (!same) {
                int number = groupKeys.append(keyVectors, position);
                // One number is taken by the group that was open when this batch began: the others are free.
                numbers[number] = number == 0 ? openNumber : number <= openNumber ? number - 1 : number;
            }
            groups[i] = numbers[groupKeys.count() - 1];
            previous = position;
        }
        row.beginBatch(rows.selection(), rows.size());
        for (AggregateCalls call : calls) {
            call.add(rows, rows.selection(), rows.size(), groups, null, row);
        }
    }

    private Batch emit(int count) {
        batch.clear();
        int n = Math.min(count, Vector.CAPACITY);
        for (int g = 0; g < n; g++) {
            for (int i = 0; i < groupColumns.length; i++) {
                batch.columns[i].copy(g, groupKeys.vector(g, i), RowStore.position(g));
            }
            for (int a = 0; a < calls.length; a++) {
                batch.columns[groupColumns.length + a].set(g, calls[a].finish(numbers[g]));
                calls[a].reset(numbers[g]);
            }
        }
        int last = groupKeys.count() - 1;
        if (n <= last) {
            openNumber = numbers[last];
            Vector[] open = groupKeys.batchOf(last).columns;
            int position = RowStore.position(last);
            RowStore keep = new RowStore(groupKeys.types());
            keep.append(open, position);
            groupKeys.clear();
            groupKeys.append(keep.chunk(0).columns, 0);
            numbers[0] = openNumber;
        } else {
            groupKeys.clear();
        }
        batch.selectAll(n);
        return batch;
    }

    @Override
    public void close() {
        if (opened) {
            input.close();
            for (AggregateCalls call : calls) {
                call.end();
            }
        }
        opened = false;
        done = true;
        groupKeys.clear();
    }
}
