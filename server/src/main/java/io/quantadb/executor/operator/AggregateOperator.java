package io.quantadb.executor.operator;

import io.quantadb.executor.Instrumentation.NodeCounters;
import io.quantadb.executor.QueryContext;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.types.PgType;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Supplier;

/**
 * Hashed and plain aggregation, with grouping sets. Groups come out in order of their first row.
 *
 * <p>When the groups outgrow their memory no new ones are begun: rows of others go to temporary files by hash, and each
 * file is aggregated on its own afterwards.
 */
final class AggregateOperator extends Operator {
    private static final int PARTITIONS = 16;
    private static final int MAX_DEPTH = 8;

    private final Operator input;
    private final int[] groupColumns;
    private final int aggregateCount;
    private final boolean groupingColumn;
    private final GroupingSet[] sets;
    private final Batch batch;
    private final int[] groups = new int[Vector.CAPACITY];
    private final RowsByGroup rowsByGroup = new RowsByGroup();
    private final int[] keptSelection = new int[Vector.CAPACITY];
    private final ArrayDeque<Partition> pending = new ArrayDeque<>();
    private Partition current;
    private boolean aggregated;
    private boolean opened;
    private int emitSet;
    private int emitGroup;
    /** Null unless EXPLAIN ANALYZE runs. */
    NodeCounters counters;
    /** Lets several threads read the input; null if the plan does not allow it. */
    ParallelAggregation parallel;

    private record Partition(SpillFile file, int set, int depth) {
    }

    /** One grouping set with its own groups and states. */
    static final class GroupingSet {
        private final int[] members;
        private final int[] inputColumns;
        private final AggregateCalls[] calls;
        private final Vector[] keyVectors;
        private final PgType[] keyTypes;
        private final long mask;
        private KeyTable table;
        private SpillFile[] files;
        private boolean active;

        GroupingSet(List<Integer> members, int[] groupColumns, List<PgType> inputTypes, AggregateCalls[] calls) {
            this.members = members.stream().mapToInt(Integer::intValue).toArray();
            this.inputColumns = new int[this.members.length];
            this.keyTypes = new PgType[this.members.length];
            long present = 0;
            for (int i = 0; i < this.members.length; i++) {
                inputColumns[i] = groupColumns[this.members[i]];
                keyTypes[i] = inputTypes.get(inputColumns[i]);
                present |= 1L << this.members[i];
            }
            this.mask = ~present & (1L << groupColumns.length) - 1;
            this.calls = calls;
            this.keyVectors = new Vector[this.members.length];
        }

        private boolean isEmpty() {
            return members.length == 0;
        }

        private int groupCount() {
            return isEmpty() ? 1 : table.count();
        }

        private long bytes() {
            long bytes = table == null ? 0 : table.bytes();
            for (AggregateCalls call : calls) {
                bytes += call.bytes();
            }
            return bytes;
        }
    }

    AggregateOperator(List<PgType> types, Operator input, int[] groupColumns, GroupingSet[] sets, int aggregateCount,
            boolean groupingColumn) {
        super(types);
        this.input = input;
        this.groupColumns = groupColumns;
        this.sets = sets;
        this.aggregateCount = aggregateCount;
        this.groupingColumn = groupingColumn;
        this.batch = Batch.ofTypes(types);
    }

    @Override
    protected void doOpen() {
        aggregated = false;
        current = null;
        opened = true;
        for (GroupingSet set : sets) {
            start(set);
        }
        input.open(query);
    }

    private void start(GroupingSet set) {
        set.active = true;
        if (set.table != null) {
            set.table.clear();
        }
        set.table = set.isEmpty() ? null : new KeyTable(set.keyTypes).payBy(query);
        for (AggregateCalls call : set.calls) {
            call.start(query);
            call.ensureGroups(1);
        }
        emitSet = 0;
        emitGroup = 0;
    }

    private int depth() {
        return current == null ? 0 : current.depth;
    }

    private void aggregate(Supplier<Batch> source) {
        for (Batch rows = source.get(); rows != null; rows = source.get()) {
            for (int s = 0; s < sets.length; s++) {
                if (sets[s].active) {
                    add(sets[s], rows);
                }
            }
        }
        long bytes = 0;
        for (int s = 0; s < sets.length; s++) {
            GroupingSet set = sets[s];
            bytes += set.bytes();
            for (AggregateCalls call : set.calls) {
                call.complete(query);
            }
            if (set.files != null) {
                for (SpillFile file : set.files) {
                    if (file != null) {
                        pending.push(new Partition(file, s, depth() + 1));
                    }
                }
                set.files = null;
            }
        }
        if (counters != null) {
            counters.memoryBytes = Math.max(counters.memoryBytes, bytes);
        }
    }

    private void add(GroupingSet set, Batch rows) {
        int[] selection = rows.selection();
        int size = rows.size();
        if (set.isEmpty()) {
            row.beginBatch(selection, size);
            for (AggregateCalls call : set.calls) {
                call.add(rows, selection, size, null, null, row);
            }
            return;
        }
        for (int i = 0; i < set.inputColumns.length; i++) {
            set.keyVectors[i] = rows.columns[set.inputColumns[i]];
        }
        if (query.files == null && query.transaction == null && set.bytes() > query.hashMemBytes() / sets.length) {
            ParallelAggregation.outOfMemory(query);
        }
        boolean full = set.files != null
                || set.bytes() > query.hashMemBytes() / sets.length && query.files != null && depth() < MAX_DEPTH;
        set.table.assign(set.keyVectors, selection, size, groups, full ? set.table.count() : Integer.MAX_VALUE);
        if (full) {
            int kept = 0;
            long[] hashes = set.table.lastHashes();
            for (int i = 0; i < size; i++) {
                if (groups[i] < 0) {
                    spill(set, rows, selection[i], hashes[i]);
                } else {
                    groups[kept] = groups[i];
                    keptSelection[kept++] = selection[i];
                }
            }
            selection = keptSelection;
            size = kept;
            query.checkInterrupts();
        }
        int groupCount = set.table.count();
        RowsByGroup byGroup = RowsByGroup.pays(groupCount, size, set.calls.length)
                ? rowsByGroup.arrange(selection, groups, size, groupCount) : null;
        row.beginBatch(selection, size);
        for (AggregateCalls call : set.calls) {
            call.ensureGroups(groupCount);
            call.add(rows, selection, size, groups, byGroup, row);
        }
    }

    private void spill(GroupingSet set, Batch rows, int position, long hash) {
        if (set.files == null) {
            set.files = new SpillFile[PARTITIONS];
        }
        int p = (int) (hash >>> 60 - 4 * depth()) & PARTITIONS - 1;
        if (set.files[p] == null) {
            set.files[p] = new SpillFile(query, input.outputTypes());
        }
        set.files[p].write(rows.columns, position);
    }

    @Override
    public Batch next() {
        if (!aggregated) {
            aggregated = true;
            if (parallel == null || !parallel.run(this, query)) {
                aggregate(input::next);
            }
        }
        while (true) {
            query.checkInterrupts();
            batch.clear();
            int n = 0;
            while (emitSet < sets.length && n < Vector.CAPACITY) {
                GroupingSet set = sets[emitSet];
                if (!set.active || emitGroup == set.groupCount()) {
                    emitSet++;
                    emitGroup = 0;
                    continue;
                }
                emit(set, emitGroup++, n++);
            }
            if (n > 0) {
                batch.selectAll(n);
                return batch;
            }
            if (!nextPartition()) {
                return null;
            }
        }
    }

    private boolean nextPartition() {
        if (current != null) {
            current.file.close();
        }
        current = pending.poll();
        if (current == null) {
            return false;
        }
        for (int s = 0; s < sets.length; s++) {
            sets[s].active = false;
        }
        start(sets[current.set]);
        SpillFile file = current.file;
        file.rewind();
        aggregate(() -> file.read(Vector.CAPACITY));
        return true;
    }

    // ---- parallel

    boolean canCombine() {
        for (GroupingSet set : sets) {
            for (AggregateCalls call : set.calls) {
                if (!call.canCombine()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Aggregates this thread's share of the input; the states stay until close. */
    void aggregateShare() {
        aggregated = true;
        aggregate(input::next);
    }

    /** Begins again with the whole input, after several threads tried and did not have the memory. */
    void startAgain() {
        QueryContext context = query;
        close();
        open(context);
        aggregated = true;
    }

    /** Whether some rows are in temporary files: then the states cannot be combined. */
    boolean hasSpilled() {
        return !pending.isEmpty();
    }

    /** Adds another thread's groups. */
    void combine(AggregateOperator other) {
        for (int s = 0; s < sets.length; s++) {
            GroupingSet set = sets[s];
            GroupingSet from = other.sets[s];
            if (set.isEmpty()) {
                combineGroup(set, 0, from, 0);
                continue;
            }
            RowStore store = from.table.store();
            for (int c = 0; c < store.chunkCount(); c++) {
                Batch chunk = store.chunk(c);
                set.table.assign(chunk.columns, chunk.selection(), chunk.size(), groups);
                for (AggregateCalls call : set.calls) {
                    call.ensureGroups(set.table.count());
                }
                for (int i = 0; i < chunk.size(); i++) {
                    combineGroup(set, groups[i], from, c * Vector.CAPACITY + i);
                }
                query.checkInterrupts();
            }
        }
    }

    private static void combineGroup(GroupingSet set, int group, GroupingSet from, int fromGroup) {
        for (int a = 0; a < set.calls.length; a++) {
            set.calls[a].combine(group, from.calls[a], fromGroup);
        }
    }

    private void emit(GroupingSet set, int group, int at) {
        for (int i = 0; i < groupColumns.length; i++) {
            if ((set.mask & 1L << i) != 0) {
                batch.columns[i].setNull(at);
            }
        }
        for (int i = 0; i < set.members.length; i++) {
            batch.columns[set.members[i]].copy(at, set.table.store().vector(group, i), RowStore.position(group));
        }
        for (int a = 0; a < aggregateCount; a++) {
            batch.columns[groupColumns.length + a].set(at, set.calls[a].finish(group));
        }
        if (groupingColumn) {
            batch.columns[groupColumns.length + aggregateCount].set(at, set.mask);
        }
    }

    @Override
    public void close() {
        if (opened) {
            input.close();
        }
        opened = false;
        for (GroupingSet set : sets) {
            if (set.table != null) {
                set.table.clear();
            }
            set.table = null;
            for (AggregateCalls call : set.calls) {
                call.end();
            }
            if (set.files != null) {
                for (SpillFile file : set.files) {
                    if (file != null) {
                        file.close();
                    }
                }
                set.files = null;
            }
        }
        if (current != null) {
            current.file.close();
            current = null;
        }
        pending.forEach(partition -> partition.file.close());
        pending.clear();
        aggregated = true;
        emitSet = sets.length;
    }
}
