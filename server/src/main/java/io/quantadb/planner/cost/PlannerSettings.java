package io.quantadb.planner.cost;

/**
 * Settings of the planner, with PostgreSQL's names and meaning.
 *
 * @param workMemBytes        {@code work_mem}
 * @param hashMemMultiplier   {@code hash_mem_multiplier}
 * @param effectiveCachePages {@code effective_cache_size} in pages of 8 kB
 * @param joinSearchLimit     up to how many relations joins are ordered by dynamic programming
 */
public record PlannerSettings(double seqPageCost, double randomPageCost, double cpuTupleCost,
        double cpuIndexTupleCost, double cpuOperatorCost, long workMemBytes, double hashMemMultiplier,
        long effectiveCachePages, int joinSearchLimit, boolean enableSeqScan, boolean enableIndexScan,
        boolean enableIndexOnlyScan, boolean enableBitmapScan, boolean enableTidScan, boolean enableNestedLoop,
        boolean enableHashJoin, boolean enableMergeJoin, boolean enableSort, boolean enableIncrementalSort,
        boolean enableHashAggregate, boolean enableMaterial) {
    public static final PlannerSettings DEFAULT = new PlannerSettings(1.0, 4.0, 0.01, 0.005, 0.0025, 4L << 20, 2.0,
            524_288, 10, true, true, true, true, true, true, true, true, true, true, true, true);
    /** Added to the cost of what is switched off. */
    public static final double DISABLE_COST = 1.0e10;

    public double hashMemBytes() {
        return workMemBytes * hashMemMultiplier;
    }
}
