package io.quantadb.session;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Compiled statements by text, shared by all sessions, so that many sessions preparing the same statement share one
 * plan. Safe for use by many threads.
 *
 * <p>An entry is good for one version of the catalog; a statement compiled by a transaction that has changed the
 * catalog itself, or that names temporary tables, is never put here. There are two generations: a full young one
 * becomes the old one, and what is found in the old one moves to the young. So texts that never come again push out
 * each other and not what is in use, and a hit costs no bookkeeping.
 */
public final class PlanCache {
    /** Entries of a generation. */
    private static final int LIMIT = 2048;
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

    private volatile Map<Key, CompiledStatement> young = new ConcurrentHashMap<>();
    private volatile Map<Key, CompiledStatement> old = new ConcurrentHashMap<>();
    /** Shapes that are of no use, and the catalog version for which that was found. */
    private final Map<Key, Long> refused = new ConcurrentHashMap<>();

    /** Null if there is none, or it is of another catalog version. */
    CompiledStatement find(int databaseOid, String sql, String environment, int[] parameterTypes, long catalogVersion) {
        Key key = Key.of(databaseOid, sql, environment, parameterTypes);
        CompiledStatement found = young.get(key);
        if (found == null) {
            found = old.get(key);
            if (found != null && found.catalogVersion() == catalogVersion) {
                put(databaseOid, sql, environment, parameterTypes, found);
            }
        }
        return found != null && found.catalogVersion() == catalogVersion ? found : null;
    }

    void put(int databaseOid, String sql, String environment, int[] parameterTypes, CompiledStatement compiled) {
        if (sql.length() > LONGEST_SQL) {
            return;
        }
        Map<Key, CompiledStatement> target = young;
        if (target.size() >= LIMIT) {
            // Two threads at once may drop a generation too many, which costs compiling only.
            old = target;
            target = new ConcurrentHashMap<>();
            young = target;
        }
        target.put(Key.of(databaseOid, sql, environment, parameterTypes.clone()), compiled);
    }

    /** Notes that statements of this shape are to be compiled each with its literals. */
    void refuse(int databaseOid, String shape, String environment, int[] parameterTypes, long catalogVersion) {
        if (refused.size() >= LIMIT) {
            refused.clear();
        }
        refused.put(Key.of(databaseOid, shape, environment, parameterTypes), catalogVersion);
    }

    boolean isRefused(int databaseOid, String shape, String environment, int[] parameterTypes, long catalogVersion) {
        Long version = refused.get(Key.of(databaseOid, shape, environment, parameterTypes));
        return version != null && version == catalogVersion;
    }

    public int size() {
        return young.size() + old.size();
    }
}
