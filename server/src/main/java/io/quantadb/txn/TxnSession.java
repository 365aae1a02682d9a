package io.quantadb.txn;

import io.quantadb.txn.lock.LockOwner;
import io.quantadb.txn.snapshot.SnapshotSlot;

/** API stub. */
public final class TxnSession implements AutoCloseable {
    public TransactionManager manager() {
        throw new UnsupportedOperationException();
    }

    public int processId() {
        throw new UnsupportedOperationException();
    }

    public LockOwner lockOwner() {
        throw new UnsupportedOperationException();
    }

    public SnapshotSlot snapshots() {
        throw new UnsupportedOperationException();
    }

    /** Begins a transaction; at most one at a time. */
    public Transaction begin(IsolationLevel isolation, boolean readOnly) {
        throw new UnsupportedOperationException();
    }

    /** The running transaction, or null. */
    public Transaction current() {
        throw new UnsupportedOperationException();
    }

    /** Raw LSN of this session's last commit, 0 for none. */
    public long lastCommitLsn() {
        throw new UnsupportedOperationException();
    }

    /** LSN that must be durable before a reply about what was read since the last {@link #resetReplyLsn} may leave; 0 for none. */
    public long replyLsn() {
        throw new UnsupportedOperationException();
    }

    public void resetReplyLsn() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
    }
}
