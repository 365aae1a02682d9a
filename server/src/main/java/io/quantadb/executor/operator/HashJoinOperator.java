package io.quantadb.executor.operator;

import io.quantadb.executor.Instrumentation.NodeCounters;
import io.quantadb.executor.expr.VectorEvaluator;
import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.LongVector;
import io.quantadb.executor.vector.Vector;
import io.quantadb.planner.physical.JoinType;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Hash join: a table over the right input, probed with the left one. If the table outgrows its memory, both inputs are
 * split by hash into temporary files and joined pair by pair, recursively.
 */
final class HashJoinOperator extends Operator {
    private static final int PARTITIONS = 16;
    private static final int MAX_DEPTH = 6;
    private static final int NONE = -1;

    private final JoinType type;
    private final Operator left;
    private final Operator right;
    private final VectorEvaluator[] leftKeys;
    private final VectorEvaluator[] rightKeys;
    private final JoinOutput output;
    private final Keys keys;
    private final boolean singleLong;

    private RowStore store;
    private RowStore keyStore;
    private long[] rowHashes = new long[0];
    private int[] heads = {NONE};
    private int[] chain = new int[0];
    private boolean[] matchedRight;
    private final long[] hashes = new long[Vector.CAPACITY];
    private final Vector[] keyVectors;

    private Supplier<Batch> probe;
    private Batch leftBatch;
    private int leftIndex;
    private int chainRow;
    private boolean rowStarted;
    private boolean rowMatched;
    /** Rows looked at, over all chains: tells when to look for interrupts. */
    private int candidates;
    private int unmatchedRow;
    private boolean probing;

    private final ArrayDeque<Pair> pending = new ArrayDeque<>();
    private Pair current;
    private boolean built;
    /** The join whose table this one probes, null to build an own. */
    private HashJoinOperator tableOwner;
    private boolean opened;
    /** Null unless EXPLAIN ANALYZE runs. */
    NodeCounters counters;

    /** The files of one partition of both sides; either may be null if it has no rows. */
    private record Pair(SpillFile left, SpillFile right, int depth) {
        void close() {
            if (left != null) {
                left.close();
            }
            if (right != null) {
                right.close();
            }
        }
    }

    /** @param right null for a join that will {@link #shareTable} */
    HashJoinOperator(List<PgType> types, JoinType type, Operator left, Operator right, VectorEvaluator[] leftKeys,
            VectorEvaluator[] rightKeys, PgType[] keyTypes, JoinOutput output) {
        super(types);
        this.type = type;
        this.left = left;
        this.right = right;
        this.leftKeys = leftKeys;
        this.rightKeys = rightKeys;
        this.output = output;
        this.keys = new Keys(keyTypes);
        this.singleLong = keyTypes.length == 1 && keyTypes[0].kind() == PhysicalKind.LONG;
        this.store = right == null ? null : new RowStore(right.outputTypes());
        this.keyStore = new RowStore(keyTypes);
        this.keyVectors = new Vector[keyTypes.length];
    }

    @Override
    protected void doOpen() {
        built = false;
        opened = true;
        current = null;
        if (tableOwner == null) {
            store.payBy(query);
            keyStore.payBy(query);
            right.open(query);
        } else {
            store = tableOwner.store;
            keyStore = tableOwner.keyStore;
            rowHashes = tableOwner.rowHashes;
            heads = tableOwner.heads;
            chain = tableOwner.chain;
            built = true;
            startProbe(left::next);
        }
        left.open(query);
    }

    /** To be called before open, on a helper's join: the table is that of the owner, which has built it. */
    void shareTable(HashJoinOperator owner) {
        tableOwner = owner;
    }

    /** Builds the table ahead of the first probe. @return whether it is in memory, so that others may probe it */
    boolean buildNow() {
        built = true;
        boolean inMemory = build(right::next, left::next);
        if (inMemory) {
            startProbe(left::next);
        }
        return inMemory;
    }

    private int depth() {
        return current == null ? 0 : current.depth;
    }

    // ---- build

    private void evalKeys(VectorEvaluator[] evaluators, Batch batch) {
        for (int i = 0; i < evaluators.length; i++) {
            keyVectors[i] = evaluators[i].eval(batch, batch.selection(), batch.size(), row);
        }
        keys.hash(keyVectors, batch.selection(), batch.size(), hashes);
    }

    /** Reads the build side into memory; false if it did not fit and went to files, with the probe side. */
    private boolean build(Supplier<Batch> source, Supplier<Batch> probeSource) {
        store.clear();
        keyStore.clear();
        SpillFile[] files = null;
        for (Batch batch = source.get(); batch != null; batch = source.get()) {
            evalKeys(rightKeys, batch);
            if (files != null) {
                scatter(batch, files, right.outputTypes());
                continue;
            }
            int before = store.count();
            store.appendAll(batch);
            keyStore.appendAll(keyVectors, batch.selection(), batch.size());
            if (rowHashes.length < store.count()) {
                rowHashes = Arrays.copyOf(rowHashes, Math.max(store.count(), rowHashes.length * 2));
            }
            System.arraycopy(hashes, 0, rowHashes, before, batch.size());
            if (store.bytes() + keyStore.bytes() > query.hashMemBytes() && query.files != null && depth() < MAX_DEPTH) {
                files = new SpillFile[PARTITIONS];
                for (int r = 0; r < store.count(); r++) {
                    file(files, rowHashes[r], right.outputTypes()).write(store.batchOf(r).columns,
                            RowStore.position(r));
                }
                store.clear();
                keyStore.clear();
            }
        }
        if (files == null) {
            link();
            return true;
        }
        partitionProbe(files, probeSource);
        return false;
    }

    private SpillFile file(SpillFile[] files, long hash, PgType[] types) {
        int p = (int) (hash >>> 60 - 4 * depth()) & PARTITIONS - 1;
        if (files[p] == null) {
            files[p] = new SpillFile(query, types);
        }
        return files[p];
    }

    private void scatter(Batch batch, SpillFile[] files, PgType[] types) {
        for (int i = 0; i < batch.size(); i++) {
            file(files, hashes[i], types).write(batch.columns, batch.position(i));
        }
    }

    private void partitionProbe(SpillFile[] rightFiles, Supplier<Batch> probeSource) {
        SpillFile[] leftFiles = new SpillFile[PARTITIONS];
        for (Batch batch = probeSource.get(); batch != null; batch = probeSource.get()) {
            evalKeys(leftKeys, batch);
            scatter(batch, leftFiles, left.outputTypes());
        }
        int depth = depth() + 1;
        for (int p = 0; p < PARTITIONS; p++) {
            Pair pair = new Pair(leftFiles[p], rightFiles[p], depth);
            boolean useful = leftFiles[p] != null && (rightFiles[p] != null || type.keepsLeft()
                    || type == JoinType.ANTI) || rightFiles[p] != null && type.keepsRight();
            if (useful) {
                pending.push(pair);
            } else {
                pair.close();
            }
        }
        if (counters != null) {
            counters.batches += PARTITIONS;
        }
    }

    private void link() {
        int n = store.count();
        int size = Integer.highestOneBit(Math.max(16, n) * 2 - 1) << 1;
        if (heads.length < size || heads.length > size * 8L) {
            heads = new int[size];
        }
        Arrays.fill(heads, NONE);
        if (chain.length < n) {
            chain = new int[Math.max(n, chain.length * 2)];
        }
        int mask = heads.length - 1;
        // From the last row to the first, so that chains are in the order of the input.
        for (int r = n - 1; r >= 0; r--) {
            if (keys.anyNull(keyStore.batchOf(r).columns, RowStore.position(r))) {
                continue;
            }
            int slot = (int) rowHashes[r] & mask;
            chain[r] = heads[slot];
            heads[slot] = r;
        }
        matchedRight = type.keepsRight() ? new boolean[n] : null;
        if (counters != null) {
            counters.memoryBytes = Math.max(counters.memoryBytes, store.bytes() + keyStore.bytes());
        }
    }

    // ---- probe

    @Override
    public Batch next() {
        if (!built) {
            built = true;
            if (build(right::next, left::next)) {
                startProbe(left::next);
            }
        }
        while (true) {
            if (probing) {
                Batch batch = probeMore();
                if (batch != null) {
                    return batch;
                }
                probing = false;
            }
            if (!nextPair()) {
                return null;
            }
        }
    }

    private void startProbe(Supplier<Batch> source) {
        probe = source;
        leftBatch = null;
        leftIndex = 0;
        rowStarted = false;
        unmatchedRow = 0;
        probing = true;
    }

    private boolean nextPair() {
        if (current != null) {
            current.close();
        }
        current = pending.poll();
        if (current == null) {
            return false;
        }
        Supplier<Batch> leftSource = reader(current.left);
        if (build(reader(current.right), leftSource)) {
            startProbe(leftSource);
        }
        return true;
    }

    private static Supplier<Batch> reader(SpillFile file) {
        if (file == null) {
            return () -> null;
        }
        file.rewind();
        return () -> file.read(Vector.CAPACITY);
    }

    private Batch probeMore() {
        output.clear();
        while (true) {
            if (leftBatch == null || leftIndex == leftBatch.size()) {
                if (output.rows() > 0) {
                    return output.take();
                }
                query.checkInterrupts();
                leftBatch = store.count() == 0 && !needsLeftAlone() ? null : probe.get();
                leftIndex = 0;
                if (leftBatch == null) {
                    return emitUnmatchedRight();
                }
                evalKeys(leftKeys, leftBatch);
            }
            if (probeRow()) {
                return output.take();
            }
        }
    }

    private boolean needsLeftAlone() {
        return type.keepsLeft() || type == JoinType.ANTI;
    }

    /** Pairs the current left row with its matches; true if the output is full. */
    private boolean probeRow() {
        int position = leftBatch.position(leftIndex);
        if (!rowStarted) {
            rowStarted = true;
            rowMatched = false;
            chainRow = keys.anyNull(keyVectors, position) ? NONE : heads[(int) hashes[leftIndex] & heads.length - 1];
        }
        long hash = hashes[leftIndex];
        long value = singleLong ? ((LongVector) keyVectors[0]).values[position] : 0;
        while (chainRow != NONE) {
            if ((++candidates & 0x3FFF) == 0) {
                query.checkInterrupts();
            }
            int candidate = chainRow;
            chainRow = chain[candidate];
            if (rowHashes[candidate] != hash || !keysEqual(candidate, value, position)) {
                continue;
            }
            Batch rightBatch = store.batchOf(candidate);
            int rightPosition = RowStore.position(candidate);
            if (!output.matches(leftBatch, position, rightBatch, rightPosition, row)) {
                continue;
            }
            rowMatched = true;
            if (matchedRight != null) {
                matchedRight[candidate] = true;
            }
            if (!type.outputsRight()) {
                break;
            }
            output.add(leftBatch, position, rightBatch, rightPosition);
            if (output.isFull()) {
                return true;
            }
        }
        boolean alone = type == JoinType.SEMI ? rowMatched : !rowMatched && needsLeftAlone();
        if (alone) {
            output.add(leftBatch, position, null, 0);
        }
        rowStarted = false;
        leftIndex++;
        return output.isFull();
    }

    private boolean keysEqual(int candidate, long value, int position) {
        int at = RowStore.position(candidate);
        if (singleLong) {
            return ((LongVector) keyStore.vector(candidate, 0)).values[at] == value;
        }
        return keys.equal(keyStore.batchOf(candidate).columns, at, keyVectors, position);
    }

    private Batch emitUnmatchedRight() {
        if (matchedRight == null) {
            return null;
        }
        while (unmatchedRow < store.count() && !output.isFull()) {
            int r = unmatchedRow++;
            if (!matchedRight[r]) {
                output.add(null, 0, store.batchOf(r), RowStore.position(r));
            }
        }
        return output.take();
    }

    @Override
    public void close() {
        if (opened) {
            left.close();
            if (right != null) {
                right.close();
            }
        }
        opened = false;
        if (tableOwner == null) {
            store.clear();
            keyStore.clear();
        } else {
            store = null;
            keyStore = null;
        }
        matchedRight = null;
        if (current != null) {
            current.close();
            current = null;
        }
        pending.forEach(Pair::close);
        pending.clear();
        probing = false;
    }
}
