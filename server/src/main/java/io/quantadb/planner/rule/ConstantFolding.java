package io.quantadb.planner.rule;

import io.quantadb.error.SqlException;
import io.quantadb.function.CallSite;
import io.quantadb.function.FunctionContext;
import io.quantadb.function.FunctionRegistry;
import io.quantadb.function.ScalarFunction;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.ExprRewriter;
import io.quantadb.sql.typed.FunctionRef;
import io.quantadb.sql.typed.Origin;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes what depends on constants only, and simplifies AND, OR, NOT, CASE and COALESCE with constant parts.
 *
 * <pre>
 * before: a > 2 + 3 AND true
 * after:  a > 5
 * </pre>
 *
 * Only immutable functions are called. One that fails is left alone, so that the error comes when and if the
 * expression is
 * evaluated.
 */
public final class ConstantFolding extends ExprRewriter {
    private final FunctionRegistry functions;
    private final FunctionContext context;
    private final List<Object> parameters;

    /**
     * @param functions  null to call nothing
     * @param parameters values of $1, $2 ... of a custom plan; null for a generic plan
     */
    public ConstantFolding(FunctionRegistry functions, FunctionContext context, List<Object> parameters) {
        this.functions = context == null ? null : functions;
        this.context = context;
        this.parameters = parameters;
    }

    @Override
    public Expr rewrite(Expr expr) {
        return switch (rewriteChildren(expr)) {
            case Expr.Parameter p when parameters != null && p.number() <= parameters.size() ->
                    new Expr.Const(parameters.get(p.number() - 1), p.type(), p.typmod(), p.collation(), p.origin());
            case Expr.BoolExpr b -> bool(b);
            case Expr.OperatorCall op -> call(op, op.operator().function(), op.arguments(), op.type(), -1,
                    op.collation(), op.inputCollation(), false);
            case Expr.FunctionCall f when !f.returnsSet() -> call(f, f.function(), f.arguments(), f.type(), f.typmod(),
                    f.collation(), f.inputCollation(), f.variadic());
            case Expr.RelabelType r when r.operand() instanceof Expr.Const c -> new Expr.Const(c.value(), r.type(),
                    r.typmod(), r.collation(), c.origin());
            case Expr.IsNull n when n.operand() instanceof Expr.Const c && !n.rowForm() ->
                    constant(c.isNull() != n.negated(), n.type());
            case Expr.CaseExpr c when c.operand() == null -> branches(c);
            case Expr.Coalesce c -> coalesce(c);
            case Expr other -> other;
        };
    }

    private static Expr constant(Object value, PgType type) {
        return new Expr.Const(value, type, -1, 0, Origin.NONE);
    }

    private static Expr bool(Expr.BoolExpr b) {
        if (b.kind() == Expr.BoolKind.NOT) {
            return b.arguments().getFirst() instanceof Expr.Const c
                    ? constant(c.isNull() ? null : !(Boolean) c.value(), b.type()) : b;
        }
        boolean absorbing = b.kind() == Expr.BoolKind.OR;
        List<Expr> rest = new ArrayList<>();
        for (Expr argument : b.arguments()) {
            if (argument instanceof Expr.Const c && !c.isNull()) {
                if ((Boolean) c.value() == absorbing) {
                    return constant(absorbing, b.type());
                }
            } else {
                rest.add(argument);
            }
        }
        if (rest.size() == b.arguments().size()) {
            return b;
        }
        return rest.isEmpty() ? constant(!absorbing, b.type()) : rest.size() == 1 ? rest.getFirst()
                : new Expr.BoolExpr(b.kind(), rest, b.type(), b.origin());
    }

    private static Expr branches(Expr.CaseExpr c) {
        List<Expr.CaseBranch> rest = new ArrayList<>();
        for (Expr.CaseBranch branch : c.branches()) {
            boolean known = branch.condition() instanceof Expr.Const;
            boolean holds = known && Boolean.TRUE.equals(((Expr.Const) branch.condition()).value());
            if (holds && rest.isEmpty()) {
                return branch.result();
            }
            if (holds) {
                return new Expr.CaseExpr(null, rest, branch.result(), c.type(), c.collation(), c.origin());
            }
            if (!known) {
                rest.add(branch);
            }
        }
        return rest.size() == c.branches().size() ? c : rest.isEmpty() ? c.otherwise()
                : new Expr.CaseExpr(null, rest, c.otherwise(), c.type(), c.collation(), c.origin());
    }

    private static Expr coalesce(Expr.Coalesce c) {
        List<Expr> rest = new ArrayList<>();
        for (Expr argument : c.arguments()) {
            if (argument instanceof Expr.Const constant) {
                if (constant.isNull()) {
                    continue;
                }
                rest.add(argument);
                break;
            }
            rest.add(argument);
        }
        if (rest.isEmpty()) {
            return c.arguments().getFirst();
        }
        return rest.size() == 1 ? rest.getFirst() : rest.size() == c.arguments().size() ? c
                : new Expr.Coalesce(rest, c.type(), c.collation(), c.origin());
    }

    private Expr call(Expr original, FunctionRef function, List<Expr> arguments, PgType type, int typmod, int collation,
            int inputCollation, boolean variadic) {
        if (!function.isImmutable() || function.returnsSet() || type.isPseudo()
                || !arguments.stream().allMatch(Expr.Const.class::isInstance)) {
            return original;
        }
        Object[] values = arguments.stream().map(a -> ((Expr.Const) a).value()).toArray();
        Object result = null;
        boolean missing = false;
        for (Object value : values) {
            missing |= value == null;
        }
        if (!missing || !function.strict()) {
            if (functions == null || !function.language().equals("internal")
                    || !functions.hasScalar(function.internalName())) {
                return original;
            }
            try {
                CallSite site = new CallSite(function.name(), arguments.stream().map(Expr::type).toList(), type,
                        false, inputCollation);
                result = invoke(functions.scalar(function.internalName(), site), values, type);
            } catch (SqlException e) {
                return original;
            }
        }
        return variadic ? original : new Expr.Const(result, type, typmod, collation, original.origin());
    }

    private Object invoke(ScalarFunction function, Object[] v, PgType type) {
        return switch (function) {
            case ScalarFunction.Fn0 f -> f.call(context);
            case ScalarFunction.Fn1 f -> f.call(context, v[0]);
            case ScalarFunction.Fn2 f -> f.call(context, v[0], v[1]);
            case ScalarFunction.Fn3 f -> f.call(context, v[0], v[1], v[2]);
            case ScalarFunction.FnN f -> f.call(context, v);
            case ScalarFunction.LongFn1 f -> boxed(f.call(asLong(v[0])), type);
            case ScalarFunction.LongFn2 f -> boxed(f.call(asLong(v[0]), asLong(v[1])), type);
            case ScalarFunction.DoubleFn1 f -> f.call((Double) v[0]);
            case ScalarFunction.DoubleFn2 f -> f.call((Double) v[0], (Double) v[1]);
            case ScalarFunction.DoublePredicate2 f -> f.call((Double) v[0], (Double) v[1]);
            case ScalarFunction.ObjectPredicate2 f -> f.test(v[0], v[1]);
        };
    }

    private static long asLong(Object value) {
        return value instanceof Boolean b ? b ? 1 : 0 : (Long) value;
    }

    private static Object boxed(long value, PgType type) {
        return type.kind() == PhysicalKind.BOOL ? (Object) (value != 0) : (Object) value;
    }
}
