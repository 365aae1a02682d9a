package io.quantadb.planner;

import io.quantadb.planner.logical.Expressions;
import io.quantadb.sql.typed.Expr;
import io.quantadb.types.ArrayValue;
import java.util.List;

/** Estimates how many rows a set-returning call gives: exactly for generate_series and unnest over constants. */
final class FunctionRows {
    private static final double UNKNOWN_ARRAY = 10;

    private FunctionRows() {
    }

    /** At least 1; 1 for a call that returns no set. */
    static double of(Expr expr) {
        if (!(expr instanceof Expr.FunctionCall call) || !call.returnsSet()) {
            return 1;
        }
        double known = "pg_catalog".equals(call.function().schema()) ? switch (call.function().name()) {
            case "generate_series" -> series(call.arguments());
            case "unnest" -> arrayLength(call.arguments().getFirst());
            default -> -1;
        } : -1;
        return Math.max(1, known >= 0 ? known : call.function().estimatedRows());
    }

    private static double series(List<Expr> arguments) {
        double[] values = {0, 0, 1};
        for (int i = 0; i < arguments.size() && i < values.length; i++) {
            boolean integer = Expressions.strip(arguments.get(i)) instanceof Expr.Const c && c.value() instanceof Long
                    && c.type().category() == 'N';
            if (!integer) {
                return -1;
            }
            values[i] = ((Long) ((Expr.Const) Expressions.strip(arguments.get(i))).value()).doubleValue();
        }
        return values[2] == 0 ? -1 : Math.max(0, Math.floor((values[1] - values[0] + values[2]) / values[2]));
    }

    /** Estimated number of elements of an array. */
    static double arrayLength(Expr array) {
        return switch (Expressions.strip(array)) {
            case Expr.Const c when c.value() instanceof ArrayValue a -> a.size();
            case Expr.ArrayExpr a when !a.multidimensional() -> a.elements().size();
            default -> UNKNOWN_ARRAY;
        };
    }
}
