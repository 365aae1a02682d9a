package io.quantadb.sql.analyzer;

import io.quantadb.sql.typed.CoercionForm;
import io.quantadb.sql.typed.Expr;

/** Which operands need no parentheses in the pretty style. */
final class Precedence {
    private Precedence() {
    }

    static boolean standsAlone(Expr expr, Expr parent) {
        return switch (expr) {
            case Expr.OperatorCall e -> operatorAlone(e, parent);
            case Expr.BoolExpr e -> booleanAlone(e, parent);
            case Expr.ScalarArrayOp _ -> false;
            case Expr.IsNull _, Expr.BooleanTest _, Expr.DistinctFrom _ ->
                    parent instanceof Expr.BoolExpr || implicit(parent) || parent instanceof Expr.NullIf;
            case Expr.CollateExpr _ -> false;
            case Expr.SubLink e -> e.test() == null || parent instanceof Expr.BoolExpr;
            case Expr.FunctionCall e when implicit(e) -> standsAlone(e.arguments().getFirst(), parent);
            case Expr.RelabelType e when implicit(e) -> standsAlone(e.operand(), parent);
            case Expr.CoerceViaIo e when implicit(e) -> standsAlone(e.operand(), parent);
            case Expr.ArrayCoerce e when implicit(e) -> standsAlone(e.operand(), parent);
            case Expr.CoerceToDomain e when implicit(e) -> standsAlone(e.operand(), parent);
            default -> true;
        };
    }

    private static boolean implicit(Expr expr) {
        return expr.origin().form() == CoercionForm.IMPLICIT_CAST;
    }

    private static int level(String operator) {
        return switch (operator) {
            case "*", "/", "%" -> 2;
            case "+", "-" -> 1;
            default -> 0;
        };
    }

    private static boolean operatorAlone(Expr.OperatorCall e, Expr parent) {
        if (parent instanceof Expr.BoolExpr) {
            return true;
        }
        if (!(parent instanceof Expr.OperatorCall outer) || e.arguments().size() != 2) {
            return implicit(parent) && !(parent instanceof Expr.OperatorCall);
        }
        int own = level(e.operator().name());
        int around = level(outer.operator().name());
        if (own == 0 || around == 0) {
            return false;
        }
        return own > around || own == around && outer.left() == e;
    }

    private static boolean booleanAlone(Expr.BoolExpr e, Expr parent) {
        if (!(parent instanceof Expr.BoolExpr outer)) {
            return implicit(parent);
        }
        return switch (outer.kind()) {
            case NOT -> false;
            case AND -> e.kind() == Expr.BoolKind.NOT || e.kind() == Expr.BoolKind.AND;
            case OR -> true;
        };
    }
}
