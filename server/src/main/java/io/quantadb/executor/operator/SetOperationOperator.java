package io.quantadb.executor.operator;

import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.types.PgType;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * INTERSECT and EXCEPT, with and without ALL, by counting each distinct row on both sides.
 *
 * <p>When the distinct rows outgrow their memory no new ones are begun: others go, from both sides, to temporary files by
 * hash, and each pair of files is counted on its own afterwards.
 */
final class SetOperationOperator extends Operator {
    private static final int PARTITIONS = 16;
    private static final int MAX_DEPTH = 8;

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
    /** Null while everything fits. */
    private SpillFile[] leftFiles;
    private SpillFile[] rightFiles;
    private final ArrayDeque<Pair> pending = new ArrayDeque<>();
    private Pair current;

    /** The rows of one partition; the right file may be null. */
    private record Pair(SpillFile left, SpillFile right, int depth) {
        void close() {
            left.close();
            if (right != null) {
                right.close();
            }
        }
    }

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
        table = new KeyTable(outputTypes()).payBy(query);
        current = null;
        counted = false;
        opened = true;
        begin();
        left.open(query);
        right.open(query);
    }

    private void begin() {
        table.clear();
        Arrays.fill(leftCounts, 0);
        Arrays.fill(rightCounts, 0);
        emitGroup = 0;
        emitted = 0;
    }

    private int depth() {
        return current == null ? 0 : current.depth;
    }

    private void count(Supplier<Batch> leftRows, Supplier<Batch> rightRows) {
        for (Batch rows = leftRows.get(); rows != null; rows = leftRows.get()) {
            boolean full = leftFiles != null
                    || table.bytes() > query.hashMemBytes() && query.files != null && depth() < MAX_DEPTH;
            if (full && leftFiles == null) {
                leftFiles = new SpillFile[PARTITIONS];
                rightFiles = new SpillFile[PARTITIONS];
            }
            count(rows, leftCounts, full ? table.count() : Integer.MAX_VALUE, leftFiles);
        }
        for (Batch rows = rightRows.get(); rows != null; rows = rightRows.get()) {
            // Rows only the right side has never come out: they need no group.
            count(rows, rightCounts, table.count(), rightFiles);
        }
        counted = true;
        if (leftFiles != null) {
            for (int p = 0; p < PARTITIONS; p++) {
                if (leftFiles[p] != null) {
                    pending.push(new Pair(leftFiles[p], rightFiles[p], depth() + 1));
                } else if (rightFiles[p] != null) {
                    rightFiles[p].close();
                }
            }
            leftFiles = null;
            rightFiles = null;
        }
    }

    /** @param files where rows without a group go; null to drop them */
    private void count(Batch rows, long[] counts, int limit, SpillFile[] files) {
        table.assign(rows.columns, rows.selection(), rows.size(), groups, limit);
        long[] target = counts;
        if (table.count() > leftCounts.length) {
            leftCounts = Arrays.copyOf(leftCounts, table.count() * 2);
            rightCounts = Arrays.copyOf(rightCounts, table.count() * 2);
            target = leftCounts;
        }
        for (int i = 0; i < rows.size(); i++) {
            if (groups[i] >= 0) {
                target[groups[i]]++;
            } else if (files != null) {
                spill(files, rows, i);
            }
        }
        query.checkInterrupts();
    }

    private void spill(SpillFile[] files, Batch rows, int i) {
        int p = (int) (table.lastHashes()[i] >>> 60 - 4 * depth()) & PARTITIONS - 1;
        if (files == rightFiles && leftFiles[p] == null) {
            return;
        }
        if (files[p] == null) {
            files[p] = new SpillFile(query, outputTypes());
        }
        files[p].write(rows.columns, rows.position(i));
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
            count(left::next, right::next);
        }
        while (true) {
            Batch result = emit();
            if (result != null || !nextPair()) {
                return result;
            }
        }
    }

    private Batch emit() {
        query.checkInterrupts();
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

    private boolean nextPair() {
        if (current != null) {
            current.close();
        }
        current = pending.poll();
        if (current == null) {
            return false;
        }
        begin();
        count(reader(current.left), reader(current.right));
        return true;
    }

    private static Supplier<Batch> reader(SpillFile file) {
        if (file == null) {
            return () -> null;
        }
        file.rewind();
        return () -> file.read(Vector.CAPACITY);
    }

    private static void close(SpillFile[] files) {
        if (files != null) {
            for (SpillFile file : files) {
                if (file != null) {
                    file.close();
                }
            }
        }
    }

    @Override
    public void close() {
        if (opened) {
            left.close();
            right.close();
            table.clear();
        }
        opened = false;
        close(leftFiles);
        close(rightFiles);
        leftFiles = null;
        rightFiles = null;
        if (current != null) {
            current.close();
            current = null;
        }
        pending.forEach(Pair::close);
        pending.clear();
        counted = true;
    }
}
