package io.quantadb.txn.lock;

/**
 * The four strengths of row locks, weakest first.
 *
 * <p>Each maps to a table lock mode with the same conflicts among the four: KEY SHARE conflicts with UPDATE only, SHARE with
 * both kinds of update, NO KEY UPDATE with all but KEY SHARE, UPDATE with all.
 */
public enum RowLockMode {
    KEY_SHARE(LockMode.ACCESS_SHARE, "FOR KEY SHARE"),
    SHARE(LockMode.ROW_SHARE, "FOR SHARE"),
    NO_KEY_UPDATE(LockMode.EXCLUSIVE, "FOR NO KEY UPDATE"),
    UPDATE(LockMode.ACCESS_EXCLUSIVE, "FOR UPDATE");

    private final LockMode lockMode;
    private final String sqlName;

    RowLockMode(LockMode lockMode, String sqlName) {
        this.lockMode = lockMode;
        this.sqlName = sqlName;
    }

    public LockMode lockMode() {
        return lockMode;
    }

    public String sqlName() {
        return sqlName;
    }

    public boolean conflictsWith(RowLockMode other) {
        return lockMode.conflictsWith(other.lockMode);
    }
}
