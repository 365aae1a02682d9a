package io.quantadb.sql.analyzer;

import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.DataStatement;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.MaintenanceStatement;
import io.quantadb.sql.ast.QueryBody;
import io.quantadb.sql.ast.RoutineStatement;
import io.quantadb.sql.ast.SessionStatement;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.ast.TableStatement;
import io.quantadb.sql.ast.TypeName;
import io.quantadb.sql.parser.ParsedStatement;
import io.quantadb.sql.parser.SqlParser;
import io.quantadb.sql.typed.CoercionForm;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Query;
import io.quantadb.sql.typed.RangeColumn;
import io.quantadb.sql.typed.RangeTableEntry;
import io.quantadb.types.PgType;
import java.util.List;
import java.util.Set;

/**
 * Turns syntax trees into typed queries, and stored or written expressions into typed expressions.
 *
 * <p>Stateless; safe for any thread, while each call is confined to its own and to the context's catalog reader. Errors
 * are {@link SqlException}s with PostgreSQL's codes, texts and positions in the statement's text.
 */
public final class Analyzer {
    private Analyzer() {
    }

    /** @param sql the whole text {@code parsed} came from, which positions refer to */
    public static AnalyzedStatement analyze(ParsedStatement parsed, String sql, AnalyzerContext context) {
        return analyze(parsed.statement(), sql, context);
    }

    /** As above for a statement at hand. */
    public static AnalyzedStatement analyze(Statement statement, String sql, AnalyzerContext context) {
        Analysis analysis = new Analysis(sql, context);
        try {
            Statement inner = innerQuery(statement);
            Query query = null;
            if (inner != null) {
                query = analysis.parameters.resolve(analysis,
                        analysis.queries.statement(new Scope(analysis, null), inner));
            }
            List<PgType> parameters = analysis.parameters.result(analysis);
            return inner == statement && !isSelectInto(statement)
                    ? new AnalyzedStatement.Plannable(query, statement, parameters)
                    : new AnalyzedStatement.Utility(statement, query, parameters);
        } catch (StackOverflowError e) {
            throw new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded", e)
                    .withHint("Simplify the statement: its expressions or queries are nested too deeply.");
        }
    }

    /**
     * What statements may do to a table, or to a view because it is automatically updatable.
     *
     * @param column attribute the question is about, 0 for the whole relation
     * @return 4 for UPDATE, 8 for INSERT, 16 for DELETE, added
     */
    public static int updatableEvents(RelationDescriptor relation, int column, AnalyzerContext context) {
        return ViewUpdates.events(new Analysis("", context), relation, column == 0 ? null : Set.of(column));
    }

    /** Whether a SELECT has an INTO, which makes it a CREATE TABLE AS. */
    private static boolean isSelectInto(Statement statement) {
        return statement instanceof io.quantadb.sql.ast.Query query && intoOf(query) != null;
    }

    /** The INTO of a SELECT or of the first SELECT of a set operation; null if there is none. */
    public static QueryBody.IntoClause intoOf(io.quantadb.sql.ast.Query query) {
        QueryBody body = query.body();
        while (!(body instanceof QueryBody.Select select)) {
            switch (body) {
                case io.quantadb.sql.ast.Query inner -> body = inner.body();
                case QueryBody.SetOperation operation -> body = operation.left();
                case QueryBody.Values _ -> {
                    return null;
                }
                case QueryBody.Select _ -> throw new IllegalStateException("was a select");
            }
        }
        return select.into();
    }

    /** The statement to plan: itself, the one inside a utility command, or null. */
    private static Statement innerQuery(Statement statement) {
        return switch (statement) {
            case io.quantadb.sql.ast.Query query -> query;
            case DataStatement.Truncate _ -> null;
            case DataStatement.Copy copy -> copy.query();
            case DataStatement data -> data;
            case MaintenanceStatement.Explain explain -> innerQuery(explain.statement());
            case SessionStatement.DeclareCursor cursor -> cursor.query();
            case TableStatement.CreateTableAs create -> create.query() instanceof io.quantadb.sql.ast.Query query
                    ? query : null;
            case TableStatement.CreateView view -> view.query();
            default -> null;
        };
    }

    /**
     * Analyses the body of PREPARE, whose parameters have the types it lists.
     *
     * @return a Plannable of the inner statement, or a Utility if that is no query
     */
    public static AnalyzedStatement analyzePrepare(SessionStatement.Prepare prepare, String sql,
                                                   AnalyzerContext context) {
        Analysis analysis = new Analysis(sql, context);
        int[] types = prepare.types().stream().mapToInt(type -> analysis.types.resolve(type).oid()).toArray();
        return analyze(prepare.statement(), sql, new AnalyzerContext(context.catalog(), context.text(),
                context.roleOid(), types, true));
    }

    /** A type as written, resolved. */
    public record ResolvedType(PgType type, int typmod, int collation) {
    }

    /** Resolves a type name; 42704 and others with position in {@code sql}. */
    public static ResolvedType resolveType(TypeName name, String sql, AnalyzerContext context) {
        Analysis analysis = new Analysis(sql, context);
        TypeRules.Typed typed = analysis.types.resolve(name);
        return new ResolvedType(analysis.pgType(typed.oid()), typed.typmod(), analysis.types.collationOf(typed.oid()));
    }

    /**
     * Analyses an expression over the columns of one table (range index 1), or over none.
     *
     * @param relation null for none
     * @param target   type to convert to by assignment, null to leave the type as it is
     */
    public static Expr analyzeExpression(Expression expression, String sql, RelationDescriptor relation, ExprKind kind,
                                         PgType target, int typmod, AnalyzerContext context) {
        Analysis analysis = new Analysis(sql, context);
        Scope scope = scopeOver(analysis, relation);
        Expr expr = analysis.expressions.analyze(scope, expression, kind);
        if (target == null) {
            return expr;
        }
        Expr result = analysis.coercion.toTarget(scope, expr, target.oid(), typmod, Coercion.Context.ASSIGNMENT,
                CoercionForm.IMPLICIT_CAST, -1);
        if (result == null) {
            throw analysis.error(SqlState.DATATYPE_MISMATCH, "expression is of type "
                    + analysis.formatType(expr.type()) + " but " + analysis.formatType(target) + " is needed",
                    Locations.of(expr)).withHint("You will need to rewrite or cast the expression.");
        }
        return result;
    }

    /** As {@link #analyzeExpression}, for the text of an expression out of the catalog; errors have no position. */
    public static Expr analyzeStored(String text, RelationDescriptor relation, ExprKind kind, PgType target,
                                     int typmod, AnalyzerContext context) {
        Analysis analysis = new Analysis(text, context).nested(text, 0);
        Scope scope = scopeOver(analysis, relation);
        Expr expr = analysis.expressions.analyze(scope, SqlParser.parseStoredExpression(text), kind);
        return target == null ? expr : analysis.coercion.toTargetOrFail(scope, expr, target.oid(), typmod,
                Coercion.Context.ASSIGNMENT, CoercionForm.IMPLICIT_CAST, -1);
    }

    /** A query out of the catalog, such as a view's; errors have no position. */
    public static Query analyzeStoredQuery(String text, int asRole, AnalyzerContext context) {
        Analysis analysis = new Analysis(text, context).nested(text, asRole);
        return analysis.queries.statement(new Scope(analysis, null), SqlParser.parseStored(text));
    }

    /** A boolean condition over a table; {@code construct} is what errors call it. */
    public static Expr analyzeCondition(Expression expression, String sql, RelationDescriptor relation, ExprKind kind,
                                        String construct, AnalyzerContext context) {
        Analysis analysis = new Analysis(sql, context);
        Scope scope = scopeOver(analysis, relation);
        return analysis.coercion.toBoolean(scope, analysis.expressions.analyze(scope, expression, kind), construct);
    }

    /** A domain's check; VALUE is an {@link Expr.DomainValue} of the base type. */
    public static Expr analyzeDomainCheck(Expression expression, String sql, PgType base, int typmod,
                                          AnalyzerContext context) {
        Analysis analysis = new Analysis(sql, context);
        Scope scope = new Scope(analysis, null);
        scope.domainValue = new Expr.DomainValue(base, typmod, analysis.types.collationOf(base.oid()),
                io.quantadb.sql.typed.Origin.NONE);
        return analysis.coercion.toBoolean(scope, analysis.expressions.analyze(scope, expression,
                ExprKind.DOMAIN_CHECK), "CHECK");
    }

    /** What an INSERT puts into a column it does not mention; a typed NULL without default. */
    public static Expr columnDefault(RelationDescriptor relation, ColumnDescriptor column, AnalyzerContext context) {
        return StoredExpressions.columnDefault(new Analysis("", context).nested("", 0), relation, column);
    }

    /**
     * The body of a function in language SQL.
     *
     * @param statements the last one gives the result, converted to the function's result type or columns
     * @param wholeRow   a row type is returned, and the last statement has the row as its one column
     */
    public record FunctionBody(List<AnalyzedStatement> statements, boolean wholeRow) {
    }

    /**
     * Analyses the body of a function in language SQL; 42P13 if it does not give the result.
     *
     * @param source       text of the statements
     * @param standardBody RETURN or BEGIN ATOMIC instead of the source, or null
     * @param result       actual result type
     * @param columns      of a result that is a row; empty if any will do; null for other types
     * @param context      with the argument types as parameter types, and the arguments' names
     */
    public static FunctionBody analyzeFunctionBody(String source, String standardBody, PgType result,
                                                   List<RangeColumn> columns, AnalyzerContext context) {
        return FunctionBodies.analyze(source, standardBody, result, columns, context);
    }

    /** Columns of a row type; null for other types. */
    public static List<RangeColumn> rowColumns(PgType type, AnalyzerContext context) {
        Analysis analysis = new Analysis("", context);
        return analysis.types.isComplex(type.oid())
                ? RowTypes.columnsOfType(analysis, analysis.types.base(type.oid())) : null;
    }

    /** Replaces polymorphic types among a function's declared output types by what its arguments make of them. */
    public static int resolvePolymorphic(int declared, int[] declaredArguments, int[] actual, AnalyzerContext context) {
        return TypeRules.isPolymorphic(declared)
                ? new Analysis("", context).generics.enforce(actual, declaredArguments.clone(), declared) : declared;
    }

    public static boolean isPolymorphic(int type) {
        return TypeRules.isPolymorphic(type);
    }

    /** CALL: a {@link Expr.FunctionCall} of the procedure. */
    public static Expr analyzeCall(RoutineStatement.Call call, String sql, AnalyzerContext context) {
        Analysis analysis = new Analysis(sql, context);
        Expr result = analysis.expressions.analyze(new Scope(analysis, null), call.call(), ExprKind.CALL_ARGUMENT);
        if (!(result instanceof Expr.FunctionCall function) || function.function().kind() != 'p') {
            String signature = call.call().name().name();
            if (result instanceof Expr.FunctionCall other) {
                List<String> types = other.arguments().stream().map(a -> analysis.formatType(a.type())).toList();
                signature += "(" + String.join(", ", types) + ")";
            }
            throw analysis.error(SqlState.WRONG_OBJECT_TYPE, signature + " is not a procedure",
                    call.call().position()).withHint("To call a function, use SELECT.");
        }
        return result;
    }

    /** Name of an index column made from an expression. */
    public static String indexColumnName(Expression expression, AnalyzerContext context) {
        return ColumnNames.forIndex(new Analysis("", context), expression);
    }

    private static Scope scopeOver(Analysis analysis, RelationDescriptor relation) {
        Scope scope = new Scope(analysis, null);
        if (relation != null) {
            scope.namespace.add(scope.add(new RangeTableEntry.Relation(relation.oid(), relation.schemaName(),
                    relation.name(), relation.kind().code(), true, null, RangeTableEntry.LockMode.ACCESS_SHARE,
                    relation.name(), null, FromAnalyzer.columnsOf(relation))));
        }
        return scope;
    }
}
