package io.quantadb.txn;

import io.quantadb.base.RelationId;
import io.quantadb.txn.snapshot.OwnTransaction;
import io.quantadb.txn.snapshot.Snapshot;

/** API stub. One transaction; confined to its session's thread. */
public final class Transaction implements OwnTransaction {
    public TxnSession session() {
        throw new UnsupportedOperationException();
    }

    public IsolationLevel isolation() {
        throw new UnsupportedOperationException();
    }

    public boolean readOnly() {
        throw new UnsupportedOperationException();
    }

    public void setReadOnly(boolean readOnly) {
        throw new UnsupportedOperationException();
    }

    /** Only before the first snapshot. */
    public void setIsolation(IsolationLevel isolation) {
        throw new UnsupportedOperationException();
    }

    /** The xid that changes made now carry: of the current subtransaction; assigned on first use (with its parents'). */
    public long xid() {
        throw new UnsupportedOperationException();
    }

    /** Xid.INVALID if the current subtransaction has none yet. */
    public long xidIfAssigned() {
        throw new UnsupportedOperationException();
    }

    /** As pg_current_xact_id: assigned on first use. */
    public long topXid() {
        throw new UnsupportedOperationException();
    }

    public long topXidIfAssigned() {
        throw new UnsupportedOperationException();
    }

    /** Wall time of begin, microseconds since 1970: now(). */
    public long startWallMicros() {
        throw new UnsupportedOperationException();
    }

    /** The current command; changes made now carry it. */
    public int commandId() {
        throw new UnsupportedOperationException();
    }

    /** Ends a command: what it changed becomes visible to the following ones. Free if the command changed nothing. */
    public void nextCommand() {
        throw new UnsupportedOperationException();
    }

    /**
     * A registered snapshot for a statement: new in READ COMMITTED, the transaction's one otherwise. Give it back with
     * {@link #releaseSnapshot}.
     */
    public Snapshot takeSnapshot() {
        throw new UnsupportedOperationException();
    }

    /** A new registered snapshot whatever the isolation level: for catalog lookups, constraint checks. */
    public Snapshot takeLatestSnapshot() {
        throw new UnsupportedOperationException();
    }

    /** Registers another use of a registered snapshot: a portal that stays open. */
    public Snapshot retainSnapshot(Snapshot snapshot) {
        throw new UnsupportedOperationException();
    }

    public void releaseSnapshot(Snapshot snapshot) {
        throw new UnsupportedOperationException();
    }

    /** Notes that this transaction built on a commit that may lie above its snapshot. */
    public void dependOn(long commitLsn) {
        throw new UnsupportedOperationException();
    }

    /** Begins a subtransaction; levels count from 1, level 0 is the transaction itself. */
    public int beginSubtransaction() {
        throw new UnsupportedOperationException();
    }

    public int subtransactionLevel() {
        throw new UnsupportedOperationException();
    }

    /** RELEASE SAVEPOINT: merges {@code level} and those inside it into their parent. */
    public void releaseSubtransaction(int level) {
        throw new UnsupportedOperationException();
    }

    /** Aborts {@code level} and those inside it at once; ROLLBACK TO then begins a new one. */
    public void rollbackSubtransaction(int level) {
        throw new UnsupportedOperationException();
    }

    /** Deletes the relation's files if this (sub)transaction commits. */
    public void dropFilesAtCommit(RelationId relation) {
        throw new UnsupportedOperationException();
    }

    /** Deletes the relation's files if this (sub)transaction aborts. */
    public void dropFilesAtAbort(RelationId relation) {
        throw new UnsupportedOperationException();
    }

    /** Adds bytes to the commit record that replicas hand to the catalog. */
    public void addInvalidation(byte[] message) {
        throw new UnsupportedOperationException();
    }

    /** Runs after the commit is decided and before locks are released; must not fail. Dropped by rollback of its subtransaction. */
    public void onCommit(Runnable action) {
        throw new UnsupportedOperationException();
    }

    /** Runs when this (sub)transaction aborts, before locks are released; must not fail. */
    public void onAbort(Runnable action) {
        throw new UnsupportedOperationException();
    }

    /**
     * Commits. Returns when the record is in the WAL buffer: not durable until flushed. Locks are released.
     *
     * @param sync false for synchronous_commit = off: nobody will wait for the flush
     * @return raw LSN whose durability the reply must wait for; 0 if nothing was written or depended on
     */
    public long commit(boolean sync) {
        throw new UnsupportedOperationException();
    }

    /** Aborts; nothing happens if it ended already. */
    public void abort() {
        throw new UnsupportedOperationException();
    }

    public boolean isActive() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOwn(long xid) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int comboInsertCommand(int comboId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int comboDeleteCommand(int comboId) {
        throw new UnsupportedOperationException();
    }
}
