package io.quantadb.planner.check;

import io.quantadb.base.Invariant;
import io.quantadb.base.InvariantViolation;
import io.quantadb.planner.physical.BitmapNode;
import io.quantadb.planner.physical.IndexCondition;
import io.quantadb.planner.physical.InputRef;
import io.quantadb.planner.physical.ModifyTable;
import io.quantadb.planner.physical.OutputColumn;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PhysicalStatement;
import io.quantadb.planner.physical.ScanTarget;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.planner.physical.SubPlan;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Verifies what the executor relies on: columns are in range and of the type the expression says, nothing logical
 * is left,
 * parameters have slots, keys agree in type, node ids are unique. Throws {@code InvariantViolation} otherwise.
 */
public final class PlanChecker {
    private final PhysicalStatement statement;
    private final BitSet nodeIds = new BitSet();

    private PlanChecker(PhysicalStatement statement) {
        this.statement = statement;
    }

    public static void check(PhysicalStatement statement) {
        PlanChecker checker = new PlanChecker(statement);
        statement.commonTables().forEach(table -> checker.plan(table.plan()));
        statement.subPlans().forEach(subPlan -> checker.plan(subPlan.plan()));
        checker.plan(statement.root());
    }

    private static InvariantViolation broken(PhysicalPlan plan, String what, Object value) {
        return Invariant.broken("%s in %s: %s", what, plan.getClass().getSimpleName(), value);
    }

    private static List<PgType> types(PhysicalPlan plan) {
        return plan.output().stream().map(OutputColumn::type).toList();
    }

    private void plan(PhysicalPlan plan) {
        if (nodeIds.get(plan.info().nodeId())) {
            throw broken(plan, "node id used twice", plan.info().nodeId());
        }
        nodeIds.set(plan.info().nodeId());
        plan.children().forEach(this::plan);
        switch (plan) {
            case PhysicalPlan.SeqScan p -> scan(p, p.target(), p.filter());
            case PhysicalPlan.IndexScan p -> {
                scan(p, p.target(), p.filter());
                condition(p, p.condition());
            }
            case PhysicalPlan.IndexOnlyScan p -> {
                scan(p, p.target(), p.filter());
                condition(p, p.condition());
            }
            case PhysicalPlan.BitmapScan p -> {
                scan(p, p.target(), p.filter());
                bitmap(p, p.bitmap());
            }
            case PhysicalPlan.TidScan p -> {
                scan(p, p.target(), p.filter());
                exprs(p, p.tids(), List.of(), List.of());
            }
            case PhysicalPlan.SampleScan p -> {
                scan(p, p.target(), p.filter());
                expr(p, p.percent(), List.of(), List.of());
            }
            case PhysicalPlan.PointLookup p -> {
                List<PgType> columns = attributes(p, p.target());
                expr(p, p.filter(), columns, List.of());
                exprs(p, p.key(), List.of(), List.of());
                outputs(p, p.expressions(), columns, List.of());
                if (p.key().size() != p.index().keyColumns().size()) {
                    throw broken(p, "incomplete key", p.key());
                }
            }
            case PhysicalPlan.ValuesScan p -> p.rows().forEach(row -> outputs(p, row, List.of(), List.of()));
            case PhysicalPlan.FunctionScan p -> p.functions().forEach(f -> expr(p, f.call(), List.of(), List.of()));
            case PhysicalPlan.Result p -> {
                outputs(p, p.expressions(), List.of(), List.of());
                expr(p, p.oneTimeFilter(), List.of(), List.of());
            }
            case PhysicalPlan.Project p -> outputs(p, p.expressions(), types(p.input()), List.of());
            case PhysicalPlan.ProjectSet p -> outputs(p, p.expressions(), types(p.input()), List.of());
            case PhysicalPlan.Filter p -> {
                same(p, p.input());
                expr(p, p.condition(), types(p.input()), List.of());
                expr(p, p.oneTime(), List.of(), List.of());
            }
            case PhysicalPlan.NestedLoop p -> {
                join(p, p.left(), p.right(), p.condition(), p.projection());
                p.bindings().forEach(b -> binding(p, b, types(p.left()), List.of()));
            }
            case PhysicalPlan.HashJoin p -> {
                join(p, p.left(), p.right(), p.condition(), p.projection());
                exprs(p, p.leftKeys(), types(p.left()), List.of());
                exprs(p, p.rightKeys(), types(p.right()), List.of());
                for (int i = 0; i < p.leftKeys().size(); i++) {
                    equalTypes(p, p.leftKeys().get(i).type(), p.rightKeys().get(i).type());
                }
            }
            case PhysicalPlan.MergeJoin p -> {
                join(p, p.left(), p.right(), p.condition(), p.projection());
                keys(p, p.leftKeys(), p.left());
                keys(p, p.rightKeys(), p.right());
                for (int i = 0; i < p.leftKeys().size(); i++) {
                    equalTypes(p, types(p.left()).get(p.leftKeys().get(i).column()),
                            types(p.right()).get(p.rightKeys().get(i).column()));
                }
            }
            case PhysicalPlan.Sort p -> sorted(p, p.input(), p.keys());
            case PhysicalPlan.IncrementalSort p -> sorted(p, p.input(), p.keys());
            case PhysicalPlan.TopN p -> sorted(p, p.input(), p.keys());
            case PhysicalPlan.Limit p -> sorted(p, p.input(), p.tiesKeys());
            case PhysicalPlan.Distinct p -> {
                same(p, p.input());
                positions(p, p.columns(), p.input());
            }
            case PhysicalPlan.Aggregate p -> aggregate(p);
            case PhysicalPlan.WindowAggregate p -> {
                positions(p, p.partitionColumns(), p.input());
                keys(p, p.orderKeys(), p.input());
                p.calls().forEach(call -> Exprs.forEachChild(call, e -> expr(p, e, types(p.input()), List.of())));
                count(p, types(p.input()).size() + p.calls().size());
            }
            case PhysicalPlan.Append p -> p.inputs().forEach(input -> same(p, input));
            case PhysicalPlan.MergeAppend p -> p.inputs().forEach(input -> sorted(p, input, p.keys()));
            case PhysicalPlan.SetOperation p -> {
                same(p, p.left());
                same(p, p.right());
            }
            case PhysicalPlan.RecursiveUnion p -> {
                same(p, p.start());
                same(p, p.recursive());
            }
            case PhysicalPlan.WorkTableScan _ -> {
            }
            case PhysicalPlan.CteScan p -> {
                if (statement.commonTables().stream().noneMatch(table -> table.cteId() == p.cteId())) {
                    throw broken(p, "no common table", p.cteId());
                }
            }
            case PhysicalPlan.Materialize p -> same(p, p.input());
            case PhysicalPlan.LockRows p -> {
                same(p, p.input());
                p.relations().forEach(r -> positions(p, List.of(r.rowIdColumn()), p.input()));
            }
            case ModifyTable p -> modify(p);
        }
    }

    private void modify(ModifyTable p) {
        if (p.rowIdColumn() >= 0) {
            positions(p, List.of(p.rowIdColumn()), p.input());
        }
        positions(p, p.valueColumns(), p.input());
        if (p.operation() == ModifyTable.Operation.INSERT) {
            List<PgType> wanted = p.targets().getFirst().relation().columns().stream().map(c -> c.type()).toList();
            List<PgType> given = types(p.input());
            for (int i = 0; i < wanted.size(); i++) {
                compatible(p, wanted.get(i), given.get(i));
            }
        }
        List<PgType> row = p.targets().getFirst().relation().columns().stream().map(c -> c.type()).toList();
        boolean conflict = p.onConflict() != null;
        p.returning().forEach(e -> expr(p, e, row, types(p.input())));
        if (conflict) {
            p.onConflict().assignments().forEach(a -> expr(p, a.value(), row, row));
        }
        p.mergeActions().forEach(step -> {
            expr(p, step.condition(), row, types(p.input()));
            step.values().forEach(v -> expr(p, v.value(), row, types(p.input())));
        });
        count(p, p.returning().size());
    }

    private void aggregate(PhysicalPlan.Aggregate p) {
        positions(p, p.groupColumns(), p.input());
        for (Expr.AggregateCall call : p.aggregates()) {
            Exprs.forEachChild(call, e -> expr(p, e, types(p.input()), List.of()));
        }
        for (List<Integer> set : p.groupingSets()) {
            for (int index : set) {
                if (index < 0 || index >= p.groupColumns().size()) {
                    throw broken(p, "grouping set", set);
                }
            }
        }
        boolean mask = p.groupingSets().size() > 1 || p.groupingColumn();
        count(p, p.groupColumns().size() + p.aggregates().size() + (mask ? 1 : 0));
    }

    private void count(PhysicalPlan p, int columns) {
        if (p.output().size() != columns) {
            throw broken(p, "output columns instead of " + columns, p.output());
        }
    }

    private List<PgType> attributes(PhysicalPlan p, ScanTarget target) {
        List<PgType> result = new ArrayList<>();
        for (int attribute : target.attributes()) {
            boolean system = attribute < 0;
            if (attribute == 0 || attribute > target.relation().columns().size()
                    || attribute < -6 && attribute != InputRef.ROW_ID) {
                throw broken(p, "attribute", attribute);
            }
            result.add(system ? null : target.relation().column(attribute).type());
        }
        return result;
    }

    private void scan(PhysicalPlan p, ScanTarget target, Expr filter) {
        List<PgType> columns = attributes(p, target);
        expr(p, filter, columns, List.of());
        count(p, target.outputCount());
        for (int i = 0; i < target.outputCount(); i++) {
            if (columns.get(i) != null) {
                equalTypes(p, columns.get(i), p.output().get(i).type());
            }
        }
    }

    private void condition(PhysicalPlan p, IndexCondition c) {
        int columns = c.index().keyColumns().size();
        boolean range = c.lower() != null || c.upper() != null;
        if (c.equals().size() + (range ? 1 : 0) > columns) {
            throw broken(p, "index condition longer than the key", c);
        }
        for (int i = 0; i < c.equals().size(); i++) {
            IndexCondition.Equality e = c.equals().get(i);
            exprs(p, e.values(), List.of(), List.of());
            if (!e.array()) {
                int column = i;
                e.values().forEach(v -> equalTypes(p, c.index().keyColumns().get(column).type(), v.type()));
            }
        }
        for (IndexCondition.Bound bound : new IndexCondition.Bound[] {c.lower(), c.upper()}) {
            if (bound != null && bound.value() != null) {
                expr(p, bound.value(), List.of(), List.of());
                equalTypes(p, c.index().keyColumns().get(c.equals().size()).type(), bound.value().type());
            }
        }
    }

    private void bitmap(PhysicalPlan p, BitmapNode node) {
        switch (node) {
            case BitmapNode.BitmapIndexScan scan -> condition(p, scan.condition());
            case BitmapNode.BitmapAnd and -> and.inputs().forEach(input -> bitmap(p, input));
            case BitmapNode.BitmapOr or -> or.inputs().forEach(input -> bitmap(p, input));
        }
    }

    private void join(PhysicalPlan p, PhysicalPlan left, PhysicalPlan right, Expr condition, List<Integer> projection) {
        expr(p, condition, types(left), types(right));
        List<PgType> all = new ArrayList<>(types(left));
        all.addAll(types(right));
        count(p, projection.size());
        for (int i = 0; i < projection.size(); i++) {
            equalTypes(p, all.get(projection.get(i)), p.output().get(i).type());
        }
    }

    private void sorted(PhysicalPlan p, PhysicalPlan input, List<SortKey> keys) {
        same(p, input);
        keys(p, keys, input);
    }

    private void keys(PhysicalPlan p, List<SortKey> keys, PhysicalPlan input) {
        positions(p, keys.stream().map(SortKey::column).toList(), input);
    }

    private void positions(PhysicalPlan p, List<Integer> positions, PhysicalPlan input) {
        for (int position : positions) {
            if (position < 0 || position >= input.output().size()) {
                throw broken(p, "column position", position);
            }
        }
    }

    private void same(PhysicalPlan p, PhysicalPlan input) {
        if (p.output().size() != input.output().size()) {
            throw broken(p, "columns differ from the input's " + types(input), types(p));
        }
        for (int i = 0; i < p.output().size(); i++) {
            compatible(p, p.output().get(i).type(), input.output().get(i).type());
        }
    }

    private static void equalTypes(PhysicalPlan p, PgType a, PgType b) {
        if (a != null && !a.equals(b)) {
            throw broken(p, "types differ", a + " and " + b);
        }
    }

    /** Values of a domain, of an unknown literal or of a varchar may stand where their base is wanted. */
    private static void compatible(PhysicalPlan p, PgType a, PgType b) {
        if (a.kind() != b.kind()) {
            throw broken(p, "types differ in kind", a + " and " + b);
        }
    }

    private void outputs(PhysicalPlan p, List<Expr> exprs, List<PgType> outer, List<PgType> inner) {
        count(p, exprs.size());
        for (int i = 0; i < exprs.size(); i++) {
            expr(p, exprs.get(i), outer, inner);
            compatible(p, p.output().get(i).type(), exprs.get(i).type());
        }
    }

    private void exprs(PhysicalPlan p, List<Expr> exprs, List<PgType> outer, List<PgType> inner) {
        exprs.forEach(e -> expr(p, e, outer, inner));
    }

    private void binding(PhysicalPlan p, SubPlan.Binding binding, List<PgType> outer, List<PgType> inner) {
        slot(p, binding.parameterId());
        expr(p, binding.value(), outer, inner);
    }

    private void slot(PhysicalPlan p, int id) {
        if (id < 0 || id >= statement.execParameters()) {
            throw broken(p, "parameter without slot", id);
        }
    }

    private void expr(PhysicalPlan p, Expr expr, List<PgType> outer, List<PgType> inner) {
        if (expr == null) {
            return;
        }
        switch (expr) {
            case Expr.ColumnRef c -> column(p, c, c.rangeIndex() == InputRef.INNER ? inner : outer);
            case Expr.ExecParameter e -> {
                slot(p, e.id());
                for (SubPlan subPlan : statement.subPlans()) {
                    if (subPlan.parameterId() == e.id()) {
                        subPlan.bindings().forEach(b -> binding(p, b, outer, inner));
                        expr(p, subPlan.test(), outer, inner);
                        exprs(p, subPlan.hashKeys(), outer, inner);
                    }
                }
            }
            case Expr.SubLink _, Expr.AggregateCall _, Expr.WindowCall _, Expr.GroupingCall _, Expr.SetToDefault _,
                Expr.NamedArgument _ -> throw broken(p, "logical expression", expr.getClass().getSimpleName());
            default -> Exprs.forEachChild(expr, child -> expr(p, child, outer, inner));
        }
    }

    private void column(PhysicalPlan p, Expr.ColumnRef c, List<PgType> input) {
        boolean system = c.attribute() < 0 && p instanceof ModifyTable;
        if (c.rangeIndex() != InputRef.OUTER && c.rangeIndex() != InputRef.INNER || c.levelsUp() != 0
                || !system && (c.attribute() < 1 || c.attribute() > input.size())) {
            throw broken(p, "column out of range of " + input, c);
        }
        PgType type = system ? null : input.get(c.attribute() - 1);
        if (type != null && type.kind() != c.type().kind()) {
            throw broken(p, "column of type " + type + " taken for " + c.type(), c);
        }
    }
}
