package io.quantadb.session;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.TidValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A cursor made by DECLARE: a portal with a position. Confined to its session.
 *
 * <p>Positions count rows from 1; 0 is before the first, and one past the last row is after the last. Rows already
 * read are kept if the cursor may scroll or is held.
 */
final class Cursor {
    private final String name;
    private final String sql;
    private final Portal portal;
    private final boolean scroll;
    private final boolean hold;
    private final boolean binary;
    private final long createdMicros;
    private final CursorPlaces places;
    private final int width;
    private final List<Object[]> rows = new ArrayList<>();
    private boolean complete;
    private boolean detached;
    private long position;
    /** Rows not kept because the cursor cannot scroll. */
    private long dropped;

    /** @param places which columns behind the visible ones say where rows come from */
    Cursor(String name, String sql, Portal portal, boolean scroll, boolean hold, boolean binary, long createdMicros,
        CursorPlaces places) {
        this.places = places;
        this.width = portal.columns().size();
        this.name = name;
        this.sql = sql;
        this.portal = portal;
        this.scroll = scroll;
        this.hold = hold;
        this.binary = binary;
        this.createdMicros = createdMicros;
    }

    String name() {
        return name;
    }

    String sql() {
        return sql;
    }

    Portal portal() {
        return portal;
    }

    boolean isHold() {
        return hold;
    }

    boolean isScroll() {
        return scroll;
    }

    boolean isBinary() {
        return binary;
    }

    long createdMicros() {
        return createdMicros;
    }

    /** Lives on after its transaction, from kept rows. */
    boolean isDetached() {
        return detached;
    }

    void detach() {
        detached = true;
    }

    void readAll() {
        while (row(dropped + rows.size() + 1) != null) {
            // Reading keeps the row.
        }
    }

    /** The row at a position from 1 on, null past the end. */
    private Object[] row(long wanted) {
        while (!complete && dropped + rows.size() < wanted) {
            if (!scroll && !hold && !rows.isEmpty()) {
                dropped += rows.size();
                rows.clear();
            }
            Object[] next = portal.nextRow();
            if (next == null) {
                complete = true;
            } else {
                rows.add(next);
            }
        }
        long index = wanted - dropped - 1;
        return index >= 0 && index < rows.size() ? rows.get((int) index) : null;
    }

    private long size() {
        readAll();
        return dropped + rows.size();
    }

    private void requireScroll() {
        if (!scroll) {
            throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "cursor can only scan forward")
                .withHint("Declare it with SCROLL option to enable backward scan.");
        }
    }

    /** Place of the row fetched last in a table. */
    TidValue place(int tableOid, Session session) {
        String table = session.catalog().relation(tableOid).name();
        if (detached) {
            throw new SqlException(SqlState.INVALID_CURSOR_STATE, "cursor \"" + name + "\" is held from a previous transaction");
        }
        int column = places.column(tableOid);
        if (column < 0) {
            throw new SqlException(SqlState.INVALID_CURSOR_STATE, places.locked()
                ? "cursor \"" + name + "\" does not have a FOR UPDATE/SHARE reference to table \"" + table + "\""
                : "cursor \"" + name + "\" is not a simply updatable scan of table \"" + table + "\"");
        }
        Object[] current = position > 0 ? row(position) : null;
        if (current == null) {
            throw new SqlException(SqlState.INVALID_CURSOR_STATE, "cursor \"" + name + "\" is not positioned on a row");
        }
        return (TidValue) current[column];
    }

    private Object[] visible(Object[] row) {
        return row.length == width ? row : Arrays.copyOf(row, width);
    }

    /** Receives fetched rows. */
    interface Receiver {
        void row(Object[] values);
    }

    /** FORWARD {@code count} (negative: backward). @return rows fetched */
    long fetchRelative(long count, Receiver receiver) {
        if (count == 0) {
            Object[] current = position > 0 ? row(position) : null;
            if (current != null) {
                receiver.row(visible(current));
            }
            return current == null ? 0 : 1;
        }
        if (count > 0) {
            return forward(count, receiver);
        }
        requireScroll();
        return backward(count == Long.MIN_VALUE ? Long.MAX_VALUE : -count, receiver);
    }

    private long forward(long count, Receiver receiver) {
        long fetched = 0;
        while (fetched < count) {
            Object[] next = row(position + 1);
            if (next == null) {
                position = dropped + rows.size() + 1;
                break;
            }
            position++;
            fetched++;
            receiver.row(visible(next));
        }
        return fetched;
    }

    private long backward(long count, Receiver receiver) {
        long fetched = 0;
        while (fetched < count && position > 1) {
            position--;
            fetched++;
            receiver.row(visible(row(position)));
        }
        if (fetched < count) {
            position = 0;
        }
        return fetched;
    }

    /** ABSOLUTE: one row at a position from the start, or from the end if negative. */
    long fetchAbsolute(long wanted, Receiver receiver) {
        long target = wanted >= 0 ? wanted : size() + 1 + wanted;
        if (target < position) {
            requireScroll();
        }
        return moveTo(Math.max(target, 0), receiver);
    }

    /** RELATIVE: one row at a distance from the current one. */
    long fetchAtDistance(long distance, Receiver receiver) {
        if (distance < 0) {
            requireScroll();
        }
        return moveTo(Math.max(position + distance, 0), receiver);
    }

    private long moveTo(long target, Receiver receiver) {
        if (target == 0) {
            position = 0;
            return 0;
        }
        Object[] found = row(target);
        position = found == null ? dropped + rows.size() + 1 : target;
        if (found == null) {
            return 0;
        }
        receiver.row(visible(found));
        return 1;
    }
}
