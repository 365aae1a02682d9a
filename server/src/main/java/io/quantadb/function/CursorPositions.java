package io.quantadb.function;

import io.quantadb.types.TidValue;

/** Where a session's cursors stand, for WHERE CURRENT OF. Confined to the session's thread. */
public interface CursorPositions {
    /**
     * The row version the cursor fetched last from a table.
     *
     * @throws io.quantadb.error.SqlException 34000 without such a cursor, 24000 if it is on no row or does not simply
     *     scan the table
     */
    TidValue current(String cursor, int tableOid);
}
