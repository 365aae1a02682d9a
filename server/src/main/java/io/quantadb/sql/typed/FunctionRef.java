package io.quantadb.sql.typed;

/**
 * The resolved function of a call; what execution and planning need of its {@code pg_proc} row. Identity is the oid.
 *
 * @param schema       name of its schema
 * @param internalName {@code prosrc}: for language internal the key into {@code io.quantadb.function}
 * @param language     name of the language: internal, sql, plpgsql...
 * @param kind         {@code prokind}: f function, a aggregate, w window, p procedure
 * @param volatility   {@code provolatile}: i, s, v
 * @param parallelSafety {@code proparallel}: s, r, u
 * @param estimatedCost {@code procost}
 * @param estimatedRows {@code prorows}; 0 unless it returns a set
 * @param returnType   declared result type's oid, before polymorphism is resolved
 */
public record FunctionRef(int oid, String schema, String name, String internalName, String language, char kind,
                          boolean strict, char volatility, char parallelSafety, boolean leakproof, boolean returnsSet,
                          double estimatedCost, double estimatedRows, int returnType) {
    public boolean isImmutable() {
        return volatility == 'i';
    }

    public boolean isVolatile() {
        return volatility == 'v';
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FunctionRef that && that.oid == oid;
    }

    @Override
    public int hashCode() {
        return oid;
    }

    @Override
    public String toString() {
        return name + "#" + oid;
    }
}
