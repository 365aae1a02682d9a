package io.quantadb.sql.analyzer;

import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.OperatorDescriptor;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.FunctionRef;
import io.quantadb.sql.typed.OperatorRef;
import io.quantadb.sql.typed.Origin;
import io.quantadb.sql.typed.Query;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * One text being analysed: its source for error positions, the catalog, and the parts of the analyzer that work on it.
 *
 * <p>A view's definition or a column's default met on the way has an Analysis of its own, made by {@link #nested},
 * whose errors carry no position, since the client did not send that text.
 */
final class Analysis {
    final AnalyzerContext context;
    final CatalogReader catalog;
    final Parameters parameters;
    final TypeRules types;
    final Coercion coercion;
    final GenericTypes generics;
    final FunctionResolver functions;
    final OperatorResolver operators;
    final NameResolver names;
    final ExpressionAnalyzer expressions;
    final SubqueryAnalyzer subqueries;
    final FunctionCallAnalyzer calls;
    final AggregateAnalyzer aggregates;
    final FromAnalyzer from;
    final TargetAnalyzer targets;
    final ClauseAnalyzer clauses;
    final QueryAnalyzer queries;
    final SetOperationAnalyzer setOperations;
    final WithAnalyzer with;
    final ChangeAnalyzer changes;
    /** Role whose privileges count: a view's owner inside its definition; 0 is the current user. */
    final int checkAsRole;
    /** Results of scalar subqueries, which give their column name to the expression they stand in. */
    final Map<io.quantadb.sql.ast.Query, Query> scalarSubqueries = new IdentityHashMap<>();
    final int viewDepth;
    private final String sql;
    private final boolean positions;

    Analysis(String sql, AnalyzerContext context) {
        this(sql, context, true, 0, 0);
    }

    private Analysis(String sql, AnalyzerContext context, boolean positions, int viewDepth, int checkAsRole) {
        this.sql = sql;
        this.positions = positions;
        this.context = context;
        this.viewDepth = viewDepth;
        this.checkAsRole = checkAsRole;
        catalog = context.catalog();
        parameters = new Parameters(context.parameterTypes(), context.inferParameters());
        types = new TypeRules(this);
        coercion = new Coercion(this);
        generics = new GenericTypes(this);
        functions = new FunctionResolver(this);
        operators = new OperatorResolver(this);
        names = new NameResolver(this);
        expressions = new ExpressionAnalyzer(this);
        subqueries = new SubqueryAnalyzer(this);
        calls = new FunctionCallAnalyzer(this);
        aggregates = new AggregateAnalyzer(this);
        from = new FromAnalyzer(this);
        targets = new TargetAnalyzer(this);
        clauses = new ClauseAnalyzer(this);
        queries = new QueryAnalyzer(this);
        setOperations = new SetOperationAnalyzer(this);
        with = new WithAnalyzer(this);
        changes = new ChangeAnalyzer(this);
    }

    /** For SQL text out of the catalog. */
    Analysis nested(String text, int asRole) {
        return new Analysis(text, AnalyzerContext.of(catalog, context.text(), context.roleOid()), false,
                viewDepth + 1, asRole);
    }

    /** Whether the text comes out of the catalog, where we wrote it: every conversion is spelt out where it happens. */
    boolean isStored() {
        return !positions;
    }

    SqlException error(SqlState state, String message, int position) {
        SqlException exception = new SqlException(state, message);
        return positions ? exception.atOffset(sql, position) : exception;
    }

    SqlException notSupported(String message, int position) {
        return error(SqlState.FEATURE_NOT_SUPPORTED, message, position);
    }

    /** Adds a position to an error a type's input function raised. */
    SqlException locate(SqlException exception, int position) {
        return positions && exception.position() == 0 ? exception.atOffset(sql, position) : exception;
    }

    PgType pgType(int oid) {
        PgType type = catalog.pgType(oid);
        if (type == null) {
            throw new SqlException(SqlState.UNDEFINED_OBJECT, "type with OID " + oid + " does not exist");
        }
        return type;
    }

    PgType bool() {
        return pgType(Oids.BOOL);
    }

    String formatType(int oid) {
        return io.quantadb.catalog.TypeNames.format(catalog, oid, -1, false);
    }

    String formatType(PgType type) {
        return formatType(type.oid());
    }

    FunctionRef functionRef(int oid) {
        FunctionDescriptor f = catalog.function(oid);
        if (f == null) {
            throw new SqlException(SqlState.UNDEFINED_FUNCTION, "function with OID " + oid + " does not exist");
        }
        return functionRef(f);
    }

    static FunctionRef functionRef(FunctionDescriptor f) {
        String language = switch (f.language()) {
            case 12 -> "internal";
            case 13 -> "c";
            case 14 -> "sql";
            default -> "plpgsql";
        };
        // The catalog's own functions in SQL may have an implementation here, too; their prosrc would be no key for it.
        String internalName = f.language() == 14 && f.oid() < CatalogIds.FIRST_USER_OID ? "sql:" + f.oid()
                : f.source();
        return new FunctionRef(f.oid(), f.schemaName(), f.name(), internalName, language, f.kind(), f.strict(),
                f.volatility(), f.parallel(), f.leakproof(), f.returnsSet(), f.cost(), f.rows(), f.returnType());
    }

    OperatorRef operatorRef(OperatorDescriptor o) {
        SchemaDescriptor schema = catalog.schema(o.schemaOid());
        return new OperatorRef(o.oid(), schema == null ? "pg_catalog" : schema.name(), o.name(),
                functionRef(o.functionOid()), o.leftType(), o.rightType(), o.resultType(), o.commutator(),
                o.negator(), o.canMerge(), o.canHash(), o.restrictionEstimator(), o.joinEstimator());
    }

    OperatorRef operatorRef(int oid) {
        return operatorRef(catalog.operator(oid));
    }

    Expr.Const nullConst(int typeOid, int typmod) {
        return new Expr.Const(null, pgType(typeOid), typmod, types.collationOf(typeOid), Origin.NONE);
    }

    Expr.Const intConst(long value) {
        return new Expr.Const(value, pgType(Oids.INT4), -1, 0, Origin.NONE);
    }

    Expr.Const boolConst(boolean value) {
        return new Expr.Const(value, bool(), -1, 0, Origin.NONE);
    }
}
