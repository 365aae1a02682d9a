package io.quantadb.sql.ast;

/**
 * A possibly qualified object name; {@code catalog} and {@code schema} are null when not written.
 *
 * <p>Also used for operators, whose name is then the operator's characters, and for built-in types and functions that
 * the grammar names itself (schema {@code pg_catalog}, position -1).
 */
public record QualifiedName(String catalog, String schema, String name, int position) implements Node {
    /** An unqualified name. */
    public static QualifiedName of(String name, int position) {
        return new QualifiedName(null, null, name, position);
    }

    /** A name in pg_catalog that the grammar itself supplied. */
    public static QualifiedName system(String name) {
        return new QualifiedName(null, "pg_catalog", name, -1);
    }

    /** Whether the grammar or the user put it into pg_catalog. */
    public boolean isSystem() {
        return "pg_catalog".equals(schema);
    }
}
