package io.quantadb.session;

import io.quantadb.planner.physical.ModifyTable;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PhysicalStatement;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import java.util.List;

/**
 * Decides which plans may run on an event loop: those that touch at most one row, through a unique index or by
 * inserting it, and whose expressions cannot sleep or run SQL. A row or
 * table lock that is not free still sends them to a thread, before they had an effect.
 */
final class InlineRule {
    private InlineRule() {
    }

    static boolean allows(PhysicalStatement statement) {
        return statement.subPlans().isEmpty() && statement.commonTables().isEmpty() && allows(statement.root());
    }

    private static boolean allows(PhysicalPlan plan) {
        return switch (plan) {
            case PhysicalPlan.PointLookup lookup -> quick(lookup.key()) && quick(lookup.filter()) && quick(lookup.expressions());
            case PhysicalPlan.Result result -> quick(result.expressions()) && quick(result.oneTimeFilter());
            case PhysicalPlan.LockRows lock -> lock.input() instanceof PhysicalPlan.PointLookup && allows(lock.input());
            case PhysicalPlan.Project project -> quick(project.expressions()) && allows(project.input());
            case ModifyTable modify -> allowsChange(modify);
            default -> false;
        };
    }

    private static boolean allowsChange(ModifyTable modify) {
        if (modify.targets().size() != 1 || modify.onConflict() != null || !quick(modify.returning())) {
            return false;
        }
        ModifyTable.Target target = modify.targets().getFirst();
        boolean plain = target.relation().referencedBy().isEmpty() && !target.relation().hasTriggers()
            && target.relation().constraints().stream().noneMatch(c -> c.isForeignKey());
        if (!plain) {
            return false;
        }
        return switch (modify.operation()) {
            case UPDATE, DELETE -> modify.input() instanceof PhysicalPlan.PointLookup && allows(modify.input());
            // A unique index may have to wait for another inserter after the row is in the heap.
            case INSERT -> target.indexes().stream().noneMatch(index -> index.index().unique()) && allows(modify.input());
            case MERGE -> false;
        };
    }

    private static boolean quick(List<Expr> expressions) {
        return expressions.stream().allMatch(InlineRule::quick);
    }

    private static boolean quick(Expr expression) {
        return expression == null || !Exprs.contains(expression, InlineRule::maySleep);
    }

    private static boolean maySleep(Expr expression) {
        return switch (expression) {
            case Expr.FunctionCall call -> call.function().isVolatile() || call.function().returnsSet();
            case Expr.NextValue next -> true;
            case Expr.SubLink link -> true;
            default -> false;
        };
    }
}
