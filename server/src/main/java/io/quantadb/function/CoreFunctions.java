package io.quantadb.function;

/** What this package registers itself: comparisons, arithmetic, standard aggregates and window functions. */
public final class CoreFunctions implements FunctionRegistry.Library {
    @Override
    public void register(FunctionRegistry.Builder registry) {
        registry.with(new CoreComparisons()).with(new CoreArithmetic()).with(new CoreAggregates())
                .with(new CoreWindows());
    }
}
