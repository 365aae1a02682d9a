package io.quantadb.maintenance;

import io.quantadb.catalog.RelationDescriptor;

/**
 * What a session's running transaction did to tables: added to the tables' counters when it ends, since a rollback turns inserted
 * rows into dead ones. Confined to the session's thread; makes no garbage once its few slots exist.
 *
 * <p>Differs from PostgreSQL: what a rollback to a savepoint undid counts as if it had stayed; the next vacuum corrects the estimate.
 */
public final class TransactionActivity {
    private final ActivityRegistry registry;
    private final int databaseOid;
    private final ActivityRegistry.DatabaseActivity database;
    private Changes[] slots = new Changes[4];
    private int used;

    /** Changes of one table. */
    public static final class Changes {
        private TableActivity table;
        public long inserted;
        public long updated;
        public long hotUpdated;
        public long deleted;
    }

    public TransactionActivity(ActivityRegistry registry, int databaseOid) {
        this.registry = registry;
        this.databaseOid = databaseOid;
        database = registry.database(databaseOid);
    }

    /** Counters of a table, for scans. */
    public TableActivity table(RelationDescriptor relation) {
        return registry.of(relation, databaseOid);
    }

    public TableActivity index(RelationDescriptor table, int indexOid) {
        return registry.of(table.shared() ? 0 : databaseOid, indexOid);
    }

    /** Where to count changes of a table until the end of the transaction. */
    public Changes changes(RelationDescriptor relation) {
        TableActivity table = table(relation);
        for (int i = 0; i < used; i++) {
            if (slots[i].table == table) {
                return slots[i];
            }
        }
        if (used == slots.length) {
            slots = java.util.Arrays.copyOf(slots, used * 2);
        }
        if (slots[used] == null) {
            slots[used] = new Changes();
        }
        Changes changes = slots[used++];
        changes.table = table;
        return changes;
    }

    /** The transaction ended. */
    public void end(boolean committed) {
        (committed ? database.commits : database.rollbacks).increment();
        for (int i = 0; i < used; i++) {
            add(slots[i], committed);
        }
        used = 0;
    }

    private static void add(Changes changes, boolean committed) {
        TableActivity table = changes.table;
        if (changes.inserted > 0) {
            table.inserted.add(changes.inserted);
            (committed ? table.live : table.dead).add(changes.inserted);
            table.insertedSinceVacuum.add(changes.inserted);
        }
        if (changes.updated > 0) {
            table.updated.add(changes.updated);
            table.hotUpdated.add(changes.hotUpdated);
            table.dead.add(changes.updated);
        }
        if (changes.deleted > 0) {
            table.deleted.add(changes.deleted);
            if (committed) {
                table.live.add(-changes.deleted);
                table.dead.add(changes.deleted);
            }
        }
        if (committed) {
            table.changedSinceAnalyze.add(changes.inserted + changes.updated + changes.deleted);
        }
        changes.table = null;
        changes.inserted = 0;
        changes.updated = 0;
        changes.hotUpdated = 0;
        changes.deleted = 0;
    }
}
