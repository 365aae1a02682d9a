package io.quantadb.txn;

/** Isolation levels of SQL; READ UNCOMMITTED behaves as READ COMMITTED, as in PostgreSQL. */
public enum IsolationLevel {
    READ_UNCOMMITTED("read uncommitted"),
    READ_COMMITTED("read committed"),
    REPEATABLE_READ("repeatable read"),
    SERIALIZABLE("serializable");

    private final String sqlName;

    IsolationLevel(String sqlName) {
        this.sqlName = sqlName;
    }

    /** As shown by SHOW transaction_isolation. */
    public String sqlName() {
        return sqlName;
    }

    /** Whether one snapshot serves the whole transaction. */
    public boolean usesTransactionSnapshot() {
        return this == REPEATABLE_READ || this == SERIALIZABLE;
    }
}
