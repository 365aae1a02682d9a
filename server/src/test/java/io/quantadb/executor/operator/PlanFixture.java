package io.quantadb.executor.operator;

import io.quantadb.error.SqlException;
import io.quantadb.executor.QueryContext;
import io.quantadb.executor.expr.ExprEnvironment;
import io.quantadb.executor.vector.Batch;
import io.quantadb.function.CoreFunctions;
import io.quantadb.function.FunctionContext;
import io.quantadb.function.FunctionRegistry;
import io.quantadb.planner.physical.InputRef;
import io.quantadb.planner.physical.OutputColumn;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PhysicalStatement;
import io.quantadb.planner.physical.PlanInfo;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.FunctionRef;
import io.quantadb.sql.typed.OperatorRef;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.PgType;
import io.quantadb.types.TextContext;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Builds small plans and expressions by hand and runs them, without catalog, analyzer or planner. */
final class PlanFixture {
    static final FunctionRegistry FUNCTIONS = FunctionRegistry.builder().with(new CoreFunctions()).build();

    private int nodes;

    static final ExprEnvironment ENVIRONMENT = new ExprEnvironment() {
        @Override
        public FunctionRegistry functions() {
            return FUNCTIONS;
        }

        @Override
        public PgType type(int oid) {
            return BuiltinTypes.find(oid);
        }
    };

    PlanInfo info(PgType... types) {
        return info(List.of(types));
    }

    PlanInfo info(List<PgType> types) {
        return new PlanInfo(nodes++, types.stream().map(t -> new OutputColumn("c", t)).toList(), 0, 0, 0, 0);
    }

    /** VALUES with constants. */
    PhysicalPlan values(List<Object[]> rows, PgType... types) {
        List<List<Expr>> exprs = new ArrayList<>();
        for (Object[] row : rows) {
            List<Expr> line = new ArrayList<>();
            for (int i = 0; i < types.length; i++) {
                line.add(constant(row[i], types[i]));
            }
            exprs.add(line);
        }
        return new PhysicalPlan.ValuesScan(info(types), exprs);
    }

    static Expr constant(Object value, PgType type) {
        return new Expr.Const(value, type, -1, 0, Origin.NONE);
    }

    static Expr column(int position, PgType type) {
        return InputRef.outer(position, type);
    }

    static FunctionRef function(String name, String prosrc) {
        return new FunctionRef(1, "pg_catalog", name, prosrc, "internal", 'f', true, 'i', 's', false, false, 1, 0, 0);
    }

    static Expr call(String operator, String prosrc, PgType type, Expr left, Expr right) {
        OperatorRef ref = new OperatorRef(prosrc.hashCode(), "pg_catalog", operator, function(operator, prosrc),
                left.type().oid(), right.type().oid(), type.oid(), 0, 0, false, false, null, null);
        return new Expr.OperatorCall(ref, List.of(left, right), type, 0, 0, Origin.NONE);
    }

    static Expr test(String operator, String prosrc, Expr left, Expr right) {
        return call(operator, prosrc, BuiltinTypes.BOOL, left, right);
    }

    static Expr.AggregateCall aggregate(String name, PgType result, Expr... arguments) {
        List<TargetEntry> entries = new ArrayList<>();
        for (Expr argument : arguments) {
            entries.add(new TargetEntry(argument, entries.size() + 1, null, 0, 0, 0, false));
        }
        return new Expr.AggregateCall(function(name, "aggregate_dummy"), List.of(), entries, List.of(), List.of(), null,
                arguments.length == 0, false, 'n', List.of(), 0, result, 0, 0, Origin.NONE);
    }

    static QueryContext context() {
        QueryContext query = new QueryContext();
        query.functions = new TestFunctionContext();
        return query;
    }

    List<List<Object>> run(PhysicalPlan plan) {
        return run(plan, context());
    }

    static List<List<Object>> run(PhysicalPlan plan, QueryContext query) {
        try (PreparedPlan prepared = new PreparedPlan(new PhysicalStatement(plan, List.of(), List.of(), 8),
                ENVIRONMENT, null)) {
            return run(prepared, query);
        }
    }

    static List<List<Object>> run(PreparedPlan prepared, QueryContext query) {
        List<List<Object>> rows = new ArrayList<>();
        prepared.open(query);
        for (Batch batch = prepared.next(); batch != null; batch = prepared.next()) {
            for (int i = 0; i < batch.size(); i++) {
                Object[] row = new Object[batch.columns.length];
                batch.readRow(batch.position(i), row);
                rows.add(java.util.Arrays.asList(row));
            }
        }
        prepared.close();
        return rows;
    }

    /** A session without anything but text settings. */
    static final class TestFunctionContext implements FunctionContext {
        private final RandomGenerator random = new java.util.Random(1);

        @Override
        public TextContext text() {
            return TextContext.DEFAULT;
        }

        @Override
        public String currentUser() {
            return "tester";
        }

        @Override
        public String sessionUser() {
            return "tester";
        }

        @Override
        public String currentDatabase() {
            return "test";
        }

        @Override
        public List<String> currentSchemas(boolean includeImplicit) {
            return List.of("public");
        }

        @Override
        public long transactionTimestamp() {
            return 0;
        }

        @Override
        public long statementTimestamp() {
            return 0;
        }

        @Override
        public long clockTimestamp() {
            return 0;
        }

        @Override
        public String setting(String name, boolean missingOk) {
            return null;
        }

        @Override
        public void setSetting(String name, String value, boolean local) {
            throw new UnsupportedOperationException();
        }

        @Override
        public RandomGenerator random() {
            return random;
        }

        @Override
        public void seedRandom(double seed) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SequenceAccess sequences() {
            throw new UnsupportedOperationException();
        }

        @Override
        public PgType type(int oid) {
            return BuiltinTypes.get(oid);
        }

        @Override
        public <T> T service(Class<T> type) {
            throw SqlException.notSupported(type.getSimpleName());
        }

        @Override
        public int backendPid() {
            return 1;
        }

        @Override
        public void notice(SqlException notice) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkInterrupts() {
        }
    }
}
