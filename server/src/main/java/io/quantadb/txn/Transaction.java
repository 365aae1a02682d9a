package io.quantadb.txn;

import io.quantadb.base.Invariant;
import io.quantadb.base.RelationId;
import io.quantadb.base.Xid;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.storage.buffer.PendingStorage;
import io.quantadb.txn.serializable.ConflictTracker;
import io.quantadb.txn.serializable.SerializableTransaction;
import io.quantadb.txn.snapshot.OwnTransaction;
import io.quantadb.txn.snapshot.Snapshot;
import io.quantadb.txn.snapshot.SnapshotSlot;
import io.quantadb.wal.record.WalRecordBuilder;
import io.quantadb.wal.writer.WalInserter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One transaction; confined to its session's thread. Ends by {@link #commit} or {@link #abort}, then it is not used any more.
 *
 * <p>Xids are assigned on first write. Each subtransaction that writes has its own; a parent gets its xid before its child, so those of a running
 * subtransaction and of all inside it are a suffix of {@code subXids}.
 */
public final class Transaction implements OwnTransaction {
    private static final long[] NONE = {};

    private final TxnSession session;
    private final TransactionManager manager;
    private long startWallMicros;
    private IsolationLevel isolation;
    private boolean readOnly;
    private boolean active = true;

    private long topXid;
    private long[] subXids = NONE;
    private int subCount;
    private ArrayList<Level> levels;
    private int commandId;
    private boolean commandUsed;
    private ComboCommands combos;

    private Snapshot transactionSnapshot;
    private boolean snapshotTaken;
    private boolean deferrable;
    /** Conflict detection's view of this transaction; null unless it is SERIALIZABLE, has its snapshot, and can still conflict. */
    private SerializableTransaction serializable;
    private long dependencyLsn;

    private PendingStorage pendingStorage;
    private List<byte[]> invalidations = List.of();
    private List<Runnable> commitActions = List.of();
    private List<Runnable> abortActions = List.of();

    /** State at the beginning of a subtransaction, and its xid (0 until assigned). */
    private static final class Level {
        final long lockMark;
        final int invalidations;
        final int commitActions;
        final int abortActions;
        final boolean readOnly;
        long xid;

        Level(Transaction t) {
            lockMark = t.session.lockOwner().mark();
            invalidations = t.invalidations.size();
            commitActions = t.commitActions.size();
            abortActions = t.abortActions.size();
            readOnly = t.readOnly;
        }
    }

    Transaction(TxnSession session, IsolationLevel isolation, boolean readOnly) {
        this.session = session;
        this.manager = session.manager();
        this.isolation = isolation;
        this.readOnly = readOnly;
        this.startWallMicros = manager.clock().wallMicros();
    }

    public TxnSession session() {
        return session;
    }

    public IsolationLevel isolation() {
        return isolation;
    }

    public boolean readOnly() {
        return readOnly;
    }

    /**
     * @throws SqlException from READ ONLY to READ WRITE: 25001 after a snapshot, as what it has read was recorded as a
     *     reader's, and in a subtransaction; 0A000 in recovery
     */
    public void setReadOnly(boolean newReadOnly) {
        if (readOnly && !newReadOnly) {
            if (levels != null) {
                throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION,
                        "cannot set transaction read-write mode inside a read-only transaction");
            }
            if (snapshotTaken) {
                throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION,
                        "transaction read-write mode must be set before any query");
            }
            if (!manager.acceptsWrites()) {
                throw SqlException.notSupported("cannot set transaction read-write mode during recovery");
            }
        }
        readOnly = newReadOnly;
    }

    /** @throws SqlException 25001 after the first snapshot; 0A000 for SERIALIZABLE on a replica */
    public void setIsolation(IsolationLevel newIsolation) {
        if (newIsolation == isolation) {
            return;
        }
        if (snapshotTaken) {
            throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "SET TRANSACTION ISOLATION LEVEL must be called before any query");
        }
        if (levels != null) {
            throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "SET TRANSACTION ISOLATION LEVEL must not be called in a subtransaction");
        }
        if (newIsolation == IsolationLevel.SERIALIZABLE && !manager.acceptsWrites()) {
            throw SqlException.notSupported("cannot use serializable mode in a hot standby")
                    .withHint("You can use REPEATABLE READ instead.");
        }
        isolation = newIsolation;
    }

    public boolean deferrable() {
        return deferrable;
    }

    /**
     * SERIALIZABLE READ ONLY DEFERRABLE: the first snapshot waits until it is safe, then nothing can make the transaction fail.
     *
     * @throws SqlException 25001 after the first snapshot
     */
    public void setDeferrable(boolean newDeferrable) {
        if (snapshotTaken) {
            throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "SET TRANSACTION [NOT] DEFERRABLE must be called before any query");
        }
        deferrable = newDeferrable;
    }

    /** Whether the first snapshot may have to be waited for. */
    public boolean waitsForSnapshot() {
        return deferrable && readOnly && !snapshotTaken && isolation == IsolationLevel.SERIALIZABLE;
    }

    /** To be told of writes; null unless conflicts must be detected. */
    public SerializableTransaction serializable() {
        return serializable;
    }

    /** Whether the snapshot of the whole transaction has been taken (REPEATABLE READ and above). */
    public boolean hasTransactionSnapshot() {
        return transactionSnapshot != null;
    }

    /** Wall time of begin, microseconds since 1970: now(). */
    /** Moves the start back to when the statement arrived that needed the transaction. */
    public void startedAt(long wallMicros) {
        startWallMicros = wallMicros;
    }

    public long startWallMicros() {
        return startWallMicros;
    }

    public boolean isActive() {
        return active;
    }

    // ---- Xids and commands

    /** The xid that changes made now carry: of the current subtransaction; assigned on first use (with its parents'). */
    public long xid() {
        if (levels == null) {
            return topXid != Xid.INVALID ? topXid : topXid();
        }
        return levelXid(levels.size() - 1);
    }

    private long levelXid(int index) {
        if (index < 0) {
            return topXid();
        }
        Level level = levels.get(index);
        if (level.xid == Xid.INVALID) {
            levelXid(index - 1);
            level.xid = manager.assignXid(topXid);
            if (serializable != null) {
                serializable.assigned(level.xid);
            }
            if (subCount == subXids.length) {
                subXids = Arrays.copyOf(subXids, Math.max(8, subCount * 2));
            }
            subXids[subCount++] = level.xid;
        }
        return level.xid;
    }

    /** Xid.INVALID if the current subtransaction has none yet. */
    public long xidIfAssigned() {
        return levels == null ? topXid : levels.getLast().xid;
    }

    /** As pg_current_xact_id: assigned on first use. */
    public long topXid() {
        if (topXid == Xid.INVALID) {
            Invariant.check(active, "xid wanted by a transaction that has ended");
            if (!manager.acceptsWrites()) {
                throw new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot assign TransactionIds during recovery");
            }
            topXid = manager.assignXid(Xid.INVALID);
            if (serializable != null) {
                serializable.assigned(topXid);
            }
            session.lockOwner().setXid(topXid);
        }
        return topXid;
    }

    public long topXidIfAssigned() {
        return topXid;
    }

    @Override
    public boolean isOwn(long xid) {
        return xid == topXid || subCount > 0 && xid > topXid && Arrays.binarySearch(subXids, 0, subCount, xid) >= 0;
    }

    /** The current command; changes made now carry it. */
    public int commandId() {
        return commandId;
    }

    /** The current command, and it changes something: {@link #nextCommand} will count on. */
    public int useCommandId() {
        commandUsed = true;
        return commandId;
    }

    /** Ends a command: what it changed becomes visible to the following ones. Free if the command changed nothing. */
    public void nextCommand() {
        if (commandUsed) {
            if (commandId == Integer.MAX_VALUE) {
                throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "cannot have more than 2^31-1 commands in a transaction");
            }
            commandId++;
            commandUsed = false;
        }
    }

    /** Combo id for a version this transaction inserted in one command and deletes in another. */
    public int comboCommand(int insertCommand, int deleteCommand) {
        if (combos == null) {
            combos = new ComboCommands();
        }
        return combos.idOf(insertCommand, deleteCommand);
    }

    @Override
    public int comboInsertCommand(int comboId) {
        return combos.insertCommand(comboId);
    }

    @Override
    public int comboDeleteCommand(int comboId) {
        return combos.deleteCommand(comboId);
    }

    // ---- Snapshots

    /**
     * A registered snapshot for a statement: new in READ COMMITTED, the transaction's one otherwise. Give it back with
     * {@link #releaseSnapshot}.
     */
    public Snapshot takeSnapshot() {
        if (!isolation.usesTransactionSnapshot()) {
            snapshotTaken = true;
            return takeLatestSnapshot();
        }
        if (transactionSnapshot == null) {
            transactionSnapshot = isolation == IsolationLevel.SERIALIZABLE ? takeSerializableSnapshot() : takeLatestSnapshot();
            snapshotTaken = true;
        }
        return retainSnapshot(transactionSnapshot.withCommandId(commandId));
    }

    private Snapshot takeSerializableSnapshot() {
        if (!manager.acceptsWrites()) {
            throw SqlException.notSupported("cannot use serializable mode in a hot standby")
                    .withDetail("\"default_transaction_isolation\" is set to \"serializable\".")
                    .withHint("You can use \"SET default_transaction_isolation = 'repeatable read'\" to change the default.");
        }
        ConflictTracker conflicts = manager.conflicts();
        SerializableTransaction begun = beginSerializable(conflicts);
        while (deferrable && readOnly && !begun.isSafe()) {
            try {
                if (conflicts.awaitSafe(begun, session.lockOwner().interruptCheck())) {
                    break;
                }
            } catch (RuntimeException e) {
                forget(begun);
                throw e;
            }
            forget(begun);
            begun = beginSerializable(conflicts);
        }
        long lsn = begun.snapshotLsn();
        session.reads(lsn);
        if (begun.isSafe()) {
            return new Snapshot(lsn, manager.commits().settledXid(), commandId, this);
        }
        serializable = begun;
        if (topXid != Xid.INVALID) {
            begun.assigned(topXid);
        }
        for (int i = 0; i < subCount; i++) {
            begun.assigned(subXids[i]);
        }
        return new Snapshot(lsn, manager.commits().settledXid(), commandId, this, begun);
    }

    private SerializableTransaction beginSerializable(ConflictTracker conflicts) {
        return conflicts.begin(session.processId(), readOnly, newest -> session.snapshots().register(
                manager.snapshots().horizonSupplier(), Math.max(Math.max(newest, manager.catalogLsn()), Math.max(session.lastCommitLsn(), dependencyLsn))));
    }

    private void forget(SerializableTransaction begun) {
        begun.abort();
        session.snapshots().unregister(begun.snapshotLsn());
    }

    /** A new registered snapshot whatever the isolation level: for catalog lookups, constraint checks. */
    public Snapshot takeLatestSnapshot() {
        session.checkSnapshot();
        long lsn = session.snapshots().register(manager.snapshots().horizonSupplier(),
                Math.max(manager.catalogLsn(), Math.max(session.lastCommitLsn(), dependencyLsn)));
        try {
            // Again: the horizon may have been waited for, and the node have lost its role meanwhile.
            session.checkSnapshot();
        } catch (RuntimeException e) {
            session.snapshots().unregister(lsn);
            throw e;
        }
        session.reads(lsn);
        return new Snapshot(lsn, manager.commits().settledXid(), commandId, this);
    }

    /** Registers another use of a registered snapshot: a portal that stays open. */
    public Snapshot retainSnapshot(Snapshot snapshot) {
        session.snapshots().registerAgain(snapshot.lsn());
        return snapshot;
    }

    public void releaseSnapshot(Snapshot snapshot) {
        session.snapshots().unregister(snapshot.lsn());
    }

    /**
     * Notes that this transaction built on a commit (waited for its row, found its key taken) that may lie above its snapshot: later snapshots of
     * READ COMMITTED stand at least there, and replies wait until it is durable.
     */
    public void dependOn(long commitLsn) {
        if (commitLsn > dependencyLsn) {
            dependencyLsn = commitLsn;
            session.reads(commitLsn);
        }
    }

    // ---- Subtransactions

    /** Begins a subtransaction; levels count from 1, level 0 is the transaction itself. */
    public int beginSubtransaction() {
        if (levels == null) {
            levels = new ArrayList<>(4);
        }
        levels.add(new Level(this));
        return levels.size();
    }

    public int subtransactionLevel() {
        return levels == null ? 0 : levels.size();
    }

    private Level pop(int level) {
        Invariant.check(level >= 1 && level <= subtransactionLevel(), "subtransaction %d of %d", level, subtransactionLevel());
        Level popped = levels.get(level - 1);
        readOnly = popped.readOnly;
        while (levels.size() >= level) {
            levels.removeLast();
        }
        if (levels.isEmpty()) {
            levels = null;
        }
        return popped;
    }

    /** RELEASE SAVEPOINT: merges {@code level} and those inside it into their parent. */
    public void releaseSubtransaction(int level) {
        pop(level);
        if (pendingStorage != null) {
            pendingStorage.subCommit(level + 1);
        }
    }

    /** Aborts {@code level} and those inside it at once; ROLLBACK TO then begins a new one. */
    public void rollbackSubtransaction(int level) {
        Level popped = pop(level);
        List<RelationId> drops = pendingStorage == null ? List.of() : pendingStorage.subAbort(level + 1);
        // Parents get their xids first, so everything behind the level's own one is of levels inside it.
        int kept = popped.xid == Xid.INVALID ? subCount : Arrays.binarySearch(subXids, 0, subCount, popped.xid);
        if (subCount > kept || !drops.isEmpty()) {
            WalRecordBuilder record = session.record();
            TransactionRecords.put(record, TransactionRecords.ABORT, Xid.INVALID, manager.clock().wallMicros(), subXids,
                    kept, subCount, drops, List.of());
            int ticket = manager.barrier().enter();
            try {
                long lsn = manager.wal().insert(record);
                for (int i = kept; i < subCount; i++) {
                    manager.commits().abort(subXids[i]);
                }
                subCount = kept;
                if (!drops.isEmpty()) {
                    manager.storage().dropAfter(lsn, drops);
                }
            } finally {
                manager.barrier().leave(ticket);
            }
        }
        runFrom(abortActions, popped.abortActions);
        abortActions = cut(abortActions, popped.abortActions);
        commitActions = cut(commitActions, popped.commitActions);
        invalidations = cut(invalidations, popped.invalidations);
        manager.locks().releaseTo(session.lockOwner(), popped.lockMark);
        if (topXid != Xid.INVALID) {
            manager.locks().transactionEnded(topXid);
        }
    }

    private static <T> List<T> cut(List<T> list, int size) {
        if (list.size() > size) {
            list.subList(size, list.size()).clear();
        }
        return list;
    }

    // ---- What happens at the end

    /** Files to delete at the end; {@link #storageLevel} is the nesting level to pass. */
    public PendingStorage pendingStorage() {
        if (pendingStorage == null) {
            pendingStorage = new PendingStorage();
        }
        return pendingStorage;
    }

    /** Nesting level as PendingStorage counts: 1 for the transaction itself. */
    public int storageLevel() {
        return subtransactionLevel() + 1;
    }

    /** Deletes the relation's files if this (sub)transaction commits. */
    public void dropFilesAtCommit(RelationId relation) {
        topXid();
        pendingStorage().dropAtCommit(relation, storageLevel());
    }

    /** Deletes the relation's files if this (sub)transaction aborts. */
    public void dropFilesAtAbort(RelationId relation) {
        topXid();
        pendingStorage().dropAtAbort(relation, storageLevel());
    }

    /** Adds bytes to the commit record that replicas hand to the catalog. */
    public void addInvalidation(byte[] message) {
        topXid();
        invalidations = add(invalidations, message);
    }

    /** Runs after the commit is decided and before locks are released; must not fail. Dropped by rollback of its subtransaction. */
    public void onCommit(Runnable action) {
        commitActions = add(commitActions, action);
    }

    /** Runs when this (sub)transaction aborts, before locks are released; must not fail. */
    public void onAbort(Runnable action) {
        abortActions = add(abortActions, action);
    }

    private static <T> List<T> add(List<T> list, T element) {
        List<T> target = list.isEmpty() && !(list instanceof ArrayList) ? new ArrayList<>() : list;
        target.add(element);
        return target;
    }

    private static void runFrom(List<Runnable> actions, int from) {
        for (int i = actions.size() - 1; i >= from; i--) {
            actions.get(i).run();
        }
    }

    /**
     * Commits. Returns when the record is in the WAL buffer: not durable until flushed. Locks are released.
     *
     * <p>If it throws (no WAL space: 53100; 40001 of a serializable transaction), the transaction is still running: abort it.
     *
     * @param sync false for synchronous_commit = off: nobody will wait for the flush
     * @return raw LSN whose durability the reply must wait for; 0 if nothing was written
     */
    public long commit(boolean sync) {
        Invariant.check(active, "commit of a transaction that has ended");
        while (levels != null) {
            releaseSubtransaction(levels.size());
        }
        long commitLsn = 0;
        if (topXid != Xid.INVALID) {
            commitLsn = writeCommit();
            session.committed(commitLsn, sync);
            if (!sync) {
                manager.wal().requestFlush(commitLsn);
            }
        } else if (serializable != null) {
            serializable.commitReadOnly();
        }
        for (Runnable action : commitActions) {
            action.run();
        }
        end();
        return commitLsn;
    }

    private long writeCommit() {
        WalInserter wal = manager.wal();
        wal.admit();
        List<RelationId> drops = pendingStorage == null ? List.of() : pendingStorage.dropsAtCommit();
        WalRecordBuilder record = session.record();
        TransactionRecords.put(record, TransactionRecords.COMMIT, topXid, manager.clock().wallMicros(), subXids, 0, subCount,
                drops, invalidations);
        CommitTable commits = manager.commits();
        long lsn = 0;
        int ticket = manager.barrier().enter();
        try {
            if (serializable != null) {
                serializable.beginCommit();
            }
            commits.markCommitting(topXid, subXids, subCount);
            try {
                lsn = wal.insert(record);
            } finally {
                if (lsn == 0) {
                    commits.undoCommitting(topXid, subXids, subCount);
                }
                if (serializable != null) {
                    serializable.endCommit(lsn);
                }
            }
            if (!invalidations.isEmpty()) {
                manager.catalogCommitted(lsn);
            }
            commits.publish(topXid, subXids, subCount, lsn);
            if (!drops.isEmpty()) {
                manager.storage().dropAfter(lsn, drops);
            }
        } finally {
            manager.barrier().leave(ticket);
        }
        return lsn;
    }

    /** Aborts; nothing happens if it ended already. */
    public void abort() {
        if (!active) {
            return;
        }
        levels = null;
        if (topXid != Xid.INVALID) {
            writeAbort();
        }
        if (serializable != null) {
            serializable.abort();
        }
        runFrom(abortActions, 0);
        end();
    }

    private void writeAbort() {
        List<RelationId> drops = pendingStorage == null ? List.of() : pendingStorage.dropsAtAbort();
        WalRecordBuilder record = session.record();
        TransactionRecords.put(record, TransactionRecords.ABORT, topXid, manager.clock().wallMicros(), subXids, 0, subCount,
                drops, List.of());
        int ticket = manager.barrier().enter();
        try {
            // Not admitted: an abort must go through when space is short; the WAL keeps a reserve.
            long lsn = manager.wal().insert(record);
            for (int i = 0; i < subCount; i++) {
                manager.commits().abort(subXids[i]);
            }
            manager.commits().abort(topXid);
            if (!drops.isEmpty()) {
                manager.storage().dropAfter(lsn, drops);
            }
        } finally {
            manager.barrier().leave(ticket);
        }
    }

    private void end() {
        active = false;
        SnapshotSlot slot = session.snapshots();
        if (slot.count() > 0) {
            slot.clear();
        }
        long xid = topXid;
        session.ended(this);
        manager.locks().releaseTransaction(session.lockOwner());
        if (xid != Xid.INVALID) {
            manager.locks().transactionEnded(xid);
        }
    }
}
