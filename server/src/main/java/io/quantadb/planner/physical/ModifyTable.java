package io.quantadb.planner.physical;

import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.MergeAction;
import java.util.List;

/**
 * INSERT, UPDATE, DELETE and MERGE.
 *
 * <p>Input columns: INSERT one for each attribute of the target in order (NULL for dropped and generated ones, defaults
 * filled in); UPDATE and DELETE the target's ROW_ID at {@code rowIdColumn}, and for UPDATE the new values of
 * {@code assignedAttributes} at the positions {@code valueColumns}; MERGE the ROW_ID (NULL if not matched) and
 * whatever the actions need. An
 * UPDATE of one table through a unique key is executed as a point update when its input is a PointLookup.
 *
 * <p>Expressions over a table row refer to it as OUTER with attribute numbers (system columns allowed), in
 * {@code generated}, {@code checks}, index expressions and {@code returning}. INNER is, in RETURNING and MERGE, the
 * input's row,
 * in ON CONFLICT DO UPDATE the row proposed for insertion.
 *
 * @param targets usually one; several for inheritance and partitioned tables, chosen by {@code tableOidColumn}
 * @param root the table the user named, for partition routing of inserted rows; null if it is the only target
 * @param rowIdColumn position in the input; -1 for INSERT
 * @param tableOidColumn position of tableoid in the input if there are several targets, else -1
 * @param onConflict INSERT only, null if none
 * @param mergeActions MERGE only
 * @param returning empty if none: then the node has no output rows
 * @param canSetTag counts towards the command tag: the statement's own, not one in WITH
 */
public record ModifyTable(PlanInfo info, PhysicalPlan input, Operation operation, List<Target> targets,
        RelationDescriptor root, int rowIdColumn, int tableOidColumn, List<Integer> assignedAttributes,
        List<Integer> valueColumns, ConflictClause onConflict, List<MergeStep> mergeActions, List<Expr> returning,
        boolean canSetTag) implements PhysicalPlan {

    /** What is done with each input row. */
    public enum Operation { INSERT, UPDATE, DELETE, MERGE }

    /**
     * A table with everything that depends on its rows.
     *
     * @param scanId of the scan that found the rows to change, 0 for INSERT
     * @param generated stored generated columns, in an order that works
     * @param indexes all indexes to maintain
     */
    public record Target(int scanId, RelationDescriptor relation, List<ColumnValue> generated,
            List<CheckConstraint> checks, List<CheckOption> checkOptions, List<IndexTarget> indexes) {
    }

    /** @param attribute attribute number, from 1 */
    public record ColumnValue(int attribute, Expr value) {
    }

    public record CheckConstraint(String name, Expr condition) {
    }

    /** WITH CHECK OPTION of a view, or a row security policy's check ({@code viewName} null). */
    public record CheckOption(String viewName, String policyName, Expr condition) {
    }

    /**
     * @param expressions one for each key column: null for a plain column
     * @param predicate of a partial index, null if none
     */
    public record IndexTarget(IndexDescriptor index, List<Expr> expressions, Expr predicate) {
    }

    /**
     * ON CONFLICT.
     *
     * @param arbiters oids of unique indexes; empty: all (DO NOTHING only)
     * @param assignments DO UPDATE: over the existing row (OUTER) and the proposed one (INNER); empty for DO NOTHING
     * @param where DO UPDATE's condition, null if none
     */
    public record ConflictClause(boolean update, List<Integer> arbiters, List<ColumnValue> assignments, Expr where) {
    }

    /**
     * One WHEN of MERGE.
     *
     * @param condition over the target row (OUTER) and the input row (INNER), null if none
     * @param values for INSERT one for each attribute set (the others are NULL: defaults are filled in), for UPDATE
     * the assignments
     */
    public record MergeStep(boolean matched, MergeAction.Kind kind, Expr condition, List<ColumnValue> values) {
    }

    @Override
    public List<PhysicalPlan> children() {
        return List.of(input);
    }
}
