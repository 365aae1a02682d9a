package io.quantadb.executor.operator;

import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.types.PgType;
import java.util.List;

/** First row of each distinct key; equal rows need not be adjacent. Spills by hash partition. */
final class DistinctOperator extends Operator {
    private static final int PARTITIONS = 16;
    private static final int MAX_DEPTH = 8;

    private final Operator input;
    private final int[] columns;
    private final PgType[] keyTypes;
    private final Vector[] keys;
    private final int[] groups = new int[Vector.CAPACITY];
    private final int[] selection = new int[Vector.CAPACITY];
    private final Batch batch;
    private KeyTable table;
    private SpillFile[] partitions;
    /** Files still to be read, with their depth. */
    private final java.util.ArrayDeque<Partition> pending = new java.util.ArrayDeque<>();
    private Partition current;
    private boolean inputDone;
    private boolean opened;

    private record Partition(SpillFile file, int depth) {
    }

    DistinctOperator(List<PgType> types, Operator input, List<Integer> columns) {
        super(types);
        this.input = input;
        this.columns = columns.stream().mapToInt(Integer::intValue).toArray();
        this.keyTypes = columns.stream().map(types::get).toArray(PgType[]::new);
        this.keys = new Vector[this.columns.length];
        this.batch = new Batch(new Vector[types.size()]);
    }

    @Override
    protected void doOpen() {
        table = new KeyTable(keyTypes).payBy(query);
        inputDone = false;
        current = null;
        opened = true;
        input.open(query);
    }

    @Override
    public Batch next() {
        while (true) {
            Batch source = read();
            if (source == null) {
                if (!nextPartition()) {
                    return null;
                }
                continue;
            }
            int kept = keepNew(source);
            if (kept > 0) {
                System.arraycopy(source.columns, 0, batch.columns, 0, batch.columns.length);
                batch.selectLike(source);
                batch.select(selection, kept);
                return batch;
            }
            query.checkInterrupts();
        }
    }

    private Batch read() {
        return !inputDone ? input.next() : current == null ? null : current.file.read(Vector.CAPACITY);
    }

    private int keepNew(Batch source) {
        for (int i = 0; i < columns.length; i++) {
            keys[i] = source.columns[columns[i]];
        }
        int kept = 0;
        int seen = table.count();
        boolean full = partitions != null || table.bytes() > query.hashMemBytes() && query.files != null
                && depth() < MAX_DEPTH;
        table.assign(keys, source.selection(), source.size(), groups, full ? seen : Integer.MAX_VALUE);
        for (int i = 0; i < source.size(); i++) {
            if (groups[i] < 0) {
                spill(source, source.position(i), table.lastHashes()[i]);
            } else if (groups[i] == seen) {
                seen++;
                selection[kept++] = source.position(i);
            }
        }
        return kept;
    }

    private int depth() {
        return current == null ? 0 : current.depth;
    }

    private void spill(Batch source, int position, long hash) {
        if (partitions == null) {
            partitions = new SpillFile[PARTITIONS];
        }
        int p = (int) (hash >>> 60 - 4 * depth()) & PARTITIONS - 1;
        if (partitions[p] == null) {
            partitions[p] = new SpillFile(query, outputTypes());
        }
        partitions[p].write(source.columns, position);
    }

    private boolean nextPartition() {
        int depth = depth() + (inputDone || partitions != null ? 1 : 0);
        inputDone = true;
        if (partitions != null) {
            for (SpillFile file : partitions) {
                if (file != null) {
                    pending.push(new Partition(file, depth));
                }
            }
            partitions = null;
        }
        if (current != null) {
            current.file.close();
        }
        current = pending.poll();
        table.clear();
        if (current == null) {
            return false;
        }
        current.file.rewind();
        return true;
    }

    @Override
    public void close() {
        if (opened) {
            input.close();
        }
        opened = false;
        inputDone = true;
        if (partitions != null) {
            for (SpillFile file : partitions) {
                if (file != null) {
                    file.close();
                }
            }
            partitions = null;
        }
        if (current != null) {
            current.file.close();
            current = null;
        }
        pending.forEach(partition -> partition.file.close());
        pending.clear();
        if (table != null) {
            table.clear();
        }
    }
}
