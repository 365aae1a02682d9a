package io.quantadb.sql.analyzer;

import io.quantadb.sql.typed.CoercionForm;
import io.quantadb.sql.typed.Expr;

/** Which operands need no parentheses in the pretty style. */
final class Precedence {
    private Precedence() {
    }

    static boolean standsAlone(Expr expr, Expr parent) {
        return switch (expr) {
            case Expr.OperatorCall e -> parent instanceof Expr.OperatorCall outer ? operatorAlone(e, outer)
                    : enclosed(parent) || parent instanceof Expr.BoolExpr;
            case Expr.SubLink _, Expr.IsNull _, Expr.BooleanTest _, Expr.DistinctFrom _ ->
                    enclosed(parent) || parent instanceof Expr.BoolExpr;
            case Expr.BoolExpr e -> parent instanceof Expr.BoolExpr outer ? booleanAlone(e, outer) : enclosed(parent);
            case Expr.FieldSelect _ -> !(parent instanceof Expr.FieldSelect);
            case Expr.RelabelType e -> standsAlone(e.operand(), e);
            case Expr.CoerceViaIo e -> standsAlone(e.operand(), e);
            case Expr.ArrayCoerce e -> standsAlone(e.operand(), e);
            case Expr.ConvertRowType e -> standsAlone(e.operand(), e);
            case Expr.CoerceToDomain e -> standsAlone(e.operand(), e);
            case Expr.ScalarArrayOp _, Expr.RowCompare _, Expr.CollateExpr _ -> false;
            default -> true;
        };
    }

    /** Whether the parent puts parentheses, brackets or keywords around its operands itself. */
    private static boolean enclosed(Expr parent) {
        return switch (parent) {
            case Expr.FunctionCall call -> call.origin().form() == CoercionForm.CALL;
            case Expr.Subscript _, Expr.ArrayExpr _, Expr.RowExpr _, Expr.Coalesce _, Expr.MinMax _, Expr.NullIf _,
                    Expr.AggregateCall _, Expr.GroupingCall _, Expr.WindowCall _, Expr.CaseExpr _ -> true;
            default -> false;
        };
    }

    private static int level(Expr.OperatorCall call) {
        return call.arguments().size() != 2 ? 0 : switch (call.operator().name()) {
            case "*", "/", "%" -> 2;
            case "+", "-" -> 1;
            default -> 0;
        };
    }

    private static boolean operatorAlone(Expr.OperatorCall e, Expr.OperatorCall outer) {
        int own = level(e);
        int around = level(outer);
        return own != 0 && around != 0 && (own > around || own == around && outer.left() == e);
    }

    private static boolean booleanAlone(Expr.BoolExpr e, Expr.BoolExpr outer) {
        return switch (e.kind()) {
            case NOT, AND -> outer.kind() != Expr.BoolKind.NOT;
            case OR -> outer.kind() == Expr.BoolKind.OR;
        };
    }
}
