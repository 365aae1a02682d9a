package io.quantadb.planner.physical;

import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.RowMark;
import io.quantadb.sql.typed.SetOperationTree.SetOperator;
import io.quantadb.sql.typed.WindowClause;
import java.util.List;

/** A node of the physical plan. Immutable. Column and expression conventions are in this package's README.md. */
public sealed interface PhysicalPlan permits PhysicalPlan.SeqScan, PhysicalPlan.IndexScan,
        PhysicalPlan.IndexOnlyScan, PhysicalPlan.BitmapScan, PhysicalPlan.TidScan, PhysicalPlan.SampleScan,
        PhysicalPlan.ValuesScan, PhysicalPlan.FunctionScan, PhysicalPlan.Result, PhysicalPlan.Project,
        PhysicalPlan.ProjectSet, PhysicalPlan.Filter, PhysicalPlan.NestedLoop, PhysicalPlan.HashJoin,
        PhysicalPlan.MergeJoin, PhysicalPlan.Sort, PhysicalPlan.IncrementalSort, PhysicalPlan.TopN,
        PhysicalPlan.Limit, PhysicalPlan.Distinct, PhysicalPlan.Aggregate, PhysicalPlan.WindowAggregate,
        PhysicalPlan.Append, PhysicalPlan.MergeAppend, PhysicalPlan.SetOperation, PhysicalPlan.RecursiveUnion,
        PhysicalPlan.WorkTableScan, PhysicalPlan.CteScan, PhysicalPlan.Materialize, PhysicalPlan.LockRows,
        PhysicalPlan.PointLookup, ModifyTable {

    PlanInfo info();

    /** Inputs, left first. Subplans of expressions are not among them. */
    default List<PhysicalPlan> children() {
        return List.of();
    }

    default List<OutputColumn> output() {
        return info().output();
    }

    /** @param filter null if none */
    record SeqScan(PlanInfo info, ScanTarget target, Expr filter) implements PhysicalPlan {
    }

    /**
     * Rows in index order.
     *
     * @param backward from the last entry to the first
     * @param filter checked on the heap row, null if none
     */
    record IndexScan(PlanInfo info, ScanTarget target, IndexCondition condition, boolean backward, Expr filter)
            implements PhysicalPlan {
    }

    /** As IndexScan; all attributes of {@code target} are decodable columns of the index (or INCLUDE columns). */
    record IndexOnlyScan(PlanInfo info, ScanTarget target, IndexCondition condition, boolean backward, Expr filter)
            implements PhysicalPlan {
    }

    /** Rows in heap order. @param filter includes the conditions a lossy bitmap needs rechecked */
    record BitmapScan(PlanInfo info, ScanTarget target, BitmapNode bitmap, Expr filter) implements PhysicalPlan {
    }

    /**
     * Rows by ctid.
     *
     * @param tids expressions of type tid
     * @param tidArrays expressions of type tid[]
     * @param lower range bound of type tid, null for none; a range excludes the lists
     */
    record TidScan(PlanInfo info, ScanTarget target, List<Expr> tids, List<Expr> tidArrays, IndexCondition.Bound lower,
            IndexCondition.Bound upper, Expr filter) implements PhysicalPlan {
    }

    /**
     * TABLESAMPLE.
     *
     * @param bernoulli by row, else SYSTEM by block
     * @param percent of type float4; 2202H if NULL or outside 0 to 100
     * @param repeatable seed, null if not given; 2202G if NULL
     */
    record SampleScan(PlanInfo info, ScanTarget target, boolean bernoulli, Expr percent, Expr repeatable, Expr filter)
            implements PhysicalPlan {
    }

    record ValuesScan(PlanInfo info, List<List<Expr>> rows) implements PhysicalPlan {
    }

    /**
     * Functions in FROM, side by side; shorter ones are padded with NULLs.
     *
     * @param ordinality adds a last column that counts rows
     */
    record FunctionScan(PlanInfo info, List<TableFunction> functions, boolean ordinality) implements PhysicalPlan {
    }

    /**
     * @param call a FunctionCall that returns a set, or any other expression for one row
     * @param columns its share of the output
     * @param composite a single value is a row to be spread over the columns
     */
    record TableFunction(Expr call, List<OutputColumn> columns, boolean composite) {
    }

    /**
     * One row without input. For a Project over no table.
     *
     * @param oneTimeFilter evaluated once; null for none; no row if not true
     */
    record Result(PlanInfo info, List<Expr> expressions, Expr oneTimeFilter) implements PhysicalPlan {
    }

    /** Also PostgreSQL's SubqueryScan. */
    record Project(PlanInfo info, PhysicalPlan input, List<Expr> expressions) implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> children() {
            return List.of(input);
        }
    }

    /**
     * Set-returning functions in the select list: as many rows for an input row as the longest set; others are padded
     * with NULLs.
     *
     * @param expressions a FunctionCall that returns a set at the top of an entry, or an expression without any
     */
    record ProjectSet(PlanInfo info, PhysicalPlan input, List<Expr> expressions) implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> children() {
            return List.of(input);
        }
    }

    /** @param oneTime without column references: evaluated once before the input is opened; either may be null */
    record Filter(PlanInfo info, PhysicalPlan input, Expr condition, Expr oneTime) implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> children() {
            return List.of(input);
        }
    }

    /**
     * Runs the right input for each row of the left one.
     *
     * @param type INNER, LEFT, SEMI or ANTI
     * @param bindings slots filled from the left row (OUTER) before each run of the right input; if empty, the right
     *     input is read once and kept
     * @param condition over both rows, null if none
     * @param projection see README
     */
    record NestedLoop(PlanInfo info, JoinType type, PhysicalPlan left, PhysicalPlan right,
            List<SubPlan.Binding> bindings, Expr condition, List<Integer> projection) implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> children() {
            return List.of(left, right);
        }
    }

    /**
     * Builds a table from the right input and probes it with the left one.
     *
     * @param leftKeys over the left row as OUTER; same types, pairwise, as
     * @param rightKeys over the right row as OUTER (it is the only input there)
     * @param condition further condition of the join over both rows, null if none
     */
    record HashJoin(PlanInfo info, JoinType type, PhysicalPlan left, PhysicalPlan right, List<Expr> leftKeys,
            List<Expr> rightKeys, Expr condition, List<Integer> projection) implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> children() {
            return List.of(left, right);
        }
    }

    /** Both inputs are sorted by their keys, in the same directions. Keys are positions. */
    record MergeJoin(PlanInfo info, JoinType type, PhysicalPlan left, PhysicalPlan right, List<SortKey> leftKeys,
            List<SortKey> rightKeys, Expr condition, List<Integer> projection) implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> children() {
            return List.of(left, right);
        }
    }

    record Sort(PlanInfo info, PhysicalPlan input, List<SortKey> keys) implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> children() {
            return List.of(input);
        }
    }

    /** @param presorted the input is already sorted by the first so many keys */
    record IncrementalSort(PlanInfo info, PhysicalPlan input, List<SortKey> keys, int presorted)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> children() {
            return List.of(input);
        }
    }

    /** Sort and Limit in one. {@code limit} and {@code offset} as in Limit, without ties. */
    record TopN(PlanInfo info, PhysicalPlan input, List<SortKey> keys, Expr limit, Expr offset)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> children() {
            return List.of(input);
        }
    }

    /**
     * @param limit of type int8, null (or NULL) for none
     * @param tiesKeys WITH TIES: the order the input has; empty otherwise
     */
    record Limit(PlanInfo info, PhysicalPlan input, Expr limit, Expr offset, List<SortKey> tiesKeys)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> children() {
            return List.of(input);
        }
    }

    /** First row of each distinct combination of {@code columns}. @param sorted equal rows are adjacent in the input */
    record Distinct(PlanInfo info, PhysicalPlan input, List<Integer> columns, boolean sorted)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> children() {
            return List.of(input);
        }
    }

    /** SORTED: equal keys are adjacent in the input. PLAIN: no keys, one group. */
    enum AggregateStrategy { PLAIN, SORTED, HASHED }

    /**
     * Output: group columns in order of {@code groupColumns} (NULL where the row's grouping set leaves one out), then
     * one
     * column for each aggregate, then, if {@code groupingSets} has more than one entry or {@code groupingColumn} is
     * set,
     * an int4 bit mask: bit i is 1 if group column i is left out (the rest of GROUPING() is shifting).
     *
     * @param groupingSets each a list of indexes into {@code groupColumns}; one entry with all of them for a plain
     *     GROUP BY; SORTED takes one set only
     * @param aggregates arguments, filters and orders refer to the input as OUTER
     */
    record Aggregate(PlanInfo info, PhysicalPlan input, AggregateStrategy strategy, List<Integer> groupColumns,
            List<List<Integer>> groupingSets, List<Expr.AggregateCall> aggregates, boolean groupingColumn)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> children() {
            return List.of(input);
        }
    }

    /**
     * One window over input sorted by partition and order. Output: the input's columns, then one for each call.
     *
     * @param orderKeys the window's ORDER BY, for peers and RANGE
     * @param frame its offset expressions have no input columns
     */
    record WindowAggregate(PlanInfo info, PhysicalPlan input, List<Integer> partitionColumns, List<SortKey> orderKeys,
            WindowClause.Frame frame, List<Expr.WindowCall> calls) implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> children() {
            return List.of(input);
        }
    }

    /** UNION ALL, partitions, inheritance. Inputs have the same column types. */
    record Append(PlanInfo info, List<PhysicalPlan> inputs) implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> children() {
            return inputs;
        }
    }

    /** Keeps the order that all inputs have. */
    record MergeAppend(PlanInfo info, List<PhysicalPlan> inputs, List<SortKey> keys) implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> children() {
            return inputs;
        }
    }

    /** INTERSECT and EXCEPT by hashing; UNION is an Append with Distinct. */
    record SetOperation(PlanInfo info, SetOperator operator, boolean all, PhysicalPlan left, PhysicalPlan right)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> children() {
            return List.of(left, right);
        }
    }

    /** @param workTableId which {@link WorkTableScan}s below {@code recursive} read the rows of the round before */
    record RecursiveUnion(PlanInfo info, PhysicalPlan start, PhysicalPlan recursive, boolean all, int workTableId)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> children() {
            return List.of(start, recursive);
        }
    }

    record WorkTableScan(PlanInfo info, int workTableId) implements PhysicalPlan {
    }

    /** Reads a {@link PhysicalStatement.CommonTablePlan}; several scans share its rows. */
    record CteScan(PlanInfo info, int cteId, String name) implements PhysicalPlan {
    }

    /** Keeps the rows so that a rescan need not run the input again, unless slots it depends on changed. */
    record Materialize(PlanInfo info, PhysicalPlan input) implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> children() {
            return List.of(input);
        }
    }

    /** FOR UPDATE and its siblings. Output: the input's. */
    record LockRows(PlanInfo info, PhysicalPlan input, List<LockedRelation> relations) implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> children() {
            return List.of(input);
        }
    }

    /**
     * @param rowIdColumn position of the relation's ROW_ID in the input; NULL there (outer join) is skipped
     * @param scanId of the scan below that reads the relation
     */
    record LockedRelation(int scanId, io.quantadb.catalog.RelationDescriptor relation, int rowIdColumn,
            RowMark.Strength strength, RowMark.WaitPolicy waitPolicy) {
    }

    /**
     * Fast path: at most one row by all columns of a unique index, then projection.
     *
     * @param key one expression for each key column, without input columns
     * @param filter over {@code target}'s attributes, null if none
     * @param expressions over {@code target}'s attributes
     */
    record PointLookup(PlanInfo info, ScanTarget target, io.quantadb.catalog.IndexDescriptor index, List<Expr> key,
            Expr filter, List<Expr> expressions) implements PhysicalPlan {
    }
}
