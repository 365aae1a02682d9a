package io.quantadb.executor.operator;

import io.quantadb.error.SqlException;
import io.quantadb.executor.Instrumentation.NodeCounters;
import io.quantadb.executor.expr.BatchFilter;
import io.quantadb.executor.expr.ExprCompiler;
import io.quantadb.executor.expr.ExprEnvironment;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.executor.expr.VectorEvaluator;
import io.quantadb.function.AggregateFunction;
import io.quantadb.function.CallSite;
import io.quantadb.function.ScalarFunction;
import io.quantadb.function.WindowFunction;
import io.quantadb.planner.physical.BitmapNode;
import io.quantadb.planner.physical.IndexCondition;
import io.quantadb.planner.physical.InputRef;
import io.quantadb.planner.physical.ModifyTable;
import io.quantadb.planner.physical.OutputColumn;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.ScanTarget;
import io.quantadb.planner.physical.SubPlan;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.FunctionRef;
import io.quantadb.sql.typed.SetOperationTree.SetOperator;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import io.quantadb.types.RowFields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Makes operators from plan nodes. Confined to one thread. */
final class OperatorBuilder {
    private final PreparedPlan plan;
    private final ExprEnvironment environment;
    private final ExprCompiler compiler;
    /** Scans and hash joins by their nodes, for parallel aggregation. */
    private final Map<PhysicalPlan, Operator> built = new IdentityHashMap<>();
    /** Whether the operators are for a helper thread: joins then get their table from elsewhere. */
    private final boolean helper;

    OperatorBuilder(PreparedPlan plan) {
        this(plan, false);
    }

    private OperatorBuilder(PreparedPlan plan, boolean helper) {
        this.helper = helper;
        this.plan = plan;
        this.environment = plan.environment();
        this.compiler = new ExprCompiler(environment);
    }

    Operator build(PhysicalPlan node) {
        Operator operator = create(node);
        if (plan.instrumentation() == null) {
            return operator;
        }
        return new InstrumentedOperator(operator, counters(node), plan.instrumentation());
    }

    private NodeCounters counters(PhysicalPlan node) {
        return plan.instrumentation() == null ? null : plan.instrumentation().of(node);
    }

    private static List<PgType> types(PhysicalPlan node) {
        return node.output().stream().map(OutputColumn::type).toList();
    }

    private ScalarEvaluator scalar(Expr expr) {
        return expr == null ? null : compiler.scalar(expr);
    }

    private VectorEvaluator[] vectors(List<Expr> exprs) {
        return exprs.stream().map(compiler::vector).toArray(VectorEvaluator[]::new);
    }

    private Operator create(PhysicalPlan node) {
        List<PgType> types = types(node);
        return switch (node) {
            case PhysicalPlan.SeqScan scan -> seqScan(scan, scan.target(), scan.filter(), null);
            case PhysicalPlan.SampleScan scan -> seqScan(scan, scan.target(), scan.filter(),
                    new SeqScanOperator.Sample(scan.bernoulli(), scalar(scan.percent()), scalar(scan.repeatable())));
            case PhysicalPlan.IndexScan scan -> indexScan(scan, scan.target(), scan.condition(), scan.backward(),
                    scan.filter());
            case PhysicalPlan.IndexOnlyScan scan -> indexOnlyScan(scan);
            case PhysicalPlan.BitmapScan scan -> counted(scan, new BitmapScanOperator(types, scan.target(),
                    attributeTypes(scan.target()), scanFilter(scan.filter()),
                    source(scan.bitmap())));
            case PhysicalPlan.TidScan scan -> tidScan(scan);
            case PhysicalPlan.ValuesScan values -> new ValuesOperator(types,
                    values.rows().stream().map(compiler::scalars).toList());
            case PhysicalPlan.FunctionScan scan -> functionScan(scan);
            case PhysicalPlan.Result result -> new ResultOperator(types, compiler.scalars(result.expressions()),
                    scalar(result.oneTimeFilter()));
            case PhysicalPlan.Project project -> new ProjectOperator(types, build(project.input()),
                    compiler.sharingVectors(project.expressions()));
            case PhysicalPlan.ProjectSet project -> projectSet(project);
            case PhysicalPlan.Filter filter -> filter(filter);
            case PhysicalPlan.NestedLoop join -> nestedLoop(join);
            case PhysicalPlan.HashJoin join -> hashJoin(join);
            case PhysicalPlan.MergeJoin join -> mergeJoin(join);
            case PhysicalPlan.Sort sort -> sort(sort, types);
            case PhysicalPlan.IncrementalSort sort -> new IncrementalSortOperator(types, build(sort.input()),
                    sort.keys(), sort.presorted());
            case PhysicalPlan.TopN top -> topN(top);
            case PhysicalPlan.Limit limit -> new LimitOperator(types, build(limit.input()), scalar(limit.limit()),
                    scalar(limit.offset()), limit.tiesKeys());
            case PhysicalPlan.Distinct distinct -> distinct.sorted()
                    ? new UniqueOperator(types, build(distinct.input()), distinct.columns())
                    : new DistinctOperator(types, build(distinct.input()), distinct.columns());
            case PhysicalPlan.Aggregate aggregate -> aggregate(aggregate);
            case PhysicalPlan.WindowAggregate window -> window(window);
            case PhysicalPlan.Append append -> new AppendOperator(types, buildAll(append.inputs()));
            case PhysicalPlan.MergeAppend append -> new MergeAppendOperator(types, buildAll(append.inputs()),
                    append.keys());
            case PhysicalPlan.SetOperation operation -> new SetOperationOperator(types, build(operation.left()),
                    build(operation.right()), except(operation.operator()), operation.all());
            case PhysicalPlan.RecursiveUnion union -> new RecursiveUnionOperator(types, build(union.start()),
                    build(union.recursive()), union.all(), plan.workTable(union.workTableId()));
            case PhysicalPlan.WorkTableScan scan -> new WorkTableScanOperator(types,
                    plan.workTable(scan.workTableId()));
            case PhysicalPlan.CteScan scan -> new CteScanOperator(types, plan.commonTable(scan.cteId()));
            case PhysicalPlan.Materialize materialize -> new MaterializeOperator(types, build(materialize.input()),
                    !plan.freeSlots(materialize.input()).isEmpty());
            case PhysicalPlan.LockRows lock -> new LockRowsOperator(types, build(lock.input()), lock.relations(),
                    recheck(lock.input()));
            case PhysicalPlan.PointLookup lookup -> new PointLookupOperator(types, lookup.target(), lookup.index(),
                    compiler.scalars(lookup.key()), scalar(lookup.filter()), compiler.scalars(lookup.expressions()));
            case ModifyTable modify -> modify(modify, types);
        };
    }

    private Operator[] buildAll(List<PhysicalPlan> nodes) {
        return nodes.stream().map(this::build).toArray(Operator[]::new);
    }

    private static boolean except(SetOperator operator) {
        return switch (operator) {
            case EXCEPT -> true;
            case INTERSECT -> false;
            case UNION -> throw io.quantadb.base.Invariant.broken("UNION is an Append with Distinct, not %s", operator);
        };
    }

    // ---- scans

    static PgType[] attributeTypes(ScanTarget target) {
        return target.attributes().stream().map(attribute -> switch (attribute) {
            case InputRef.ROW_ID -> BuiltinTypes.INT8;
            case 0 -> BuiltinTypes.RECORD;
            case -1 -> BuiltinTypes.get(io.quantadb.types.Oids.TID);
            case -2, -4 -> BuiltinTypes.get(io.quantadb.types.Oids.XID);
            case -3, -5 -> BuiltinTypes.get(io.quantadb.types.Oids.CID);
            case -6 -> BuiltinTypes.OID;
            default -> target.relation().column(attribute).type();
        }).toArray(PgType[]::new);
    }

    private BatchFilter filter(Expr condition) {
        return condition == null ? null : compiler.filter(condition);
    }

    private ScanFilter scanFilter(Expr condition) {
        if (condition == null) {
            return null;
        }
        List<Expr> conditions = condition instanceof Expr.BoolExpr bool && bool.kind() == Expr.BoolKind.AND
                ? bool.arguments() : List.of(condition);
        List<BatchFilter> parts = new ArrayList<>();
        List<BitSet> reads = new ArrayList<>();
        for (Expr part : conditions) {
            BitSet read = new BitSet();
            mark(read, part);
            reads.add(read);
            parts.add(compiler.filter(part));
        }
        return new ScanFilter(parts, reads);
    }

    /** Marks the input columns that evaluating the expression reads; what a subplan takes from the row is among them. */
    private void mark(BitSet read, Expr expr) {
        if (expr == null) {
            return;
        }
        ExprColumns.of(expr, InputRef.OUTER).stream().forEach(column -> read.set(column - 1));
        for (int id : ExprColumns.execParameters(expr)) {
            for (SubPlan subPlan : plan.statement().subPlans()) {
                if (subPlan.parameterId() == id) {
                    subPlan.bindings().forEach(b -> mark(read, b.value()));
                    subPlan.hashKeys().forEach(key -> mark(read, key));
                    mark(read, subPlan.test());
                }
            }
        }
    }

    private <T extends ScanOperator> T counted(PhysicalPlan node, T scan) {
        scan.counters = counters(node);
        return scan;
    }

    private Operator seqScan(PhysicalPlan node, ScanTarget target, Expr filter, SeqScanOperator.Sample sample) {
        SeqScanOperator operator = counted(node, new SeqScanOperator(types(node), target, attributeTypes(target),
                scanFilter(filter), sample));
        built.put(node, operator);
        return operator;
    }

    private Operator indexScan(PhysicalPlan node, ScanTarget target, IndexCondition condition, boolean backward,
            Expr filter) {
        return counted(node, new IndexScanOperator(types(node), target, attributeTypes(target), scanFilter(filter), condition.index(), new IndexRanges(condition, compiler), backward));
    }

    /** Rows that may be looked at again come from the heap, where their newest versions are. */
    private Operator indexOnlyScan(PhysicalPlan.IndexOnlyScan scan) {
        if (!plan.isReadOnly() || !IndexOnlyScanOperator.covers(scan.target(), scan.condition().index())) {
            return indexScan(scan, scan.target(), scan.condition(), scan.backward(), scan.filter());
        }
        IndexOnlyScanOperator operator = new IndexOnlyScanOperator(types(scan), scan.target(),
                attributeTypes(scan.target()), filter(scan.filter()), scan.condition().index(),
                new IndexRanges(scan.condition(), compiler), scan.backward());
        operator.counters = counters(scan);
        return operator;
    }

    private BitmapScanOperator.Source source(BitmapNode node) {
        return switch (node) {
            case BitmapNode.BitmapIndexScan scan -> new BitmapScanOperator.FromIndex(scan.condition().index(),
                    new IndexRanges(scan.condition(), compiler));
            case BitmapNode.BitmapAnd and -> new BitmapScanOperator.Combined(true,
                    and.inputs().stream().map(this::source).toList());
            case BitmapNode.BitmapOr or -> new BitmapScanOperator.Combined(false,
                    or.inputs().stream().map(this::source).toList());
        };
    }

    private Operator tidScan(PhysicalPlan.TidScan scan) {
        return counted(scan, new TidScanOperator(types(scan), scan.target(), attributeTypes(scan.target()),
                scanFilter(scan.filter()), compiler.scalars(scan.tids()),
                compiler.scalars(scan.tidArrays()), scan.lower(),
                scan.lower() == null ? null : scalar(scan.lower().value()), scan.upper(),
                scan.upper() == null ? null : scalar(scan.upper().value()),
                scan.tids().stream().anyMatch(Expr.CurrentOf.class::isInstance)));
    }

    private Operator functionScan(PhysicalPlan.FunctionScan scan) {
        List<FunctionScanOperator.Source> sources = new ArrayList<>();
        for (PhysicalPlan.TableFunction function : scan.functions()) {
            PgType[] columns = function.columns().stream().map(OutputColumn::type).toArray(PgType[]::new);
            Expr call = withRowShape(function);
            boolean set = SetEvaluator.isSet(call);
            SetEvaluator evaluator = set ? SetEvaluator.of((Expr.FunctionCall) call, compiler, environment,
                    function.composite() ? columns : null) : null;
            sources.add(new FunctionScanOperator.Source(evaluator, set ? null : scalar(call),
                    columns.length, function.composite()));
        }
        return new FunctionScanOperator(types(scan), sources, scan.ordinality());
    }

    /** The call; if its columns come from a definition list, with a result type that has them as its fields. */
    private static Expr withRowShape(PhysicalPlan.TableFunction function) {
        if (!function.composite() || !(function.call() instanceof Expr.FunctionCall c)
                || c.type().oid() != Oids.RECORD) {
            return function.call();
        }
        List<OutputColumn> columns = function.columns();
        PgType shape = PgType.compositeType(Oids.RECORD, "record", 0, new RowFields() {
            @Override
            public int count() {
                return columns.size();
            }

            @Override
            public PgType type(int field) {
                return columns.get(field).type();
            }

            @Override
            public int typmod(int field) {
                return columns.get(field).typmod();
            }

            @Override
            public String name(int field) {
                return columns.get(field).name();
            }
        });
        return new Expr.FunctionCall(c.function(), c.arguments(), c.variadic(), shape, c.typmod(), c.collation(),
                c.inputCollation(), c.origin());
    }

    private Operator projectSet(PhysicalPlan.ProjectSet project) {
        int n = project.expressions().size();
        ScalarEvaluator[] scalars = new ScalarEvaluator[n];
        SetEvaluator[] sets = new SetEvaluator[n];
        for (int i = 0; i < n; i++) {
            Expr expr = project.expressions().get(i);
            if (SetEvaluator.isSet(expr)) {
                sets[i] = SetEvaluator.of((Expr.FunctionCall) expr, compiler, environment, null);
            } else {
                scalars[i] = scalar(expr);
            }
        }
        return new ProjectSetOperator(types(project), build(project.input()), scalars, sets);
    }

    private Operator filter(PhysicalPlan.Filter filter) {
        FilterOperator operator = new FilterOperator(types(filter), build(filter.input()),
                filter(filter.condition()), scalar(filter.oneTime()));
        operator.counters = counters(filter);
        return operator;
    }

    // ---- joins

    private JoinOutput joinOutput(PhysicalPlan node, PhysicalPlan left, List<Integer> projection, Expr condition) {
        return new JoinOutput(types(node), left.output().size(), projection, scalar(condition));
    }

    private Operator nestedLoop(PhysicalPlan.NestedLoop join) {
        int[] ids = join.bindings().stream().mapToInt(SubPlan.Binding::parameterId).toArray();
        ScalarEvaluator[] values = compiler.scalars(join.bindings().stream().map(SubPlan.Binding::value).toList());
        NestedLoopOperator operator = new NestedLoopOperator(types(join), join.type(), build(join.left()),
                build(join.right()), ids, values, joinOutput(join, join.left(), join.projection(), join.condition()));
        operator.counters = counters(join);
        return operator;
    }

    private Operator hashJoin(PhysicalPlan.HashJoin join) {
        PgType[] keyTypes = join.rightKeys().stream().map(Expr::type).toArray(PgType[]::new);
        HashJoinOperator operator = new HashJoinOperator(types(join), join.type(), build(join.left()),
                helper ? null : build(join.right()), vectors(join.leftKeys()), vectors(join.rightKeys()), keyTypes,
                joinOutput(join, join.left(), join.projection(), join.condition()));
        operator.counters = counters(join);
        built.put(join, operator);
        return operator;
    }

    private Operator mergeJoin(PhysicalPlan.MergeJoin join) {
        return new MergeJoinOperator(types(join), join.type(), build(join.left()), build(join.right()),
                join.leftKeys(), join.rightKeys(), joinOutput(join, join.left(), join.projection(), join.condition()));
    }

    // ---- sorting and grouping

    private Operator sort(PhysicalPlan.Sort sort, List<PgType> types) {
        SortOperator operator = new SortOperator(types, build(sort.input()), sort.keys());
        operator.counters = counters(sort);
        return operator;
    }

    private Operator topN(PhysicalPlan.TopN top) {
        List<PgType> types = types(top);
        Operator input = build(top.input());
        ScalarEvaluator limit = scalar(top.limit());
        ScalarEvaluator offset = scalar(top.offset());
        Operator fallback = new LimitOperator(types, new SortOperator(types, input, top.keys()), limit, offset,
                List.of());
        TopNOperator operator = new TopNOperator(types, input, top.keys(), limit, offset, fallback);
        operator.counters = counters(top);
        return operator;
    }

    private AggregateCalls[] aggregateCalls(PhysicalPlan.Aggregate aggregate) {
        List<Expr> arguments = aggregate.aggregates().stream()
                .flatMap(call -> call.arguments().stream()).map(TargetEntry::expr).toList();
        VectorEvaluator[] evaluators = compiler.sharingVectors(arguments);
        AggregateCalls[] calls = new AggregateCalls[aggregate.aggregates().size()];
        int next = 0;
        for (int i = 0; i < calls.length; i++) {
            Expr.AggregateCall call = aggregate.aggregates().get(i);
            int end = next + call.arguments().size();
            calls[i] = new AggregateCalls(call, Arrays.copyOfRange(evaluators, next, end), compiler, environment);
            next = end;
        }
        return calls;
    }

    private Operator aggregate(PhysicalPlan.Aggregate aggregate) {
        Operator input = build(aggregate.input());
        int[] groupColumns = aggregate.groupColumns().stream().mapToInt(Integer::intValue).toArray();
        boolean oneSet = aggregate.groupingSets().size() <= 1;
        boolean grouping = aggregate.groupingColumn() || !oneSet;
        if (aggregate.strategy() == PhysicalPlan.AggregateStrategy.SORTED && !grouping && groupColumns.length > 0) {
            AggregateCalls[] calls = aggregateCalls(aggregate);
            boolean collects = false;
            for (AggregateCalls call : calls) {
                collects |= call.collects();
            }
            if (!collects) {
                return new SortedAggregateOperator(types(aggregate), input, groupColumns, calls);
            }
        }
        AggregateOperator operator = hashAggregate(aggregate, input);
        if (!helper && plan.instrumentation() == null && plan.isReadOnly() && ParallelSafety.isSafe(aggregate)) {
            operator.parallel = new ParallelAggregation(pipeline(aggregate, operator), () -> {
                OperatorBuilder builder = new OperatorBuilder(plan, true);
                return builder.pipeline(aggregate, builder.hashAggregate(aggregate, builder.build(aggregate.input())));
            });
        }
        return operator;
    }

    private ParallelAggregation.Pipeline pipeline(PhysicalPlan.Aggregate aggregate, AggregateOperator operator) {
        List<HashJoinOperator> joins = new ArrayList<>();
        PhysicalPlan node = aggregate.input();
        while (!(node instanceof PhysicalPlan.SeqScan scan)) {
            if (built.get(node) instanceof HashJoinOperator join) {
                joins.add(join);
            }
            node = node.children().getFirst();
        }
        return new ParallelAggregation.Pipeline(operator, (SeqScanOperator) built.get(node), joins,
                scan.target().relation());
    }

    private AggregateOperator hashAggregate(PhysicalPlan.Aggregate aggregate, Operator input) {
        int[] groupColumns = aggregate.groupColumns().stream().mapToInt(Integer::intValue).toArray();
        boolean grouping = aggregate.groupingColumn() || aggregate.groupingSets().size() > 1;
        List<List<Integer>> memberLists = aggregate.groupingSets().isEmpty()
                ? List.of(java.util.stream.IntStream.range(0, groupColumns.length).boxed().toList())
                : aggregate.groupingSets();
        List<PgType> inputTypes = types(aggregate.input());
        AggregateOperator.GroupingSet[] sets = memberLists.stream().map(members -> new AggregateOperator.GroupingSet(
                members, groupColumns, inputTypes, aggregateCalls(aggregate)))
                .toArray(AggregateOperator.GroupingSet[]::new);
        AggregateOperator operator = new AggregateOperator(types(aggregate), input, groupColumns, sets,
                aggregate.aggregates().size(), grouping);
        operator.counters = counters(aggregate);
        return operator;
    }

    private Operator window(PhysicalPlan.WindowAggregate window) {
        Operator input = build(window.input());
        RowStore rows = new RowStore(input.outputTypes());
        var frame = window.frame();
        PgType orderType = window.orderKeys().isEmpty() ? null
                : input.outputTypes()[window.orderKeys().getFirst().column()];
        WindowPartition partition = new WindowPartition(rows, frame, window.orderKeys(), scalar(frame.startOffset()),
                scalar(frame.endOffset()), inRange(frame.startInRange(), frame.startOffset(), orderType),
                inRange(frame.endInRange(), frame.endOffset(), orderType));
        WindowCallEvaluator[] calls = window.calls().stream().map(call -> windowCall(call, partition, rows))
                .toArray(WindowCallEvaluator[]::new);
        int[] partitionColumns = window.partitionColumns().stream().mapToInt(Integer::intValue).toArray();
        return new WindowOperator(types(window), input, partitionColumns, partition, calls, rows);
    }

    private ScalarFunction.FnN inRange(FunctionRef function, Expr offset, PgType orderType) {
        if (function == null) {
            return null;
        }
        ScalarFunction bound = environment.functions().scalar(function.internalName(), new CallSite(function.name(),
                List.of(orderType, orderType, offset.type(), BuiltinTypes.BOOL, BuiltinTypes.BOOL),
                BuiltinTypes.BOOL));
        if (!(bound instanceof ScalarFunction.FnN test)) {
            throw io.quantadb.base.Invariant.broken("in_range function %s does not take five arguments",
                    function.internalName());
        }
        return test;
    }

    private WindowCallEvaluator windowCall(Expr.WindowCall call, WindowPartition partition, RowStore rows) {
        List<PgType> types = call.star() ? List.of() : call.arguments().stream().map(Expr::type).toList();
        CallSite site = new CallSite(call.function().name(), types, call.type(), call.variadic(),
                call.inputCollation());
        AggregateFunction aggregate = null;
        Supplier<WindowFunction> factory = null;
        if (call.aggregate()) {
            aggregate = environment.functions().aggregate(call.function().name(), site);
        } else {
            String name = call.function().internalName();
            if (!environment.functions().hasWindow(name)) {
                throw SqlException.notSupported("window function \"" + call.function().name()
                        + "\" is not supported");
            }
            factory = () -> environment.functions().window(name, site);
        }
        return new WindowCallEvaluator(partition, rows, compiler.scalars(call.arguments()), scalar(call.filter()),
                factory, aggregate);
    }

    // ---- changes

    /** A second set of operators over the same input, built when a row must be looked at again. */
    private RecheckPlan recheck(PhysicalPlan input) {
        return new RecheckPlan(() -> new OperatorBuilder(plan).build(input));
    }

    private Operator modify(ModifyTable modify, List<PgType> types) {
        ModifyTableOperator operator = new ModifyTableOperator(types, modify, build(modify.input()), compiler,
                recheck(modify.input()));
        operator.counters = counters(modify);
        return operator;
    }
}
