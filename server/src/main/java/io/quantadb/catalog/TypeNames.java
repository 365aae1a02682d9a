package io.quantadb.catalog;

import io.quantadb.types.Oids;
import io.quantadb.types.PgType;

/**
 * SQL spelling of types, as {@code format_type} prints them. Source: PostgreSQL 15 documentation, "System Catalog
 * Information Functions" and "Data Types".
 */
public final class TypeNames {
    private TypeNames() {
    }

    /**
     * @param typmod -1 for none
     * @param typmodGiven false for {@code format_type(oid, NULL)}: then char and bit need no quotes and no length
     */
    public static String format(CatalogReader catalog, int typeOid, int typmod, boolean typmodGiven) {
        if (typeOid == 0) {
            return "-";
        }
        PgType type = catalog.pgType(typeOid);
        if (type == null) {
            return "???";
        }
        if (type.isArray() && typeOid != Oids.INT2VECTOR && typeOid != Oids.OIDVECTOR) {
            return format(catalog, type.elementOid(), typmod, typmodGiven) + "[]";
        }
        String builtin = builtin(type, typmod, typmodGiven);
        if (builtin != null) {
            return builtin;
        }
        String name = Identifiers.quote(type.name());
        TypeDescriptor descriptor = catalog.type(typeOid);
        if (descriptor != null && !catalog.typeIsVisible(typeOid)) {
            name = Identifiers.quote(descriptor.schemaName()) + "." + name;
        }
        return typmod < 0 ? name : name + type.ops().formatTypmod(typmod);
    }

    /** Types whose SQL name is grammar; null for the others. */
    private static String builtin(PgType type, int typmod, boolean given) {
        String suffix = typmod < 0 ? "" : type.ops().formatTypmod(typmod);
        return switch (type.oid()) {
            case Oids.BOOL -> "boolean";
            case Oids.INT2 -> "smallint";
            case Oids.INT4 -> "integer";
            case Oids.INT8 -> "bigint";
            case Oids.FLOAT4 -> "real";
            case Oids.FLOAT8 -> "double precision";
            case Oids.NUMERIC -> "numeric" + suffix;
            case Oids.VARCHAR -> "character varying" + suffix;
            case Oids.BPCHAR -> given && typmod < 0 ? "bpchar" : "character" + suffix;
            case Oids.BIT -> given && typmod < 0 ? "\"bit\"" : "bit" + suffix;
            case Oids.VARBIT -> "bit varying" + suffix;
            case Oids.CHAR -> "\"char\"";
            case Oids.INTERVAL -> "interval" + suffix;
            case Oids.TIME -> "time" + precision(typmod) + " without time zone";
            case Oids.TIMETZ -> "time" + precision(typmod) + " with time zone";
            case Oids.TIMESTAMP -> "timestamp" + precision(typmod) + " without time zone";
            case Oids.TIMESTAMPTZ -> "timestamp" + precision(typmod) + " with time zone";
            default -> null;
        };
    }

    private static String precision(int typmod) {
        return typmod < 0 ? "" : "(" + typmod + ")";
    }
}
