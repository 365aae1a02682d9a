package io.quantadb.session.command;

import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.executor.QueryContext;
import io.quantadb.executor.expr.ExprEnvironment;
import io.quantadb.executor.vector.Batch;
import io.quantadb.function.SetFunction;
import io.quantadb.session.CompiledStatement;
import io.quantadb.session.PlanRunner;
import io.quantadb.session.Session;
import io.quantadb.sql.parser.ParsedStatement;
import io.quantadb.sql.parser.SqlParser;
import io.quantadb.txn.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a function in language SQL: its statements one after the other, with the arguments as $1, $2...; the last one
 * gives the result. Confined to the session's thread.
 *
 * <p>A volatile function sees what its earlier statements did; the others see what the calling statement sees.
 */
final class SqlLanguageFunction implements ExprEnvironment.UserFunction {
    private static final int DEPTH_MAX = 200;
    private static final ThreadLocal<int[]> DEPTH = ThreadLocal.withInitial(() -> new int[1]);

    private final Session session;
    private final FunctionDescriptor function;
    private List<CompiledStatement> statements;

    SqlLanguageFunction(Session session, FunctionDescriptor function) {
        this.session = session;
        this.function = function;
    }

    private List<CompiledStatement> statements() {
        if (statements == null) {
            List<CompiledStatement> compiled = new ArrayList<>();
            for (ParsedStatement parsed : SqlParser.parse(function.source())) {
                CompiledStatement statement = session.services().compiler().compile(function.source(), parsed,
                        function.argTypes(), null, session, session.catalog());
                if (statement.isUtility()) {
                    throw SqlException.notSupported("utility commands in SQL functions are not supported");
                }
                compiled.add(statement);
            }
            statements = compiled;
        }
        return statements;
    }

    @Override
    public Object call(QueryContext query, Object[] arguments) {
        int[] depth = DEPTH.get();
        if (++depth[0] > DEPTH_MAX) {
            depth[0]--;
            throw new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded")
                    .withHint("SQL functions call each other more than " + DEPTH_MAX + " levels deep.");
        }
        try {
            return run(query, arguments);
        } catch (SqlException e) {
            throw e.addWhere("SQL function \"" + function.name() + "\" statement 1");
        } finally {
            depth[0]--;
        }
    }

    private Object run(QueryContext query, Object[] arguments) {
        List<Object[]> rows = List.of();
        List<CompiledStatement> all = statements();
        for (int i = 0; i < all.size(); i++) {
            boolean last = i == all.size() - 1;
            rows = execute(all.get(i), query, arguments, last && !function.returnsSet());
        }
        if (function.returnsSet()) {
            return SetFunction.RowCursor.ofRows(rows.iterator());
        }
        return rows.isEmpty() || rows.getFirst().length == 0 ? null : rows.getFirst()[0];
    }

    private List<Object[]> execute(CompiledStatement statement, QueryContext query, Object[] arguments, boolean firstOnly) {
        session.execution().requireWritable(statement);
        boolean own = function.isVolatile() && statement.writes();
        Snapshot snapshot = own || function.isVolatile()
                ? query.snapshot.withCommandId(query.transaction.commandId()) : query.snapshot;
        QueryContext context = session.execution().context(arguments.clone(), snapshot);
        List<Object[]> rows = new ArrayList<>();
        try (PlanRunner.Execution execution = session.services().runner().start(statement.plan(), context, session)) {
            for (Batch batch = execution.next(); batch != null; batch = execution.next()) {
                for (int i = 0; i < batch.size() && !(firstOnly && !rows.isEmpty()); i++) {
                    Object[] row = new Object[batch.columns.length];
                    batch.readRow(batch.position(i), row);
                    rows.add(row);
                }
                if (firstOnly && !rows.isEmpty() && !statement.writes()) {
                    break;
                }
            }
        }
        if (statement.writes()) {
            session.execution().statementEnd();
            query.transaction.nextCommand();
        }
        return rows;
    }
}
