package io.quantadb.executor.expr;

import io.quantadb.executor.QueryContext;
import io.quantadb.function.CallSite;
import io.quantadb.function.ScalarFunction;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.FunctionRef;
import io.quantadb.types.PgType;
import io.quantadb.types.PhysicalKind;
import java.util.List;

/** Compiles calls of scalar functions and operators: one evaluator class for each shape of function. */
final class FunctionCompiler {
    private final ExprCompiler compiler;
    private final ExprEnvironment environment;

    FunctionCompiler(ExprCompiler compiler, ExprEnvironment environment) {
        this.compiler = compiler;
        this.environment = environment;
    }

    static boolean isBuiltIn(FunctionRef function) {
        return function.language().equals("internal") || function.language().equals("c");
    }

    ScalarFunction bind(FunctionRef function, List<PgType> types, PgType result, boolean variadic, int collation) {
        return environment.functions().scalar(function.internalName(),
                new CallSite(function.name(), types, result, variadic, collation));
    }

    ScalarEvaluator call(FunctionRef function, List<Expr> arguments, PgType type, boolean variadic, int collation) {
        List<PgType> types = arguments.stream().map(Expr::type).toList();
        ScalarEvaluator[] inputs = compiler.scalars(arguments);
        if (!isBuiltIn(function) && !environment.functions().hasScalar(function.internalName())) {
            ExprEnvironment.UserFunction user = environment.userFunction(function, types, type);
            return new UserCall(user, inputs, function.strict());
        }
        return build(bind(function, types, type, variadic, collation), inputs, function.strict(), type);
    }

    private static ScalarEvaluator build(ScalarFunction function, ScalarEvaluator[] in, boolean strict, PgType type) {
        return switch (function) {
            case ScalarFunction.Fn0 f -> new ScalarEvaluator() {
                @Override
                public Object eval(RowContext row) {
                    return f.call(row.query.functions);
                }
            };
            case ScalarFunction.Fn1 f -> new Call1(f, in[0], strict);
            case ScalarFunction.Fn2 f -> new Call2(f, in[0], in[1], strict);
            case ScalarFunction.Fn3 f -> new Call3(f, in[0], in[1], in[2], strict);
            case ScalarFunction.FnN f -> new CallN(f, in, strict);
            case ScalarFunction.LongFn1 f -> type.kind() == PhysicalKind.BOOL
                    ? new BooleanCall1(f, in[0]) : new LongCall1(f, in[0]);
            case ScalarFunction.LongFn2 f -> type.kind() == PhysicalKind.BOOL
                    ? new BooleanCall2(f, in[0], in[1]) : new LongCall2(f, in[0], in[1]);
            case ScalarFunction.DoubleFn1 f -> new ScalarEvaluator.OfDouble() {
                @Override
                public double evalDouble(RowContext row) {
                    double a = in[0].evalDouble(row);
                    return row.isNull ? 0 : f.call(a);
                }
            };
            case ScalarFunction.DoubleFn2 f -> new ScalarEvaluator.OfDouble() {
                @Override
                public double evalDouble(RowContext row) {
                    double a = in[0].evalDouble(row);
                    if (row.isNull) {
                        return 0;
                    }
                    double b = in[1].evalDouble(row);
                    return row.isNull ? 0 : f.call(a, b);
                }
            };
            case ScalarFunction.DoublePredicate2 f -> new ScalarEvaluator.OfBoolean() {
                @Override
                public long evalLong(RowContext row) {
                    double a = in[0].evalDouble(row);
                    if (row.isNull) {
                        return 0;
                    }
                    double b = in[1].evalDouble(row);
                    return !row.isNull && f.call(a, b) ? 1 : 0;
                }
            };
            case ScalarFunction.ObjectPredicate2 f -> new ScalarEvaluator.OfBoolean() {
                @Override
                public long evalLong(RowContext row) {
                    Object a = in[0].eval(row);
                    Object b = a == null ? null : in[1].eval(row);
                    row.isNull = b == null;
                    return b != null && f.test(a, b) ? 1 : 0;
                }
            };
        };
    }

    /** The function as a comparison of two values. */
    ExprCompiler.Comparison comparison(FunctionRef function, PgType left, PgType right, int collation) {
        PgType bool = environment.type(io.quantadb.types.Oids.BOOL);
        boolean strict = function.strict();
        if (!isBuiltIn(function) && !environment.functions().hasScalar(function.internalName())) {
            ExprEnvironment.UserFunction user = environment.userFunction(function, List.of(left, right), bool);
            return (row, a, b) -> strict && (a == null || b == null) ? null
                    : (Boolean) user.call(row.query, new Object[] {a, b});
        }
        ScalarFunction bound = bind(function, List.of(left, right), bool, false, collation);
        return switch (bound) {
            case ScalarFunction.LongFn2 f -> (row, a, b) -> a == null || b == null ? null
                    : (Boolean) (f.call(asLong(a), asLong(b)) != 0);
            case ScalarFunction.DoublePredicate2 f -> (row, a, b) -> a == null || b == null ? null
                    : (Boolean) f.call((Double) a, (Double) b);
            case ScalarFunction.ObjectPredicate2 f -> (row, a, b) -> a == null || b == null ? null
                    : (Boolean) f.test(a, b);
            case ScalarFunction.Fn2 f -> (row, a, b) -> strict && (a == null || b == null) ? null
                    : (Boolean) f.call(row.query.functions, a, b);
            case ScalarFunction.FnN f -> (row, a, b) -> strict && (a == null || b == null) ? null
                    : (Boolean) f.call(row.query.functions, new Object[] {a, b});
            default -> throw io.quantadb.base.Invariant.broken("%s is not a function of two arguments",
                    function.name());
        };
    }

    private static long asLong(Object value) {
        return value instanceof Long l ? l : (Boolean) value ? 1 : 0;
    }

    private static final class Call1 extends ScalarEvaluator {
        private final ScalarFunction.Fn1 function;
        private final ScalarEvaluator a;
        private final boolean strict;

        Call1(ScalarFunction.Fn1 function, ScalarEvaluator a, boolean strict) {
            this.function = function;
            this.a = a;
            this.strict = strict;
        }

        @Override
        public Object eval(RowContext row) {
            Object value = a.eval(row);
            return strict && value == null ? null : function.call(row.query.functions, value);
        }
    }

    private static final class Call2 extends ScalarEvaluator {
        private final ScalarFunction.Fn2 function;
        private final ScalarEvaluator a;
        private final ScalarEvaluator b;
        private final boolean strict;

        Call2(ScalarFunction.Fn2 function, ScalarEvaluator a, ScalarEvaluator b, boolean strict) {
            this.function = function;
            this.a = a;
            this.b = b;
            this.strict = strict;
        }

        @Override
        public Object eval(RowContext row) {
            Object first = a.eval(row);
            if (strict && first == null) {
                return null;
            }
            Object second = b.eval(row);
            return strict && second == null ? null : function.call(row.query.functions, first, second);
        }
    }

    private static final class Call3 extends ScalarEvaluator {
        private final ScalarFunction.Fn3 function;
        private final ScalarEvaluator a;
        private final ScalarEvaluator b;
        private final ScalarEvaluator c;
        private final boolean strict;

        Call3(ScalarFunction.Fn3 function, ScalarEvaluator a, ScalarEvaluator b, ScalarEvaluator c, boolean strict) {
            this.function = function;
            this.a = a;
            this.b = b;
            this.c = c;
            this.strict = strict;
        }

        @Override
        public Object eval(RowContext row) {
            Object first = a.eval(row);
            Object second = b.eval(row);
            Object third = c.eval(row);
            return strict && (first == null || second == null || third == null) ? null
                    : function.call(row.query.functions, first, second, third);
        }
    }

    private static final class CallN extends ScalarEvaluator {
        private final ScalarFunction.FnN function;
        private final ScalarEvaluator[] inputs;
        private final boolean strict;

        CallN(ScalarFunction.FnN function, ScalarEvaluator[] inputs, boolean strict) {
            this.function = function;
            this.inputs = inputs;
            this.strict = strict;
        }

        @Override
        public Object eval(RowContext row) {
            Object[] values = evalAll(inputs, row, strict);
            return values == null ? null : function.call(row.query.functions, values);
        }
    }

    private static final class UserCall extends ScalarEvaluator {
        private final ExprEnvironment.UserFunction function;
        private final ScalarEvaluator[] inputs;
        private final boolean strict;

        UserCall(ExprEnvironment.UserFunction function, ScalarEvaluator[] inputs, boolean strict) {
            this.function = function;
            this.inputs = inputs;
            this.strict = strict;
        }

        @Override
        public Object eval(RowContext row) {
            Object[] values = evalAll(inputs, row, strict);
            QueryContext query = row.query;
            return values == null ? null : function.call(query, values);
        }
    }

    /** Null if strict and an argument is null. A fresh array: a function may call itself recursively. */
    static Object[] evalAll(ScalarEvaluator[] inputs, RowContext row, boolean strict) {
        Object[] values = new Object[inputs.length];
        boolean sawNull = false;
        for (int i = 0; i < values.length; i++) {
            values[i] = inputs[i].eval(row);
            sawNull |= values[i] == null;
        }
        return strict && sawNull ? null : values;
    }

    private static final class LongCall1 extends ScalarEvaluator.OfLong {
        private final ScalarFunction.LongFn1 function;
        private final ScalarEvaluator a;

        LongCall1(ScalarFunction.LongFn1 function, ScalarEvaluator a) {
            this.function = function;
            this.a = a;
        }

        @Override
        public long evalLong(RowContext row) {
            long value = a.evalLong(row);
            return row.isNull ? 0 : function.call(value);
        }
    }

    private static final class LongCall2 extends ScalarEvaluator.OfLong {
        private final ScalarFunction.LongFn2 function;
        private final ScalarEvaluator a;
        private final ScalarEvaluator b;

        LongCall2(ScalarFunction.LongFn2 function, ScalarEvaluator a, ScalarEvaluator b) {
            this.function = function;
            this.a = a;
            this.b = b;
        }

        @Override
        public long evalLong(RowContext row) {
            long first = a.evalLong(row);
            if (row.isNull) {
                return 0;
            }
            long second = b.evalLong(row);
            return row.isNull ? 0 : function.call(first, second);
        }
    }

    private static final class BooleanCall1 extends ScalarEvaluator.OfBoolean {
        private final ScalarFunction.LongFn1 function;
        private final ScalarEvaluator a;

        BooleanCall1(ScalarFunction.LongFn1 function, ScalarEvaluator a) {
            this.function = function;
            this.a = a;
        }

        @Override
        public long evalLong(RowContext row) {
            long value = a.evalLong(row);
            return row.isNull ? 0 : function.call(value);
        }
    }

    private static final class BooleanCall2 extends ScalarEvaluator.OfBoolean {
        private final ScalarFunction.LongFn2 function;
        private final ScalarEvaluator a;
        private final ScalarEvaluator b;

        BooleanCall2(ScalarFunction.LongFn2 function, ScalarEvaluator a, ScalarEvaluator b) {
            this.function = function;
            this.a = a;
            this.b = b;
        }

        @Override
        public long evalLong(RowContext row) {
            long first = a.evalLong(row);
            if (row.isNull) {
                return 0;
            }
            long second = b.evalLong(row);
            return row.isNull ? 0 : function.call(first, second);
        }
    }
}
