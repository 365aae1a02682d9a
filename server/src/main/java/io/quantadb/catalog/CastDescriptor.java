package io.quantadb.catalog;

/**
 * One row of {@code pg_cast}.
 *
 * @param functionOid 0 unless {@code method} is 'f'
 * @param context i implicit, a assignment, e explicit only
 * @param method f function, i through text input and output, b binary compatible
 */
public record CastDescriptor(int oid, int sourceType, int targetType, int functionOid, char context, char method) {
    public boolean isImplicit() {
        return context == 'i';
    }

    /** Allowed in an assignment: implicit casts are too. */
    public boolean isAssignment() {
        return context != 'e';
    }

    public boolean isBinary() {
        return method == 'b';
    }
}
