package io.quantadb.planner;

import io.quantadb.planner.logical.Rel;
import io.quantadb.planner.physical.OutputColumn;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.sql.typed.CommandType;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.QueryBuilder;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.sql.typed.SetOperationTree;
import io.quantadb.sql.typed.SetOperationTree.SetOperator;
import io.quantadb.sql.typed.SortGroupClause;
import io.quantadb.sql.typed.TargetEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * UNION ALL with ORDER BY as a merge of sorted sides, each of which may come from an index and needs no more rows than the
 * LIMIT.
 *
 * <pre>
 * before: (SELECT x FROM a) UNION ALL (SELECT x FROM b) ORDER BY x LIMIT 5
 * after:  the first 5 of a by x and the first 5 of b by x, merged by x
 * </pre>
 */
final class SortedUnion {
    private final QueryPlanner planner;
    private final StatementState state;
    private final Query query;
    private final List<Integer> leaves = new ArrayList<>();

    SortedUnion(QueryPlanner planner, Query query) {
        this.planner = planner;
        this.state = planner.state();
        this.query = query;
    }

    /**
     * @param keys   the ORDER BY, by position in the result
     * @param output columns of the union
     * @return null if some side cannot be sorted by itself
     */
    Rel plan(List<SortKey> keys, List<OutputColumn> output) {
        if (query.withTies() || !collect(query.setOperations())) {
            return null;
        }
        List<Query> sides = new ArrayList<>();
        for (int leaf : leaves) {
            Query side = planner.entry(leaf) instanceof RangeTableEntry.Subquery s
                    ? sorted(s.query(), keys, output) : null;
            if (side == null) {
                return null;
            }
            sides.add(side);
        }
        int before = state.subPlans.size();
        List<PhysicalPlan> inputs = new ArrayList<>();
        double total = 0;
        double startup = 0;
        double rows = 0;
        for (int i = 0; i < sides.size(); i++) {
            BaseRel base = new BaseRel(leaves.get(i), planner.entry(leaves.get(i)), null, 0);
            planner.planSubquery(base, sides.get(i));
            boolean usable = base.bindings.isEmpty() && PlanNodes.isPrefix(keys, base.subquery.order())
                    && base.subquery.plan().output().size() == output.size();
            if (!usable) {
                state.subPlans.subList(before, state.subPlans.size()).clear();
                return null;
            }
            inputs.add(base.subquery.plan());
            total += base.subquery.plan().info().totalCost();
            startup += base.subquery.plan().info().startupCost();
            rows += base.subquery.plan().info().rows();
        }
        double compare = 2 * state.settings.cpuOperatorCost() * Math.log(Math.max(2, inputs.size())) / Math.log(2);
        total += rows * compare;
        PhysicalPlan plan = new PhysicalPlan.MergeAppend(state.nodes.info(output, startup, total, rows), inputs, keys);
        return new Rel(plan, planner.base(leaves.getFirst()).subquery.columns().subList(0, output.size()), keys);
    }

    private boolean collect(SetOperationTree tree) {
        return switch (tree) {
            case SetOperationTree.Leaf leaf -> leaves.add(leaf.rangeIndex());
            case SetOperationTree.Operation o -> o.operator() == SetOperator.UNION && o.all() && collect(o.left())
                    && collect(o.right());
        };
    }

    /** The side's query with the order and limit of the whole; null if it has its own or other types. */
    private Query sorted(Query side, List<SortKey> keys, List<OutputColumn> output) {
        boolean fits = side.command() == CommandType.SELECT && side.setOperations() == null && side.orderBy().isEmpty()
                && side.limitCount() == null && side.limitOffset() == null && side.distinct().isEmpty()
                && side.commonTables().isEmpty() && side.rowMarks().isEmpty() && !side.hasTargetSets()
                && side.resultColumns().size() == output.size();
        if (!fits) {
            return null;
        }
        QueryBuilder builder = side.toBuilder();
        int reference = builder.targetList.stream().mapToInt(TargetEntry::sortGroupRef).max().orElse(0);
        for (SortKey key : keys) {
            int position = builder.targetList.indexOf(side.resultColumns().get(key.column()));
            TargetEntry target = builder.targetList.get(position);
            if (target.sortGroupRef() == 0) {
                target = target.withSortGroupRef(++reference);
                builder.targetList.set(position, target);
            }
            builder.orderBy.add(new SortGroupClause(target.sortGroupRef(), null, null, key.descending(),
                    key.nullsFirst(), false));
        }
        for (int i = 0; i < output.size(); i++) {
            if (!side.resultColumns().get(i).expr().type().equals(output.get(i).type())) {
                return null;
            }
        }
        long wanted = wanted();
        if (wanted >= 0) {
            builder.limitCount = new Expr.Const(wanted, state.int8, -1, 0, Origin.NONE);
        }
        return builder.build();
    }

    /** How many rows at most are read of each side; -1 if that is not known. */
    private long wanted() {
        boolean known = query.limitCount() instanceof Expr.Const c && c.value() instanceof Long
                && (query.limitOffset() == null || query.limitOffset() instanceof Expr.Const o
                && o.value() instanceof Long);
        if (!known) {
            return -1;
        }
        long count = (Long) ((Expr.Const) query.limitCount()).value();
        long offset = query.limitOffset() == null ? 0 : (Long) ((Expr.Const) query.limitOffset()).value();
        return count < 0 || offset < 0 || count > Integer.MAX_VALUE || offset > Integer.MAX_VALUE ? -1 : count + offset;
    }
}
