package io.quantadb.catalog;

import java.util.List;

/**
 * One row of {@code pg_proc}. For {@code kind} 'a' the transition functions are in {@link AggregateDescriptor}.
 *
 * @param argTypes oids of the input arguments ({@code proargtypes}), a variadic one as its array type
 * @param allArgTypes {@code proallargtypes}; empty if all arguments are input
 * @param argModes i, o, b, v, t for each of {@code allArgTypes}; empty if all are i
 * @param argNames "" where an argument has no name; empty if none has
 * @param defaultsCount how many of the last input arguments have defaults
 * @param defaults their SQL texts, in argument order
 * @param variadicType element type oid of the variadic argument, 0 if none; "any" for VARIADIC "any"
 * @param returnType {@code prorettype}
 * @param kind f function, p procedure, a aggregate, w window function
 * @param volatility i immutable, s stable, v volatile
 * @param strict returns null on null input, without being called
 * @param language oid of {@code pg_language}
 * @param source {@code prosrc}: for language internal the key of the implementation, for SQL the body
 * @param sqlBody text of a SQL-standard body (RETURN / BEGIN ATOMIC), null if none
 * @param cost in units of cpu_operator_cost
 * @param rows estimate for set-returning functions
 * @param support oid of the planner support function
 */
public record FunctionDescriptor(int oid, String name, int schemaOid, String schemaName, int ownerOid, int language,
        int[] argTypes, int[] allArgTypes, char[] argModes, List<String> argNames, int defaultsCount,
        List<String> defaults, int variadicType, int returnType, boolean returnsSet, char kind, char volatility,
        boolean strict, boolean leakproof, boolean securityDefiner, char parallel, String source, String sqlBody,
        double cost, double rows, int support, List<String> config, List<String> acl) {

    public int argCount() {
        return argTypes.length;
    }

    public int requiredArgs() {
        return argTypes.length - defaultsCount;
    }

    public boolean isVariadic() {
        return variadicType != 0;
    }

    public boolean isAggregate() {
        return kind == 'a';
    }

    public boolean isWindow() {
        return kind == 'w';
    }

    public boolean isProcedure() {
        return kind == 'p';
    }

    /** Whether calling it twice with equal arguments in one statement may give different results. */
    public boolean isVolatile() {
        return volatility == 'v';
    }

    public boolean isImmutable() {
        return volatility == 'i';
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FunctionDescriptor function && function.oid == oid
                && function.source.equals(source);
    }

    @Override
    public int hashCode() {
        return oid;
    }

    @Override
    public String toString() {
        return name + "/" + argTypes.length + "#" + oid;
    }
}
