package io.quantadb.executor;

import io.quantadb.planner.physical.PhysicalPlan;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Counters for EXPLAIN ANALYZE, one set for each plan node. Confined to the executing thread. Operators are wrapped
 * only
 * when it is present, so it costs nothing otherwise.
 */
public final class Instrumentation {
    private final boolean timing;
    private final Map<Integer, NodeCounters> counters = new HashMap<>();
    /** Pages found in the buffer pool and pages read so far, of the whole server; null if nobody asks. */
    public LongSupplier bufferHits;
    public LongSupplier bufferReads;

    /** @param timing whether to read the clock twice a batch */
    public Instrumentation(boolean timing) {
        this.timing = timing;
    }

    public boolean timing() {
        return timing;
    }

    public NodeCounters of(PhysicalPlan plan) {
        return counters.computeIfAbsent(plan.info().nodeId(), id -> new NodeCounters());
    }

    /** Null if the node was never built. */
    public NodeCounters find(int nodeId) {
        return counters.get(nodeId);
    }

    /** What one node did. Times in nanoseconds, children included. */
    public static final class NodeCounters {
        public long rows;
        public long loops;
        public long firstRowNanos;
        public long totalNanos;
        public long removedByFilter;
        public long removedByJoinFilter;
        public long removedByRecheck;
        public long heapFetches;
        /** Sort: bytes in memory or on disk; hash: peak bytes. */
        public long memoryBytes;
        public long diskBytes;
        /** Hash join or aggregate: partitions used. */
        public long batches;
        public String sortMethod;
        /** Pages, children included. */
        public long buffersHit;
        public long buffersRead;
        public long conflictingTuples;
        public long insertedTuples;
    }
}
