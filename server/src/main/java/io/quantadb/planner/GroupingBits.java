package io.quantadb.planner;

import io.quantadb.base.Invariant;
import io.quantadb.planner.rule.Comparisons;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.OperatorRef;
import io.quantadb.sql.typed.Origin;
import io.quantadb.types.Oids;
import java.util.List;

/** Makes GROUPING() out of the aggregate's mask of left out columns, with int4's bit operators. */
final class GroupingBits {
    private final StatementState state;

    GroupingBits(StatementState state) {
        this.state = state;
    }

    /** @param references sort-group references in the order of the mask's bits */
    Expr of(Expr.GroupingCall call, Expr mask, List<Integer> references) {
        Expr result = constant(0);
        for (int i = 0; i < call.references().size(); i++) {
            int from = references.indexOf(call.references().get(i));
            int to = call.references().size() - 1 - i;
            Expr bit = binary("&", binary(">>", mask, constant(from)), constant(1));
            result = binary("|", result, binary("<<", bit, constant(to)));
        }
        return result;
    }

    private Expr constant(long value) {
        return new Expr.Const(value, state.int4, -1, 0, Origin.NONE);
    }

    private Expr binary(String name, Expr left, Expr right) {
        OperatorRef operator = Comparisons.operator(state.catalog, state.catalog.operator("pg_catalog", name, Oids.INT4,
                Oids.INT4));
        Invariant.check(operator != null, "no operator %s for %s", name, "int4");
        return new Expr.OperatorCall(operator, List.of(left, right), state.int4, 0, 0, Origin.NONE);
    }
}
