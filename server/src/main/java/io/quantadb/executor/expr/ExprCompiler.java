package io.quantadb.executor.expr;

import io.quantadb.base.Invariant;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.planner.physical.InputRef;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.OperatorRef;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns typed expressions into evaluators: {@link #scalar} for one row, {@link #vector} and {@link #filter} for
 * batches.
 *
 * <p>Column references follow {@code planner.physical}: OUTER and INNER. The vector forms read OUTER only; an
 * expression
 * without a kernel is evaluated row by row, so everything works in both forms. Not thread-safe; evaluators belong to
 * one
 * operator tree.
 */
public final class ExprCompiler {
    private final ExprEnvironment environment;
    private final FunctionCompiler functions;

    public ExprCompiler(ExprEnvironment environment) {
        this.environment = environment;
        this.functions = new FunctionCompiler(this, environment);
    }

    ExprEnvironment environment() {
        return environment;
    }

    FunctionCompiler functionCompiler() {
        return functions;
    }

    /** A vector evaluator over the columns of one batch (OUTER). */
    public VectorEvaluator vector(Expr expr) {
        return new VectorCompiler(this).compile(expr);
    }

    /**
     * Vector evaluators that compute common subexpressions once. The operator calls {@link RowContext#beginBatch} before
     * it evaluates any of them for a batch.
     */
    public VectorEvaluator[] sharingVectors(List<Expr> exprs) {
        VectorCompiler vectors = new VectorCompiler(this, new SharedExpressions(exprs));
        return exprs.stream().map(vectors::compile).toArray(VectorEvaluator[]::new);
    }

    /** A filter over the columns of one batch (OUTER): the rows for which the condition is true. */
    public BatchFilter filter(Expr condition) {
        return new VectorCompiler(this).filter(condition);
    }

    public ScalarEvaluator[] scalars(List<Expr> exprs) {
        ScalarEvaluator[] result = new ScalarEvaluator[exprs.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = scalar(exprs.get(i));
        }
        return result;
    }

    public ScalarEvaluator scalar(Expr expr) {
        return switch (expr) {
            case Expr.Const constant -> BasicEvaluators.constant(constant.value());
            case Expr.Parameter parameter -> BasicEvaluators.parameter(parameter.number());
            case Expr.ExecParameter parameter -> execParameter(parameter);
            case Expr.ColumnRef column -> column(column);
            case Expr.FunctionCall call -> functions.call(call.function(), call.arguments(), call.type(),
                    call.variadic(), call.inputCollation());
            case Expr.OperatorCall call -> functions.call(call.operator().function(), call.arguments(), call.type(),
                    false, call.inputCollation());
            case Expr.BoolExpr bool -> bool(bool);
            case Expr.CaseExpr caseExpr -> caseExpr(caseExpr);
            case Expr.CaseTestValue test -> BasicEvaluators.caseTestValue();
            case Expr.Coalesce coalesce -> BasicEvaluators.coalesce(scalars(coalesce.arguments()));
            case Expr.MinMax minMax -> BasicEvaluators.minMax(scalars(minMax.arguments()), minMax.type(),
                    minMax.greatest());
            case Expr.NullIf nullIf -> nullIf(nullIf);
            case Expr.IsNull isNull -> BasicEvaluators.isNull(scalar(isNull.operand()), isNull.negated(),
                    isNull.rowForm());
            case Expr.BooleanTest test -> BasicEvaluators.booleanTest(scalar(test.operand()), test.kind());
            case Expr.DistinctFrom distinct -> BasicEvaluators.distinct(scalar(distinct.left()),
                    scalar(distinct.right()), comparison(distinct.operator(), distinct.left().type(),
                            distinct.right().type(), distinct.inputCollation()));
            case Expr.ScalarArrayOp op -> arrayOp(op);
            case Expr.ArrayExpr array -> ArrayEvaluators.array(scalars(array.elements()), array.elementType(),
                    array.multidimensional());
            case Expr.Subscript subscript -> ArrayEvaluators.subscript(subscript, this);
            case Expr.FieldSelect field -> BasicEvaluators.fieldSelect(scalar(field.operand()), field.field());
            case Expr.FieldStore store -> BasicEvaluators.fieldStore(scalar(store.operand()),
                    scalars(store.values()), store.numbers(), store.type());
            case Expr.RowExpr row -> BasicEvaluators.row(scalars(row.fields()),
                    row.fields().stream().map(Expr::type).toArray(PgType[]::new), row.names());
            case Expr.RowCompare compare -> rowCompare(compare);
            case Expr.RelabelType relabel -> scalar(relabel.operand());
            case Expr.CollateExpr collate -> scalar(collate.operand());
            case Expr.CoerceViaIo coerce -> BasicEvaluators.viaIo(scalar(coerce.operand()), coerce.operand().type(),
                    coerce.type());
            case Expr.ArrayCoerce coerce -> ArrayEvaluators.coerce(scalar(coerce.operand()),
                    scalar(coerce.elementExpr()), coerce.elementExpr().type());
            case Expr.ConvertRowType convert -> throw SqlException.notSupported(
                    "conversion of whole-row values between tables is not supported");
            case Expr.CoerceToDomain domain -> domain(domain);
            case Expr.DomainValue value -> BasicEvaluators.domainValue();
            case Expr.SubLinkColumn column -> BasicEvaluators.subLinkColumn(column.column() - 1);
            case Expr.SqlValueFunction value -> SqlValues.evaluator(value);
            case Expr.NextValue next -> BasicEvaluators.nextValue(next.sequenceOid());
            case Expr.SubLink s -> throw unplanned(s);
            case Expr.AggregateCall s -> throw unplanned(s);
            case Expr.GroupingCall s -> throw unplanned(s);
            case Expr.WindowCall s -> throw unplanned(s);
            case Expr.SetToDefault s -> throw unplanned(s);
            case Expr.NamedArgument s -> throw unplanned(s);
            case Expr.CurrentOf s when s.type().oid() == io.quantadb.types.Oids.TID -> new ScalarEvaluator() {
                @Override
                public Object eval(RowContext row) {
                    return row.query.functions.service(io.quantadb.function.CursorPositions.class)
                            .current(s.cursor(), s.rangeIndex());
                }
            };
            case Expr.CurrentOf s -> throw SqlException.notSupported("WHERE CURRENT OF is not supported here");
        };
    }

    private static io.quantadb.base.InvariantViolation unplanned(Expr expr) {
        return Invariant.broken("%s reached the executor", expr.getClass().getSimpleName());
    }

    private ScalarEvaluator execParameter(Expr.ExecParameter parameter) {
        ScalarEvaluator subPlan = environment.subPlan(parameter.id(), this);
        return subPlan != null ? subPlan : BasicEvaluators.execParameter(parameter.id());
    }

    private static ScalarEvaluator column(Expr.ColumnRef column) {
        boolean inner = column.rangeIndex() == InputRef.INNER;
        Invariant.check(inner || column.rangeIndex() == InputRef.OUTER,
                "column of range table entry %d reached the executor, attribute %d", column.rangeIndex(),
                column.attribute());
        if (column.attribute() < 0) {
            return BasicEvaluators.systemColumn(column.attribute(), inner);
        }
        return BasicEvaluators.column(column.attribute() - 1, column.type().kind(), inner);
    }

    private ScalarEvaluator bool(Expr.BoolExpr bool) {
        ScalarEvaluator[] arguments = scalars(bool.arguments());
        return switch (bool.kind()) {
            case AND -> BasicEvaluators.and(arguments);
            case OR -> BasicEvaluators.or(arguments);
            case NOT -> BasicEvaluators.not(arguments[0]);
        };
    }

    private ScalarEvaluator caseExpr(Expr.CaseExpr expr) {
        List<ScalarEvaluator> conditions = new ArrayList<>();
        List<ScalarEvaluator> results = new ArrayList<>();
        for (Expr.CaseBranch branch : expr.branches()) {
            conditions.add(scalar(branch.condition()));
            results.add(scalar(branch.result()));
        }
        results.add(scalar(expr.otherwise()));
        return BasicEvaluators.caseOf(expr.operand() == null ? null : scalar(expr.operand()),
                conditions.toArray(ScalarEvaluator[]::new), results.toArray(ScalarEvaluator[]::new));
    }

    private ScalarEvaluator nullIf(Expr.NullIf nullIf) {
        Comparison equal = comparison(nullIf.operator(), nullIf.left().type(), nullIf.right().type(),
                nullIf.inputCollation());
        return BasicEvaluators.nullIf(scalar(nullIf.left()), scalar(nullIf.right()), equal);
    }

    private ScalarEvaluator arrayOp(Expr.ScalarArrayOp op) {
        PgType element = op.array().type().isArray() ? op.array().type().arrayOps().element()
                : environment.type(op.operator().rightType());
        Comparison comparison = comparison(op.operator(), op.scalar().type(), element, op.inputCollation());
        return ArrayEvaluators.scalarArrayOp(op, scalar(op.scalar()), scalar(op.array()), comparison);
    }

    private ScalarEvaluator rowCompare(Expr.RowCompare compare) {
        int n = compare.left().size();
        Comparison[] comparisons = new Comparison[n];
        PgType[] types = new PgType[n];
        for (int i = 0; i < n; i++) {
            types[i] = compare.left().get(i).type();
            comparisons[i] = comparison(compare.operators().get(i), types[i], compare.right().get(i).type(),
                    compare.inputCollations().get(i));
        }
        return BasicEvaluators.rowCompare(compare.kind(), scalars(compare.left()), scalars(compare.right()),
                types, compare.right().stream().map(Expr::type).toArray(PgType[]::new), comparisons);
    }

    private ScalarEvaluator domain(Expr.CoerceToDomain coerce) {
        ExprEnvironment.DomainConstraints constraints = environment.domain(coerce.type().oid());
        ScalarEvaluator[] checks = new ScalarEvaluator[constraints.checks().size()];
        for (int i = 0; i < checks.length; i++) {
            checks[i] = scalar(constraints.checks().get(i).condition());
        }
        return BasicEvaluators.domain(scalar(coerce.operand()), constraints, checks);
    }

    /** A binary boolean operator as a plain function of two non-null values. */
    Comparison comparison(OperatorRef operator, PgType left, PgType right, int collation) {
        return functions.comparison(operator.function(), left, right, collation);
    }

    /** A call of a boolean operator on two values; null if either is null and the function strict, or its result is. */
    @FunctionalInterface
    interface Comparison {
        /** @return null, TRUE or FALSE */
        Boolean test(RowContext row, Object left, Object right);
    }

    /** Whether the kind's values are held as long. */
    static boolean isLong(PgType type) {
        return type.kind() == PhysicalKind.LONG || type.kind() == PhysicalKind.BOOL;
    }

    static SqlException divisionByZero() {
        return new SqlException(SqlState.DIVISION_BY_ZERO, "division by zero");
    }
}
