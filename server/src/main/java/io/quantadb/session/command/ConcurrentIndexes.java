package io.quantadb.session.command;

import io.quantadb.access.btree.BTree;
import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.ddl.NewIndex;
import io.quantadb.catalog.ddl.ObjectAddress;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.storage.buffer.BufferPool;
import io.quantadb.txn.lock.LockManager;
import io.quantadb.txn.lock.LockMode;
import io.quantadb.txn.lock.LockOwner;
import io.quantadb.txn.lock.RelationLock;
import io.quantadb.txn.lock.WaitPolicy;
import io.quantadb.txn.snapshot.Snapshot;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * CREATE INDEX, REINDEX and DROP INDEX, each CONCURRENTLY: in several transactions, so that nobody who writes to the table
 * waits for longer than a moment. Confined to one command, which runs outside of a transaction block.
 *
 * <pre>
 *   CREATE: add an empty index that writers keep (indisready) and nobody reads (not indisvalid); commit
 *           wait for all writers that may not know it yet
 *           take a snapshot; list the TIDs that writers have entered; add entries for all other rows it sees; commit
 *           wait for all older snapshots, whose rows the index may lack
 *           mark it valid
 *   DROP:   mark it invalid, wait for its users; mark it not ready, wait for those who still write it; drop it
 *   REINDEX: CREATE beside it, swap the files, DROP the other
 * </pre>
 *
 * <p>If it fails half-way, an invalid index stays, as in PostgreSQL. Differs from PostgreSQL: writers maintain a new index
 * from the start, so that the table is scanned once, not twice; REINDEX swaps files, not names, and keeps the oid.
 */
final class ConcurrentIndexes {
    private static final long POLL_MILLIS = 5;
    /** The oldest snapshot in use is only looked for again after a commit: one of ours makes sure of that. */
    private static final int POLLS_BETWEEN_COMMITS = 10;
    private static final int ALONE_POLLS_MAX = 2000;

    private CommandContext context;
    private final LockManager locks;

    ConcurrentIndexes(CommandContext context) {
        this.context = context;
        locks = context.session.services().transactions().locks();
    }

    /** SHARE UPDATE EXCLUSIVE on a table that outlasts the transactions of the command. */
    private final class Guard implements AutoCloseable {
        final LockOwner owner;
        final RelationLock lock;

        Guard(RelationDescriptor table) {
            owner = locks.openOwner(context.session.txn().lockOwner().processId());
            lock = locks.relation(context.catalog().databaseOid(), table.oid());
            boolean held = false;
            try {
                while (!locks.lockRelation(owner, lock, LockMode.SHARE_UPDATE_EXCLUSIVE, WaitPolicy.NOWAIT)) {
                    context.checkInterrupts();
                    LockSupport.parkNanos(POLL_MILLIS * 1_000_000L);
                }
                held = true;
            } finally {
                if (!held) {
                    locks.closeOwner(owner);
                }
            }
        }

        /** Waits for transactions that hold what conflicts with the mode. Our own one holds nothing yet. */
        void waitForOthers(LockMode mode) {
            locks.waitForHolders(Set.of(owner, context.session.txn().lockOwner()), lock, mode, context::checkInterrupts);
        }

        /**
         * Runs a step and commits it while nobody writes: two rows of the catalog must change together in the eyes of
         * writers. Waits for a moment without writers, and keeps new ones waiting only if there is none for long.
         */
        void alone(Runnable step) {
            long mark = owner.mark();
            int polls = 0;
            while (!locks.lockRelation(owner, lock, LockMode.SHARE,
                    ++polls <= ALONE_POLLS_MAX ? WaitPolicy.NOWAIT : WaitPolicy.BLOCK)) {
                context.checkInterrupts();
                LockSupport.parkNanos(1_000_000L);
            }
            try {
                step.run();
                nextTransaction();
            } finally {
                locks.releaseTo(owner, mark);
            }
        }

        @Override
        public void close() {
            locks.closeOwner(owner);
        }
    }

    private void nextTransaction() {
        context.session.nextTransaction();
        context = new CommandContext(context.session, context.services, context.state, context.sql, context.parameters,
                context.out);
    }

    private RelationDescriptor table(int oid, String name) {
        RelationDescriptor table = context.catalog().relation(oid);
        if (table == null) {
            throw new SqlException(SqlState.UNDEFINED_TABLE, "relation \"" + name + "\" does not exist");
        }
        return table;
    }

    // ---- CREATE INDEX

    void create(RelationDescriptor relation, NewIndex index) {
        try (Guard guard = new Guard(relation)) {
            build(guard, table(relation.oid(), relation.name()), index);
        }
    }

    /** @return oid of the index, which the running transaction has marked valid */
    private int build(Guard guard, RelationDescriptor table, NewIndex index) {
        int oid = context.writer().indexes().create(index);
        IndexDescriptor made = context.reload(table).index(oid);
        context.createFile(made.storage());
        BTree.create(made.storage(), context.pool(), context.wal(), context.session.txn().record(),
                context.transaction().xid());
        nextTransaction();
        guard.waitForOthers(LockMode.SHARE);
        long lsn = fill(table.oid(), table.name(), oid);
        nextTransaction();
        waitForSnapshots(lsn);
        context.writer().indexes().setIndexState(oid, true, true);
        return oid;
    }

    /** @return where the snapshot stands whose rows the index has */
    private long fill(int tableOid, String name, int indexOid) {
        RelationDescriptor table = table(tableOid, name);
        context.lock(table, LockMode.ROW_EXCLUSIVE);
        IndexDescriptor index = table.index(indexOid);
        BTree tree = context.session.storage().btree(index);
        // Snapshots stand at what is durable: all that the writers we waited for have committed must be.
        var wal = context.session.services().wal();
        wal.flush(wal.insertLsn());
        context.session.services().transactions().advanceHorizon();
        Snapshot snapshot = context.transaction().takeSnapshot();
        try {
            Set<Long> entered = new HashSet<>();
            tree.bulkDelete(context.session.txn().record(), tid -> {
                entered.add(tid);
                return false;
            });
            IndexBuild build = new IndexBuild(context, table, index);
            build.backfill(snapshot, entered, tree);
            context.writer().relations().setStatistics(indexOid, tree.pageCount(), (double) build.entries() + entered.size(), 0);
            return snapshot.lsn();
        } finally {
            context.transaction().releaseSnapshot(snapshot);
        }
    }

    private void waitForSnapshots(long lsn) {
        var manager = context.session.services().transactions();
        for (int poll = 1; ; poll++) {
            manager.advanceHorizon();
            if (manager.snapshots().refreshOldestLsn() >= lsn) {
                return;
            }
            context.checkInterrupts();
            LockSupport.parkNanos(POLL_MILLIS * 1_000_000L);
            if (poll % POLLS_BETWEEN_COMMITS == 0) {
                context.transaction().topXid();
                nextTransaction();
            }
        }
    }

    // ---- DROP INDEX

    /** The caller has checked that it may be dropped. */
    void drop(RelationDescriptor index) {
        IndexDescriptor descriptor = context.catalog().index(index.oid());
        RelationDescriptor table = context.catalog().relation(descriptor.tableOid());
        try (Guard guard = new Guard(table)) {
            drop(guard, table, index.oid());
        }
    }

    private void drop(Guard guard, RelationDescriptor table, int indexOid) {
        if (context.catalog().index(indexOid) == null) {
            throw new SqlException(SqlState.UNDEFINED_OBJECT,
                    "index with OID " + Integer.toUnsignedString(indexOid) + " does not exist");
        }
        context.writer().indexes().setIndexState(indexOid, true, false);
        nextTransaction();
        guard.waitForOthers(LockMode.ACCESS_EXCLUSIVE);
        context.writer().indexes().setIndexState(indexOid, false, false);
        nextTransaction();
        guard.waitForOthers(LockMode.ACCESS_EXCLUSIVE);
        RelationDescriptor gone = context.catalog().relation(indexOid);
        context.lock(gone, LockMode.ACCESS_EXCLUSIVE);
        context.transaction().session().manager().conflicts()
                .transfer(BufferPool.key(gone.storage()), BufferPool.key(table.storage()));
        context.drop(ObjectAddress.relation(indexOid), false);
    }

    // ---- REINDEX

    /** All indexes of a table, or only one of them. @param only oid, 0 for all */
    void rebuild(RelationDescriptor relation, int only) {
        if (relation.isSystem()) {
            throw SqlException.notSupported("cannot reindex system catalogs concurrently");
        }
        for (IndexDescriptor index : relation.indexes()) {
            if (only == 0 && !index.valid()) {
                context.warning(SqlState.FEATURE_NOT_SUPPORTED, "cannot reindex invalid index \"" + relation.schemaName()
                        + "." + index.name() + "\" concurrently, skipping");
            } else if (only == 0 || index.oid() == only) {
                try (Guard guard = new Guard(relation)) {
                    rebuild(guard, table(relation.oid(), relation.name()), index.oid());
                }
                nextTransaction();
            }
        }
    }

    private void rebuild(Guard guard, RelationDescriptor table, int indexOid) {
        IndexDescriptor old = table.index(indexOid);
        if (old == null) {
            throw CatalogErrors.noRelation(io.quantadb.catalog.RelationKind.INDEX, null,
                    Integer.toUnsignedString(indexOid));
        }
        String name = context.writer().indexes().chooseName(table.schemaOid(), old.name(), List.of(), "ccnew");
        int copy = build(guard, table, new NewIndex(table.oid(), name, old.accessMethod(), old.keyColumns(),
                old.includeColumns(), List.of(), old.unique(), old.nullsNotDistinct(), old.predicate(), (char) 0,
                old.deferrable(), false, old.tablespaceOid(), old.options(), false, true));
        nextTransaction();
        guard.alone(() -> {
            context.writer().relations().swapFiles(indexOid, copy);
            context.writer().indexes().setIndexState(indexOid, true, true);
            context.writer().indexes().setIndexState(copy, true, false);
        });
        drop(guard, table, copy);
    }
}
