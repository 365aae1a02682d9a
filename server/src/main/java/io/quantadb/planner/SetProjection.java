package io.quantadb.planner;

import io.quantadb.planner.logical.Expressions;
import io.quantadb.planner.logical.Rel;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PlanInfo;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Set-returning functions of the select list: one ProjectSet for each level of nesting, innermost first; what is
 * computed
 * from their results comes above.
 */
final class SetProjection {
    private final QueryPlanner planner;
    private final StatementState state;

    SetProjection(QueryPlanner planner) {
        this.planner = planner;
        this.state = planner.state();
    }

    /** @return the input with a column for each set-returning call in {@code targets} */
    Rel apply(Rel input, List<Expr> targets) {
        Rel rel = input;
        for (;;) {
            Set<Expr> calls = new LinkedHashSet<>();
            Rel current = rel;
            targets.forEach(target -> collectInnermost(target, current, calls));
            if (calls.isEmpty()) {
                return rel;
            }
            List<Expr> columns = new ArrayList<>(rel.columns());
            columns.addAll(calls);
            List<Expr> expressions = new ArrayList<>();
            Translator translator = new Translator(planner, rel::outer, null);
            columns.forEach(column -> expressions.add(translator.translate(column)));
            PlanInfo in = rel.plan().info();
            double factor = 1;
            for (Expr call : calls) {
                factor = Math.max(factor, FunctionRows.of(call));
            }
            PlanInfo info = state.nodes.info(PlanNodes.columns(columns), in.startupCost(), in.totalCost()
                    + in.rows() * factor * state.settings.cpuTupleCost(), in.rows() * factor);
            rel = new Rel(new PhysicalPlan.ProjectSet(info, rel.plan(), expressions), columns, rel.order());
        }
    }

    private static void collectInnermost(Expr expr, Rel rel, Set<Expr> into) {
        if (rel.find(expr) >= 0 || !Expressions.returnsSet(expr)) {
            return;
        }
        boolean nested = Exprs.children(expr).stream().anyMatch(c -> pending(c, rel));
        if (expr instanceof Expr.FunctionCall f && f.returnsSet() && !nested) {
            into.add(expr);
            return;
        }
        Exprs.forEachChild(expr, child -> collectInnermost(child, rel, into));
    }

    private static boolean pending(Expr expr, Rel rel) {
        if (rel.find(expr) >= 0) {
            return false;
        }
        return expr instanceof Expr.FunctionCall f && f.returnsSet()
                || Exprs.children(expr).stream().anyMatch(c -> pending(c, rel));
    }
}
