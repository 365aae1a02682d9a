package io.quantadb.planner.physical;

import java.util.List;

/**
 * What every node has.
 *
 * @param nodeId unique within the statement, from 0; EXPLAIN ANALYZE's counters are found by it
 * @param startupCost cost until the first row, in PostgreSQL's units
 * @param rows estimated output rows
 * @param width estimated bytes a row
 */
public record PlanInfo(int nodeId, List<OutputColumn> output, double startupCost, double totalCost, double rows,
        int width) {
}
