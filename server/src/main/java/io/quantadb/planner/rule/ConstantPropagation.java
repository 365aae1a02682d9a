package io.quantadb.planner.rule;

import io.quantadb.planner.logical.ColumnKey;
import io.quantadb.planner.logical.Expressions;
import io.quantadb.sql.typed.Expr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Carries a value known for one column over to the columns equal to it.
 *
 * <pre>
 * before: a.x = b.y AND a.x = 5
 * after:  b.y = 5 AND a.x = 5
 * </pre>
 *
 * Only for columns of one type, so that the equality stays the same operator. The conditions all have to hold, which is
 * what makes the join condition superfluous once both sides have the value.
 */
public final class ConstantPropagation {
    private ConstantPropagation() {
    }

    public static List<Expr> apply(List<Expr> conditions) {
        List<Expr> result = new ArrayList<>(conditions);
        Map<ColumnKey, Expr.OperatorCall> known = new HashMap<>();
        result.forEach(condition -> learn(condition, known));
        boolean changed = !known.isEmpty();
        while (changed) {
            changed = false;
            for (int i = 0; i < result.size(); i++) {
                Expr replaced = replace(result.get(i), known);
                if (replaced != null) {
                    result.set(i, replaced);
                    learn(replaced, known);
                    changed = true;
                }
            }
        }
        return result.stream().distinct().toList();
    }

    private static boolean isEquality(Expr condition) {
        return condition instanceof Expr.OperatorCall op && op.arguments().size() == 2 && op.operator().mergeable()
                && op.operator().name().equals("=") && op.operator().leftType() == op.operator().rightType();
    }

    private static void learn(Expr condition, Map<ColumnKey, Expr.OperatorCall> known) {
        if (isEquality(condition) && condition instanceof Expr.OperatorCall op) {
            if (column(op.left()) != null && isValue(op.right())) {
                known.putIfAbsent(ColumnKey.of(column(op.left())), op);
            }
        }
    }

    private static Expr.ColumnRef column(Expr expr) {
        return expr instanceof Expr.ColumnRef c && c.levelsUp() == 0 ? c : null;
    }

    private static boolean isValue(Expr expr) {
        return Expressions.isRowIndependent(expr) && !Expressions.hasSubLink(expr);
    }

    /**
     * {@code column = value} in place of an equality of two columns, one of which has the value; null if it is
     * none.
     */
    private static Expr replace(Expr condition, Map<ColumnKey, Expr.OperatorCall> known) {
        if (!isEquality(condition) || !(condition instanceof Expr.OperatorCall op)) {
            return null;
        }
        Expr.ColumnRef left = column(op.left());
        Expr.ColumnRef right = column(op.right());
        if (left == null || right == null || left.rangeIndex() == right.rangeIndex()
                || !left.type().equals(right.type()) || left.collation() != right.collation()) {
            return null;
        }
        Expr.OperatorCall value = known.get(ColumnKey.of(left));
        Expr.ColumnRef other = right;
        if (value == null) {
            value = known.get(ColumnKey.of(right));
            other = left;
        }
        if (value == null || !value.operator().equals(op.operator())) {
            return null;
        }
        return new Expr.OperatorCall(value.operator(), List.of(other, value.right()), value.type(), value.collation(),
                value.inputCollation(), value.origin());
    }
}
