package io.quantadb.planner.physical;

import java.util.List;

/**
 * A complete plan.
 *
 * @param execParameters number of {@code ExecParameter} slots; ids are below it
 * @param commonTables WITH queries that are materialised, in the order of their definition
 */
public record PhysicalStatement(PhysicalPlan root, List<SubPlan> subPlans, List<CommonTablePlan> commonTables,
        int execParameters) {
    /**
     * A WITH query read by {@link PhysicalPlan.CteScan}.
     *
     * @param modifies contains INSERT, UPDATE or DELETE: run to its end even if nobody reads all of it
     */
    public record CommonTablePlan(int cteId, String name, PhysicalPlan plan, boolean modifies) {
    }
}
