package io.quantadb.txn.lock;

/** API stub. */
public final class RelationLock {
    public int databaseOid() {
        throw new UnsupportedOperationException();
    }

    public int relationOid() {
        throw new UnsupportedOperationException();
    }
}
