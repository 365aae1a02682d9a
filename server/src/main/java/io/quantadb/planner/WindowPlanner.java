package io.quantadb.planner;

import io.quantadb.planner.logical.Expressions;
import io.quantadb.planner.logical.Rel;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PlanInfo;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.SortGroupClause;
import io.quantadb.sql.typed.WindowClause;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Window functions: for each window a sort and a WindowAggregate; windows with longer orders first, so that sorts
 * are shared.
 */
final class WindowPlanner {
    private final QueryPlanner planner;
    private final StatementState state;
    private final Query query;
    private final Map<Integer, Expr> byReference;

    WindowPlanner(QueryPlanner planner, Query query, Map<Integer, Expr> byReference) {
        this.planner = planner;
        this.state = planner.state();
        this.query = query;
        this.byReference = byReference;
    }

    /** @param above expressions that use the calls' results */
    Rel plan(Rel input, List<Expr> above) {
        Set<Expr.WindowCall> calls = new LinkedHashSet<>();
        for (Expr expr : above) {
            Expressions.walk(expr, 0, (e, depth) -> {
                if (depth == 0 && e instanceof Expr.WindowCall call) {
                    calls.add(call);
                }
            });
        }
        List<WindowClause> windows = new ArrayList<>(query.windows());
        windows.sort((a, b) -> keyCount(b) - keyCount(a));
        Rel rel = input;
        for (WindowClause window : windows) {
            List<Expr.WindowCall> own = calls.stream().filter(c -> c.windowReference() == window.reference()).toList();
            if (!own.isEmpty()) {
                rel = window(rel, window, own);
            }
        }
        return rel;
    }

    private static int keyCount(WindowClause window) {
        return window.partitionBy().size() + window.orderBy().size();
    }

    private Rel window(Rel input, WindowClause window, List<Expr.WindowCall> calls) {
        List<Expr> keys = new ArrayList<>();
        window.partitionBy().forEach(clause -> keys.add(byReference.get(clause.targetRef())));
        window.orderBy().forEach(clause -> keys.add(byReference.get(clause.targetRef())));
        Rel rel = SelectPlanner.extend(planner, input, keys);
        List<SortKey> partition = keys(rel, window.partitionBy());
        List<SortKey> order = keys(rel, window.orderBy());
        List<SortKey> all = new ArrayList<>(partition);
        all.addAll(order);
        Rel sorted = state.nodes.sort(rel, all);
        Translator translator = new Translator(planner, sorted::outer, null);
        List<Expr.WindowCall> physical = new ArrayList<>();
        calls.forEach(call -> physical.add((Expr.WindowCall) Exprs.mapChildren(call, translator::translate)));
        List<Expr> columns = new ArrayList<>(sorted.columns());
        columns.addAll(calls);
        List<io.quantadb.planner.physical.OutputColumn> output = new ArrayList<>(sorted.plan().output());
        output.addAll(PlanNodes.columns(List.copyOf(calls)));
        PlanInfo in = sorted.plan().info();
        double total = in.totalCost() + in.rows() * (state.settings.cpuTupleCost()
                + (keys.size() + calls.size()) * state.settings.cpuOperatorCost());
        PhysicalPlan plan = new PhysicalPlan.WindowAggregate(state.nodes.info(output, in.startupCost(), total,
                in.rows()), sorted.plan(), partition.stream().map(SortKey::column).toList(), order, frame(window),
                physical);
        return new Rel(plan, columns, sorted.order());
    }

    private List<SortKey> keys(Rel rel, List<SortGroupClause> clauses) {
        return clauses.stream().map(c -> new SortKey(rel.find(byReference.get(c.targetRef())), c.descending(),
                c.nullsFirst())).toList();
    }

    private WindowClause.Frame frame(WindowClause window) {
        WindowClause.Frame f = window.frame();
        Translator translator = new Translator(planner, _ -> null, null);
        return new WindowClause.Frame(f.written(), f.startOnly(), f.unit(), f.start(), translator.translate(f.startOffset()), f.end(),
                translator.translate(f.endOffset()), f.exclusion(), f.startInRange(), f.endInRange(),
                f.inRangeCollation(), f.inRangeAscending(), f.inRangeNullsFirst());
    }
}
