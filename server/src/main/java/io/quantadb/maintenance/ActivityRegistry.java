package io.quantadb.maintenance;

import io.quantadb.catalog.RelationDescriptor;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** The activity of all tables and indexes, and of databases. Safe for use by many threads. */
public final class ActivityRegistry {
    private final ConcurrentMap<Long, TableActivity> relations = new ConcurrentHashMap<>();
    private final ConcurrentMap<Integer, DatabaseActivity> databases = new ConcurrentHashMap<>();

    /** Transactions of one database. */
    public static final class DatabaseActivity {
        public final LongAdder commits = new LongAdder();
        public final LongAdder rollbacks = new LongAdder();
    }

    /** Found through the relation's handle. @param databaseOid of the session */
    public TableActivity of(RelationDescriptor relation, int databaseOid) {
        if (relation.handle().counters instanceof TableActivity known) {
            return known;
        }
        TableActivity activity = of(relation.shared() ? 0 : databaseOid, relation.oid());
        relation.handle().counters = activity;
        return activity;
    }

    /** @param databaseOid 0 for shared relations */
    public TableActivity of(int databaseOid, int relationOid) {
        long key = key(databaseOid, relationOid);
        TableActivity known = relations.get(key);
        return known != null ? known : relations.computeIfAbsent(key, k -> new TableActivity(databaseOid, relationOid));
    }

    /** Null if nothing was counted yet. */
    public TableActivity find(int databaseOid, int relationOid) {
        return relations.get(key(databaseOid, relationOid));
    }

    /** The relation was dropped. */
    public void forget(int databaseOid, int relationOid) {
        relations.remove(key(databaseOid, relationOid));
    }

    public Collection<TableActivity> all() {
        return relations.values();
    }

    public DatabaseActivity database(int databaseOid) {
        DatabaseActivity known = databases.get(databaseOid);
        return known != null ? known : databases.computeIfAbsent(databaseOid, k -> new DatabaseActivity());
    }

    private static long key(int databaseOid, int relationOid) {
        return (long) databaseOid << 32 | Integer.toUnsignedLong(relationOid);
    }
}
