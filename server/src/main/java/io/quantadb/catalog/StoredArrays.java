package io.quantadb.catalog;

import io.quantadb.types.ArrayValue;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.PgType;
import io.quantadb.types.TextContext;
import java.util.List;

/**
 * Values in catalog columns declared anyarray: {@code attmissingval} and {@code pg_statistic.stavalues1} to 5. Values
 * of types that are not built in are kept as a built-in type that represents them: enum labels as their oids, domains
 * as their base type, the others as text.
 */
public final class StoredArrays {
    private StoredArrays() {
    }

    /** @param values of {@code type}, none null */
    public static ArrayValue of(PgType type, List<?> values) {
        PgType kept = keptAs(type);
        return ArrayValue.of(kept, values.stream().map(value -> kept == BuiltinTypes.TEXT && type != kept
                && type.oid() >= CatalogIds.FIRST_USER_OID && !(value instanceof String)
                ? type.ops().toText(value, TextContext.DEFAULT) : value).toArray());
    }

    private static PgType keptAs(PgType type) {
        if (BuiltinTypes.find(type.oid()) == type) {
            return type;
        }
        if (type.typtype() == 'd') {
            for (PgType builtin : BuiltinTypes.all()) {
                if (builtin.ops() == type.ops()) {
                    return builtin;
                }
            }
        }
        return type.typtype() == 'e' ? BuiltinTypes.OID : BuiltinTypes.TEXT;
    }

    /** An element as a value of the type it was given as. */
    public static Object element(ArrayValue array, int position, PgType type) {
        Object value = array.get(position);
        boolean asText = keptAs(type) == BuiltinTypes.TEXT && !type.ops().equals(BuiltinTypes.TEXT.ops());
        return asText && value instanceof String text ? type.ops().fromText(text, -1, TextContext.DEFAULT) : value;
    }
}
