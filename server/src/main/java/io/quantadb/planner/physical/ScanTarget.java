package io.quantadb.planner.physical;

import io.quantadb.catalog.RelationDescriptor;
import java.util.List;

/**
 * The table a scan reads and what of it.
 *
 * @param scanId identifies the range table entry within the statement, for row locks and re-evaluation; from 1
 * @param alias name EXPLAIN shows if it differs from the table's
 * @param attributes attribute numbers; negative for system columns, {@link InputRef#ROW_ID}. The scan's expressions
 *     refer to positions in this list
 * @param outputCount the first so many attributes are the scan's output, the rest serves its filter only
 */
public record ScanTarget(int scanId, RelationDescriptor relation, String alias, List<Integer> attributes,
        int outputCount) {
}
