package io.quantadb.session.command;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.QueryContext;
import io.quantadb.executor.expr.ExprCompiler;
import io.quantadb.executor.expr.ExprEnvironment;
import io.quantadb.executor.expr.RowContext;
import io.quantadb.executor.expr.ScalarEvaluator;
import io.quantadb.executor.vector.Batch;
import io.quantadb.function.SetFunction;
import io.quantadb.session.CompiledStatement;
import io.quantadb.session.PlanRunner;
import io.quantadb.session.Session;
import io.quantadb.session.Settings;
import io.quantadb.sql.analyzer.AnalyzedStatement;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.AnalyzerContext;
import io.quantadb.sql.ast.TransactionStatement;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.txn.snapshot.Snapshot;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import io.quantadb.types.RowValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a function in language SQL: its statements one after the other, with the arguments as $1, $2...; the last one
 * gives the result. Confined to the session's thread.
 *
 * <p>A volatile function sees what its earlier statements did; the others see what the calling statement sees. A body
 * that is one expression is evaluated without a plan.
 */
final class SqlLanguageFunction implements ExprEnvironment.UserFunction {
    private static final int DEPTH_MAX = 200;
    private static final ThreadLocal<int[]> DEPTH = ThreadLocal.withInitial(() -> new int[1]);

    private final Session session;
    private final FunctionDescriptor function;
    private final int[] argumentTypes;
    private final PgType resultType;
    private final List<RangeColumn> columns;
    private List<CompiledStatement> statements;
    private ScalarEvaluator expression;
    private boolean wholeRow;

    SqlLanguageFunction(Session session, FunctionDescriptor function, List<PgType> argumentTypes, PgType resultType) {
        this.session = session;
        this.function = function;
        this.argumentTypes = argumentTypes.stream().mapToInt(PgType::oid).toArray();
        this.resultType = resultType;
        this.columns = SqlFunctionText.columns(function, this.argumentTypes, resultType, context());
    }

    private AnalyzerContext context() {
        return new AnalyzerContext(session.catalog(), session.text(), session.roleOid(), argumentTypes, false,
                SqlFunctionText.names(function));
    }

    @Override
    public PgType[] resultColumns() {
        return columns == null || columns.isEmpty() ? null : columns.stream().map(SqlLanguageFunction::columnType)
                .toArray(PgType[]::new);
    }

    private static PgType columnType(RangeColumn column) {
        return column.dropped() ? io.quantadb.types.BuiltinTypes.get(Oids.INT4) : column.type();
    }

    private void compile() {
        if (statements != null) {
            return;
        }
        CatalogReader catalog = session.catalog();
        long version = catalog.version();
        Analyzer.FunctionBody body = Analyzer.analyzeFunctionBody(function.source(), SqlFunctionText.body(function),
                resultType, columns, context());
        wholeRow = body.wholeRow();
        expression = body.statements().size() == 1 ? expressionOf(body.statements().getFirst()) : null;
        List<CompiledStatement> compiled = new ArrayList<>();
        for (AnalyzedStatement statement : body.statements()) {
            compiled.add(expression != null ? null : compile(statement, catalog, version));
        }
        statements = compiled;
    }

    private CompiledStatement compile(AnalyzedStatement statement, CatalogReader catalog, long version) {
        return switch (statement) {
            case AnalyzedStatement.Plannable p -> {
                if (p.query().modifiesData() && !function.isVolatile()) {
                    throw SqlException.notSupported(p.query().command() + " is not allowed in a non-volatile function");
                }
                yield session.services().compiler().compile(function.source(), p.statement(), p.query(), argumentTypes,
                        null, session, catalog, version);
            }
            case AnalyzedStatement.Utility u -> {
                String name = session.services().utility().name(u.statement());
                if (u.statement() instanceof TransactionStatement) {
                    throw SqlException.notSupported(name + " is not allowed in an SQL function");
                }
                if (!function.isVolatile()) {
                    throw SqlException.notSupported(name + " is not allowed in a non-volatile function");
                }
                if (!session.services().utility().columns(u.statement(), session).isEmpty()) {
                    throw SqlException.notSupported(name + " in SQL functions is not supported");
                }
                yield new CompiledStatement(function.source(), u.statement(), null, u.query(), List.of(),
                        argumentTypes, name, List.of(), false, false, version, null);
            }
        };
    }

    /** The evaluator of {@code SELECT expression}; null if the body is more than that. */
    private ScalarEvaluator expressionOf(AnalyzedStatement statement) {
        if (function.returnsSet() || !(statement instanceof AnalyzedStatement.Plannable p)) {
            return null;
        }
        Query q = p.query();
        boolean plain = q.resultRelation() == 0 && q.rangeTable().isEmpty() && q.targetList().size() == 1
                && !q.isGrouped() && !q.hasSubLinks() && !q.hasWindowFunctions() && !q.hasTargetSets()
                && q.where() == null && q.limitCount() == null && q.limitOffset() == null && q.orderBy().isEmpty()
                && q.commonTables().isEmpty() && (columns == null || wholeRow) && resultType.oid() != Oids.VOID;
        if (!plain || Exprs.contains(q.targetList().getFirst().expr(), Expr.SubLink.class::isInstance)) {
            return null;
        }
        return new ExprCompiler(session.services().runner().environment(session))
                .scalar(q.targetList().getFirst().expr());
    }

    @Override
    public Object call(QueryContext query, Object[] arguments) {
        int[] depth = DEPTH.get();
        if (++depth[0] > DEPTH_MAX) {
            depth[0]--;
            throw new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded")
                    .withHint("SQL functions call each other more than " + DEPTH_MAX + " levels deep.");
        }
        Map<String, String> saved = enter();
        int[] statement = {1};
        try {
            compile();
            return expression != null ? evaluate(query, arguments) : run(query, arguments, statement);
        } catch (SqlException e) {
            throw e.addWhere("SQL function \"" + function.name() + "\" statement " + statement[0]);
        } finally {
            depth[0]--;
            leave(saved);
        }
    }

    // ---- SECURITY DEFINER and SET

    private Map<String, String> enter() {
        if (!function.securityDefiner() && (function.config() == null || function.config().isEmpty())) {
            return Map.of();
        }
        Map<String, String> saved = new LinkedHashMap<>();
        Settings settings = session.settings();
        if (function.securityDefiner()) {
            var owner = session.catalog().role(function.ownerOid());
            saved.put("role", settings.get("role"));
            settings.set("role", owner.name(), true, true);
        }
        if (function.config() != null) {
            for (String setting : function.config()) {
                int equals = setting.indexOf('=');
                String name = setting.substring(0, equals);
                saved.putIfAbsent(name, settings.get(name));
                settings.set(name, setting.substring(equals + 1), true, true);
            }
        }
        session.forgetCatalog();
        return saved;
    }

    private void leave(Map<String, String> saved) {
        if (!saved.isEmpty()) {
            saved.forEach((name, value) -> session.settings().set(name, value, true, true));
            session.forgetCatalog();
        }
    }

    // ---- Running

    private Object evaluate(QueryContext query, Object[] arguments) {
        QueryContext context = session.execution().context(arguments, query.snapshot);
        return expression.eval(new RowContext(context));
    }

    private Object run(QueryContext query, Object[] arguments, int[] number) {
        List<Object[]> rows = List.of();
        for (int i = 0; i < statements.size(); i++) {
            number[0] = i + 1;
            boolean last = i == statements.size() - 1;
            rows = execute(statements.get(i), query, arguments, last && !function.returnsSet());
        }
        if (function.returnsSet()) {
            return SetFunction.RowCursor.ofRows(rows.stream().map(this::columnsOf).iterator());
        }
        if (rows.isEmpty() || resultType.oid() == Oids.VOID) {
            return null;
        }
        Object[] first = rows.getFirst();
        if (columns == null || wholeRow) {
            return first.length == 0 ? null : first[0];
        }
        return row(first);
    }

    private RowValue row(Object[] values) {
        if (columns.isEmpty()) {
            List<PgType> types = new ArrayList<>();
            statements.getLast().columns().forEach(c -> types.add(c.type()));
            return new RowValue(types.toArray(PgType[]::new), values);
        }
        return new RowValue(resultColumns(), spread(values));
    }

    /** Values at the places of their columns: dropped columns of the row type are null. */
    private Object[] spread(Object[] values) {
        Object[] result = new Object[columns.size()];
        int next = 0;
        for (int i = 0; i < result.length; i++) {
            result[i] = columns.get(i).dropped() ? null : values[next++];
        }
        return result;
    }

    /** A result row as the columns of a set. */
    private Object[] columnsOf(Object[] row) {
        if (columns == null || columns.isEmpty()) {
            return row;
        }
        if (!wholeRow) {
            return spread(row);
        }
        return row[0] instanceof RowValue value ? value.unsafeValues().clone() : new Object[columns.size()];
    }

    private List<Object[]> execute(CompiledStatement statement, QueryContext query, Object[] arguments,
            boolean firstOnly) {
        if (statement.isUtility()) {
            session.execution().runInner(statement, function.source(), arguments);
            return List.of();
        }
        session.execution().admit(statement);
        Snapshot snapshot = function.isVolatile() && query.transaction != null
                ? query.snapshot.withCommandId(query.transaction.commandId()) : query.snapshot;
        QueryContext context = session.execution().context(arguments.clone(), snapshot);
        List<Object[]> rows = new ArrayList<>();
        long booked = 0;
        try (PlanRunner.Execution execution = session.services().runner().start(statement.plan(), context, session)) {
            for (Batch batch = execution.next(); batch != null; batch = execution.next()) {
                for (int i = 0; i < batch.size() && !(firstOnly && !rows.isEmpty()); i++) {
                    Object[] row = new Object[batch.columns.length];
                    batch.readRow(batch.position(i), row);
                    rows.add(row);
                }
                long bytes = batch.size() * (24L + 32L * batch.columns.length);
                query.memory.add(bytes);
                booked += bytes;
                if (firstOnly && !rows.isEmpty() && !statement.writes()) {
                    break;
                }
            }
        }
        query.memory.add(-booked);
        if (statement.writes()) {
            session.execution().statementEnd();
            query.transaction.nextCommand();
        }
        return rows;
    }
}
