package io.quantadb.executor.operator;

import io.quantadb.executor.Instrumentation;
import io.quantadb.executor.QueryContext;
import io.quantadb.executor.expr.ExprCompiler;
import io.quantadb.executor.expr.ExprEnvironment;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.executor.vector.Batch;
import io.quantadb.function.FunctionRegistry;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PhysicalStatement;
import io.quantadb.planner.physical.SubPlan;
import io.quantadb.sql.typed.FunctionRef;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A physical plan turned into operators: built once, executed any number of times, one execution at a time. Confined to
 * one thread at a time; a second execution that overlaps needs a second object.
 *
 * <p>{@code open, next until null, close}. After an exception close must still be called.
 */
public final class PreparedPlan implements AutoCloseable {
    private final PhysicalStatement statement;
    private final ExprEnvironment outer;
    private final Environment environment = new Environment();
    private final Map<Integer, SubPlan> subPlans = new HashMap<>();
    private final Map<Integer, CommonTable> commonTables = new HashMap<>();
    private final List<CommonTable> commonTableList = new ArrayList<>();
    private final List<SubPlanEvaluator> evaluators = new ArrayList<>();
    /**
     * Subplans that do not depend on the reading row: one evaluator, so that they run once however often they are read.
     */
    private final Map<Integer, SubPlanEvaluator> initPlans = new HashMap<>();
    private final Map<Integer, WorkTable> workTables = new HashMap<>();
    private final Instrumentation instrumentation;
    private Operator root;
    private QueryContext query;
    private boolean finished;

    /**
     * @param instrumentation for EXPLAIN ANALYZE, else null
     */
    public PreparedPlan(PhysicalStatement statement, ExprEnvironment environment, Instrumentation instrumentation) {
        this.statement = statement;
        this.outer = environment;
        this.instrumentation = instrumentation;
        for (SubPlan subPlan : statement.subPlans()) {
            subPlans.put(subPlan.parameterId(), subPlan);
        }
        OperatorBuilder builder = new OperatorBuilder(this);
        for (PhysicalStatement.CommonTablePlan table : statement.commonTables()) {
            CommonTable common = new CommonTable(builder.build(table.plan()), table.modifies());
            commonTables.put(table.cteId(), common);
            commonTableList.add(common);
        }
        root = builder.build(statement.root());
    }

    public PhysicalStatement statement() {
        return statement;
    }

    public PgType[] outputTypes() {
        return root.outputTypes();
    }

    /** Starts an execution. Nothing is computed before the first {@link #next}, but tables are opened. */
    public void open(QueryContext context) {
        query = context;
        finished = false;
        if (context.execParameters.length < statement.execParameters()) {
            context.execParameters = new Object[statement.execParameters()];
        }
        for (SubPlanEvaluator evaluator : evaluators) {
            evaluator.start();
        }
        for (CommonTable table : commonTableList) {
            table.start(context);
        }
        root.open(context);
    }

    /** The next rows, valid until the next call; null at the end. */
    public Batch next() {
        if (finished) {
            return null;
        }
        Batch batch = root.next();
        if (batch == null) {
            finished = true;
            commonTableList.forEach(CommonTable::finish);
        }
        return batch;
    }

    /** Rows inserted, updated or deleted so far by the statement itself. */
    public long affectedRows() {
        return query == null ? 0 : query.affectedRows;
    }

    @Override
    public void close() {
        if (query == null) {
            return;
        }
        root.close();
        evaluators.forEach(SubPlanEvaluator::close);
        commonTableList.forEach(CommonTable::close);
        query.memory.close();
        query = null;
    }

    /** Whether the statement changes and locks nothing. */
    boolean isReadOnly() {
        return ParallelSafety.isReadOnly(statement);
    }

    ExprEnvironment environment() {
        return environment;
    }

    Instrumentation instrumentation() {
        return instrumentation;
    }

    CommonTable commonTable(int cteId) {
        CommonTable table = commonTables.get(cteId);
        io.quantadb.base.Invariant.check(table != null, "no common table %d among %d", cteId, commonTables.size());
        return table;
    }

    WorkTable workTable(int id) {
        return workTables.computeIfAbsent(id, key -> new WorkTable());
    }

    /** Slots a plan reads that are set outside of it. */
    Set<Integer> freeSlots(PhysicalPlan plan) {
        Set<Integer> read = new HashSet<>();
        Set<Integer> bound = new HashSet<>();
        collect(plan, read, bound, new HashSet<>());
        read.removeAll(bound);
        return read;
    }

    private void collect(PhysicalPlan plan, Set<Integer> read, Set<Integer> bound, Set<Integer> visited) {
        collectBound(plan, bound);
        for (int id : ExprColumns.execParameters(plan)) {
            SubPlan subPlan = subPlans.get(id);
            if (subPlan == null) {
                read.add(id);
            } else if (visited.add(id)) {
                subPlan.bindings().forEach(binding -> {
                    bound.add(binding.parameterId());
                    read.addAll(ExprColumns.execParameters(binding.value()));
                });
                if (subPlan.test() != null) {
                    read.addAll(ExprColumns.execParameters(subPlan.test()));
                }
                collect(subPlan.plan(), read, bound, visited);
            }
        }
    }

    private static void collectBound(PhysicalPlan plan, Set<Integer> bound) {
        if (plan instanceof PhysicalPlan.NestedLoop loop) {
            loop.bindings().forEach(binding -> bound.add(binding.parameterId()));
        }
        plan.children().forEach(child -> collectBound(child, bound));
    }

    /** The session's environment, with this plan's subplans. */
    private final class Environment implements ExprEnvironment {
        @Override
        public FunctionRegistry functions() {
            return outer.functions();
        }

        @Override
        public PgType type(int oid) {
            return outer.type(oid);
        }

        @Override
        public DomainConstraints domain(int domainOid) {
            return outer.domain(domainOid);
        }

        @Override
        public UserFunction userFunction(FunctionRef function, List<PgType> argumentTypes, PgType resultType) {
            return outer.userFunction(function, argumentTypes, resultType);
        }

        @Override
        public boolean isSubPlan(int parameterId) {
            return subPlans.containsKey(parameterId);
        }

        @Override
        public ScalarEvaluator subPlan(int parameterId, ExprCompiler compiler) {
            SubPlan subPlan = subPlans.get(parameterId);
            if (subPlan == null) {
                return null;
            }
            if (subPlan.isInitPlan() && initPlans.containsKey(parameterId)) {
                return initPlans.get(parameterId);
            }
            Operator operator = new OperatorBuilder(PreparedPlan.this).build(subPlan.plan());
            int[] slots = freeSlots(subPlan.plan()).stream().mapToInt(Integer::intValue).toArray();
            SubPlanEvaluator evaluator = new SubPlanEvaluator(subPlan, operator, compiler, slots);
            evaluators.add(evaluator);
            if (subPlan.isInitPlan()) {
                initPlans.put(parameterId, evaluator);
            }
            return evaluator;
        }
    }
}
