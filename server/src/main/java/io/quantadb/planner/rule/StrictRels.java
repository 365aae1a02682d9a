package io.quantadb.planner.rule;

import io.quantadb.sql.typed.Expr;
import java.util.BitSet;
import java.util.List;

/** Which entries' columns may not all be NULL if a condition is to hold. Pure functions. */
public final class StrictRels {
    private StrictRels() {
    }

    /** Entries whose null-extended rows the condition rejects (is false or NULL for). */
    public static BitSet rejects(Expr condition) {
        return switch (condition) {
            case Expr.BoolExpr b when b.kind() == Expr.BoolKind.AND -> {
                BitSet result = new BitSet();
                b.arguments().forEach(argument -> result.or(rejects(argument)));
                yield result;
            }
            case Expr.BoolExpr b when b.kind() == Expr.BoolKind.OR -> {
                BitSet result = rejects(b.arguments().getFirst());
                b.arguments().forEach(argument -> result.and(rejects(argument)));
                yield result;
            }
            case Expr.IsNull n when n.negated() && !n.rowForm() -> nulls(n.operand());
            case Expr.BooleanTest t -> switch (t.kind()) {
                case IS_TRUE -> rejects(t.operand());
                case IS_FALSE, IS_NOT_UNKNOWN -> nulls(t.operand());
                case IS_NOT_TRUE, IS_NOT_FALSE, IS_UNKNOWN -> new BitSet();
            };
            default -> nulls(condition);
        };
    }

    /** Entries of which an all-NULL row makes the value NULL. */
    static BitSet nulls(Expr expr) {
        return switch (expr) {
            case Expr.ColumnRef c when c.levelsUp() == 0 && c.attribute() > 0 -> {
                BitSet result = new BitSet();
                result.set(c.rangeIndex());
                yield result;
            }
            case Expr.OperatorCall op when op.operator().function().strict() -> nulls(op.arguments());
            case Expr.FunctionCall f when f.function().strict() && !f.returnsSet() -> nulls(f.arguments());
            case Expr.BoolExpr b when b.kind() == Expr.BoolKind.NOT -> nulls(b.arguments());
            case Expr.ScalarArrayOp op when op.operator().function().strict() && op.useOr() -> nulls(op.scalar());
            case Expr.RelabelType r -> nulls(r.operand());
            case Expr.CollateExpr c -> nulls(c.operand());
            default -> new BitSet();
        };
    }

    private static BitSet nulls(List<Expr> exprs) {
        BitSet result = new BitSet();
        exprs.forEach(expr -> result.or(nulls(expr)));
        return result;
    }
}
