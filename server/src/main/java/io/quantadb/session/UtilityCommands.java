package io.quantadb.session;

import io.quantadb.sql.ast.Statement;

/** Runs the commands that are neither queries nor about the session itself: DDL, COPY, VACUUM, EXPLAIN... */
public interface UtilityCommands {
    /**
     * Result columns of a utility command that returns rows (EXPLAIN, SHOW handled by the session itself); empty list
     * if it returns none.
     */
    java.util.List<ResultColumn> columns(Statement statement, Session session);

    /**
     * Runs the command inside the session's transaction.
     *
     * @param sql text that positions refer to
     * @param columns as {@link #columns} returned
     * @return the command tag
     */
    String execute(Statement statement, String sql, Object[] parameters, Session session, ClientWriter out);

    /** Drops the session's temporary objects: DISCARD TEMP, and the end of the session. A transaction is running. */
    void discardTemporary(Session session);

    /** Channels the session listens to. */
    java.util.Set<String> channels(Session session);

    /** Whether the command must not run inside a transaction block: VACUUM, CREATE DATABASE... */
    boolean forbidsTransactionBlock(Statement statement);

    /** What messages call the command: {@code VACUUM}. */
    String name(Statement statement);

    /** Whether a utility command may run where nothing must change. */
    enum Allowance {
        /** Changes nothing at all. */
        ALWAYS,
        /** Nothing that a dump would show, but it writes WAL: not in recovery. */
        NOT_IN_RECOVERY,
        /** Not in a read-only transaction. */
        NEVER
    }

    Allowance allowance(Statement statement);

    /** Its command tag, by which a read-only transaction refuses it: {@code CREATE TYPE}. */
    String refusedAs(Statement statement);
}
