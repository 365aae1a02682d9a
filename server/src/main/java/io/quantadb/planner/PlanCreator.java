package io.quantadb.planner;

import io.quantadb.base.Invariant;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.planner.logical.ColumnKey;
import io.quantadb.planner.logical.Expressions;
import io.quantadb.planner.logical.ParamScope;
import io.quantadb.planner.logical.Path;
import io.quantadb.planner.logical.Path.BitmapPath;
import io.quantadb.planner.logical.Path.Estimate;
import io.quantadb.planner.logical.Rel;
import io.quantadb.planner.physical.BitmapNode;
import io.quantadb.planner.physical.IndexCondition;
import io.quantadb.planner.physical.InputRef;
import io.quantadb.planner.physical.OutputColumn;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PlanInfo;
import io.quantadb.planner.physical.ScanTarget;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.planner.physical.SubPlan;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Turns the chosen path into physical nodes that produce just the columns needed above. */
final class PlanCreator {
    private final QueryPlanner planner;
    private final StatementState state;

    PlanCreator(QueryPlanner planner) {
        this.planner = planner;
        this.state = planner.state();
    }

    /**
     * @param needed  columns of this level to produce, in the preferred order; those of other entries are ignored
     * @param lateral takes values of other entries' rows; null where there are none
     */
    Rel create(Path path, Map<ColumnKey, Expr.ColumnRef> needed, ParamScope lateral) {
        return switch (path) {
            case Path.Nothing nothing -> new Rel(new PhysicalPlan.Result(info(nothing.estimate(), List.of()), List.of(),
                    null), List.of());
            case Path.Filter filter -> filter(filter, needed, lateral);
            case Path.Sorted sorted -> sorted(sorted, needed, lateral);
            case Path.Unique unique -> {
                Rel input = create(unique.input(), with(needed, unique.columns()), lateral);
                yield new Rel(state.nodes.distinct(input.plan(), input.positions(unique.columns()), false,
                        unique.estimate().rows()), input.columns());
            }
            case Path.Scan scan -> scan(scan, needed, lateral);
            case Path.Join join -> join(join, needed, lateral);
        };
    }

    private PlanInfo info(Estimate e, List<OutputColumn> output) {
        return state.nodes.info(output, e.startup(), e.total(), e.rows());
    }

    private Translator over(Rel rel, ParamScope lateral) {
        return new Translator(planner, rel::outer, lateral);
    }

    private static Map<ColumnKey, Expr.ColumnRef> with(Map<ColumnKey, Expr.ColumnRef> needed, List<Expr> exprs) {
        Map<ColumnKey, Expr.ColumnRef> result = new LinkedHashMap<>(needed);
        exprs.forEach(expr -> Expressions.collectColumns(expr, result));
        return result;
    }

    private static List<Expr> orderExprs(List<Path.OrderKey> order) {
        return order.stream().map(Path.OrderKey::expr).toList();
    }

    private static List<SortKey> positions(List<Path.OrderKey> order, Rel rel) {
        List<SortKey> result = new ArrayList<>();
        for (Path.OrderKey key : order) {
            int position = rel.find(key.expr());
            if (position < 0) {
                break;
            }
            result.add(new SortKey(position, key.descending(), key.nullsFirst()));
        }
        return result;
    }

    private Rel filter(Path.Filter filter, Map<ColumnKey, Expr.ColumnRef> needed, ParamScope lateral) {
        Rel input = create(filter.input(), with(needed, filter.conditions()), lateral);
        List<Expr> everyRow = new ArrayList<>();
        List<Expr> once = new ArrayList<>();
        for (Expr condition : filter.conditions()) {
            (Expressions.isRowIndependent(condition) ? once : everyRow).add(condition);
        }
        Translator translator = over(input, lateral);
        Expr condition = Expressions.and(translator.conditions(everyRow));
        Expr oneTime = Expressions.and(translator.conditions(once));
        if (input.plan() instanceof PhysicalPlan.Result result && condition == null && result.oneTimeFilter() == null) {
            return new Rel(new PhysicalPlan.Result(info(filter.estimate(), result.output()), result.expressions(),
                    oneTime), input.columns());
        }
        if (once.stream().anyMatch(Expressions::isNeverTrue)) {
            return nothing(filter.estimate(), input);
        }
        PlanInfo info = info(filter.estimate(), input.plan().output());
        return new Rel(new PhysicalPlan.Filter(info, input.plan(), condition, oneTime), input.columns(), input.order());
    }

    /** No rows, whatever the input would have given: it is not even looked at. */
    private Rel nothing(Estimate estimate, Rel input) {
        List<Expr> nulls = input.columns().stream().<Expr>map(c -> new Expr.Const(null, c.type(), c.typmod(),
                c.collation(), Origin.NONE)).toList();
        Expr never = new Expr.Const(false, state.catalog.pgType(io.quantadb.types.Oids.BOOL), -1, 0, Origin.NONE);
        return new Rel(new PhysicalPlan.Result(info(estimate, input.plan().output()), nulls, never), input.columns(),
                input.order());
    }

    private Rel sorted(Path.Sorted sorted, Map<ColumnKey, Expr.ColumnRef> needed, ParamScope lateral) {
        Rel input = create(sorted.input(), with(needed, orderExprs(sorted.order())), lateral);
        return state.nodes.sort(input, positions(sorted.order(), input));
    }

    // ---- scans

    private Rel scan(Path.Scan scan, Map<ColumnKey, Expr.ColumnRef> needed, ParamScope lateral) {
        BaseRel base = planner.base(scan.relids().nextSetBit(0));
        Map<ColumnKey, Expr.ColumnRef> own = new LinkedHashMap<>();
        needed.forEach((key, column) -> {
            if (key.rangeIndex() == base.rangeIndex) {
                own.put(key, column);
            }
        });
        Expr.ColumnRef whole = own.remove(new ColumnKey(base.rangeIndex, 0));
        List<Expr> fields = whole == null ? List.of() : planner.wholeRowFields(base);
        Map<ColumnKey, Expr.ColumnRef> output = with(own, fields);
        List<String> names = whole == null ? List.of() : wholeRowNames(base);
        Rel result = base.relation == null ? otherEntry(base, scan, lateral)
                : base.members.isEmpty() ? table(base, base.relation, base.scanId, scan, output, lateral)
                : inheritance(base, scan, output, lateral);
        return whole == null ? result : addWholeRow(result, whole, fields, names, lateral);
    }

    /** Names of the fields a whole-row reference holds: conversions to json print them. */
    private static List<String> wholeRowNames(BaseRel base) {
        return base.entry.columns().stream().filter(column -> !column.dropped()).map(RangeColumn::name).toList();
    }

    private Rel addWholeRow(Rel rel, Expr.ColumnRef whole, List<Expr> fields, List<String> names,
            ParamScope lateral) {
        List<Expr> columns = new ArrayList<>(rel.columns());
        List<Expr> expressions = new ArrayList<>();
        columns.forEach(column -> expressions.add(rel.outer(column)));
        Expr row = new Expr.RowExpr(over(rel, lateral).translateAll(fields), names, whole.type(), Origin.NONE);
        columns.add(whole);
        expressions.add(row);
        return new Rel(state.nodes.project(rel.plan(), expressions, PlanNodes.columns(columns)), columns, rel.order());
    }

    /** The positions of a table's columns in a scan: wanted ones first. */
    private static final class Attributes {
        final List<Expr> columns = new ArrayList<>();
        final List<Integer> numbers = new ArrayList<>();
        final int outputCount;

        Attributes(Map<ColumnKey, Expr.ColumnRef> output, Map<ColumnKey, Expr.ColumnRef> all) {
            output.values().forEach(this::add);
            outputCount = columns.size();
            all.values().forEach(this::add);
        }

        private void add(Expr.ColumnRef column) {
            if (!numbers.contains(column.attribute())) {
                columns.add(column);
                numbers.add(column.attribute());
            }
        }

        Expr outer(Expr expr, int rangeIndex) {
            if (!(expr instanceof Expr.ColumnRef c) || c.levelsUp() > 0 || c.rangeIndex() != rangeIndex) {
                return null;
            }
            int position = numbers.indexOf(c.attribute());
            return position < 0 ? null : new Expr.ColumnRef(InputRef.OUTER, position + 1, 0, c.type(), c.typmod(),
                    c.collation(), Origin.NONE);
        }
    }

    private Rel table(BaseRel base, RelationDescriptor relation, int scanId, Path.Scan scan,
            Map<ColumnKey, Expr.ColumnRef> output, ParamScope lateral) {
        Map<ColumnKey, Expr.ColumnRef> filtered = new LinkedHashMap<>();
        scan.filters().forEach(expr -> Expressions.collectColumns(expr, filtered));
        filtered.keySet().removeIf(key -> key.rangeIndex() != base.rangeIndex);
        if (filtered.remove(new ColumnKey(base.rangeIndex, 0)) != null) {
            planner.wholeRowFields(base).forEach(expr -> Expressions.collectColumns(expr, filtered));
        }
        Attributes attributes = new Attributes(output, filtered);
        Function<Expr, Expr> columns = expr -> expr instanceof Expr.ColumnRef c && c.levelsUp() == 0
                && c.rangeIndex() == base.rangeIndex && c.attribute() == 0
                ? new Expr.RowExpr(planner.wholeRowFields(base).stream().map(f -> attributes.outer(f, base.rangeIndex))
                        .toList(), wholeRowNames(base), c.type(),
                        Origin.NONE)
                : attributes.outer(expr, base.rangeIndex);
        Translator translator = new Translator(planner, columns, lateral);
        List<Expr> outputExprs = attributes.columns.subList(0, attributes.outputCount);
        PlanInfo info = info(scan.estimate(), scanOutput(base, outputExprs));
        String alias = base.entry.name();
        ScanTarget target = new ScanTarget(scanId, relation, alias, attributes.numbers, attributes.outputCount);
        Expr filter = Expressions.and(translator.conditions(scan.filters()));
        PhysicalPlan plan = node(base, scan, info, target, filter, translator, outputExprs);
        Rel rel = new Rel(plan, outputExprs);
        return new Rel(plan, outputExprs, positions(scan.order(), rel));
    }

    private static List<OutputColumn> scanOutput(BaseRel base, List<Expr> exprs) {
        List<OutputColumn> result = new ArrayList<>();
        for (Expr expr : exprs) {
            Expr.ColumnRef c = (Expr.ColumnRef) expr;
            String name = c.attribute() > 0 ? base.entry.columns().get(c.attribute() - 1).name() : null;
            result.add(PlanNodes.column(name, expr));
        }
        return result;
    }

    private PhysicalPlan node(BaseRel base, Path.Scan scan, PlanInfo info, ScanTarget target, Expr filter,
            Translator translator, List<Expr> outputExprs) {
        if (scan.tids() != null) {
            return new PhysicalPlan.TidScan(info, target, translator.translateAll(scan.tids()), List.of(), null, null,
                    filter);
        }
        if (scan.bitmap() != null) {
            return new PhysicalPlan.BitmapScan(info, target, bitmap(scan.bitmap(), translator), filter);
        }
        if (scan.index() == null) {
            RangeTableEntry.Relation entry = (RangeTableEntry.Relation) base.entry;
            if (entry.sample() != null) {
                boolean bernoulli = entry.sample().handler().name().equals("bernoulli");
                return new PhysicalPlan.SampleScan(info, target, bernoulli,
                        translator.translate(entry.sample().arguments().getFirst()),
                        translator.translate(entry.sample().repeatable()), filter);
            }
            return new PhysicalPlan.SeqScan(info, target, filter);
        }
        IndexCondition condition = condition(scan.condition(), translator);
        if (scan.point()) {
            List<Expr> key = condition.equals().stream().map(e -> e.values().getFirst()).toList();
            List<Expr> same = new ArrayList<>();
            for (int i = 0; i < outputExprs.size(); i++) {
                same.add(translator.translate(outputExprs.get(i)));
            }
            return new PhysicalPlan.PointLookup(info, target, scan.index(), key, filter, same);
        }
        return scan.indexOnly() ? new PhysicalPlan.IndexOnlyScan(info, target, condition, scan.backward(), filter)
                : new PhysicalPlan.IndexScan(info, target, condition, scan.backward(), filter);
    }

    private static IndexCondition condition(IndexCondition c, Translator translator) {
        return new IndexCondition(c.index(), c.equals().stream().map(e -> new IndexCondition.Equality(
                translator.translateAll(e.values()), e.array(), e.isNull())).toList(), bound(c.lower(), translator),
                bound(c.upper(), translator));
    }

    private static IndexCondition.Bound bound(IndexCondition.Bound bound, Translator translator) {
        return bound == null ? null : new IndexCondition.Bound(translator.translate(bound.value()), bound.inclusive());
    }

    private BitmapNode bitmap(BitmapPath path, Translator translator) {
        return switch (path) {
            case BitmapPath.Index index -> new BitmapNode.BitmapIndexScan(info(index.estimate(), List.of()),
                    condition(index.condition(), translator));
            case BitmapPath.And and -> new BitmapNode.BitmapAnd(info(and.estimate(), List.of()),
                    and.inputs().stream().map(i -> bitmap(i, translator)).toList());
            case BitmapPath.Or or -> new BitmapNode.BitmapOr(info(or.estimate(), List.of()),
                    or.inputs().stream().map(i -> bitmap(i, translator)).toList());
        };
    }

    private Rel inheritance(BaseRel base, Path.Scan scan, Map<ColumnKey, Expr.ColumnRef> output, ParamScope lateral) {
        List<PhysicalPlan> inputs = new ArrayList<>();
        List<Expr> columns = List.copyOf(output.values());
        for (int i = 0; i < base.members.size(); i++) {
            RelationDescriptor member = base.members.get(i);
            Function<Expr, Expr> toMember = expr -> memberColumn(base, member, expr);
            Map<ColumnKey, Expr.ColumnRef> mapped = new LinkedHashMap<>();
            for (Expr column : columns) {
                Expr.ColumnRef c = (Expr.ColumnRef) toMember.apply(column);
                mapped.put(ColumnKey.of(c), c);
            }
            List<Expr> filters = scan.filters().stream().map(f -> replace(f, toMember)).toList();
            double share = Math.max(1, scan.estimate().rows() / base.members.size());
            Estimate estimate = new Estimate(0, scan.estimate().total() / base.members.size(), share,
                    scan.estimate().width());
            Path.Scan own = new Path.Scan(estimate, scan.relids(), scan.required(), List.of(), null, null, null, false,
                    filters, false, false, filters, null);
            Rel part = table(base, member, base.memberScanIds.get(i), own, mapped, lateral);
            Invariant.check(part.columns().size() == columns.size(), "columns of %s differ from those of %s",
                    member.name(),
                    base.relation.name());
            inputs.add(part.plan());
        }
        return new Rel(state.nodes.append(inputs, scanOutput(base, columns)), columns);
    }

    private static Expr replace(Expr expr, Function<Expr, Expr> function) {
        Expr found = function.apply(expr);
        return found != expr ? found : io.quantadb.sql.typed.Exprs.mapChildren(expr, e -> replace(e, function));
    }

    private static Expr memberColumn(BaseRel base, RelationDescriptor member, Expr expr) {
        if (!(expr instanceof Expr.ColumnRef c) || c.levelsUp() > 0 || c.rangeIndex() != base.rangeIndex
                || c.attribute() <= 0) {
            return expr;
        }
        ColumnDescriptor column = member.column(base.relation.column(c.attribute()).name());
        return column.attnum() == c.attribute() ? expr : new Expr.ColumnRef(c.rangeIndex(), column.attnum(), 0,
                c.type(), c.typmod(), c.collation(), c.origin());
    }

    // ---- other entries

    private Rel otherEntry(BaseRel base, Path.Scan scan, ParamScope lateral) {
        List<Expr> columns = planner.columnsOf(base);
        Rel rel;
        if (base.subquery != null) {
            if (!base.bindings.isEmpty()) {
                Invariant.check(lateral != null, "lateral entry %d outside a nested loop: %d slots", base.rangeIndex,
                        base.bindings.size());
                lateral.include(base.bindings);
            }
            rel = base.subquery.withColumns(columns);
        } else {
            Translator translator = new Translator(planner, _ -> null, lateral);
            rel = new Rel(source(base, translator), columns);
        }
        if (scan.filters().isEmpty()) {
            return rel;
        }
        Expr condition = Expressions.and(over(rel, lateral).conditions(scan.filters()));
        PlanInfo info = info(scan.estimate(), rel.plan().output());
        return new Rel(new PhysicalPlan.Filter(info, rel.plan(), condition, null), columns, rel.order());
    }

    private PhysicalPlan source(BaseRel base, Translator translator) {
        List<OutputColumn> output = new ArrayList<>();
        base.entry.columns().forEach(c -> output.add(new OutputColumn(c.name(), c.type(), c.typmod(), c.collation())));
        PlanInfo info = state.nodes.info(output, 0, base.tuples * state.settings.cpuTupleCost(), base.tuples);
        return switch (base.entry) {
            case RangeTableEntry.Values values -> new PhysicalPlan.ValuesScan(info, values.rows().stream()
                    .map(translator::translateAll).toList());
            case RangeTableEntry.Function function -> new PhysicalPlan.FunctionScan(info, function.functions().stream()
                    .map(f -> new PhysicalPlan.TableFunction(translator.translate(f.call()), f.columns().stream()
                            .map(c -> new OutputColumn(c.name(), c.type(), c.typmod(), c.collation())).toList(),
                            f.composite())).toList(), function.ordinality());
            default -> throw Invariant.broken("no scan for %s", base.entry.getClass().getSimpleName());
        };
    }

    // ---- joins

    private Rel join(Path.Join join, Map<ColumnKey, Expr.ColumnRef> needed, ParamScope lateral) {
        Map<ColumnKey, Expr.ColumnRef> above = with(needed, join.filters());
        Map<ColumnKey, Expr.ColumnRef> all = with(above, join.conditions());
        for (Path.Equality equality : join.equalities()) {
            all = with(all, List.of(equality.left(), equality.right()));
        }
        boolean bound = join.right().required().intersects(join.left().relids());
        ParamScope scope = bound ? new ParamScope(state::nextParam) : lateral;
        Rel right = create(join.right(), all, scope);
        if (bound) {
            all = with(all, scope.bindings().stream().map(SubPlan.Binding::value).toList());
        }
        Rel left = create(join.left(), all, lateral);
        Translator leftOnly = over(left, lateral);
        Translator both = new Translator(planner, expr -> {
            Expr found = left.outer(expr);
            return found != null ? found : right.inner(expr);
        }, lateral);
        List<Integer> projection = new ArrayList<>();
        List<Expr> columns = new ArrayList<>();
        keep(left, 0, above, projection, columns);
        if (join.type().outputsRight()) {
            keep(right, left.columns().size(), above, projection, columns);
        }
        PlanInfo info = info(join.estimate(), PlanNodes.columns(columns));
        Expr condition = Expressions.and(both.conditions(join.conditions()));
        PhysicalPlan plan = switch (join.method()) {
            case NESTED_LOOP -> {
                List<SubPlan.Binding> bindings = new ArrayList<>();
                if (bound) {
                    scope.bindings().forEach(b -> bindings.add(new SubPlan.Binding(b.parameterId(),
                            leftOnly.translate(b.value()))));
                }
                yield new PhysicalPlan.NestedLoop(info, join.type(), left.plan(), right.plan(), bindings, condition,
                        projection);
            }
            case HASH -> new PhysicalPlan.HashJoin(info, join.type(), left.plan(), right.plan(),
                    join.equalities().stream().map(e -> leftOnly.translate(e.left())).toList(),
                    join.equalities().stream().map(e -> over(right, lateral).translate(e.right())).toList(), condition,
                    projection);
            case MERGE -> new PhysicalPlan.MergeJoin(info, join.type(), left.plan(), right.plan(),
                    keys(join.equalities().stream().map(Path.Equality::left).toList(), left),
                    keys(join.equalities().stream().map(Path.Equality::right).toList(), right), condition, projection);
        };
        Rel rel = new Rel(plan, columns);
        rel = new Rel(plan, columns, positions(join.order(), rel));
        if (join.filters().isEmpty()) {
            return rel;
        }
        Expr filter = Expressions.and(over(rel, lateral).conditions(join.filters()));
        return new Rel(new PhysicalPlan.Filter(info(join.estimate(), plan.output()), plan, filter, null), columns,
                rel.order());
    }

    private static void keep(Rel side, int offset, Map<ColumnKey, Expr.ColumnRef> needed, List<Integer> projection,
            List<Expr> columns) {
        for (int i = 0; i < side.columns().size(); i++) {
            if (side.columns().get(i) instanceof Expr.ColumnRef c && needed.containsKey(ColumnKey.of(c))) {
                projection.add(offset + i);
                columns.add(c);
            }
        }
    }

    private static List<SortKey> keys(List<Expr> exprs, Rel rel) {
        return exprs.stream().map(e -> SortKey.ascending(rel.find(e))).toList();
    }
}
