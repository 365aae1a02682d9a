package io.quantadb.function;

import io.quantadb.types.PgType;
import java.util.List;

/**
 * What is known about one call when an expression is compiled. Immutable.
 *
 * @param name {@code pg_proc.proname}, for messages
 * @param argumentTypes resolved types of the arguments (no polymorphic pseudo-types); for VARIADIC "any" one for each
 *     argument given
 * @param resultType resolved result type
 * @param variadicArray whether the call said VARIADIC, so the last argument is an array that holds the rest
 * @param collationOid {@code pg_collation.oid} the call's input collation has, 0 for none
 */
public record CallSite(String name, List<PgType> argumentTypes, PgType resultType, boolean variadicArray,
        int collationOid) {
    public CallSite(String name, List<PgType> argumentTypes, PgType resultType) {
        this(name, argumentTypes, resultType, false, 0);
    }

    public int argumentCount() {
        return argumentTypes.size();
    }

    public PgType argumentType(int index) {
        return argumentTypes.get(index);
    }
}
