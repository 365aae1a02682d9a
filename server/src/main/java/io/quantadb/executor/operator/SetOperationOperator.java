package io.quantadb.executor.operator;

import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.types.PgType;
import java.util.Arrays;
import java.util.List;

/** INTERSECT and EXCEPT, with and without ALL, by counting each distinct row on both sides. */
final class SetOperationOperator extends Operator {
    private final Operator left;
    private final Operator right;
    private final boolean except;
    private final boolean all;
    private final Batch batch;
    private final int[] groups = new int[Vector.CAPACITY];
    private KeyTable table;
    private long[] leftCounts = new long[64];
    private long[] rightCounts = new long[64];
    private int emitGroup;
    private long emitted;
    private boolean counted;
    private boolean opened;

    SetOperationOperator(List<PgType> types, Operator left, Operator right, boolean except, boolean all) {
        super(types);
        this.left = left;
        this.right = right;
        this.except = except;
        this.all = all;
        this.batch = Batch.ofTypes(types);
    }

    @Override
    protected void doOpen() {
        table = new KeyTable(outputTypes());
        Arrays.fill(leftCounts, 0);
        Arrays.fill(rightCounts, 0);
        counted = false;
        emitGroup = 0;
        emitted = 0;
        opened = true;
        left.open(query);
        right.open(query);
    }

    private void count(Operator side, boolean isLeft) {
        for (Batch rows = side.next(); rows != null; rows = side.next()) {
            // Rows only the right side has never come out: they need no group.
            int limit = isLeft ? Integer.MAX_VALUE : table.count();
            table.assign(rows.columns, rows.selection(), rows.size(), groups, limit);
            if (table.count() > leftCounts.length) {
                leftCounts = Arrays.copyOf(leftCounts, table.count() * 2);
                rightCounts = Arrays.copyOf(rightCounts, table.count() * 2);
            }
            long[] counts = isLeft ? leftCounts : rightCounts;
            for (int i = 0; i < rows.size(); i++) {
                if (groups[i] >= 0) {
                    counts[groups[i]]++;
                }
            }
            query.checkInterrupts();
        }
    }

    private long copies(int group) {
        long l = leftCounts[group];
        long r = rightCounts[group];
        if (except) {
            return all ? Math.max(0, l - r) : r == 0 ? 1 : 0;
        }
        return all ? Math.min(l, r) : r > 0 ? 1 : 0;
    }

    @Override
    public Batch next() {
        if (!counted) {
            count(left, true);
            count(right, false);
            counted = true;
        }
        batch.clear();
        int n = 0;
        while (emitGroup < table.count() && n < Vector.CAPACITY) {
            if (emitted == copies(emitGroup)) {
                emitGroup++;
                emitted = 0;
                continue;
            }
            for (int c = 0; c < batch.columns.length; c++) {
                batch.columns[c].copy(n, table.store().vector(emitGroup, c), RowStore.position(emitGroup));
            }
            emitted++;
            n++;
        }
        batch.selectAll(n);
        return n == 0 ? null : batch;
    }

    @Override
    public void close() {
        if (opened) {
            left.close();
            right.close();
        }
        opened = false;
        table = new KeyTable(outputTypes());
        counted = true;
    }
}
