package io.quantadb.executor.expr;

import io.quantadb.executor.vector.Batch;
import io.quantadb.executor.vector.Vector;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.FunctionRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Subexpressions that occur more than once among the expressions an operator evaluates for the same rows; each is
 * computed once a batch ({@link RowContext#beginBatch}). Only calls of functions that are not volatile, over columns,
 * constants and parameters. Not thread-safe.
 */
final class SharedExpressions {
    private final Map<Expr, Integer> occurrences = new HashMap<>();
    private final Map<Expr, Common> commons = new HashMap<>();

    SharedExpressions(List<Expr> exprs) {
        exprs.forEach(this::count);
    }

    private void count(Expr expr) {
        List<Expr> arguments = arguments(expr);
        if (arguments == null) {
            return;
        }
        // Of an expression seen before the parts are not counted again: only the whole is shared.
        if (!isStable(expr) || occurrences.merge(expr, 1, Integer::sum) == 1) {
            arguments.forEach(this::count);
        }
    }

    private static List<Expr> arguments(Expr expr) {
        return switch (expr) {
            case Expr.OperatorCall call -> call.arguments();
            case Expr.FunctionCall call -> call.arguments();
            case Expr.RelabelType relabel -> List.of(relabel.operand());
            default -> null;
        };
    }

    private static boolean isStable(Expr expr) {
        return switch (expr) {
            case Expr.OperatorCall call -> isStable(call.operator().function()) && allStable(call.arguments());
            case Expr.FunctionCall call -> !call.variadic() && isStable(call.function())
                    && allStable(call.arguments());
            case Expr.RelabelType relabel -> isStable(relabel.operand());
            case Expr.ColumnRef column -> column.attribute() > 0;
            case Expr.Const c -> true;
            case Expr.Parameter p -> true;
            default -> false;
        };
    }

    private static boolean allStable(List<Expr> exprs) {
        return exprs.stream().allMatch(SharedExpressions::isStable);
    }

    private static boolean isStable(FunctionRef function) {
        return function.volatility() != 'v' && FunctionCompiler.isBuiltIn(function);
    }

    /** An evaluator that shares the expression's value, or null if it occurs once. */
    VectorEvaluator find(Expr expr, VectorCompiler compiler) {
        if (occurrences.getOrDefault(expr, 0) < 2 || expr instanceof Expr.RelabelType) {
            return null;
        }
        Common common = commons.get(expr);
        if (common == null) {
            common = new Common(compiler.compileWhole(expr));
            commons.put(expr, common);
        }
        return new Reference(common, compiler.unshared().compile(expr));
    }

    /** The one evaluation. */
    private static final class Common {
        private final VectorEvaluator evaluator;
        private long computedFor = -1;
        private Vector result;

        Common(VectorEvaluator evaluator) {
            this.evaluator = evaluator;
        }
    }

    /** One place where the expression occurs; for other rows than the batch's it computes on its own. */
    private static final class Reference extends VectorEvaluator {
        private final Common common;
        private final VectorEvaluator own;

        Reference(Common common, VectorEvaluator own) {
            this.common = common;
            this.own = own;
        }

        @Override
        public Vector eval(Batch batch, int[] selection, int count, RowContext row) {
            if (selection != row.batchSelection || count != row.batchSize) {
                return own.eval(batch, selection, count, row);
            }
            if (common.computedFor != row.batchNumber) {
                common.result = common.evaluator.eval(batch, selection, count, row);
                common.computedFor = row.batchNumber;
            }
            return common.result;
        }
    }
}
