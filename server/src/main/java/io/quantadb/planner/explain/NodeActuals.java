package io.quantadb.planner.explain;

import java.util.List;

/** What EXPLAIN ANALYZE measured; implemented by whoever ran the plan. */
@FunctionalInterface
public interface NodeActuals {
    /** Nothing was run. */
    NodeActuals NONE = nodeId -> null;

    /** @return null if the node was never started */
    Actual of(int nodeId);

    /**
     * Sums over all runs.
     *
     * @param startupMillis until the first row; {@code totalMillis} likewise in milliseconds
     * @param removedByFilter rows the node's filter dropped, 0 if it has none
     * @param notes lines such as "Sort Method: quicksort  Memory: 25kB"
     * @param buffersHit pages found in shared buffers; {@code buffersRead} pages read
     */
    record Actual(double startupMillis, double totalMillis, long rows, long loops, long removedByFilter,
            List<String> notes, long buffersHit, long buffersRead) {
    }
}
