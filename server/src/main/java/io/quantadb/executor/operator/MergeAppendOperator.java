package io.quantadb.executor.operator;

import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.types.PgType;
import java.util.List;
import java.util.PriorityQueue;

/** Merges inputs sorted by the same keys. */
final class MergeAppendOperator extends Operator {
    private final Operator[] inputs;
    private final RowComparator comparator;
    private final Batch batch;
    private final Head[] heads;
    private final PriorityQueue<Head> queue;

    MergeAppendOperator(List<PgType> types, Operator[] inputs, List<SortKey> keys) {
        super(types);
        this.inputs = inputs;
        this.comparator = new RowComparator(types.toArray(PgType[]::new), keys);
        this.batch = Batch.ofTypes(types);
        this.heads = new Head[inputs.length];
        this.queue = new PriorityQueue<>((a, b) -> {
            int order = comparator.compare(a.batch.columns, a.batch.position(a.index), b.batch.columns,
                    b.batch.position(b.index));
            return order != 0 ? order : Integer.compare(a.input, b.input);
        });
    }

    /** Where one input stands. */
    private static final class Head {
        final int input;
        Batch batch;
        int index;

        Head(int input) {
            this.input = input;
        }
    }

    @Override
    protected void doOpen() {
        queue.clear();
        for (int i = 0; i < inputs.length; i++) {
            inputs[i].open(query);
            heads[i] = new Head(i);
            heads[i].batch = inputs[i].next();
            if (heads[i].batch != null) {
                queue.add(heads[i]);
            }
        }
    }

    @Override
    public Batch next() {
        query.checkInterrupts();
        batch.clear();
        int n = 0;
        while (n < Vector.CAPACITY && !queue.isEmpty()) {
            Head head = queue.poll();
            for (int c = 0; c < batch.columns.length; c++) {
                batch.columns[c].copy(n, head.batch.columns[c], head.batch.position(head.index));
            }
            n++;
            if (++head.index == head.batch.size()) {
                head.batch = inputs[head.input].next();
                head.index = 0;
            }
            if (head.batch != null) {
                queue.add(head);
            }
        }
        batch.selectAll(n);
        return n == 0 ? null : batch;
    }

    @Override
    public void close() {
        queue.clear();
        for (Operator input : inputs) {
            input.close();
        }
    }
}
