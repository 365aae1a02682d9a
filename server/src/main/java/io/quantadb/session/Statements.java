package io.quantadb.session;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.txn.Transaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/** A session's prepared statements, portals and cursors by name. Confined to the session's thread. */
final class Statements {
    /** Bound on each of the two maps, so that a client cannot fill the memory with names. */
    private static final int LIMIT = 10_000;

    private final Session session;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private final Map<String, Portal> portals = new HashMap<>();
    private final Map<String, Cursor> cursors = new HashMap<>();
    private Portal running;

    Statements(Session session) {
        this.session = session;
    }

    // ---- Prepared statements

    PreparedStatement prepared(String name) {
        PreparedStatement found = prepared.get(name);
        if (found == null) {
            throw new SqlException(SqlState.INVALID_SQL_STATEMENT_NAME, name.isEmpty()
                ? "unnamed prepared statement does not exist" : "prepared statement \"" + name + "\" does not exist");
        }
        return found;
    }

    void add(PreparedStatement statement) {
        if (!statement.name().isEmpty() && prepared.containsKey(statement.name())) {
            throw new SqlException(SqlState.DUPLICATE_PSTATEMENT, "prepared statement \"" + statement.name() + "\" already exists");
        }
        if (prepared.size() >= LIMIT) {
            throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "too many prepared statements in this session: limit is " + LIMIT);
        }
        prepared.put(statement.name(), statement);
    }

    /** @return false if there was none of that name */
    boolean removePrepared(String name) {
        return prepared.remove(name) != null;
    }

    void removeAllPrepared() {
        prepared.clear();
    }

    Collection<PreparedStatement> allPrepared() {
        return prepared.values();
    }

    /** A simple query drops the unnamed statement and portal. */
    void closeUnnamed() {
        prepared.remove("");
        closePortal("");
    }

    boolean hasCursors() {
        return !cursors.isEmpty();
    }

    // ---- Portals

    Portal portal(String name) {
        Portal portal = portals.get(name);
        if (portal == null) {
            throw new SqlException(SqlState.INVALID_CURSOR_NAME, "portal \"" + name + "\" does not exist");
        }
        return portal;
    }

    void add(Portal portal) {
        if (!portal.name().isEmpty() && (portals.containsKey(portal.name()) || cursors.containsKey(portal.name()))) {
            throw new SqlException(SqlState.DUPLICATE_CURSOR, "cursor \"" + portal.name() + "\" already exists");
        }
        if (portals.size() >= LIMIT) {
            throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "too many open portals in this session: limit is " + LIMIT);
        }
        closePortal(portal.name());
        portals.put(portal.name(), portal);
    }

    void closePortal(String name) {
        Portal portal = portals.remove(name);
        if (portal != null) {
            close(portal);
        }
    }

    /** Notes which portal runs now, so that an error can close it. */
    void running(Portal portal) {
        running = portal;
    }

    /** Closes what ran when an error struck. */
    void closeRunning() {
        if (running != null) {
            portals.remove(running.name(), running);
            close(running);
            running = null;
        }
    }

    void close(Portal portal) {
        portal.close();
        Transaction transaction = session.transaction();
        if (portal.snapshot() != null && transaction != null && portal.releaseSnapshotOnce()) {
            transaction.releaseSnapshot(portal.snapshot());
        }
    }

    /** Takes back the start of what ran when it turned out that it may wait: it will be started again on a thread. */
    void resetRunning() {
        if (running != null) {
            close(running);
            running.reset();
            running = null;
        }
    }

    void closePortals() {
        for (Portal portal : new ArrayList<>(portals.values())) {
            close(portal);
        }
        portals.clear();
    }

    // ---- Cursors

    Cursor cursor(String name) {
        Cursor cursor = cursors.get(name);
        if (cursor == null) {
            throw new SqlException(SqlState.INVALID_CURSOR_NAME, "cursor \"" + name + "\" does not exist");
        }
        return cursor;
    }

    void add(Cursor cursor) {
        if (cursors.containsKey(cursor.name()) || portals.containsKey(cursor.name()) && !cursor.name().isEmpty()) {
            throw new SqlException(SqlState.DUPLICATE_CURSOR, "cursor \"" + cursor.name() + "\" already exists");
        }
        cursors.put(cursor.name(), cursor);
    }

    void closeCursor(String name) {
        Cursor cursor = cursors.remove(name);
        if (cursor == null) {
            throw new SqlException(SqlState.INVALID_CURSOR_NAME, "cursor \"" + name + "\" does not exist");
        }
        close(cursor.portal());
    }

    void closeAllCursors() {
        for (Cursor cursor : cursors.values()) {
            close(cursor.portal());
        }
        cursors.clear();
    }

    Collection<Cursor> allCursors() {
        return cursors.values();
    }

    // ---- Ends of transactions

    /** Cursors WITH HOLD read what is left of them while their snapshot is still there. */
    void beforeCommit() {
        for (Cursor cursor : cursors.values()) {
            if (cursor.isHold() && !cursor.isDetached()) {
                session.requireThread();
                cursor.readAll();
                close(cursor.portal());
                cursor.detach();
            }
        }
    }

    /** Closes portals and cursors that end with the transaction. */
    void endTransaction() {
        if (!portals.isEmpty()) {
            closePortals();
        }
        for (Iterator<Cursor> all = cursors.values().iterator(); all.hasNext();) {
            Cursor cursor = all.next();
            if (!cursor.isDetached()) {
                close(cursor.portal());
                all.remove();
            }
        }
    }

    /** ROLLBACK TO a savepoint of this level: what was opened since is closed. */
    void endSubtransaction(int level) {
        for (Portal portal : new ArrayList<>(portals.values())) {
            if (portal.subtransactionLevel() >= level) {
                closePortal(portal.name());
            }
        }
        for (Iterator<Cursor> all = cursors.values().iterator(); all.hasNext();) {
            Cursor cursor = all.next();
            if (!cursor.isDetached() && cursor.portal().subtransactionLevel() >= level) {
                close(cursor.portal());
                all.remove();
            }
        }
    }

    void closeAll() {
        closePortals();
        closeAllCursors();
        prepared.clear();
    }
}
