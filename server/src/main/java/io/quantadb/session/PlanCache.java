package io.quantadb.session;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Compiled statements by text, shared by all sessions, so that many sessions preparing the same statement share one
 * plan. Safe for use by many threads.
 *
 * <p>An entry is good for one version of the catalog; a statement compiled by a transaction that has changed the
 * catalog itself, or that names temporary tables, is never put here. When the cache is
 * full it is emptied: what is in use comes back at once, and no bookkeeping is paid for on each hit.
 */
public final class PlanCache {
    private static final int LIMIT = 4096;
    private static final int LONGEST_SQL = 16_384;

    /** @param environment whatever else the meaning depends on: search path, role */
    private record Key(int databaseOid, String sql, String environment, int[] parameterTypes, int hash) {
        static Key of(int databaseOid, String sql, String environment, int[] parameterTypes) {
            int hash = 31 * (31 * sql.hashCode() + Arrays.hashCode(parameterTypes)) + databaseOid + environment.hashCode();
            return new Key(databaseOid, sql, environment, parameterTypes, hash);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.hash == hash && key.databaseOid == databaseOid && key.sql.equals(sql)
                && key.environment.equals(environment) && Arrays.equals(key.parameterTypes, parameterTypes);
        }
    }

    private final Map<Key, CompiledStatement> entries = new ConcurrentHashMap<>();

    /** Null if there is none, or it is of another catalog version. */
    CompiledStatement find(int databaseOid, String sql, String environment, int[] parameterTypes, long catalogVersion) {
        CompiledStatement found = entries.get(Key.of(databaseOid, sql, environment, parameterTypes));
        return found != null && found.catalogVersion() == catalogVersion ? found : null;
    }

    void put(int databaseOid, String sql, String environment, int[] parameterTypes, CompiledStatement compiled) {
        if (sql.length() > LONGEST_SQL) {
            return;
        }
        if (entries.size() >= LIMIT) {
            entries.clear();
        }
        entries.put(Key.of(databaseOid, sql, environment, parameterTypes.clone()), compiled);
    }

    public int size() {
        return entries.size();
    }
}
