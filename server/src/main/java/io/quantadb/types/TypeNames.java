package io.quantadb.types;

/** SQL names of types: what {@code format_type()} and psql's {@code \d} print. */
public final class TypeNames {
    private TypeNames() {
    }

    /** As {@code format_type(oid, typmod)} for built-in types; {@code ???} if there is none with this oid. */
    public static String formatType(int oid, int typmod) {
        PgType type = BuiltinTypes.find(oid);
        return oid == 0 ? "-" : type == null ? "???" : formatType(type, typmod);
    }

    /**
     * The SQL name of a type with its modifier.
     *
     * <p>User-defined types print their bare name; quoting and the schema are the caller's, see {@link #formatTypmod}.
     */
    public static String formatType(PgType type, int typmod) {
        if (type.isArray() && type.typtype() == 'b' && type.category() == 'A' && type.oid() != Oids.INT2VECTOR
                && type.oid() != Oids.OIDVECTOR) {
            return formatType(type.arrayOps().element(), typmod) + "[]";
        }
        return switch (type.oid()) {
            case Oids.BIT -> typmod < 0 ? "\"bit\"" : "bit" + formatTypmod(type, typmod);
            case Oids.BOOL -> "boolean";
            case Oids.BPCHAR -> typmod < 0 ? "bpchar" : "character" + formatTypmod(type, typmod);
            case Oids.CHAR -> "\"char\"";
            case Oids.FLOAT4 -> "real";
            case Oids.FLOAT8 -> "double precision";
            case Oids.INT2 -> "smallint";
            case Oids.INT4 -> "integer";
            case Oids.INT8 -> "bigint";
            case Oids.NUMERIC -> "numeric" + formatTypmod(type, typmod);
            case Oids.INTERVAL -> "interval" + formatTypmod(type, typmod);
            case Oids.TIME -> "time" + formatTypmod(type, typmod) + " without time zone";
            case Oids.TIMETZ -> "time" + formatTypmod(type, typmod) + " with time zone";
            case Oids.TIMESTAMP -> "timestamp" + formatTypmod(type, typmod) + " without time zone";
            case Oids.TIMESTAMPTZ -> "timestamp" + formatTypmod(type, typmod) + " with time zone";
            case Oids.VARBIT -> "bit varying" + formatTypmod(type, typmod);
            case Oids.VARCHAR -> "character varying" + formatTypmod(type, typmod);
            default -> type.name().equals("any") ? "\"any\"" : type.name();
        };
    }

    /** As {@code format_type(oid, NULL)}: the plain name, which for bpchar and bit is not the one above. */
    public static String formatTypeName(PgType type) {
        return switch (type.oid()) {
            case Oids.BPCHAR -> "character";
            case Oids.BIT -> "bit";
            case Oids.BPCHAR_ARRAY -> "character[]";
            case Oids.BIT_ARRAY -> "bit[]";
            default -> formatType(type, -1);
        };
    }

    /** The parenthesised modifier, empty for -1. */
    public static String formatTypmod(PgType type, int typmod) {
        return typmod < 0 ? "" : type.ops().formatTypmod(typmod);
    }
}
