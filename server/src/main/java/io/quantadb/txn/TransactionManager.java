package io.quantadb.txn;

import io.quantadb.txn.lock.LockManager;
import io.quantadb.txn.snapshot.SnapshotRegistry;

/** API stub. Safe for use by many threads. */
public final class TransactionManager {
    public TxnSession openSession(int processId) {
        throw new UnsupportedOperationException();
    }

    public LockManager locks() {
        throw new UnsupportedOperationException();
    }

    public SnapshotRegistry snapshots() {
        throw new UnsupportedOperationException();
    }

    public CommitTable commits() {
        throw new UnsupportedOperationException();
    }

    /** The xid that will be assigned next. */
    public long nextXid() {
        throw new UnsupportedOperationException();
    }
}
