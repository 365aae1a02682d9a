package io.quantadb.catalog;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

/** The errors for objects that do not exist or exist already, in PostgreSQL's words. */
public final class CatalogErrors {
    private CatalogErrors() {
    }

    /** 42P01; {@code schema} null if the name was not qualified. */
    public static SqlException noRelation(String schema, String name) {
        return new SqlException(SqlState.UNDEFINED_TABLE,
                "relation \"" + qualified(schema, name) + "\" does not exist");
    }

    /** 42P01 in the words of DROP TABLE, DROP VIEW and so on. */
    public static SqlException noRelation(RelationKind kind, String schema, String name) {
        String noun = kind == RelationKind.PARTITIONED_TABLE ? "table" : kind.noun();
        SqlState state = kind == RelationKind.INDEX ? SqlState.UNDEFINED_OBJECT : SqlState.UNDEFINED_TABLE;
        return new SqlException(state, noun + " \"" + (schema == null ? name : schema + "." + name)
                + "\" does not exist");
    }

    public static SqlException relationExists(String name) {
        return new SqlException(SqlState.DUPLICATE_TABLE, "relation \"" + name + "\" already exists");
    }

    public static SqlException noSchema(String name) {
        return new SqlException(SqlState.INVALID_SCHEMA_NAME, "schema \"" + name + "\" does not exist");
    }

    public static SqlException schemaExists(String name) {
        return new SqlException(SqlState.DUPLICATE_SCHEMA, "schema \"" + name + "\" already exists");
    }

    public static SqlException noType(String name) {
        return new SqlException(SqlState.UNDEFINED_OBJECT, "type \"" + name + "\" does not exist");
    }

    public static SqlException typeExists(String name) {
        return new SqlException(SqlState.DUPLICATE_OBJECT, "type \"" + name + "\" already exists");
    }

    /** 42703 in the words of ALTER TABLE. */
    public static SqlException noColumn(String column, String relation) {
        return new SqlException(SqlState.UNDEFINED_COLUMN,
                "column \"" + column + "\" of relation \"" + relation + "\" does not exist");
    }

    public static SqlException columnExists(String column, String relation) {
        return new SqlException(SqlState.DUPLICATE_COLUMN,
                "column \"" + column + "\" of relation \"" + relation + "\" already exists");
    }

    public static SqlException noConstraint(String constraint, String relation) {
        return new SqlException(SqlState.UNDEFINED_OBJECT,
                "constraint \"" + constraint + "\" of relation \"" + relation + "\" does not exist");
    }

    public static SqlException constraintExists(String constraint, String relation) {
        return new SqlException(SqlState.DUPLICATE_OBJECT,
                "constraint \"" + constraint + "\" for relation \"" + relation + "\" already exists");
    }

    public static SqlException noRole(String name) {
        return new SqlException(SqlState.UNDEFINED_OBJECT, "role \"" + name + "\" does not exist");
    }

    public static SqlException roleExists(String name) {
        return new SqlException(SqlState.DUPLICATE_OBJECT, "role \"" + name + "\" already exists");
    }

    public static SqlException noDatabase(String name) {
        return new SqlException(SqlState.INVALID_CATALOG_NAME, "database \"" + name + "\" does not exist");
    }

    public static SqlException databaseExists(String name) {
        return new SqlException(SqlState.DUPLICATE_DATABASE, "database \"" + name + "\" already exists");
    }

    private static String qualified(String schema, String name) {
        return schema == null ? name : schema + "." + name;
    }
}
