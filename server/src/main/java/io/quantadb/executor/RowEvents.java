package io.quantadb.executor;

import io.quantadb.catalog.RelationDescriptor;

/**
 * Hears of every changed row of tables that have foreign keys, are referenced by some, or have triggers. The session
 * queues the checks until the statement's end or, deferred, the commit.
 *
 * <p>Rows have one value for each attribute; the arrays are owned by the receiver.
 */
public interface RowEvents {
    RowEvents NONE = new RowEvents() {
    };

    /** Whether rows of this table are to be reported at all; asked once for each execution. */
    default boolean wants(RelationDescriptor relation) {
        return false;
    }

    default void inserted(RelationDescriptor relation, long tid, Object[] row) {
    }

    default void updated(RelationDescriptor relation, long oldTid, Object[] oldRow, long newTid, Object[] newRow) {
    }

    default void deleted(RelationDescriptor relation, long tid, Object[] row) {
    }

    /**
     * A duplicate in a deferrable unique index, whose check is due later.
     *
     * @param tid the row just inserted
     */
    default void uniqueCheckDue(RelationDescriptor relation, int indexOid, long tid, Object[] row) {
        throw io.quantadb.error.SqlException.notSupported("deferrable unique constraints are not supported");
    }
}
