package io.quantadb.session;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.TypeDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.planner.physical.PhysicalStatement;
import io.quantadb.sql.analyzer.AnalyzedStatement;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.AnalyzerContext;
import io.quantadb.sql.analyzer.ExprKind;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.parser.ParsedStatement;
import io.quantadb.sql.typed.CommandType;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.TargetEntry;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.List;

/** Analysis and planning. Safe for use by many threads. */
public final class StandardCompiler implements QueryCompiler {
    /** Makes a physical plan of a typed query. */
    public interface PlanMaker {
        /** @param parameters values a custom plan may rely on; null for a plan that is good for all */
        PhysicalStatement plan(Query query, Object[] parameters, Session session, CatalogReader catalog);
    }

    /** Evaluates expressions without input, such as arguments of EXECUTE. */
    public interface ConstantEvaluator {
        Object evaluate(Expr expression, Session session);
    }

    private static final int RELATIONS_PLANNED_ON_LOOP = 2;

    private final PlanMaker planner;
    private final ConstantEvaluator constants;

    public StandardCompiler(PlanMaker planner, ConstantEvaluator constants) {
        this.planner = planner;
        this.constants = constants;
    }

    @Override
    public CompiledStatement compile(String sql, ParsedStatement parsed, int[] parameterTypes, Object[] parameters, Session session,
        CatalogReader catalog) {
        long version = catalog.version();
        AnalyzerContext context = new AnalyzerContext(catalog, session.text(), session.roleOid(), parameterTypes, true);
        AnalyzedStatement analyzed = Analyzer.analyze(parsed, sql, context);
        int[] types = analyzed.parameterTypes().stream().mapToInt(PgType::oid).toArray();
        String text = parsed.text(sql);
        return switch (analyzed) {
            case AnalyzedStatement.Utility utility -> new CompiledStatement(text, utility.statement(), null, utility.query(),
                session.services().utility().columns(utility.statement(), session), types,
                session.services().utility().name(utility.statement()), List.of(), false, false, version, null);
            case AnalyzedStatement.Plannable plannable -> {
                if (isLarge(plannable.query())) {
                    session.requireThread();
                }
                yield compile(text, parsed.statement(), plannable.query(), types, parameters, session, catalog, version);
            }
        };
    }

    /** Whether planning may take so long that an event loop must not do it: joins are ordered by trying them. */
    private static boolean isLarge(Query query) {
        return query.rangeTable().size() > RELATIONS_PLANNED_ON_LOOP || query.hasSubLinks() || !query.commonTables().isEmpty();
    }

    /** Plans a query that was analysed already: inside EXPLAIN, COPY, CREATE TABLE AS. */
    @Override
    public CompiledStatement compile(String text, Statement statement, Query query, int[] types, Object[] parameters, Session session,
        CatalogReader catalog, long version) {
        PhysicalStatement plan = planner.plan(query, parameters, session, catalog);
        return new CompiledStatement(text, statement, plan, query, columns(query, catalog), types, tag(query), TableAccess.of(query), InlineRule.allows(plan),
            query.modifiesData(), version, new PlanPool());
    }

    private static List<ResultColumn> columns(Query query, CatalogReader catalog) {
        List<ResultColumn> columns = new ArrayList<>();
        for (TargetEntry entry : query.resultColumns()) {
            String name = entry.name() == null ? "?column?" : entry.name();
            PgType type = entry.expr().type();
            int typmod = entry.expr().typmod();
            // Clients know base types only: a domain is described as what it is made of.
            for (TypeDescriptor domain = catalog.type(type.oid()); domain != null && domain.isDomain();) {
                typmod = domain.baseTypmod();
                type = catalog.pgType(domain.baseTypeOid());
                domain = catalog.type(type.oid());
            }
            columns.add(new ResultColumn(name, type, typmod, entry.originTable(), entry.originColumn()));
        }
        return columns;
    }

    private static String tag(Query query) {
        return query.command() == CommandType.INSERT ? "INSERT 0" : query.command().name();
    }

    @Override
    public Object[] evaluate(List<Expression> arguments, int[] types, String statementName, String sql, Session session) {
        if (arguments.size() != types.length) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "wrong number of parameters for prepared statement \"" + statementName + "\"")
                .withDetail("Expected " + types.length + " parameters but got " + arguments.size() + ".");
        }
        AnalyzerContext context = AnalyzerContext.of(session.catalog(), session.text(), session.roleOid());
        Object[] values = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            PgType type = session.catalog().pgType(types[i]);
            Expr expression = Analyzer.analyzeExpression(arguments.get(i), sql, null, ExprKind.EXECUTE_PARAMETER, type, -1, context);
            values[i] = constants.evaluate(expression, session);
        }
        return values;
    }
}
