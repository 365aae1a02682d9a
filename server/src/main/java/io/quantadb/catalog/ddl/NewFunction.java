package io.quantadb.catalog.ddl;

import java.util.List;

/**
 * A function or procedure to create or replace.
 *
 * @param argTypes input argument types
 * @param allArgTypes all argument types, null if all are input
 * @param argModes one letter each, null if all are 'i'
 * @param argNames null if none has a name
 * @param defaults texts of the defaults of the last input arguments, with what they use
 * @param references what the body of a SQL-standard function uses
 */
public record NewFunction(int schemaOid, String name, int ownerOid, int languageOid, int[] argTypes,
        List<Integer> allArgTypes, List<String> argModes, List<String> argNames, List<SqlExpression> defaults,
        int variadicType, int returnType, boolean returnsSet, char kind, char volatility, boolean strict,
        boolean leakproof, boolean securityDefiner, char parallel, String source, String sqlBody,
        List<ObjectAddress> references, double cost, double rows, List<String> config) {
}
