package io.quantadb.planner.physical;

import io.quantadb.sql.typed.Expr;
import java.util.List;

/**
 * A subquery in an expression; also PostgreSQL's InitPlan when it has no bindings. Expressions read it as
 * {@code ExecParameter(parameterId)}.
 *
 * <p>Values by kind: EXISTS, ANY, ALL, ROW_COMPARE a boolean; SCALAR the first column of the only row (NULL without
 * row, 21000 with two); ARRAY an array of the first column; MULTI_ASSIGN the only row as a {@code RowValue}.
 *
 * @param bindings slots to fill before the plan is run, from expressions over the reading expression's row
 * @param test for ANY, ALL and ROW_COMPARE: over the reading expression's row (OUTER, INNER) and
 *     {@code SubLinkColumn(0, n)}
 * @param hashKeys for ANY without bindings: if not empty, {@code test} is the conjunction of equalities between these
 *     and the plan's columns in order, and the plan's rows are kept in a hash table
 * @param unknownEqualsFalse for ANY: the caller does not distinguish NULL from false (a WHERE conjunct)
 */
public record SubPlan(int parameterId, Expr.SubLinkKind kind, PhysicalPlan plan, List<Binding> bindings, Expr test,
        List<Expr> hashKeys, boolean unknownEqualsFalse, String name) {
    /** Slot {@code parameterId} receives the value of {@code value}. */
    public record Binding(int parameterId, Expr value) {
    }

    public boolean isInitPlan() {
        return bindings.isEmpty() && test == null;
    }
}
