package io.quantadb.txn;

import io.quantadb.base.Invariant;
import io.quantadb.txn.lock.LockOwner;
import io.quantadb.txn.snapshot.SnapshotSlot;
import io.quantadb.wal.record.WalRecordBuilder;

/**
 * A session's standing with the transaction manager: identity, locks, snapshots, last commit. Confined to the session's thread; close it at the session's end.
 *
 * <p>What a reply waits for: a commit's own LSN ({@link Transaction#commit}); and, because a snapshot may stand above the durable horizon when the
 * session has to see its own commits or what its transaction built upon, {@link #replyLsn} for replies that carry data or an error.
 */
public final class TxnSession implements AutoCloseable {
    private final TransactionManager manager;
    private final LockOwner lockOwner;
    private final SnapshotSlot snapshots;
    private Runnable snapshotCheck = () -> { };
    private WalRecordBuilder record;
    private Transaction current;
    private long lastCommitLsn;
    private long lastAsyncLsn;
    private long replyLsn;
    private boolean closed;

    TxnSession(TransactionManager manager, LockOwner lockOwner, SnapshotSlot snapshots) {
        this.manager = manager;
        this.lockOwner = lockOwner;
        this.snapshots = snapshots;
    }

    public TransactionManager manager() {
        return manager;
    }

    public int processId() {
        return lockOwner.processId();
    }

    public LockOwner lockOwner() {
        return lockOwner;
    }

    public SnapshotSlot snapshots() {
        return snapshots;
    }

    /** This session's builder of WAL records, for one record at a time. */
    public WalRecordBuilder record() {
        if (record == null) {
            record = new io.quantadb.wal.record.WalRecordEncoder();
        }
        return record;
    }

    /** Begins a transaction; at most one at a time. */
    public Transaction begin(IsolationLevel isolation, boolean readOnly) {
        Invariant.check(!closed && current == null, "transaction begun inside another one");
        current = new Transaction(this, isolation, readOnly || !manager.acceptsWrites());
        return current;
    }

    /** The running transaction, or null. */
    public Transaction current() {
        return current;
    }

    /** Raw LSN of this session's last commit, 0 for none. */
    public long lastCommitLsn() {
        return lastCommitLsn;
    }

    /** Makes later snapshots stand at least here: read-your-writes with a position from elsewhere. The caller has waited for its durability. */
    public void seeAtLeast(long lsn) {
        lastCommitLsn = Math.max(lastCommitLsn, lsn);
    }

    /**
     * LSN that must be durable before a reply about what was read since the last {@link #resetReplyLsn} may leave; 0 for none. What this session itself
     * committed with synchronous_commit = off does not count: the user chose not to wait for it, nor for what came before it.
     */
    public long replyLsn() {
        return replyLsn;
    }

    public void resetReplyLsn() {
        replyLsn = 0;
    }

    void ended(Transaction transaction) {
        Invariant.check(current == transaction, "a transaction ends that is not the current one");
        current = null;
        lockOwner.setXid(0);
    }

    void committed(long lsn, boolean sync) {
        lastCommitLsn = lsn;
        if (!sync) {
            lastAsyncLsn = lsn;
        }
    }

    /** Sets what may refuse, by an exception, that a new snapshot is taken. Called for each. */
    public void beforeSnapshot(Runnable check) {
        snapshotCheck = check;
    }

    void checkSnapshot() {
        snapshotCheck.run();
    }

    /** A snapshot (or another look at fresh data) stands at this LSN. */
    void reads(long lsn) {
        if (lsn > replyLsn && lsn > lastAsyncLsn && lsn > manager.snapshots().horizon()) {
            replyLsn = lsn;
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (current != null) {
            current.abort();
        }
        manager.locks().closeOwner(lockOwner);
        manager.snapshots().close(snapshots);
    }
}
