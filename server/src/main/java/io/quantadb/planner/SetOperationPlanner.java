package io.quantadb.planner;

import io.quantadb.planner.logical.Rel;
import io.quantadb.planner.physical.OutputColumn;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PlanInfo;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.SetOperationTree;
import io.quantadb.sql.typed.SetOperationTree.SetOperator;
import io.quantadb.sql.typed.SortGroupClause;
import io.quantadb.sql.typed.TargetEntry;
import java.util.ArrayList;
import java.util.List;

/** UNION, INTERSECT, EXCEPT with the ORDER BY and LIMIT above them. */
final class SetOperationPlanner {
    private final QueryPlanner planner;
    private final StatementState state;
    private final Query query;

    SetOperationPlanner(QueryPlanner planner, Query query) {
        this.planner = planner;
        this.state = planner.state();
        this.query = query;
    }

    Rel plan() {
        Rel rel = tree(query.setOperations());
        List<Expr> targets = query.targetList().stream().map(TargetEntry::expr).toList();
        List<Expr> visible = query.targetList().stream().filter(t -> !t.junk()).map(TargetEntry::expr).toList();
        rel = rel.withColumns(visible.subList(0, Math.min(visible.size(), rel.plan().output().size())));
        rel = SelectPlanner.project(planner, rel, targets);
        List<SortKey> keys = new ArrayList<>();
        for (SortGroupClause clause : query.orderBy()) {
            for (int i = 0; i < query.targetList().size(); i++) {
                if (query.targetList().get(i).sortGroupRef() == clause.targetRef()) {
                    keys.add(new SortKey(i, clause.descending(), clause.nullsFirst()));
                    break;
                }
            }
        }
        if (!keys.isEmpty()) {
            Rel sorted = state.nodes.sort(rel, keys);
            Rel merged = new SortedUnion(planner, query).plan(keys, rel.plan().output());
            rel = merged == null || merged.plan().info().totalCost() >= sorted.plan().info().totalCost() ? sorted
                    : merged.withColumns(rel.columns());
        }
        rel = SelectPlanner.limit(planner, query, rel, query.withTies() ? keys : List.of());
        rel = SelectPlanner.project(planner, rel, visible);
        List<String> names = query.targetList().stream().filter(t -> !t.junk()).map(TargetEntry::name).toList();
        return new Rel(PlanRenamer.rename(rel.plan(), names), rel.columns(), rel.order());
    }

    /** A side's rows with the operation's types: a side with its own LIMIT, say, was not converted where it stands. */
    private Rel converted(Rel rel, SetOperationTree.Operation operation) {
        List<Expr> expressions = new ArrayList<>();
        boolean same = true;
        for (int i = 0; i < operation.types().size(); i++) {
            OutputColumn column = rel.plan().output().get(i);
            Expr reference = io.quantadb.planner.physical.InputRef.outer(i, column.type());
            Expr value = Casts.convert(state.catalog, reference, operation.types().get(i));
            same &= value == reference || column.type().kind() == io.quantadb.types.PhysicalKind.LONG
                    && operation.types().get(i).kind() == column.type().kind();
            expressions.add(value);
        }
        return same ? rel : new Rel(state.nodes.project(rel.plan(), expressions, output(operation)), rel.columns());
    }

    /** The rows of one side; columns are known by position only. */
    Rel tree(SetOperationTree tree) {
        return switch (tree) {
            case SetOperationTree.Leaf leaf -> planner.base(leaf.rangeIndex()).subquery;
            case SetOperationTree.Operation operation when operation.operator() == SetOperator.UNION ->
                    union(operation);
            case SetOperationTree.Operation operation -> {
                Rel left = converted(tree(operation.left()), operation);
                Rel right = converted(tree(operation.right()), operation);
                PlanInfo l = left.plan().info();
                PlanInfo r = right.plan().info();
                double cost = l.totalCost() + r.totalCost()
                        + (l.rows() + r.rows()) * operation.types().size() * state.settings.cpuOperatorCost();
                double rows = operation.operator() == SetOperator.EXCEPT ? l.rows() : Math.min(l.rows(), r.rows());
                yield rel(new PhysicalPlan.SetOperation(state.nodes.info(output(operation), cost, cost, rows),
                        operation.operator(), operation.all(), left.plan(), right.plan()), left);
            }
        };
    }

    private List<OutputColumn> output(SetOperationTree.Operation operation) {
        List<OutputColumn> result = new ArrayList<>();
        for (int i = 0; i < operation.types().size(); i++) {
            result.add(new OutputColumn(null, operation.types().get(i), operation.typmods().get(i),
                    operation.collations().get(i)));
        }
        return result;
    }

    private static Rel rel(PhysicalPlan plan, Rel like) {
        return new Rel(plan, like.columns().subList(0, plan.output().size()));
    }

    private Rel union(SetOperationTree.Operation operation) {
        List<Rel> inputs = new ArrayList<>();
        collect(operation, operation.all(), inputs);
        inputs.replaceAll(input -> converted(input, operation));
        PhysicalPlan append = state.nodes.append(inputs.stream().map(Rel::plan).toList(), output(operation));
        if (operation.all()) {
            return rel(append, inputs.getFirst());
        }
        List<Integer> columns = new ArrayList<>();
        List<SortKey> keys = new ArrayList<>();
        boolean hashable = state.settings.enableHashAggregate();
        for (int i = 0; i < operation.types().size(); i++) {
            columns.add(i);
            keys.add(SortKey.ascending(i));
            hashable &= operation.groups().isEmpty() || operation.groups().get(i).hashable();
        }
        Rel all = rel(append, inputs.getFirst());
        boolean sorted = !hashable;
        if (sorted) {
            all = state.nodes.sort(new Rel(append, all.columns()), keys);
        }
        double rows = append.info().rows();
        return new Rel(state.nodes.distinct(all.plan(), columns, sorted, rows), all.columns(),
                sorted ? all.order() : List.of());
    }

    /** The inputs of nested UNIONs that come to the same: UNION ALL in UNION ALL, any UNION in UNION. */
    private void collect(SetOperationTree tree, boolean all, List<Rel> into) {
        if (tree instanceof SetOperationTree.Operation o && o.operator() == SetOperator.UNION && (o.all() || !all)) {
            collect(o.left(), all, into);
            collect(o.right(), all, into);
        } else {
            into.add(tree(tree));
        }
    }
}
