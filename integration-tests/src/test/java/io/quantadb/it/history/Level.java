package io.quantadb.it.history;

/** Isolation levels, by what they must not show; PostgreSQL's REPEATABLE READ is snapshot isolation. */
public enum Level {
    READ_COMMITTED("read committed"), REPEATABLE_READ("repeatable read"), SERIALIZABLE("serializable");

    private final String sql;

    Level(String sql) {
        this.sql = sql;
    }

    /** As in {@code begin isolation level ...}. */
    public String sql() {
        return sql;
    }
}
