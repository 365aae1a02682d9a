package io.quantadb.function;

/** All families together: what the server is started with. */
public final class BuiltinFunctions {
    private BuiltinFunctions() {
    }

    /** A registry of every implementation of this package. */
    public static FunctionRegistry registry() {
        FunctionRegistry.Builder builder = FunctionRegistry.builder();
        register(builder);
        return builder.build();
    }

    /** Adds every family to a registry that may get more. */
    public static void register(FunctionRegistry.Builder builder) {
        builder.with(new CoreArithmetic()).with(new CoreComparisons()).with(new CoreAggregates())
                .with(new TextFunctions()).with(new TextOutput()).with(new BinaryFunctions()).with(new BitFunctions())
                .with(new CastFunctions()).with(new MathFunctions()).with(new Trigonometry())
                .with(new DateTimeFunctions()).with(new DateTimeOperators()).with(new ArrayFunctions())
                .with(new SeriesFunctions()).with(new RegexFunctions()).with(new JsonFunctions())
                .with(new JsonbFunctions()).with(new JsonRecords()).with(new WindowFunctions())
                .with(new StatisticalAggregates()).with(new SystemFunctions()).with(new CatalogFunctions())
                .with(new LockFunctions()).with(new StatisticsFunctions()).with(new ReplicationFunctions()).with(new FormatFunctions()).with(new HashFunctions())
                .with(new InRangeFunctions()).with(new RangeFunctions())
                .with(new JsonPathFunctions()).with(new NetworkFunctions());
    }
}
