package io.quantadb.executor.operator;

import io.quantadb.planner.physical.JoinType;
import io.quantadb.planner.physical.ModifyTable;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PhysicalStatement;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.FunctionRef;
import io.quantadb.sql.typed.TargetEntry;
import java.lang.reflect.RecordComponent;
import java.util.List;

/**
 * Decides what helper threads may run: scans of tables under filters, projections and probes of hash joins, with
 * expressions that see nothing but rows, constants and parameters. Used when plans are built only.
 */
final class ParallelSafety {
    private ParallelSafety() {
    }

    /** Whether the statement changes and locks nothing. */
    static boolean isReadOnly(PhysicalStatement statement) {
        return isReadOnly(statement.root())
                && statement.commonTables().stream().allMatch(t -> isReadOnly(t.plan()))
                && statement.subPlans().stream().allMatch(s -> isReadOnly(s.plan()));
    }

    private static boolean isReadOnly(PhysicalPlan plan) {
        return !(plan instanceof ModifyTable) && !(plan instanceof PhysicalPlan.LockRows)
                && plan.children().stream().allMatch(ParallelSafety::isReadOnly);
    }

    /** Whether helpers may evaluate the aggregate's arguments over their share of the input. */
    static boolean isSafe(PhysicalPlan.Aggregate aggregate) {
        return isSafeInput(aggregate.input()) && isSafe((Object) aggregate.aggregates());
    }

    private static boolean isSafeInput(PhysicalPlan plan) {
        return switch (plan) {
            case PhysicalPlan.SeqScan scan -> scan.filter() == null || isSafe(scan.filter());
            case PhysicalPlan.Project project -> isSafe(project.expressions()) && isSafeInput(project.input());
            case PhysicalPlan.Filter filter -> filter.oneTime() == null
                    && (filter.condition() == null || isSafe(filter.condition())) && isSafeInput(filter.input());
            case PhysicalPlan.HashJoin join -> isSafeType(join.type()) && isSafe(join.leftKeys())
                    && (join.condition() == null || isSafe(join.condition())) && isSafeInput(join.left());
            default -> false;
        };
    }

    /** Not those that note which rows of the table found a partner. */
    private static boolean isSafeType(JoinType type) {
        return !type.keepsRight();
    }

    private static boolean isSafe(Object value) {
        return switch (value) {
            case null -> true;
            case FunctionRef function -> function.kind() == 'a' || function.isImmutable()
                    && function.parallelSafety() == 's' && !function.returnsSet()
                    && (function.language().equals("internal") || function.language().equals("c"));
            case Expr.ExecParameter p -> false;
            case Expr.SubLink s -> false;
            case Expr.SqlValueFunction f -> false;
            case Expr.NextValue n -> false;
            case Expr.CoerceToDomain d -> false;
            case Expr.CoerceViaIo c -> false;
            case List<?> list -> list.stream().allMatch(ParallelSafety::isSafe);
            case Record record when isPart(record) -> areComponentsSafe(record);
            default -> true;
        };
    }

    private static boolean isPart(Record record) {
        return record.getClass().getPackage() == Expr.class.getPackage() || record instanceof TargetEntry;
    }

    private static boolean areComponentsSafe(Record record) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Class<?> type = component.getType();
            if (type.isPrimitive() || type.isEnum() || type == String.class) {
                continue;
            }
            try {
                if (record instanceof Expr.AggregateCall && type == FunctionRef.class) {
                    continue;
                }
                if (!isSafe(component.getAccessor().invoke(record))) {
                    return false;
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("component " + component + " cannot be read", e);
            }
        }
        return true;
    }
}
