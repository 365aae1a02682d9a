package io.quantadb.planner.explain;

/** What EXPLAIN prints. @param summary planning and execution times */
public record ExplainOptions(boolean costs, boolean verbose, boolean analyze, boolean buffers, boolean timing,
        boolean summary) {
    public static final ExplainOptions DEFAULT = new ExplainOptions(true, false, false, false, false, false);
    public static final ExplainOptions ANALYZE = new ExplainOptions(true, false, true, false, true, true);
}
