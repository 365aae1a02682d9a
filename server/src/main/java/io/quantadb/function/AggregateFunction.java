package io.quantadb.function;

/**
 * An aggregate bound to the types of one call. Immutable; the states are in the {@link Accumulator}s it makes.
 *
 * <p>DISTINCT, ORDER BY and FILTER are the executor's matter; so are ordered-set aggregates' sorting: their
 * accumulator is fed in the order the call asks for, after {@link Accumulator#directArguments}.
 */
public interface AggregateFunction {
    /** A fresh column of states for the groups of one aggregation. */
    Accumulator newAccumulator(FunctionContext context);

    /** Makes the aggregate for one call. {@code count(*)} is bound with no argument types. */
    @FunctionalInterface
    interface Factory {
        AggregateFunction bind(CallSite site);
    }
}
