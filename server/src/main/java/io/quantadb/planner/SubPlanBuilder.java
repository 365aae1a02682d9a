package io.quantadb.planner;

import io.quantadb.planner.logical.Expressions;
import io.quantadb.planner.logical.ParamScope;
import io.quantadb.planner.logical.Rel;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.SubPlan;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import io.quantadb.sql.typed.Origin;
import java.util.ArrayList;
import java.util.List;

/** Plans the query of a sublink that stays in an expression. */
final class SubPlanBuilder {
    private final QueryPlanner planner;
    private final Translator translator;

    SubPlanBuilder(QueryPlanner planner, Translator translator) {
        this.planner = planner;
        this.translator = translator;
    }

    /** @return the parameter that stands for the sublink's value */
    Expr build(Expr.SubLink link, boolean unknownEqualsFalse) {
        StatementState state = planner.state();
        ParamScope scope = new ParamScope(state::nextParam);
        Rel rel = new QueryPlanner(state, planner, scope).plan(link.query(), false);
        List<SubPlan.Binding> bindings = new ArrayList<>();
        for (SubPlan.Binding binding : scope.bindings()) {
            bindings.add(new SubPlan.Binding(binding.parameterId(), translator.translate(binding.value())));
        }
        Expr test = translator.translate(link.test());
        List<Expr> hashKeys = link.kind() == Expr.SubLinkKind.ANY && bindings.isEmpty()
                ? hashKeys(test, rel.plan().output().size()) : List.of();
        PhysicalPlan plan = rel.plan();
        int id = state.nextParam();
        boolean initPlan = bindings.isEmpty() && test == null;
        state.subPlans.add(new SubPlan(id, link.kind(), plan, bindings, test, hashKeys, unknownEqualsFalse,
                (initPlan ? "InitPlan " : "SubPlan ") + state.nextSubPlanName()));
        return new Expr.ExecParameter(id, link.type(), link.typmod(), link.collation(), Origin.NONE);
    }

    /**
     * The left sides of a conjunction of hashable equalities with the subquery's columns 1 to n, in order; empty if the
     * test is anything else.
     */
    private static List<Expr> hashKeys(Expr test, int columns) {
        List<Expr> conjuncts = Expressions.conjuncts(test);
        if (conjuncts.size() != columns) {
            return List.of();
        }
        Expr[] keys = new Expr[columns];
        for (Expr conjunct : conjuncts) {
            if (!(conjunct instanceof Expr.OperatorCall op) || op.arguments().size() != 2 || !op.operator().hashable()
                    || !op.operator().name().equals("=")
                    || !(op.right() instanceof Expr.SubLinkColumn column) || column.subLinkId() != 0
                    || !op.left().type().equals(column.type())
                    || Exprs.contains(op.left(), Expr.SubLinkColumn.class::isInstance)
                    || keys[column.column() - 1] != null) {
                return List.of();
            }
            keys[column.column() - 1] = op.left();
        }
        return List.of(keys);
    }
}
