package io.quantadb.catalog;

/**
 * One row of {@code pg_authid}.
 *
 * @param password SCRAM verifier or md5 hash, null if none
 * @param validUntil microseconds since 2000-01-01 UTC, null for no limit
 */
public record RoleDescriptor(int oid, String name, boolean superuser, boolean inherit, boolean createRole,
        boolean createDatabase, boolean canLogin, boolean replication, boolean bypassRls, int connectionLimit,
        String password, Long validUntil) {
}
