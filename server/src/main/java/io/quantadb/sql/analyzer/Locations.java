package io.quantadb.sql.analyzer;

import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.typed.Expr;
import java.util.List;

/** Where messages point for a whole expression: its leftmost part, as PostgreSQL's exprLocation. */
final class Locations {
    private Locations() {
    }

    static int of(Expr expr) {
        return switch (expr) {
            case Expr.FunctionCall e -> leftmost(e.position(), e.arguments());
            case Expr.OperatorCall e -> leftmost(e.position(), e.arguments());
            case Expr.DistinctFrom e -> leftmost(e.position(), List.of(e.left(), e.right()));
            case Expr.NullIf e -> leftmost(e.position(), List.of(e.left(), e.right()));
            case Expr.ScalarArrayOp e -> leftmost(e.position(), List.of(e.scalar(), e.array()));
            case Expr.BoolExpr e -> leftmost(e.position(), e.arguments());
            case Expr.SubLink e -> e.test() == null ? e.position() : least(of(e.test()), e.position());
            case Expr.FieldSelect e -> of(e.operand());
            case Expr.FieldStore e -> of(e.operand());
            case Expr.Subscript e -> of(e.container());
            case Expr.RelabelType e -> least(e.position(), of(e.operand()));
            case Expr.CoerceViaIo e -> least(e.position(), of(e.operand()));
            case Expr.ArrayCoerce e -> least(e.position(), of(e.operand()));
            case Expr.ConvertRowType e -> least(e.position(), of(e.operand()));
            case Expr.CoerceToDomain e -> least(e.position(), of(e.operand()));
            case Expr.IsNull e -> least(e.position(), of(e.operand()));
            case Expr.BooleanTest e -> least(e.position(), of(e.operand()));
            case Expr.CollateExpr e -> of(e.operand());
            case Expr.RowCompare e -> leftmost(-1, e.left());
            case Expr.NamedArgument e -> least(e.position(), of(e.operand()));
            default -> expr.position();
        };
    }

    private static int leftmost(int own, List<Expr> arguments) {
        int result = own;
        for (Expr argument : arguments) {
            result = least(result, of(argument));
        }
        return result;
    }

    static int least(int a, int b) {
        return a < 0 ? b : b < 0 ? a : Math.min(a, b);
    }

    /** The same for syntax nodes. */
    static int of(Expression e) {
        return switch (e) {
            case Expression.Binary b -> least(b.position(), least(of(b.left()), of(b.right())));
            case Expression.Unary u -> least(u.position(), of(u.operand()));
            case Expression.And a -> least(a.position(), of(a.operands().getFirst()));
            case Expression.Or o -> least(o.position(), of(o.operands().getFirst()));
            case Expression.Cast c -> least(c.position(), of(c.operand()));
            case Expression.IsTest t -> least(t.position(), of(t.operand()));
            case Expression.IsDistinct d -> least(d.position(), of(d.left()));
            case Expression.Between b -> least(b.position(), of(b.operand()));
            case Expression.Like l -> least(l.position(), of(l.operand()));
            case Expression.InList i -> least(i.position(), of(i.operand()));
            case Expression.InSubquery i -> least(i.position(), of(i.operand()));
            case Expression.Indirection i -> of(i.base());
            case Expression.Collate c -> of(c.operand());
            case Expression.QuantifiedArray q -> least(q.position(), of(q.operand()));
            default -> e.position();
        };
    }
}
