package io.quantadb.sql.ast;

import java.util.List;

/** Settings, prepared statements, cursors, notification, locks. */
public sealed interface SessionStatement extends Statement {

    /**
     * SET; special forms arrive as the setting they change: timezone, search_path, client_encoding, role,
     * session_authorization, xmloption.
     *
     * @param local  SET LOCAL
     * @param values words and strings as StringLiteral, numbers as NumberLiteral, SET TIME ZONE INTERVAL as a Cast;
     *               empty: DEFAULT
     */
    record SetVariable(boolean local, String name, List<Expression> values, int position)
            implements SessionStatement {
    }

    /** {@code SET name FROM CURRENT}, only inside CREATE or ALTER FUNCTION, ROLE, DATABASE. */
    record SetFromCurrent(boolean local, String name, int position) implements SessionStatement {
    }

    /** @param name null: ALL */
    record Reset(String name, int position) implements SessionStatement {
    }

    /** @param name null: ALL */
    record Show(String name, int position) implements SessionStatement {
    }

    /** @param sessionDefault SET SESSION CHARACTERISTICS AS TRANSACTION */
    record SetTransaction(boolean sessionDefault, TransactionStatement.TransactionModes modes, int position)
            implements SessionStatement {
    }

    record SetTransactionSnapshot(String snapshot, int position) implements SessionStatement {
    }

    /** @param constraints empty: ALL */
    record SetConstraints(List<QualifiedName> constraints, boolean deferred, int position)
            implements SessionStatement {
    }

    /** {@code ALTER SYSTEM}; {@code setting} is a SetVariable or Reset. */
    record AlterSystem(SessionStatement setting, int position) implements SessionStatement {
    }

    /** @param text source of the statement after AS */
    record Prepare(String name, List<TypeName> types, Statement statement, String text, int position)
            implements SessionStatement {
    }

    record Execute(String name, List<Expression> arguments, int position) implements SessionStatement {
    }

    /** @param name null: ALL */
    record Deallocate(String name, int position) implements SessionStatement {
    }

    /** @param scroll null: neither SCROLL nor NO SCROLL */
    record DeclareCursor(String name, boolean binary, Boolean insensitive, Boolean scroll, boolean withHold,
                         Query query, int position) implements SessionStatement {
    }

    /** @param count for FORWARD, BACKWARD, ABSOLUTE, RELATIVE; Long.MAX_VALUE for ALL */
    record Fetch(boolean move, FetchDirection direction, long count, String cursor, int position)
            implements SessionStatement {
    }

    /** NEXT is FORWARD 1, PRIOR is BACKWARD 1, FIRST is ABSOLUTE 1, LAST is ABSOLUTE -1. */
    enum FetchDirection { FORWARD, BACKWARD, ABSOLUTE, RELATIVE }

    /** @param name null: ALL */
    record ClosePortal(String name, int position) implements SessionStatement {
    }

    record Listen(String channel, int position) implements SessionStatement {
    }

    /** @param payload null if not written */
    record Notify(String channel, String payload, int position) implements SessionStatement {
    }

    /** @param channel null: all */
    record Unlisten(String channel, int position) implements SessionStatement {
    }

    record LockTable(List<FromItem.TableRef> tables, LockMode mode, boolean nowait, int position)
            implements SessionStatement {
    }

    /** Table lock modes, weakest first, in PostgreSQL's order. */
    enum LockMode {
        ACCESS_SHARE, ROW_SHARE, ROW_EXCLUSIVE, SHARE_UPDATE_EXCLUSIVE, SHARE, SHARE_ROW_EXCLUSIVE, EXCLUSIVE,
        ACCESS_EXCLUSIVE
    }

    /** @param target ALL, PLANS, SEQUENCES or TEMPORARY */
    record Discard(DiscardTarget target, int position) implements SessionStatement {
    }

    /** What DISCARD forgets. */
    enum DiscardTarget { ALL, PLANS, SEQUENCES, TEMPORARY }

    record Load(String file, int position) implements SessionStatement {
    }

    /** PostgreSQL 19's {@code WAIT FOR LSN 'lsn' [WITH (MODE ..., TIMEOUT ..., NO_THROW ...)]}. */
    record WaitForLsn(String lsn, List<Option> options, int position) implements SessionStatement {
    }
}
