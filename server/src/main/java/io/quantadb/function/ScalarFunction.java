package io.quantadb.function;

/**
 * A function from values to one value, in one of a few shapes so that a call needs no argument array.
 *
 * <p>Arguments and results are values as the server's README defines them; SQL NULL is null. The caller checks
 * strictness ({@code pg_proc.proisstrict}): a strict function never sees null, a non-strict one must handle it. The
 * primitive shapes are for strict functions only. Implementations are stateless and thread-safe; what they need to know
 * about the session comes in through the {@link FunctionContext}, what they need to know about types through
 * {@link Factory#bind}.
 */
public sealed interface ScalarFunction {
    /** No argument. */
    @FunctionalInterface
    non-sealed interface Fn0 extends ScalarFunction {
        Object call(FunctionContext context);
    }

    /** One argument. */
    @FunctionalInterface
    non-sealed interface Fn1 extends ScalarFunction {
        Object call(FunctionContext context, Object a);
    }

    /** Two arguments. */
    @FunctionalInterface
    non-sealed interface Fn2 extends ScalarFunction {
        Object call(FunctionContext context, Object a, Object b);
    }

    /** Three arguments. */
    @FunctionalInterface
    non-sealed interface Fn3 extends ScalarFunction {
        Object call(FunctionContext context, Object a, Object b, Object c);
    }

    /** Any number of arguments; the array is only valid during the call. */
    @FunctionalInterface
    non-sealed interface FnN extends ScalarFunction {
        Object call(FunctionContext context, Object[] arguments);
    }

    /** Argument and result of kind LONG or BOOL (0 and 1). */
    @FunctionalInterface
    non-sealed interface LongFn1 extends ScalarFunction {
        long call(long a);
    }

    /** Arguments and result of kind LONG or BOOL (0 and 1). */
    @FunctionalInterface
    non-sealed interface LongFn2 extends ScalarFunction {
        long call(long a, long b);
    }

    /** Argument and result of kind DOUBLE. */
    @FunctionalInterface
    non-sealed interface DoubleFn1 extends ScalarFunction {
        double call(double a);
    }

    /** Arguments and result of kind DOUBLE. */
    @FunctionalInterface
    non-sealed interface DoubleFn2 extends ScalarFunction {
        double call(double a, double b);
    }

    /** Arguments of kind DOUBLE, result boolean. */
    @FunctionalInterface
    non-sealed interface DoublePredicate2 extends ScalarFunction {
        boolean call(double a, double b);
    }

    /** Arguments of kind OBJECT, result boolean: comparisons, LIKE. */
    @FunctionalInterface
    non-sealed interface ObjectPredicate2 extends ScalarFunction {
        boolean test(Object a, Object b);
    }

    /**
     * Makes the function for one place in an expression: for functions that depend on the types they are called with.
     */
    @FunctionalInterface
    interface Factory {
        ScalarFunction bind(CallSite site);
    }
}
